"""A year of the built-in corridor's services, replication by replication: time, events, memory."""

from __future__ import annotations

import time

from benchmarks.measured import Rows, memory_mb
from karvan.operations.corridor.replicate import Days, reading
from karvan.store.builtin import load
from karvan.study.simulate.simulate import prepared_year
from karvan.study.spread import on_threads
from karvan.study.states import BASE

REPLICATIONS, YEAR = 500, 2024


def services(replications: int = REPLICATIONS) -> Rows:
    """Freight solved, the network made, and so many replications run and read on all cores."""
    start = time.perf_counter()
    ready = prepared_year(load("middle-corridor"), BASE, YEAR, Days())
    made = time.perf_counter()
    reading(ready.year, 0, 0)
    warm = time.perf_counter()
    events = sum(one.events for one in on_threads(lambda number: reading(ready.year, 1, number), range(replications)))
    done = time.perf_counter()
    return [{
        "case": "services of the built-in corridor", "replications": replications, "seconds": done - warm,
        "seconds a replication": (done - warm) / replications, "events a replication": events / replications,
        "events a second": events / (done - warm), "prepared in s": made - start, "first in s": warm - made,
        "peak MB": memory_mb(),
    }]  # fmt: skip
