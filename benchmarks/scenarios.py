"""Levers and states of the built-in corridor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks.measured import Rows, timed
from karvan.scenario.compiled import compile_levers
from karvan.scenario.dates import horizon
from karvan.scenario.resolve import resolve
from karvan.scenario.state import state
from karvan.store.builtin import load


def scenarios() -> Rows:
    """Levers of the base: resolved, compiled, and the state of every year of the horizon, each the best of three."""
    corridor = load("middle-corridor")
    levers = resolve(corridor)
    compiled = compile_levers(corridor, levers)
    first, last = horizon(corridor)

    def best(action: Callable[[], object]) -> float:
        return min(timed(action) for _ in range(3))

    years = [best(partial(state, corridor, compiled, year)) for year in range(first, last + 1)]
    return [
        {"case": "resolve", "seconds": best(partial(resolve, corridor)), "levers": len(levers)},
        {"case": "compile", "seconds": best(partial(compile_levers, corridor, levers))},
        {"case": f"states {first}-{last}", "seconds": sum(years), "slowest": max(years), "years": len(years)},
    ]
