"""General equilibrium of trade in exact hat algebra, as kernels: one factor a country, several sectors, tariffs.

With base shares s_kij of importer j's expenditure on sector k, a_kj the share of k in what j spends, cost terms
tt = tau^-theta and prices p_i over the base:

S_kj = sum_i s_kij tt_kij p_i^-theta_k        (the price index of a sector is S^(-1/theta))
E_j  = income_j / sum_k a_kj sum_i share'_kij / (1 + t'_kij),  share'_kij = s_kij tt_kij p_i^-theta_k / S_kj
p_i Y_i = sum_kj share'_kij a_kj E_j / (1 + t'_kij)

income is output and a transfer, or a multiple of output. Dekle, Eaton & Kortum 2008, Global rebalancing with gravity;
Costinot & Rodríguez-Clare 2014, Trade theory with numbers. Prices move by (sales / output)^(1/(1 + theta)) and world output
is held. Sums run in one order, whoever asks for them.
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
    (K, N) shares of sectors in expenditure; ``output`` (N), above 0; ``transfer`` (N), adding up to 0; ``multiple`` (N) of
    income over output, read where ``by_multiple``; ``theta`` (K), above 0.
    """

    share: Floats
    spent: Floats
    output: Floats
    transfer: Floats
    multiple: Floats
    by_multiple: bool
    theta: Floats


class Demanded(NamedTuple):
    """At given prices: ``weight`` (K, N) = S, ``spending`` (N) and ``sales`` (N), net of tariffs; ``poorest`` income."""

    weight: Floats
    spending: Floats
    sales: Floats
    poorest: float


@njit(cache=True, nogil=True)
def demanded(base: Base, cost: Floats, kept: Floats, taxed: bool, price: Floats) -> Demanded:
    """What every country spends and sells at prices ``price`` (N), over the base.

    ``cost`` = share x tt (K, N, N); ``kept`` = 1 / (1 + t') (K, N, N), read where ``taxed``.
    """
    sectors, count = base.spent.shape
    weight = np.zeros((sectors, count))
    reach = np.zeros((sectors, count))
    pull = np.empty((sectors, count))
    for k in range(sectors):
        for i in range(count):
            q = np.exp(-base.theta[k] * np.log(price[i]))
            pull[k, i] = q
            for j in range(count):
                weight[k, j] += cost[k, i, j] * q
            if taxed:
                for j in range(count):
                    reach[k, j] += cost[k, i, j] * q * kept[k, i, j]
    spending = np.empty(count)
    total, spread = 0.0, 0.0
    for j in range(count):
        total += price[j] * base.output[j]
        spread += base.multiple[j] * price[j] * base.output[j]
    poorest = np.inf
    for j in range(count):
        income = price[j] * base.output[j] + base.transfer[j]
        if base.by_multiple:
            income = base.multiple[j] * price[j] * base.output[j] * (total / spread)
        net = 1.0
        if taxed:
            net = 0.0
            for k in range(sectors):
                if base.spent[k, j] > 0.0:
                    net += base.spent[k, j] * reach[k, j] / weight[k, j]
        poorest = min(poorest, income)
        spending[j] = income / net
    sales = np.zeros(count)
    market = np.empty(count)
    for k in range(sectors):
        for j in range(count):
            market[j] = base.spent[k, j] * spending[j] / weight[k, j] if base.spent[k, j] > 0.0 else 0.0
        for i in range(count):
            sales[i] += pull[k, i] * _met(cost[k, i], kept[k, i], market, taxed)
    return Demanded(weight, spending, sales, poorest)


@njit(cache=True, nogil=True)
def _met(cost: Floats, kept: Floats, market: Floats, taxed: bool) -> float:
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
def cleared(base: Base, cost: Floats, kept: Floats, taxed: bool, tolerance: float, most: int) -> Ended:
    """Prices at which every country sells what it makes, from prices of 1.

    Returns ``UNFINISHED`` after ``most`` steps, ``BANKRUPT`` where an income is not above 0, ``STRANGE`` where a number is
    none. Prices are above 0 by construction. Where the base clears already, no step is taken and prices are exactly 1.
    """
    count = base.output.size
    world = 0.0
    for i in range(count):
        world += base.output[i]
    power = 1.0 / (1.0 + np.max(base.theta))
    price = np.ones(count)
    residual = np.inf
    for step in range(most):
        found = demanded(base, cost, kept, taxed, price)
        if not found.poorest > 0.0:
            return Ended(price, residual, step, BANKRUPT)
        residual = 0.0
        for i in range(count):
            off = abs(found.sales[i] / (price[i] * base.output[i]) - 1.0)
            if not off <= residual:
                residual = off
        if not residual < np.inf:
            return Ended(price, residual, step, STRANGE)
        if residual <= tolerance:
            return Ended(price, residual, step, SOLVED)
        total = 0.0
        for i in range(count):
            price[i] *= (found.sales[i] / (price[i] * base.output[i])) ** power
            total += price[i] * base.output[i]
        for i in range(count):
            price[i] *= world / total
    return Ended(price, residual, most, UNFINISHED)


@njit(cache=True, nogil=True)
def balanced(matrix: Floats, rows: Floats, columns: Floats, tolerance: float, most: int) -> tuple[Floats, Floats, float]:
    """Factors r_i and c_j such that r_i m_ij c_j adds up to the given sums, and by how much the rows still miss.

    Iterative proportional fitting (Deming & Stephan 1940); columns hold at the end to rounding.
    """
    count = rows.size
    row, column = np.ones(count), np.ones(columns.size)
    miss = np.inf
    for _ in range(most):
        for j in range(columns.size):
            column[j] = 0.0
        for i in range(count):
            for j in range(columns.size):
                column[j] += row[i] * matrix[i, j]
        for j in range(columns.size):
            column[j] = columns[j] / column[j] if columns[j] > 0.0 else 0.0
        miss = 0.0
        for i in range(count):
            sold = 0.0
            for j in range(columns.size):
                sold += matrix[i, j] * column[j]
            if rows[i] > 0.0:
                following = rows[i] / sold
                off = abs(row[i] / following - 1.0)
                if not off <= miss:
                    miss = off
                if off > tolerance:
                    row[i] = following
            else:
                row[i] = 0.0
        if miss <= tolerance or not miss < np.inf:
            break
    return row, column, miss
