"""Figures that sum up a stream of yearly amounts: present value, rates of return, ratio, payback, switching value.

A stream is an array of amounts by year, real, the first in year 0, which is not discounted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from karvan.errors import RangeError

Floats = NDArray[np.float64]
LEAST_RATE, MOST_RATE = -0.95, 10.0
_NEAR_REAL = 1e-6
_SAME = 1e-6


def npv(stream: ArrayLike, rate: float) -> float:
    """Net present value in year 0: sum of amount / (1 + rate)^year.

    Raises
    ------
    RangeError
        If the rate is -1 or less.

    >>> round(npv([-100.0, 60.0, 60.0], 0.1), 6)
    4.132231
    """
    if rate <= -1:
        raise RangeError(f"a discount rate of {rate} is not above -1")
    amounts = np.asarray(stream, dtype=np.float64)
    return float(amounts @ (1.0 + rate) ** -np.arange(len(amounts)))


def rates_of_return(stream: ArrayLike) -> tuple[float, ...]:
    """Every rate between -95 % and 1,000 % at which the stream is worth nothing, in order; none where there is none.

    The present value is a polynomial of 1 / (1 + rate): its real positive roots, each polished by Newton's method. A
    stream that changes its sign more than once may have several, and no single one of them says whether it pays.

    >>> [round(rate, 9) for rate in rates_of_return([-100.0, 230.0, -132.0])]
    [0.1, 0.2]
    """
    amounts = np.trim_zeros(np.asarray(stream, dtype=np.float64), "b")
    if len(amounts) < 2 or (amounts >= 0).all() or (amounts <= 0).all():
        return ()
    roots = np.polynomial.polynomial.polyroots(amounts)
    real = roots.real[(np.abs(roots.imag) <= _NEAR_REAL * np.abs(roots)) & (roots.real > 0)]
    rates = sorted(1.0 / _polished(amounts, float(root)) - 1.0 for root in real)
    kept: list[float] = []
    for rate in rates:
        if LEAST_RATE <= rate <= MOST_RATE and (not kept or rate - kept[-1] > _SAME):
            kept.append(rate)
    return tuple(kept)


def _polished(amounts: Floats, root: float, steps: int = 5) -> float:
    """The root after a few steps of Newton; a double root, where the slope vanishes, stays as it is."""
    slope = np.polynomial.polynomial.polyder(amounts)
    for _ in range(steps):
        steep = float(np.polynomial.polynomial.polyval(root, slope))
        if abs(steep) < _NEAR_REAL * float(np.abs(amounts).max()):
            break
        root -= float(np.polynomial.polynomial.polyval(root, amounts)) / steep
    return root


def benefit_cost_ratio(benefits: ArrayLike, costs: ArrayLike, rate: float) -> float:
    """Present value of benefits over that of costs (both positive); not a number where nothing is spent.

    >>> round(benefit_cost_ratio([0.0, 110.0], [100.0, 0.0], 0.1), 9)
    1.0
    """
    spent = npv(costs, rate)
    return npv(benefits, rate) / spent if spent > 0 else float("nan")


def payback_years(stream: ArrayLike) -> float:
    """Years after which the sum of the undiscounted stream stays at or above zero; not a number where it never does.

    Within a year the amount is taken to come evenly.

    >>> payback_years([-100.0, 40.0, 40.0, 40.0])
    2.5
    """
    total = np.cumsum(np.asarray(stream, dtype=np.float64))
    below = np.flatnonzero(total < 0)
    if len(below) == 0:
        return 0.0
    last = int(below[-1])
    if last + 1 == len(total):
        return float("nan")
    return last + float(-total[last] / (total[last + 1] - total[last]))


def switching_value(part: ArrayLike, rest: ArrayLike, rate: float) -> float:
    """The factor on a part of the stream at which the whole is worth nothing; not a number where the part is nothing.

    >>> round(switching_value([-100.0, 0.0], [0.0, 121.0], 0.1), 9)
    1.1
    """
    worth = npv(part, rate)
    return -npv(rest, rate) / worth if worth != 0 else float("nan")
