"""How sure a counterfactual is: the same over draws of estimated coefficients, all together, and of the elasticity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from karvan.errors import DataError, NotConvergedError
from karvan.numerics.hat import SOLVED, Draw, Drawn, drawn
from karvan.trade.counterfactual.exact import (
    MOST_STEPS,
    TOLERANCE,
    Closure,
    Shock,
    shock_arrays,
    starting,
    without_deficits,
)
from karvan.trade.counterfactual.world import World
from karvan.trade.gravity import Estimate

Floats = NDArray[np.float64]
COEFFICIENTS, ELASTICITY = 1, 2


@dataclass(frozen=True)
class Uncertain:
    """What is drawn: coefficients of an equation and elasticities.

    Parameters
    ----------
    coefficients
        Shape (D, M): coefficients of the terms that change, drawn together.
    thetas
        Shape (D, K), above 0.
    """

    coefficients: Floats
    thetas: Floats


@dataclass(frozen=True)
class Draws:
    """Results draw by draw, ratios over the base, shape (D, N); ``trade`` of groups of pairs in money, shape (D,)."""

    countries: tuple[str, ...]
    welfare: Floats
    real_gdp: Floats
    price: Floats
    price_index: Floats
    trade: Mapping[str, Floats]
    residual: float

    def band(self, values: Floats, share: float = 0.9) -> tuple[Floats, Floats]:
        """Low and high end that hold this share of the draws in their middle."""
        tail = 50.0 * (1.0 - share)
        low, high = np.percentile(values, [tail, 100.0 - tail], axis=0)
        return low, high


def uncertain(
    found: Estimate | None, terms: Sequence[str], theta: Floats, theta_sd: float, draws: int, seed: int
) -> Uncertain:
    """Draws of coefficients from the normal of their full covariance, and of elasticities.

    Elasticities of all sectors move together, by one lognormal factor of median 1: no estimate tells them apart. The
    two streams are keyed by seed and purpose, so that draws of one stand when the other changes.

    Parameters
    ----------
    found
        The equation; None where no coefficient changes.
    terms
        Those that change in the counterfactual; the others are drawn too, and left out.
    theta
        Shape (K,): central elasticities.
    theta_sd
        Standard deviation of the logarithm of the common factor, at least 0.

    Raises
    ------
    DataError
        No draws, or a deviation below 0.
    """
    if draws < 1 or theta_sd < 0.0:
        raise DataError(f"{draws} draws at a deviation of {theta_sd}: there must be one at least, and none below 0")
    streams = (np.random.Generator(np.random.Philox(key=[seed, purpose])) for purpose in (COEFFICIENTS, ELASTICITY))
    first, second = streams
    if found is None or not terms:
        taken = np.zeros((draws, 0))
    else:
        every = first.multivariate_normal(found.coefficients, found.covariance, size=draws, method="eigh")
        taken = every[:, [found.terms.index(term) for term in terms]]
    factor = np.exp(theta_sd * second.standard_normal(draws))
    return Uncertain(taken, factor[:, None] * theta[None, :])


def counterfactual_draws(
    base: World,
    shock: Shock,
    drawn_from: Uncertain,
    changes: Floats,
    closure: Closure = "multiplicative",
    groups: Mapping[str, NDArray[np.bool_]] | None = None,
) -> Draws:
    """The counterfactual of each draw.

    Parameters
    ----------
    base, closure
        As in :func:`karvan.trade.counterfactual.exact.counterfactual`.
    shock
        Costs and tariffs known as numbers: trade answers by each draw's elasticity.
    drawn_from
        Coefficients and elasticities.
    changes
        Shape (M, K, N, N), or one that broadcasts to it: by how much each drawn term changes; trade answers by the
        drawn coefficient itself.
    groups
        Names with masks of pairs, shape (N, N), whose trade (net of tariffs) is added up.

    Returns
    -------
    Draws
        The same numbers whichever way the draws are split into parts.

    Raises
    ------
    NotConvergedError
        A draw has no equilibrium; the message says how many. None is left out in silence.
    """
    base = without_deficits(base) if closure == "balanced" else base
    tau, _, levied = shock_arrays(base, shock)
    terms = drawn_from.coefficients.shape[1]
    effects = np.ascontiguousarray(np.broadcast_to(changes, (terms, *base.flows.shape)), dtype=np.float64)
    masks = dict(groups or {})
    shape = (len(masks), *base.flows.shape[1:])
    pairs = np.ascontiguousarray(np.array(list(masks.values()), dtype=bool).reshape(shape))
    start = starting(base, closure)
    thetas = np.ascontiguousarray(drawn_from.thetas)
    draw = Draw(
        effects,
        drawn_from.coefficients,
        np.ascontiguousarray(np.log(tau)),
        thetas,
        np.ascontiguousarray(1.0 / (1.0 + levied)),
    )
    now = drawn(start, draw, pairs, TOLERANCE, MOST_STEPS)
    _refuse(now)
    nothing = Draw(effects[:0], np.zeros((1, 0)), np.zeros_like(tau), start.theta[None, :], 1.0 / (1.0 + base.tariffs))
    then = drawn(start, nothing, pairs, TOLERANCE, MOST_STEPS)
    spending, income = now.spending / then.spending, now.income / then.income
    index = now.price_index / then.price_index
    return Draws(
        countries=base.countries,
        welfare=spending / index,
        real_gdp=income / index,
        price=now.price,
        price_index=index,
        trade={name: now.trade[:, at] for at, name in enumerate(masks)},
        residual=float(now.residual.max()),
    )


def _refuse(found: Drawn) -> None:
    lost = int((found.outcome != SOLVED).sum())
    if lost:
        raise NotConvergedError(f"{lost} of {len(found.outcome)} draws have no equilibrium; narrow what is drawn")
