"""Season and time of day at a place, and shapes of months and days laid over the year."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.errors import DataError, Problem
from karvan.power.horizon import HOURS, hours_of

Floats = NDArray[np.float64]
_MIDDLE_OF_MONTHS = np.array([15.5, 45.0, 74.5, 105.0, 135.5, 166.0, 196.5, 227.5, 258.0, 288.5, 319.0, 349.5])
_COLDEST_DAY = 15.0
_DAYS = 365.0


def local_hours(year: int, utc_offset_h: float) -> pd.DatetimeIndex:
    """The middles of the year's hours in local time."""
    return hours_of(year) + pd.Timedelta(hours=utc_offset_h + 0.5)


def summer(latitude_deg: float) -> Floats:
    """How much of summer there is in each hour: 0 in the coldest, 1 in the warmest, a cosine between; shape (8760,).

    >>> bool(summer(40.0)[:24].mean() < 0.05 and summer(-40.0)[:24].mean() > 0.95)
    True
    """
    day = np.arange(HOURS) / 24.0
    cold = _COLDEST_DAY + (_DAYS / 2 if latitude_deg < 0 else 0.0)
    return np.asarray(0.5 * (1 - np.cos(2 * np.pi * (day - cold) / _DAYS)))


def numbers(row: pd.Series, column: str, count: int) -> Floats:
    """The numbers of a list cell.

    Raises
    ------
    DataError
        If they are not ``count`` numbers of at least 0 with a sum above 0.
    """
    try:
        values = np.array([float(word) for word in str(row[column]).split("|")])
    except ValueError:
        values = np.array([])
    if len(values) != count or not np.isfinite(values).all() or values.min() < 0 or values.sum() == 0:
        wrong = Problem("wrong form", "power/profiles.csv", "power.profiles", 0, column, str(row[column]))
        said = f"profile {row['name']}: {column} wants {count} numbers of at least 0, joined by |"
        raise DataError(said, [wrong])
    return values


def over_months(shape: Floats) -> Floats:
    """Twelve means laid over the year, straight lines between the middles of months; mean 1, shape (8760,)."""
    middles = np.concatenate([_MIDDLE_OF_MONTHS - _DAYS, _MIDDLE_OF_MONTHS, _MIDDLE_OF_MONTHS + _DAYS])
    laid = np.interp(np.arange(HOURS) / 24.0, middles, np.tile(shape, 3))
    return np.asarray(laid / laid.mean())
