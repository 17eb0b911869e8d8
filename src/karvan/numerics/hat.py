"""General equilibrium of trade in exact hat algebra, as kernels: one factor a country, several sectors, tariffs.

With base shares s_kij of importer j's expenditure on sector k, a_kj the share of k in what j spends, cost terms
tt = tau^-theta and prices p_i over the base:

S_kj = sum_i s_kij tt_kij p_i^-theta_k        (the price index of a sector is S^(-1/theta))
E_j  = income_j / sum_k a_kj sum_i share'_kij / (1 + t'_kij),  share'_kij = s_kij tt_kij p_i^-theta_k / S_kj
p_i Y_i = sum_kj share'_kij a_kj E_j / (1 + t'_kij)

income is output and a transfer, or a multiple of output. Dekle, Eaton & Kortum 2008, Global rebalancing with gravity;
Costinot & Rodríguez-Clare 2014, Trade theory with numbers. Prices move by (sales / output)^(1/(1 + theta)) and world
output is held. Sums run in one order, whoever asks for them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SOLVED, UNFINISHED, BANKRUPT, STRANGE = 0, 1, 2, 3


class Base(NamedTuple):
    """What a solve starts from; K sectors, N countries.

    ``share`` (K, N exporters, N importers), each importer's column of a sector adding up to 1 (or all 0); ``spent``
    (K, N) shares of sectors in expenditure; ``output`` (N), above 0; ``transfer`` (N), adding up to 0; ``multiple``
    (N) of income over output, read where ``by_multiple``; ``theta`` (K), above 0.
    """

    share: Floats
    spent: Floats
    output: Floats
    transfer: Floats
    multiple: Floats
    by_multiple: bool
    theta: Floats


class Terms(NamedTuple):
    """Terms of trade: ``cost`` = share x tt (K, N, N); ``kept`` = 1 / (1 + t') (K, N, N), read where ``taxed``."""

    cost: Floats
    kept: Floats
    taxed: bool


class Demanded(NamedTuple):
    """At given prices: ``weight`` (K, N) = S, ``spending`` and ``sales`` (N), net of tariffs; ``poorest`` income."""

    weight: Floats
    spending: Floats
    sales: Floats
    poorest: float


@njit(cache=True, nogil=True)
def demanded(base: Base, terms: Terms, price: Floats) -> Demanded:
    """What every country spends and sells at prices ``price`` (N), over the base."""
    sectors, count = base.spent.shape
    weight = np.zeros((sectors, count))
    reach = np.zeros((sectors, count))
    pull = np.empty((sectors, count))
    for k in range(sectors):
        for i in range(count):
            q = np.exp(-base.theta[k] * np.log(price[i]))
            pull[k, i] = q
            _add(weight[k], terms.cost[k, i], q)
            if terms.taxed:
                _add_kept(reach[k], terms.cost[k, i], terms.kept[k, i], q)
    spending = _incomes(base, price)
    poorest = np.min(spending)
    if terms.taxed:
        for j in range(count):
            spending[j] /= _left(base.spent[:, j], reach[:, j], weight[:, j])
    sales = np.zeros(count)
    market = np.empty(count)
    for k in range(sectors):
        for j in range(count):
            market[j] = base.spent[k, j] * spending[j] / weight[k, j] if base.spent[k, j] > 0.0 else 0.0
        for i in range(count):
            sales[i] += pull[k, i] * _met(terms.cost[k, i], terms.kept[k, i], market, terms.taxed)
    return Demanded(weight, spending, sales, poorest)


@njit(cache=True, nogil=True)
def _add(total: Floats, row: Floats, times: float) -> None:
    for j in range(total.size):
        total[j] += row[j] * times


@njit(cache=True, nogil=True)
def _add_kept(total: Floats, row: Floats, kept: Floats, times: float) -> None:
    for j in range(total.size):
        total[j] += row[j] * times * kept[j]


@njit(cache=True, nogil=True)
def _incomes(base: Base, price: Floats) -> Floats:
    """Output and what is handed on, shape (N,); the world's add up to its output."""
    count = price.size
    income = np.empty(count)
    total, spread = 0.0, 0.0
    for j in range(count):
        total += price[j] * base.output[j]
        spread += base.multiple[j] * price[j] * base.output[j]
    for j in range(count):
        if base.by_multiple:
            income[j] = base.multiple[j] * price[j] * base.output[j] * (total / spread)
        else:
            income[j] = price[j] * base.output[j] + base.transfer[j]
    return income


@njit(cache=True, nogil=True)
def _left(spent: Floats, reach: Floats, weight: Floats) -> float:
    """The share of a country's spending that its tariffs leave to sellers."""
    left = 0.0
    for k in range(spent.size):
        if spent[k] > 0.0:
            left += spent[k] * reach[k] / weight[k]
    return left


@njit(cache=True, nogil=True)
def _met(cost: Floats, kept: Floats, market: Floats, taxed: bool) -> float:  # noqa: FBT001
    """The sum of cost x market (x kept) in four strands, always the same four."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    even = market.size - market.size % 4
    if taxed:
        for j in range(0, even, 4):
            a += cost[j] * kept[j] * market[j]
            b += cost[j + 1] * kept[j + 1] * market[j + 1]
            c += cost[j + 2] * kept[j + 2] * market[j + 2]
            d += cost[j + 3] * kept[j + 3] * market[j + 3]
        for j in range(even, market.size):
            a += cost[j] * kept[j] * market[j]
    else:
        for j in range(0, even, 4):
            a += cost[j] * market[j]
            b += cost[j + 1] * market[j + 1]
            c += cost[j + 2] * market[j + 2]
            d += cost[j + 3] * market[j + 3]
        for j in range(even, market.size):
            a += cost[j] * market[j]
    return (a + b) + (c + d)


class Ended(NamedTuple):
    """How a solve ended: ``price`` (N), the largest |sales / output - 1|, steps, and one of the four outcomes."""

    price: Floats
    residual: float
    steps: int
    outcome: int


@njit(cache=True, nogil=True)
def cleared(base: Base, terms: Terms, tolerance: float, most: int) -> Ended:
    """Prices at which every country sells what it makes, from prices of 1.

    Returns ``UNFINISHED`` after ``most`` steps, ``BANKRUPT`` where an income is not above 0, ``STRANGE`` where a number
    is none. Prices are above 0 by construction. Where the base clears already, no step is taken and prices are
    exactly 1.
    """
    world = 0.0
    for made in base.output:
        world += made
    power = 1.0 / (1.0 + np.max(base.theta))
    price = np.ones(base.output.size)
    residual = np.inf
    for step in range(most):
        found = demanded(base, terms, price)
        if not found.poorest > 0.0:
            return Ended(price, residual, step, BANKRUPT)
        residual = _miss(found.sales, price, base.output)
        if not residual < np.inf:
            return Ended(price, residual, step, STRANGE)
        if residual <= tolerance:
            return Ended(price, residual, step, SOLVED)
        total = 0.0
        for i in range(price.size):
            price[i] *= (found.sales[i] / (price[i] * base.output[i])) ** power
            total += price[i] * base.output[i]
        for i in range(price.size):
            price[i] *= world / total
    return Ended(price, residual, most, UNFINISHED)


@njit(cache=True, nogil=True)
def _miss(sales: Floats, price: Floats, output: Floats) -> float:
    """The largest |sales / output - 1|, not-a-number where one is."""
    residual = 0.0
    for i in range(price.size):
        off = abs(sales[i] / (price[i] * output[i]) - 1.0)
        if not off <= residual:
            residual = off
    return residual


@njit(cache=True, nogil=True)
def balanced(
    matrix: Floats, rows: Floats, columns: Floats, tolerance: float, most: int
) -> tuple[Floats, Floats, float]:
    """Factors r_i and c_j such that r_i m_ij c_j adds up to the given sums, and by how much the rows still miss.

    Iterative proportional fitting (Deming & Stephan 1940); columns hold at the end to rounding.
    """
    row, column = np.ones(rows.size), np.zeros(columns.size)
    miss = np.inf
    for _ in range(most):
        column[:] = 0.0
        for i in range(rows.size):
            _add(column, matrix[i], row[i])
        for j in range(columns.size):
            column[j] = columns[j] / column[j] if columns[j] > 0.0 else 0.0
        miss = _fit_rows(row, matrix, rows, column, tolerance)
        if miss <= tolerance or not miss < np.inf:
            break
    return row, column, miss


@njit(cache=True, nogil=True)
def _fit_rows(row: Floats, matrix: Floats, rows: Floats, column: Floats, tolerance: float) -> float:
    """Move each row's factor to its sum where it misses it, and say by how much the worst missed."""
    miss = 0.0
    for i in range(rows.size):
        if not rows[i] > 0.0:
            row[i] = 0.0
            continue
        following = rows[i] / _met(matrix[i], column, column, False)
        off = abs(row[i] / following - 1.0)
        if not off <= miss:
            miss = off
        if off > tolerance:
            row[i] = following
    return miss


class Drawn(NamedTuple):
    """Results of D draws.

    ``price``, ``price_index``, ``spending`` and ``income`` (D, N) as levels at the draw; ``trade`` (D, G) within each
    of G groups of pairs, net of tariffs; ``residual`` and ``outcome`` (D).
    """

    price: Floats
    price_index: Floats
    spending: Floats
    income: Floats
    trade: Floats
    residual: Floats
    outcome: NDArray[np.int64]


class Draw(NamedTuple):
    """What differs by draw: tt_kij = exp(sum_m weights_dm effects_mkij - thetas_dk log_tau_kij).

    ``effects`` (M, K, N, N) are the terms of an equation that change, ``weights`` (D, M) their coefficients,
    ``log_tau`` (K, N, N) costs and tariffs, ``thetas`` (D, K), ``kept`` (K, N, N) = 1 / (1 + t').
    """

    effects: Floats
    weights: Floats
    log_tau: Floats
    thetas: Floats
    kept: Floats


class Paid(NamedTuple):
    """A solved draw: ``price`` (N), ``weight`` (K, N), ``spending`` (N)."""

    price: Floats
    weight: Floats
    spending: Floats


@njit(cache=True, nogil=True)
def drawn(base: Base, draw: Draw, groups: NDArray[np.bool_], tolerance: float, most: int) -> Drawn:
    """Equilibria of many draws, each from prices of 1, so that it is the same whichever draws are solved beside it.

    ``groups`` (G, N, N) are pairs whose trade is added up.
    """
    count, draws = base.output.size, draw.weights.shape[0]
    price, index = np.empty((draws, count)), np.ones((draws, count))
    spending, income = np.empty((draws, count)), np.empty((draws, count))
    trade, residual = np.zeros((draws, groups.shape[0])), np.empty(draws)
    outcome = np.empty(draws, dtype=np.int64)
    taxed = bool(np.min(draw.kept) < 1.0)
    cost = np.empty(base.share.shape)
    for d in range(draws):
        theta = draw.thetas[d].copy()
        _cost_of(cost, base.share, draw, d)
        here = Base(base.share, base.spent, base.output, base.transfer, base.multiple, base.by_multiple, theta)
        terms = Terms(cost, draw.kept, taxed)
        ended = cleared(here, terms, tolerance, most)
        found = demanded(here, terms, ended.price)
        price[d], spending[d], income[d] = ended.price, found.spending, ended.price * base.output
        residual[d], outcome[d] = ended.residual, ended.outcome
        for k in range(theta.size):
            for j in range(count):
                if base.spent[k, j] > 0.0:
                    index[d, j] *= found.weight[k, j] ** (-base.spent[k, j] / theta[k])
            _trade_of(k, here, terms, Paid(ended.price, found.weight, found.spending), income[d], trade[d], groups)
    return Drawn(price, index, spending, income, trade, residual, outcome)


@njit(cache=True, nogil=True)
def _cost_of(cost: Floats, share: Floats, draw: Draw, d: int) -> None:
    """Write share x tt of draw ``d`` into ``cost``."""
    sectors, count, _ = share.shape
    for k in range(sectors):
        for i in range(count):
            for j in range(count):
                power = -draw.thetas[d, k] * draw.log_tau[k, i, j]
                for m in range(draw.effects.shape[0]):
                    power += draw.weights[d, m] * draw.effects[m, k, i, j]
                cost[k, i, j] = share[k, i, j] * np.exp(power)


@njit(cache=True, nogil=True)
def _trade_of(
    k: int, base: Base, terms: Terms, at: Paid, income: Floats, trade: Floats, groups: NDArray[np.bool_]
) -> None:
    """Add sector k's tariff revenue to incomes and its trade to that of the groups."""
    for i in range(at.price.size):
        pull = np.exp(-base.theta[k] * np.log(at.price[i]))
        for j in range(at.price.size):
            if not base.spent[k, j] > 0.0:
                continue
            paid = terms.cost[k, i, j] * pull / at.weight[k, j] * base.spent[k, j] * at.spending[j]
            net = paid * terms.kept[k, i, j]
            income[j] += paid - net
            for g in range(trade.size):
                if groups[g, i, j]:
                    trade[g] += net
