"""Whether levers on a queue say what it can take: its speed is that of ``capacity_per_year`` and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from karvan.errors import Problem
from karvan.scenario.compiled import ColumnChanges, CompiledLevers, Entries
from karvan.scenario.review.alone import LeverPlace

QUEUE, CAPACITY = "queue", "capacity_per_year"
PARTS = ("servers", "units_per_service", "service_hours", "hours_open_per_year")


def queue_problems(compiled: CompiledLevers, places: Sequence[LeverPlace]) -> Iterator[Problem]:
    """Levers that change servers, batches, service times or hours of a queue whose capacity no lever changes.

    Capacity is servers x units a service x hours open / service hours. The equilibrium keeps the capacity and lets the
    service hours follow, so that a berth more without capacity would make each of them slower.
    """
    changes = compiled.tables.get("resources")
    if changes is None:
        return
    waits = (changes.frame["behaviour"] == QUEUE).to_numpy(dtype=bool)
    moved = np.zeros(len(changes.frame), dtype=bool)
    if CAPACITY in changes.columns:
        for entries in _entries(changes.columns[CAPACITY]):
            moved[entries.rows] = True
    for part in PARTS:
        told: dict[int, int] = {}
        for entries in _entries(changes.columns[part]) if part in changes.columns else ():
            alone = waits[entries.rows] & ~moved[entries.rows]
            for lever, row in zip(entries.levers[alone].tolist(), entries.rows[alone].tolist(), strict=True):
                told.setdefault(lever, row)
        for lever, row in told.items():
            key = str(changes.frame["resource"].iloc[row])
            expected = f"a lever on {CAPACITY} of {key} too: a queue is as fast as its capacity"
            remedy = f"{CAPACITY} = servers x units_per_service x hours_open_per_year / service_hours"
            yield places[lever].problem("queue without its capacity", "column", part, expected, remedy)


def _entries(changes: ColumnChanges) -> tuple[Entries, Entries, Entries]:
    return changes.sets, changes.multiplies, changes.adds
