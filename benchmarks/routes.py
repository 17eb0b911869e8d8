"""Routes and whole runs of the built-in corridor."""

from __future__ import annotations

from benchmarks.measured import Row, Rows, memory_mb, timed
from karvan.store.builtin import load
from karvan.study.run import run
from karvan.study.solve import prepared_for, with_boxes
from karvan.study.states import states


def routes(years: tuple[int, ...] = ()) -> Rows:
    """Preparation after compilation, and a run from tables to tables."""
    corridor = load("middle-corridor")
    chosen = with_boxes(states(corridor, years=years))
    prepared_for(chosen)
    seconds = timed(lambda: prepared_for(chosen))
    whole = timed(lambda: run(corridor, years=years or None))
    prepared, added = prepared_for(chosen)
    size = {"routes": prepared.routes.path_start.size - 1, "pairs": len(prepared.pairs), "added_at_prices": sum(added)}
    ran: Row = {"case": "run", "seconds": whole, "memory_mb": memory_mb()}
    return [{"case": "prepare", "seconds": seconds, **size}, ran]
