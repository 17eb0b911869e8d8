"""The equilibrium: years of the built-in corridor, random starts, and growth on made networks."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import numpy as np

from benchmarks.made_networks import made_problem
from benchmarks.measured import Row, Rows, memory_mb, timed
from karvan.freight.equilibrium import Equilibrium, Point, Problem, solve
from karvan.freight.resources import widened
from karvan.freight.worth.values import values
from karvan.freight.year import problem_of, year_of
from karvan.store.builtin import load
from karvan.study.solve import prepared_for, with_boxes
from karvan.study.states import states

SIZES = (  # routes, resources
    *((20_000, size) for size in (10, 30, 100, 300, 1000)),
    *((size, 100) for size in (1000, 10_000, 50_000, 200_000)),
)


def freight() -> Rows:
    """Every year of the record, twenty random starts, and growth."""
    return [*built_in(), *growth()]


def built_in(years: tuple[int, ...] = (), starts: int = 20) -> Rows:
    """Each year cold, warm after widening each full resource, and the last year from random starts."""
    chosen = with_boxes(states(load("middle-corridor"), years=years))
    prepared, _ = prepared_for(chosen)
    problems = [problem_of(prepared, year_of(prepared, state)) for state in chosen.years]
    rows = [_year(str(state.year), problem) for state, problem in zip(chosen.years, problems, strict=True)]
    gap = largest_gap(solve(problems[-1]), starts)
    return [*rows, {"case": f"{starts} random starts", "largest_gap_of_load": gap, "memory_mb": memory_mb()}]


def _year(case: str, problem: Problem) -> Row:
    """One year: cold, and warm with each full resource a fifth wider."""
    reached = solve(problem)
    cold = timed(lambda: solve(problem))
    full = np.flatnonzero(reached.point.price > 0)
    wider = [problem._replace(resources=widened(problem.resources, int(n), 1.2)) for n in full]
    warm = [timed(partial(solve, one, reached.point)) for one in wider]
    return {
        "case": case,
        "cold_s": cold,
        "warm_median_s": float(np.median(warm)) if warm else 0.0,
        "iterations": reached.convergence.iterations,
        "residual": reached.convergence.residual,
        "binding": int(full.size),
        "above_85": int((reached.utilisation > 0.85).sum()),
    }


def largest_gap(reached: Equilibrium, starts: int, seed: int = 1) -> float:
    """The largest difference of any load, a share of capacity, between an answer and those of random starts.

    Infinite if one of them does not converge.
    """
    rng = np.random.default_rng(seed)
    resources, largest = reached.problem.resources, 0.0
    capacity = np.where(resources.closed, 1.0, resources.capacity)
    for _ in range(starts):
        price = rng.uniform(0, 5, capacity.size) * np.maximum(reached.point.price, 1.0)
        other = solve(reached.problem, Point(rng.uniform(0, 500, capacity.size), price))
        gap = float(np.max(np.abs(other.load - reached.load) / capacity)) if other.convergence.converged else np.inf
        largest = max(largest, gap)
    return largest


def growth(sizes: tuple[tuple[int, int], ...] = SIZES) -> Rows:
    """Made networks of growing size, each in a process of its own so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        return list(pool.map(made, *zip(*sizes, strict=True)))


def made(routes: int, resources: int) -> Row:
    """One made network: building it, a cold and a warm solve, and all values; memory is the whole process's."""
    solve(made_problem(10, 5))  # compiles
    problem = made_problem(routes, resources)
    reached = solve(problem)
    full = int(np.argmax(reached.point.price))
    wider = problem._replace(resources=widened(problem.resources, full, 1.05))
    return {
        "case": "made",
        "routes": routes,
        "resources": resources,
        "cold_s": timed(lambda: solve(problem)),
        "warm_s": timed(lambda: solve(wider, reached.point)),
        "values_s": timed(lambda: values(reached)),
        "iterations": reached.convergence.iterations,
        "residual": reached.convergence.residual,
        "binding": int((reached.point.price > 0).sum()),
        "memory_mb": memory_mb(),
    }
