"""Derivatives through the whole equilibrium, by the implicit function theorem.

For an outcome O of waits, prices and route costs, one linear system with the transposed Jacobian gives the
derivative of O by every capacity, background load, demand and route cost at once, waits and prices adjusting. Not
defined where a price and its slack are both zero: such resources are named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from karvan.freight.equilibrium import Equilibrium, evaluate, jacobian, scales

Floats = NDArray[np.float64]
KINK_SHARE = 1e-7


class Gradient(NamedTuple):
    """Derivatives of an outcome with everything else held fixed.

    ``by_route_cost`` (routes,) a USD/t, ``by_price`` (resources,) a USD a unit beyond what prices do to route costs,
    ``by_demand`` (pairs,) a unit of demand.
    """

    by_route_cost: Floats
    by_price: Floats
    by_demand: Floats


@dataclass(frozen=True)
class Derivatives:
    """Derivatives of an outcome through the equilibrium, in its unit.

    ``by_capacity`` and ``by_background`` (resources,) a unit a year, ``by_route_cost`` (routes,) a USD/t, ``by_demand``
    (pairs,) a unit. ``by_filling`` (resources,) a unit of the utilisation that belongs to its wait, ``by_limit``
    (resources,) a unit of the utilisation at which use is rationed. ``kinks`` are resources whose price and slack are
    both zero, where only one-sided derivatives exist.
    """

    by_capacity: Floats
    by_background: Floats
    by_route_cost: Floats
    by_demand: Floats
    by_filling: Floats
    by_limit: Floats
    kinks: NDArray[np.intp]


def regime(equilibrium: Equilibrium) -> NDArray[np.bool_]:
    """Which limits bind and which waits are none, shape (2 resources,).

    Between two equilibria of one regime nothing begins or ceases to bind or to wait: differences over them are those of
    a smooth function, and may be held against derivatives.
    """
    problem, point = equilibrium.problem, equilibrium.point
    resources, scale = problem.resources, scales(problem)
    slack = (resources.room - equilibrium.load) / np.where(resources.closed, 1.0, resources.capacity)
    binding = resources.limited & (point.price / scale.price > slack)
    return np.concatenate((binding, evaluate(problem, point, scale).idle))


class Adjoint:
    """The transposed Jacobian of an equilibrium, factorised once for any number of outcomes."""

    def __init__(self, equilibrium: Equilibrium) -> None:
        self.equilibrium = equilibrium
        problem = equilibrium.problem
        resources = problem.resources
        self._scale = scales(problem)
        self._row = evaluate(problem, equilibrium.point, self._scale)
        self._waits, self._limits = np.flatnonzero(resources.waiting), np.flatnonzero(resources.limited)
        matrix = jacobian(problem, self._row, self._waits, self._limits)
        self._weight = np.maximum(np.max(np.abs(matrix), axis=1, initial=0.0), 1e-300)
        self._inverse = np.linalg.pinv if matrix.size == 0 else np.linalg.inv
        self._transposed = self._inverse((matrix / self._weight[:, None]).T) if matrix.size else matrix
        paths = problem.paths
        shape = (paths.base.size, resources.capacity.size)
        self.use = csr_matrix((paths.use, paths.resource, paths.start), shape=shape)
        self.passes = csr_matrix((paths.passes, paths.resource, paths.start), shape=shape)
        self.pair = np.repeat(np.arange(problem.demand.theta.size), np.diff(problem.demand.start))

    def used(self, weight: Floats) -> Floats:
        """Weighted use of resources by each route, shape (routes,)."""
        return np.asarray(self.use @ weight, dtype=np.float64)

    def load_gradient(self, weight: Floats) -> Floats:
        """Derivative of the weighted sum of loads by each route's cost, waits and prices held fixed."""
        return self.share_gradient(self.used(weight), self.equilibrium.problem.demand.units)

    def share_gradient(self, worth: Floats, amount: Floats) -> Floats:
        """Derivative of sum over pairs of amount x E[worth of its routes] by each route's cost."""
        demand, share = self.equilibrium.problem.demand, self.equilibrium.choices.share
        mean = self.mean(worth)
        return -(amount * demand.theta)[self.pair] * share * (worth - mean[self.pair])

    def mean(self, worth: Floats) -> Floats:
        """Mean of a route attribute over each pair's routes, the outside option counting 0; shape (pairs,)."""
        share = self.equilibrium.choices.share
        size = self.equilibrium.problem.demand.theta.size
        return np.bincount(self.pair, weights=share * worth, minlength=size).astype(np.float64)

    def derivatives(self, gradient: Gradient) -> Derivatives:
        """Derivatives of the outcome whose fixed-point gradient is given."""
        problem, point = self.equilibrium.problem, self.equilibrium.point
        resources, demand = problem.resources, problem.demand
        slope = gradient.by_route_cost
        by_hour = np.asarray(self.passes.T @ (slope * demand.hour[self.pair]), dtype=np.float64)
        by_money = np.asarray(self.use.T @ (slope * demand.per_t[self.pair]), dtype=np.float64) + gradient.by_price
        right = np.concatenate((by_hour[self._waits], by_money[self._limits]))
        multiplier = (self._transposed @ right) / self._weight if right.size else right
        by_wait, by_limit = np.zeros(resources.capacity.size), np.zeros(resources.capacity.size)
        by_wait[self._waits], by_limit[self._limits] = np.split(multiplier, [self._waits.size])
        by_wait[self._row.idle] = 0.0
        capacity = np.where(resources.closed, 1.0, resources.capacity)
        pressure = (by_wait + by_limit * self._row.by_slack) / capacity
        filled = (resources.background + self.equilibrium.load) / capacity
        faster = np.where(resources.queue, self._row.by_wait * point.wait / capacity, 0.0)
        return Derivatives(
            by_capacity=-(pressure * filled + by_wait * faster) * ~resources.closed,
            by_background=pressure,
            by_route_cost=slope + self.load_gradient(pressure),
            by_demand=gradient.by_demand + self.mean(self.used(pressure)),
            by_filling=-by_wait,
            by_limit=-by_limit * self._row.by_slack,
            kinks=self._kinks(),
        )

    def _kinks(self) -> NDArray[np.intp]:
        """Limits whose price and slack are both zero."""
        resources = self.equilibrium.problem.resources
        slack = (resources.room - self.equilibrium.load) / np.where(resources.closed, 1.0, resources.capacity)
        price = self.equilibrium.point.price / self._scale.price
        return np.flatnonzero(resources.limited & (np.abs(slack) < KINK_SHARE) & (price < KINK_SHARE))
