"""Totals of pairs parted into sectors, by what exporters sell and what freight carries.

In: a balanced table of totals; out: one table a sector, whose sums are those totals, so that each exporter sells of
each sector the share that statistics give it. The pattern within is an estimate: net sellers of a sector buy little of
it, and the cargo of a pair tells what the pair trades in, as far as it comes to its trade.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from karvan.errors import NotConvergedError

Floats = NDArray[np.float64]

TOLERANCE = 1e-10
MOST_STEPS = 2_000
LEAST = 1e-4
MOST_SEEN = 0.9


def split(totals: Floats, shares: Floats, cargo: Floats) -> Floats:
    """Part the trade of pairs into sectors.

    Starting from shares_is (1 - shares_js), mixed with the shares of the pair's cargo by as much of the trade as the
    cargo's value comes to (at most nine tenths), each pair is scaled to its total and each exporter and sector to its
    share of all exports, in turn.

    Parameters
    ----------
    totals
        Shape (countries, countries), at least 0, the diagonal 0: exports by pair.
    shares
        Shape (countries, sectors), rows sum to 1: of each country's exports.
    cargo
        Shape (countries, countries, sectors): value of what freight carries, or 0.

    Returns
    -------
    numpy.ndarray
        Shape (countries, countries, sectors); sums over sectors are ``totals``, sums over importers are exports times
        shares, both to 1e-10.

    Raises
    ------
    NotConvergedError
        If both cannot be had.

    Examples
    --------
    Two countries that sell each other one sector apiece:

    >>> made = split(np.array([[0.0, 5.0], [4.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros((2, 2, 2)))
    >>> made[0, 1].round(6).tolist(), made[1, 0].round(6).tolist()
    ([5.0, 0.0], [0.0, 4.0])
    """
    habit = np.maximum(shares[:, None, :] * (1.0 - shares[None, :, :]), LEAST * shares[:, None, :])
    carried = cargo.sum(axis=2, keepdims=True)
    by_cargo = np.divide(cargo, carried, out=np.zeros_like(cargo), where=carried > 0.0)
    seen = np.minimum(carried / np.maximum(totals, 1e-9)[:, :, None], MOST_SEEN)
    seed = (1.0 - seen) * habit / habit.sum(axis=2, keepdims=True) + seen * by_cargo
    seed = np.where(shares[:, None, :] > 0.0, np.maximum(seed, LEAST * shares[:, None, :]), 0.0)
    exports = totals.sum(axis=1)[:, None] * shares
    values = seed
    for _ in range(MOST_STEPS):
        values = _scaled(values, totals, axis=2)
        values = _scaled(values, exports, axis=1)
        off = np.abs(values.sum(axis=2) - totals) / np.maximum(totals, 1.0)
        if off.max() <= TOLERANCE:
            return values
    raise NotConvergedError(f"sectors do not add up to pairs: off by {off.max():.1e} of a pair when it stopped")


def domestic_split(sales: Floats, imports: Floats, shares: Floats) -> Floats:
    """Part domestic sales into sectors by the share each has of what is spent.

    Spending of a sector is its share of all that a country buys, home and abroad; what it imports comes off, yet at
    least a tenth of the spending is met at home. The last sector takes the rest.

    Parameters
    ----------
    sales
        Shape (countries,): domestic sales.
    imports
        Shape (countries, sectors).
    shares
        Shape (sectors,): of spending; that of the last sector is not read.

    Returns
    -------
    numpy.ndarray
        Shape (countries, sectors), rows sum to ``sales``; the rest may fall below 0 where domestic sales are tiny,
        which the caller refuses.

    Examples
    --------
    >>> domestic_split(np.array([90.0]), np.array([[2.0, 8.0]]), np.array([0.05, 0.95])).tolist()
    [[3.0, 87.0]]
    """
    spent = (sales + imports.sum(axis=1))[:, None] * shares[:-1]
    home = np.maximum(spent - imports[:, :-1], 0.1 * spent)
    return np.column_stack([home, sales - home.sum(axis=1)])


def _scaled(values: Floats, totals: Floats, axis: int) -> Floats:
    sums = values.sum(axis=axis)
    factor = np.divide(totals, sums, out=np.zeros_like(totals), where=sums > 0.0)
    scaled: Floats = values * np.expand_dims(factor, axis)
    return scaled
