"""A trend with its band from a short yearly series: a random walk with drift of logarithms.

Ratios of consecutive figures are taken as draws from one distribution, so the forecast starts at the last figure, grows
by the mean rate and widens with the square root of time and with what the mean rate itself is unsure of. It knows no
capacity, no plan and no cause; it is the yardstick that any better forecast has to beat.

Reference: Hyndman and Athanasopoulos (2021), Forecasting: Principles and Practice, sections 5.2 and 5.5; gaps between
years as in a Brownian motion watched at uneven times.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

LEAST_FIGURES = 3


class Drift(NamedTuple):
    """A forecast in the unit of the series, its band, and the mean growth a year as a share."""

    forecast: float
    low: float
    high: float
    growth: float


def drift_forecast(years: ArrayLike, values: ArrayLike, at: float, share: float = 0.8) -> Drift | None:
    """The drift forecast of a series for one year.

    With d the mean growth of ln x a year over a span T and s2 the variance of its steps a year, the forecast h years
    after the last figure is x exp(d h), and its band x exp(d h -+ t sqrt(s2 h (1 + h / T))), t being Student's quantile
    with one degree of freedom less than there are steps.

    Parameters
    ----------
    years, values
        Shape (n,); years rise, values are above 0.
    at
        Year of the forecast, not before the last of the series.
    share
        Probability of the band, in (0, 1).

    Returns
    -------
    Drift or None
        None where there are fewer than three figures or one of them is not above 0. low <= forecast <= high.

    Examples
    --------
    >>> found = drift_forecast([2021, 2022, 2023], [1.0, 2.0, 4.0], 2025)
    >>> round(found.forecast, 6), round(found.low, 6), round(found.growth, 6)
    (16.0, 16.0, 1.0)
    """
    when, what = np.asarray(years, dtype=float), np.asarray(values, dtype=float)
    if len(what) < LEAST_FIGURES or not (what > 0).all():
        return None
    steps, gaps = np.diff(np.log(what)), np.diff(when)
    span, ahead = float(when[-1] - when[0]), float(at - when[-1])
    mean = float(np.log(what[-1] / what[0])) / span
    variance = float(((steps - mean * gaps) ** 2 / gaps).sum()) / (len(steps) - 1)
    quantile = float(stdtrit(len(steps) - 1, 0.5 + share / 2))
    wide = quantile * float(np.sqrt(variance * ahead * (1 + ahead / span)))
    middle = float(what[-1]) * np.exp(mean * ahead)
    return Drift(float(middle), float(middle * np.exp(-wide)), float(middle * np.exp(wide)), float(np.expm1(mean)))
