"""What every benchmark measures with: rows, seconds, memory."""

from __future__ import annotations

import re
import resource
import time
from collections.abc import Callable
from pathlib import Path

Row = dict[str, float | int | str]
Rows = list[Row]


def timed(action: Callable[[], object]) -> float:
    """Seconds that an action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def memory_mb() -> float:
    """The most memory that this process has held; where the system tells it, without what its parent held."""
    status = Path("/proc/self/status")
    told = re.search(r"^VmHWM:\s+(\d+) kB", status.read_text(), re.MULTILINE) if status.exists() else None
    kilobytes = int(told.group(1)) if told else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / 1024.0
