"""``python -m benchmarks [routes|freight|scenarios|smoke] [--json]``: prints what was measured, asserts nothing."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from karvan.freight.equilibrium import Point, solve
from karvan.freight.resources import widened
from karvan.freight.year import problem_of, year_of
from karvan.scenario.compiled import compile_levers
from karvan.scenario.dates import horizon
from karvan.scenario.resolve import resolve
from karvan.scenario.state import state as state_of
from karvan.store.builtin import load
from karvan.study.run import run
from karvan.study.solve import prepared_for, with_boxes
from karvan.study.states import states

Rows = list[dict[str, float | int | str]]


def _timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def routes(years: tuple[int, ...] = ()) -> Rows:
    """Routes and whole runs of the built-in corridor."""
    corridor = load("middle-corridor")
    chosen = with_boxes(states(corridor, years=years))
    prepared_for(chosen)
    seconds = _timed(lambda: prepared_for(chosen))
    whole = _timed(lambda: run(corridor, years=years or None))
    prepared, added = prepared_for(chosen)
    size = {"routes": prepared.routes.path_start.size - 1, "pairs": len(prepared.pairs), "added_at_prices": sum(added)}
    ran: dict[str, float | int | str] = {"case": "run", "seconds": whole, "memory_mb": _memory_mb()}
    return [{"case": "prepare", "seconds": seconds, **size}, ran]


def freight(years: tuple[int, ...] = (), starts: int = 20) -> Rows:
    """The equilibrium: each year cold, warm after widening each full resource, and random starts."""
    chosen = with_boxes(states(load("middle-corridor"), years=years))
    prepared, _ = prepared_for(chosen)
    rows: Rows = []
    for state in chosen.years:
        problem = problem_of(prepared, year_of(prepared, state))
        solve(problem)
        began = time.perf_counter()
        reached = solve(problem)
        cold = time.perf_counter() - began
        full = np.flatnonzero(reached.point.price > 0)
        wider = [problem._replace(resources=widened(problem.resources, int(n), 1.2)) for n in full]
        warm = [_timed(partial(solve, one, reached.point)) for one in wider]
        told = reached.convergence
        figures = {"iterations": told.iterations, "residual": told.residual, "binding": int(full.size)}
        over = int((reached.utilisation > 0.85).sum())
        middle = float(np.median(warm)) if warm else 0.0
        rows.append({"case": str(state.year), "cold_s": cold, "warm_median_s": middle, **figures, "above_85": over})
    rng = np.random.default_rng(1)
    spread = 0.0
    for _ in range(starts):
        size = problem.resources.capacity.size
        point = Point(rng.uniform(0, 500, size), rng.uniform(0, 5, size) * np.maximum(reached.point.price, 1.0))
        other = solve(problem, point)
        gap = np.abs(other.load - reached.load) / np.where(problem.resources.closed, 1.0, problem.resources.capacity)
        spread = max(spread, float(gap.max())) if other.convergence.converged else float("inf")
    rows.append({"case": f"{starts} random starts", "largest_gap_of_load": spread, "memory_mb": _memory_mb()})
    return rows


def scenarios() -> Rows:
    """Levers of the base: resolved, compiled, and the state of every year of the horizon, each the best of three."""
    corridor = load("middle-corridor")
    levers = resolve(corridor)
    compiled = compile_levers(corridor, levers)
    first, last = horizon(corridor)

    def best(action: Callable[[], object]) -> float:
        return min(_timed(action) for _ in range(3))

    years = [best(partial(state_of, corridor, compiled, year)) for year in range(first, last + 1)]
    return [
        {"case": "resolve", "seconds": best(partial(resolve, corridor)), "levers": len(levers)},
        {"case": "compile", "seconds": best(partial(compile_levers, corridor, levers))},
        {"case": f"states {first}-{last}", "seconds": sum(years), "slowest": max(years), "years": len(years)},
    ]


def smoke() -> Rows:
    """One year of each, as CI runs it."""
    return [*routes((2024,)), *freight((2024,), 3), *scenarios()]


def main(arguments: list[str]) -> int:
    """Run the named case and print its rows."""
    cases: dict[str, Callable[[], Rows]] = {"routes": routes, "freight": freight}
    cases |= {"scenarios": scenarios, "smoke": smoke}
    name = next((a for a in arguments if not a.startswith("-")), "smoke")
    if name not in cases:
        sys.stderr.write(f"no benchmark {name!r}; there are {', '.join(cases)}\n")
        return 2
    rows = cases[name]()
    if "--json" in arguments:
        sys.stdout.write(json.dumps({"benchmark": name, "rows": rows}) + "\n")
        return 0
    for row in rows:
        told = (f"{key} {value:.3g}" if isinstance(value, float) else f"{key} {value}" for key, value in row.items())
        sys.stdout.write("  ".join(told) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
