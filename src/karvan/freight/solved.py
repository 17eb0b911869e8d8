"""A solved year: flows at the equilibrium, what each capacity is worth, and how that hangs on the outside option."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karvan.corridor.state import State
from karvan.freight.assignment import Flow
from karvan.freight.equilibrium import MOST_STEPS, Equilibrium, Point, Problem, solve
from karvan.freight.prepare import Prepared
from karvan.freight.worth.values import Values, values
from karvan.freight.year import flow_of, problem_of, year_of


@dataclass(frozen=True)
class SolvedYear:
    """One year at equilibrium.

    ``worth`` are the values of all capacities, ``far_worth`` the same with the outside option's extra cost doubled: a
    value that differs much between the two hangs on what unserved cargo is taken to cost.
    """

    flow: Flow
    equilibrium: Equilibrium
    worth: Values
    far_worth: Values


def solve_year(
    prepared: Prepared,
    state: State,
    start: Point | None = None,
    known: Flow | None = None,
    most_steps: int = MOST_STEPS,
    *,
    with_far: bool = True,
) -> SolvedYear:
    """Solve a state and value its capacities.

    Parameters
    ----------
    prepared
        Routes of all pairs.
    state
        One of the states the routes were prepared for.
    start
        Waits and prices to start from, for instance last year's.
    known
        The flow of another year or state, whose parts are used again where the tables they rest on are the same.
    most_steps
        Steps before it gives up.
    with_far
        Whether to solve again with the outside option further away, for ``far_worth``; else that is missing.

    Returns
    -------
    SolvedYear
        ``equilibrium.convergence`` says whether it converged; it is returned either way. ``far_worth`` is missing (NaN)
        where the year with the farther outside option did not converge.
    """
    year = year_of(prepared, state, known)
    problem = problem_of(prepared, year)
    equilibrium = solve(problem, start if _fits(problem, start) else None, most_steps)
    worth = values(equilibrium)
    far = solve(_outside_doubled(prepared, problem), equilibrium.point, most_steps) if with_far else None
    far_worth = values(far) if far is not None and far.convergence.converged else _unknown(worth)
    return SolvedYear(flow_of(prepared, year, equilibrium), equilibrium, worth, far_worth)


def _unknown(worth: Values) -> Values:
    """Values that are all missing."""
    nothing = np.full(worth.usd_per_unit.size, np.nan)
    return Values(nothing, nothing, nothing, worth.kinks)


def _outside_doubled(prepared: Prepared, problem: Problem) -> Problem:
    """The problem with the outside option twice as far above the cheapest free-flow cost."""
    cheapest = np.nan_to_num(prepared.cheapest_usd_per_t)
    outside = 2.0 * problem.demand.outside - cheapest
    return problem._replace(demand=problem.demand._replace(outside=outside))


def _fits(problem: Problem, start: Point | None) -> bool:
    """Whether a start has as many resources as the problem."""
    return start is not None and start.wait.size == problem.resources.capacity.size
