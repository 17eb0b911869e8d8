"""Path-size logit with an outside option.

P_r is proportional to PS_r^beta exp(-theta c_r) (Ben-Akiva and Bierlaire 1999, Discrete choice methods and their
applications to short term travel decisions), c_r the generalised cost of a route in USD/t, theta a scale of the pair in
t/USD. The outside option has its own cost and no path size; what it takes is unserved, and it is left out of the
logsum.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from karvan.numerics.loading import path_sizes


class Shares(NamedTuple):
    """The answer of the logit.

    ``route`` (routes,) and ``outside`` (pairs,) add up to 1 in every pair; ``logsum_usd_per_t`` (pairs,) is
    -1/theta log sum PS^beta exp(-theta c), infinite in a pair without an open route.
    """

    route: NDArray[np.float64]
    outside: NDArray[np.float64]
    logsum_usd_per_t: NDArray[np.float64]


class Choice(NamedTuple):
    """What does not change from year to year: pairs, scales, path sizes.

    ``pair_start`` (pairs + 1,) delimits the routes of a pair, ``theta`` (pairs,) is in t/USD, ``outside_usd_per_t``
    (pairs,) is the cost of the outside option, ``log_path_size`` (routes,) is beta log PS.
    """

    pair_start: NDArray[np.int64]
    theta: NDArray[np.float64]
    outside_usd_per_t: NDArray[np.float64]
    log_path_size: NDArray[np.float64]


def shares(choice: Choice, cost: NDArray[np.float64], is_open: NDArray[np.bool_]) -> Shares:
    """Shares of every route and of the outside option.

    Parameters
    ----------
    choice
        Pairs, scales and path sizes.
    cost
        Generalised cost of each route in USD/t, shape (routes,).
    is_open
        Whether each route can be used, shape (routes,); closed ones get 0.

    Returns
    -------
    Shares
        Non-negative; a pair without an open route has an outside share of 1.

    Examples
    --------
    Two equal routes and an outside option far away:

    >>> choice = Choice(np.array([0, 2]), np.array([1.0]), np.array([50.0]), np.zeros(2))
    >>> shares(choice, np.array([3.0, 3.0]), np.array([True, True])).route.tolist()
    [0.5, 0.5]
    """
    count = np.diff(choice.pair_start)
    pair = np.repeat(np.arange(count.size), count)
    utility = np.where(is_open, choice.log_path_size - choice.theta[pair] * cost, -np.inf)
    outside = -choice.theta * choice.outside_usd_per_t
    best = _pair_reduce(np.maximum, utility, choice.pair_start, -np.inf)
    best = np.where(np.isneginf(best), outside, best)
    weight = np.exp(utility - best[pair])
    total = _pair_reduce(np.add, weight, choice.pair_start, 0.0)
    with np.errstate(divide="ignore"):
        logsum = -(np.log(total) + best) / choice.theta
    peak = np.maximum(best, outside)
    inside, outside_weight = np.exp(best - peak), np.exp(outside - peak)
    everything = total * inside + outside_weight
    return Shares(weight * (inside / everything)[pair], outside_weight / everything, logsum)


def logsum_with_outside(choice: Choice, split: Shares) -> NDArray[np.float64]:
    """Logsum cost of each pair in USD/t with the outside option among the alternatives, shape (pairs,).

    At most the outside option's cost and at most the logsum of the routes. A pair without any route, whose outside
    option has no cost, gets 0.

    Examples
    --------
    A route and an outside option of equal cost, 3 USD/t and theta 1, are worth 3 - ln 2 = 2.31 USD/t:

    >>> choice = Choice(np.array([0, 1]), np.array([1.0]), np.array([3.0]), np.zeros(1))
    >>> split = shares(choice, np.array([3.0]), np.array([True]))
    >>> logsum_with_outside(choice, split).round(2).tolist()
    [2.31]
    """
    routes = np.clip(1.0 - split.outside, 0.0, 1.0)
    by_routes = split.outside < 0.5
    share = np.where(by_routes, routes, split.outside)
    cost = np.where(by_routes, split.logsum_usd_per_t, choice.outside_usd_per_t)
    return np.nan_to_num(cost + np.log(share) / choice.theta)


def log_path_sizes(
    pair_start: NDArray[np.int64],
    arc_cost: csr_matrix,
    route_cost: NDArray[np.float64],
    is_open: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Logarithm of the path size of each route within its pair.

    PS_r is the sum over the arcs of r of (arc cost / route cost) / number of the pair's routes on that arc. A route
    that shares nothing has PS = 1; n copies of one route have PS = 1/n. A route that is open in the base
    year counts those that are open then, any other counts all: so ways that only another year or a plan opens leave the
    sizes of today's as they are, and opening one never lowers a logsum benefit.

    Parameters
    ----------
    pair_start
        Delimits the routes of a pair, shape (pairs + 1,).
    arc_cost
        Cost of each arc of each route for its commodity, shape (routes, arcs).
    route_cost
        Sum of each route's arc costs, shape (routes,), positive.
    is_open
        Whether the route is open in the base year, shape (routes,).
    """
    own = path_sizes(
        pair_start, arc_cost.indptr.astype(np.int64), arc_cost.indices, arc_cost.data, is_open, arc_cost.shape[1]
    )
    return np.asarray(np.log(own / route_cost))


def _pair_reduce(
    operation: np.ufunc, values: NDArray[np.float64], pair_start: NDArray[np.int64], empty: float
) -> NDArray[np.float64]:
    """Reduce the routes of each pair; an empty pair gets ``empty`` (a plain reduceat would take its neighbour's)."""
    count = np.diff(pair_start)
    result = np.full(count.size, empty)
    filled = count > 0
    if filled.any():
        result[filled] = operation.reduceat(values, pair_start[:-1][filled])
    return result
