"""The capacitated equilibrium: waits and prices at which every load fits its resource.

Unknowns are the waits of queues and delays and the prices of limits, not the flows. A wait's row is
capacity x rho(wait) - background - load = 0, rho the inverse of the wait curve, so that no queue is ever full; a
price's row is the Fischer-Burmeister function of price and slack (Fischer 1992, A special Newton-type optimization
method). Every row is divided by its capacity, which makes the residual a share. Newton with the analytic Jacobian,
bounded steps, halved until the norm falls. Where that fails, demand grows from nothing in parts, each from the answer
of the one before. A wait below 1e-9 h counts as none: there a load may be less than its wait belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from karvan.corridor.outcome import Convergence
from karvan.freight.resources import Resources
from karvan.numerics.loading import Choices, Demand, Paths, choose, load_slopes, loads, price_scale

Floats = NDArray[np.float64]
TOLERANCE = 1e-9
MOST_STEPS = 400
DIRECT_STEPS = 60
PART_STEPS = 40
FIRST_PART = 1.0 / 16.0
SMALLEST_PART = 1e-3
MOST_HALVINGS = 24
FIRST_UTILISATION = 0.9
SMALLEST_WAIT_H = 1e-9


class Problem(NamedTuple):
    """One year to solve: demand, routes over resources, and the resources themselves."""

    demand: Demand
    paths: Paths
    resources: Resources


class Point(NamedTuple):
    """Waits (calendar hours) and prices (USD a unit), both of shape (resources,), 0 where a resource has none."""

    wait: Floats
    price: Floats


@dataclass(frozen=True)
class Equilibrium:
    """The answer of one year.

    ``load`` is without background; ``utilisation`` with it. ``convergence.residual`` is the largest row as a share of
    capacity.
    """

    problem: Problem
    point: Point
    choices: Choices
    load: Floats
    utilisation: Floats
    convergence: Convergence


class Row(NamedTuple):
    """Everything known at one point: shares, loads, residual, the parts of its derivative; ``idle``: nobody waits."""

    choices: Choices
    load: Floats
    residual: Floats
    idle: NDArray[np.bool_]
    by_wait: Floats
    by_slack: Floats
    by_price: Floats


class Iterate(NamedTuple):
    """Where an iteration stands after some steps."""

    point: Point
    row: Row
    steps: int

    @property
    def residual(self) -> float:
        """The largest row, a share of capacity."""
        return float(np.max(np.abs(self.row.residual), initial=0.0))


def solve(problem: Problem, start: Point | None = None, most_steps: int = MOST_STEPS) -> Equilibrium:
    """Solve one year.

    Parameters
    ----------
    problem
        Demand, routes and resources; routes over closed resources have an infinite base cost.
    start
        Waits and prices to start from; None: waits of the free-flow loads, no prices.
    most_steps
        Newton steps before it gives up; the first 60 go straight at the whole demand.

    Returns
    -------
    Equilibrium
        With ``convergence`` saying whether the residual fell below 1e-9. Where it did, load plus background fits every
        limit and every positive price stands on a full one.
    """
    first = start_point(problem) if start is None else _admissible(problem.resources, start)
    direct = reached = _newton(problem, first, min(most_steps, DIRECT_STEPS))
    if direct.residual > TOLERANCE and most_steps > DIRECT_STEPS:
        reached = _grown(problem, direct, most_steps)
    resources, row = problem.resources, reached.row
    total = row.load + resources.background
    return Equilibrium(
        problem=problem,
        point=reached.point,
        choices=row.choices,
        load=row.load,
        utilisation=np.divide(total, resources.capacity, out=np.zeros(total.size), where=resources.capacity > 0),
        convergence=Convergence(
            part="freight",
            converged=reached.residual <= TOLERANCE,
            iterations=reached.steps,
            residual=reached.residual,
            message=_told(reached, by_growth=reached is not direct),
        ),
    )


def _told(reached: Iterate, *, by_growth: bool) -> str:
    """What a reader should know of how the iteration ended."""
    if reached.residual > TOLERANCE:
        return "Newton stopped before the residual reached 1e-9 of capacity"
    return "Newton failed at first; reached by letting demand grow from nothing" if by_growth else ""


def _newton(problem: Problem, point: Point, most_steps: int) -> Iterate:
    """Newton from a point until the residual is small, the steps are used up or none makes the norm fall."""
    waits, limits = np.flatnonzero(problem.resources.waiting), np.flatnonzero(problem.resources.limited)
    scale = scales(problem)
    row = evaluate(problem, point, scale)
    for step in range(most_steps):
        if np.max(np.abs(row.residual), initial=0.0) <= TOLERANCE:
            return Iterate(point, row, step)
        following = _search(problem, point, row, _direction(problem, row, waits, limits), scale)
        if following is None:
            return Iterate(point, row, step + 1)
        point, row = following
    return Iterate(point, row, most_steps)


def _grown(problem: Problem, direct: Iterate, most_steps: int) -> Iterate:
    """Let demand grow from nothing, each part from the answer of the one before; else what Newton reached directly."""
    point, steps = start_point(problem), direct.steps
    done, part = 0.0, FIRST_PART
    while part >= SMALLEST_PART and steps < most_steps:
        share = min(done + part, 1.0)
        demand = problem.demand._replace(units=problem.demand.units * share)
        trial = _newton(problem._replace(demand=demand), point, min(PART_STEPS, most_steps - steps))
        steps += trial.steps
        if trial.residual > TOLERANCE:
            part *= 0.5
            continue
        point, done, part = trial.point, share, 2.0 * part
        if done >= 1.0:
            return trial._replace(steps=steps)
    return direct._replace(steps=steps)


def start_point(problem: Problem) -> Point:
    """Waits that belong to the free-flow loads, utilisation cut at 0.9; no prices."""
    resources = problem.resources
    size = resources.capacity.size
    nothing = np.zeros(size)
    free = choose(problem.demand, problem.paths, nothing, nothing)
    load = loads(problem.demand, problem.paths, free.share, size)
    total = load + resources.background
    rho = np.divide(total, resources.capacity, out=np.zeros(size), where=resources.capacity > 0)
    wait = resources.wait_hours(np.minimum(rho, FIRST_UTILISATION))
    return Point(np.where(resources.waiting, np.maximum(wait, SMALLEST_WAIT_H), 0.0), nothing)


class Scales(NamedTuple):
    """What no step changes, shape (resources,): a typical price, and the utilisation below which nobody waits.

    Below ``idle_below`` the wait is less than SMALLEST_WAIT_H and counts as that: the curves of queues with many
    servers are so steep there that no iteration needs to follow them.
    """

    price: Floats
    idle_below: Floats


def scales(problem: Problem) -> Scales:
    """The scales of a problem."""
    resources = problem.resources
    rho, _ = resources.utilisation(np.full(resources.capacity.size, SMALLEST_WAIT_H))
    return Scales(price_scale(problem.demand, problem.paths, resources.capacity.size), rho)


def _admissible(resources: Resources, start: Point) -> Point:
    """A start with waits and prices only where a resource has them."""
    wait = np.where(resources.waiting, np.maximum(start.wait, SMALLEST_WAIT_H), 0.0)
    return Point(wait, np.where(resources.limited, np.maximum(start.price, 0.0), 0.0))


def evaluate(problem: Problem, point: Point, scale: Scales) -> Row:
    """Residual at a point, shape (2 resources,): rows of waits, then of prices; 0 where a resource has none."""
    resources = problem.resources
    capacity = np.where(resources.closed, 1.0, resources.capacity)
    choices = choose(problem.demand, problem.paths, point.wait, point.price)
    load = loads(problem.demand, problem.paths, choices.share, capacity.size)
    rho, slope = resources.utilisation(point.wait)
    used = (resources.background + load) / capacity
    idle = resources.waiting & (used < scale.idle_below)
    balance = np.where(resources.waiting, rho - np.where(idle, scale.idle_below, used), 0.0)
    slack = (resources.room - load) / capacity
    price = point.price / scale.price
    norm = np.sqrt(price * price + slack * slack)
    safe = np.where(norm > 1e-300, norm, 1.0)
    complementarity = np.where(resources.limited, price + slack - norm, 0.0)
    kink = norm <= 1e-300
    return Row(
        choices=choices,
        load=load,
        residual=np.concatenate((balance, complementarity)),
        idle=idle,
        by_wait=slope,
        by_slack=np.where(kink, 1.0 - np.sqrt(0.5), 1.0 - slack / safe),
        by_price=np.where(kink, 1.0 - np.sqrt(0.5), 1.0 - price / safe) / scale.price,
    )


def jacobian(problem: Problem, row: Row, waits: NDArray[np.intp], limits: NDArray[np.intp]) -> Floats:
    """Derivative of the residual rows (waits, then limits) by the unknowns (the same)."""
    resources = problem.resources
    size = resources.capacity.size
    by_wait, by_price = load_slopes(problem.demand, problem.paths, row.choices.share, size)
    capacity = np.where(resources.closed, 1.0, resources.capacity)
    upper = -np.hstack((by_wait[np.ix_(waits, waits)], by_price[np.ix_(waits, limits)])) / capacity[waits, None]
    upper[row.idle[waits]] = 0.0
    lower = -np.hstack((by_wait[np.ix_(limits, waits)], by_price[np.ix_(limits, limits)])) / capacity[limits, None]
    lower *= row.by_slack[limits, None]
    matrix = np.vstack((upper, lower))
    diagonal = np.concatenate((row.by_wait[waits], row.by_price[limits]))
    matrix[np.diag_indices(diagonal.size)] += diagonal
    return matrix


def _direction(problem: Problem, row: Row, waits: NDArray[np.intp], limits: NDArray[np.intp]) -> Point:
    """Newton's step; rows are balanced before the system is solved."""
    size = problem.resources.capacity.size
    matrix = jacobian(problem, row, waits, limits)
    right = -np.concatenate((row.residual[:size][waits], row.residual[size:][limits]))
    weight = np.max(np.abs(matrix), axis=1)
    weight = np.where(weight > 0, weight, 1.0)
    try:
        step = np.linalg.solve(matrix / weight[:, None], right / weight)
    except np.linalg.LinAlgError:
        step = np.linalg.lstsq(matrix / weight[:, None], right / weight, rcond=None)[0]
    wait, price = np.zeros(size), np.zeros(size)
    wait[waits], price[limits] = step[: waits.size], step[waits.size :]
    return Point(wait, price)


def _search(problem: Problem, point: Point, row: Row, direction: Point, scale: Scales) -> tuple[Point, Row] | None:
    """Halve the step until the norm of the residual falls; None where no step makes it fall."""
    resources = problem.resources
    norm = float(np.linalg.norm(row.residual))
    length = 1.0
    best: tuple[float, Point, Row] | None = None
    for _ in range(MOST_HALVINGS):
        wait = np.clip(point.wait + length * direction.wait, 0.05 * point.wait, 20.0 * point.wait + 24.0)
        price = np.maximum(point.price + length * direction.price, 0.0)
        trial = _admissible(resources, Point(wait, price))
        following = evaluate(problem, trial, scale)
        reached = float(np.linalg.norm(following.residual))
        if reached <= norm * (1.0 - 1e-4 * length):
            return trial, following
        if best is None or reached < best[0]:
            best = (reached, trial, following)
        length *= 0.5
    return (best[1], best[2]) if best is not None and best[0] < norm else None
