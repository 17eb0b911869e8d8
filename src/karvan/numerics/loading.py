"""Logit loading of routes on resources, and how loads answer to waits and prices.

A route of pair k costs c = base + v_k (passes . wait) + m_k (use . price) in USD/t: v_k is the value of an hour, m_k
the units of demand in a tonne. Its share of the pair is the path-size logit against the outside option, and it loads
each resource with units x share x use. Arrays in, arrays out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from karvan.numerics.compiled import cells

Floats = NDArray[np.float64]
NEGLIGIBLE_SHARE = 1e-13


class Demand(NamedTuple):
    """Pairs, shape (pairs,) unless said: routes of pair k are ``start[k]:start[k + 1]`` (pairs + 1,).

    ``theta`` (t/USD), ``outside`` cost (USD/t), ``units`` of demand, ``hour`` (USD per t and hour), ``per_t`` (units a
    tonne).
    """

    start: NDArray[np.int64]
    theta: Floats
    outside: Floats
    units: Floats
    hour: Floats
    per_t: Floats


class Paths(NamedTuple):
    """Routes: ``base`` cost (USD/t, infinite where closed) and ``log_size`` (path size), shape (routes,).

    Route i uses ``resource[start[i]:start[i + 1]]``, each with ``use`` units a unit and ``passes`` (how often it
    waits).
    """

    base: Floats
    log_size: Floats
    start: NDArray[np.int64]
    resource: NDArray[np.int32]
    use: Floats
    passes: Floats


class Choices(NamedTuple):
    """``cost`` and ``share`` of routes (routes,), ``outside`` share and ``logsum`` in USD/t of pairs (pairs,).

    The logsum is that of routes and outside option together.
    """

    cost: Floats
    share: Floats
    outside: Floats
    logsum: Floats


@njit(cache=True, nogil=True)
def choose(demand: Demand, paths: Paths, wait: Floats, price: Floats) -> Choices:
    """Costs, shares and logsums at given waits (hours) and prices (USD a unit), both of shape (resources,).

    Shares of a pair and its outside option add up to 1.
    """
    count = demand.theta.size
    cost = np.empty(paths.base.size)
    share = np.zeros(paths.base.size)
    outside = np.ones(count)
    logsum = np.empty(count)
    for k in range(count):
        theta = demand.theta[k]
        peak = -theta * demand.outside[k]
        for i in range(demand.start[k], demand.start[k + 1]):
            hours, money = 0.0, 0.0
            for e in range(paths.start[i], paths.start[i + 1]):
                hours += paths.passes[e] * wait[paths.resource[e]]
                money += paths.use[e] * price[paths.resource[e]]
            cost[i] = paths.base[i] + demand.hour[k] * hours + demand.per_t[k] * money
            peak = max(peak, paths.log_size[i] - theta * cost[i])
        total = np.exp(-theta * demand.outside[k] - peak)
        outside[k] = total
        for i in range(demand.start[k], demand.start[k + 1]):
            share[i] = np.exp(paths.log_size[i] - theta * cost[i] - peak)
            total += share[i]
        for i in range(demand.start[k], demand.start[k + 1]):
            share[i] /= total
        outside[k] /= total
        logsum[k] = -(np.log(total) + peak) / theta
    return Choices(cost, share, outside, logsum)


@njit(cache=True, nogil=True)
def loads(demand: Demand, paths: Paths, share: Floats, size: int) -> Floats:
    """Load of each of ``size`` resources in its unit."""
    load = np.zeros(size)
    for k in range(demand.theta.size):
        for i in range(demand.start[k], demand.start[k + 1]):
            flow = demand.units[k] * share[i]
            if flow > 0.0:
                for e in range(paths.start[i], paths.start[i + 1]):
                    load[paths.resource[e]] += flow * paths.use[e]
    return load


@njit(cache=True, nogil=True)
def load_slopes(demand: Demand, paths: Paths, share: Floats, size: int) -> tuple[Floats, Floats]:
    """Derivatives of the loads by wait and by price, each of shape (resources, resources), row = load.

    d load_r / d x_s = - sum over pairs of units theta (E[use_r dc_s] - E[use_r] E[dc_s]), E over the pair's routes and
    the outside option.
    """
    by_wait, by_price = np.zeros((size, size)), np.zeros((size, size))
    use, hours, money = np.zeros(size), np.zeros(size), np.zeros(size)
    touched = np.empty(size, dtype=np.int32)
    seen = np.zeros(size, dtype=np.bool_)
    first, resource, used, passes = cells(paths.start), cells(paths.resource), cells(paths.use), cells(paths.passes)
    waits, prices = cells(by_wait), cells(by_price)
    for k in range(demand.theta.size):
        scale = demand.units[k] * demand.theta[k]
        if scale == 0.0:
            continue
        value, per_t = demand.hour[k], demand.per_t[k]
        count = 0
        for i in range(demand.start[k], demand.start[k + 1]):
            p = share[i]
            if p < NEGLIGIBLE_SHARE:
                continue
            for e in range(first[i], first[i + 1]):
                r = resource[e]
                if not seen[r]:
                    seen[r] = True
                    touched[count] = r
                    count += 1
                use[r] += p * used[e]
                hours[r] += p * passes[e] * value
                money[r] += p * used[e] * per_t
                weight = scale * p * used[e]
                row = r * size
                for f in range(first[i], first[i + 1]):
                    waits[row + resource[f]] -= weight * passes[f] * value
                    prices[row + resource[f]] -= weight * used[f] * per_t
        _take_means(by_wait, by_price, use, hours, money, touched[:count], scale)
        for j in range(count):
            r = touched[j]
            seen[r] = False
            use[r] = hours[r] = money[r] = 0.0
    return by_wait, by_price


@njit(cache=True, nogil=True)
def _take_means(
    by_wait: Floats,
    by_price: Floats,
    use: Floats,
    hours: Floats,
    money: Floats,
    touched: NDArray[np.int32],
    scale: float,
) -> None:
    """Add the product of means of one pair to both derivatives."""
    for j in range(touched.size):
        r = touched[j]
        for m in range(touched.size):
            s = touched[m]
            by_wait[r, s] += scale * use[r] * hours[s]
            by_price[r, s] += scale * use[r] * money[s]


@njit(cache=True, nogil=True)
def price_scale(demand: Demand, paths: Paths, size: int) -> Floats:
    """A typical price of each of ``size`` resources in USD a unit, 1 where nothing uses it.

    It is a fifth of the cost of the open routes that use it over what a tonne on them uses, both summed.
    """
    cost, use = np.zeros(size), np.zeros(size)
    for k in range(demand.theta.size):
        for i in range(demand.start[k], demand.start[k + 1]):
            if not np.isfinite(paths.base[i]):
                continue
            for e in range(paths.start[i], paths.start[i + 1]):
                if paths.use[e] > 0.0:
                    cost[paths.resource[e]] += paths.base[i]
                    use[paths.resource[e]] += paths.use[e] * demand.per_t[k]
    scale = np.ones(size)
    for r in range(size):
        if use[r] > 0.0:
            scale[r] = 0.2 * max(cost[r], 1e-9) / use[r]
    return scale


@njit(cache=True, nogil=True)
def path_sizes(
    pair_start: NDArray[np.int64],
    start: NDArray[np.int64],
    arcs: NDArray[np.int32],
    weight: NDArray[np.float64],
    counts: NDArray[np.bool_],
    size: int,
) -> NDArray[np.float64]:
    """Weighted part of each route that is its own: each arc's weight over the number of routes of the pair on it.

    Parameters
    ----------
    pair_start
        Routes of pair p are ``pair_start[p]:pair_start[p + 1]``, shape (pairs + 1,).
    start, arcs, weight
        Arcs of route r and their weights are ``[start[r]:start[r + 1]]`` of both; no route has an arc twice.
    counts
        Which routes count for all, shape (routes,); the others count for one another only.
    size
        Number of arcs of the network.

    Returns
    -------
    numpy.ndarray
        Shape (routes,). A route that counts is divided among those that count, any other among all of its pair.
    """
    own = np.zeros(start.size - 1)
    every, counting = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for pair in range(pair_start.size - 1):
        first, last = pair_start[pair], pair_start[pair + 1]
        for route in range(first, last):
            for at in range(start[route], start[route + 1]):
                every[arcs[at]] += 1
                counting[arcs[at]] += counts[route]
        for route in range(first, last):
            for at in range(start[route], start[route + 1]):
                own[route] += weight[at] / (counting[arcs[at]] if counts[route] else every[arcs[at]])
        for at in range(start[first], start[last]):
            every[arcs[at]] = counting[arcs[at]] = 0
    return own
