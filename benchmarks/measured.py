"""What every benchmark measures with: rows, seconds, memory."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

Row = dict[str, float | int | str]
Rows = list[Row]


def timed(action: Callable[[], object]) -> float:
    """Seconds that an action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def memory_mb() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
