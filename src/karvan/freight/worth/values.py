"""What the equilibrium is worth, to whom, and what one more unit of each capacity would add.

Welfare is the sum over pairs of tonnes x (- logsum cost), the outside option included, plus the rents of limits:
price x modelled load x rent share, paid to the owner; background earns none. The value of a capacity is the
derivative of welfare through the whole equilibrium, waits lost and rents kept; it may be negative (Braess 1968).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from karvan.freight.equilibrium import Equilibrium
from karvan.freight.worth.adjoint import Adjoint, Gradient

Floats = NDArray[np.float64]


class Values(NamedTuple):
    """Worth of capacities and rents, shape (resources,): USD a unit, of it to users, and USD of rent a year.

    ``kinks`` are resources whose price and slack are both zero.
    """

    usd_per_unit: Floats
    users_usd_per_unit: Floats
    rent_usd: Floats
    kinks: NDArray[np.intp]


def users_usd(equilibrium: Equilibrium) -> float:
    """Users' welfare in USD a year: tonnes x (- logsum cost), the outside option included."""
    demand = equilibrium.problem.demand
    return float(-np.sum(tonnes(equilibrium) * equilibrium.choices.logsum * (demand.units > 0)))


def rents_usd(equilibrium: Equilibrium) -> Floats:
    """Rent of each resource in USD a year."""
    resources = equilibrium.problem.resources
    return resources.rent_share * equilibrium.point.price * equilibrium.load


def welfare_usd(equilibrium: Equilibrium) -> float:
    """Users' welfare and rents in USD a year."""
    return users_usd(equilibrium) + float(rents_usd(equilibrium).sum())


def tonnes(equilibrium: Equilibrium) -> Floats:
    """Demand of each pair in tonnes."""
    demand = equilibrium.problem.demand
    return np.divide(demand.units, demand.per_t, out=np.zeros(demand.units.size), where=demand.per_t > 0)


def users_gradient(equilibrium: Equilibrium, adjoint: Adjoint) -> Gradient:
    """Gradient of users' welfare at fixed waits and prices: minus the tonnes each route carries."""
    demand, choices = equilibrium.problem.demand, equilibrium.choices
    per_unit = np.divide(1.0, demand.per_t, out=np.zeros(demand.per_t.size), where=demand.per_t > 0)
    return Gradient(
        by_route_cost=-tonnes(equilibrium)[adjoint.pair] * choices.share,
        by_price=np.zeros(equilibrium.load.size),
        by_demand=-choices.logsum * per_unit,
    )


def welfare_gradient(equilibrium: Equilibrium, adjoint: Adjoint) -> Gradient:
    """Gradient of welfare at fixed waits and prices."""
    users = users_gradient(equilibrium, adjoint)
    resources = equilibrium.problem.resources
    kept = resources.rent_share * equilibrium.point.price
    return Gradient(
        by_route_cost=users.by_route_cost + adjoint.load_gradient(kept),
        by_price=resources.rent_share * equilibrium.load,
        by_demand=users.by_demand + adjoint.mean(adjoint.used(kept)),
    )


def values(equilibrium: Equilibrium, adjoint: Adjoint | None = None) -> Values:
    """The marginal value of every capacity through the whole equilibrium.

    Parameters
    ----------
    equilibrium
        A converged one; at any other the derivatives are of a point that is no equilibrium.
    adjoint
        Of the same equilibrium, if it is already at hand.

    Returns
    -------
    Values
        With limits as the only interaction and a rent share of 1 the value equals the price. Resources that take no
        cargo at all have a value of 0.
    """
    solver = adjoint or Adjoint(equilibrium)
    whole = solver.derivatives(welfare_gradient(equilibrium, solver))
    users = solver.derivatives(users_gradient(equilibrium, solver))
    return Values(whole.by_capacity, users.by_capacity, rents_usd(equilibrium), whole.kinks)
