"""Measured series that replace a made profile: a year of hours, checked for what such files get wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.errors import DataError, Problem
from karvan.power.horizon import HOURS, hours_of

Floats = NDArray[np.float64]


def measured_year(series: pd.DataFrame, year: int, utc_offset_h: float, file: str) -> Floats:
    """The values of a measured year in the order of the year's hours in UTC; shape (8760,).

    Parameters
    ----------
    series
        Columns ``time`` (beginning of the hour; with an offset such as ``+04:00`` it is taken as written, without one
        as local standard time) and ``value``. The 29th of February is left out.
    year
        Calendar year of the times in UTC. Local times run from and to a few hours outside of it.
    utc_offset_h
        Local standard time minus UTC, for times without an offset.
    file
        Where it was read, for messages.

    Raises
    ------
    DataError
        With every problem: times or values that cannot be read, hours that are missing, that come twice (daylight
        saving), that belong to another year.
    """
    times = pd.to_datetime(series["time"], errors="coerce", utc=True, format="ISO8601")
    values = pd.to_numeric(series["value"], errors="coerce")
    bare = ~series["time"].astype(str).str.contains(r"(?:Z|[+-]\d\d:?\d\d)$", regex=True)
    utc = times.dt.tz_localize(None) - pd.to_timedelta(np.where(bare, utc_offset_h, 0.0), unit="h")
    problems = _unreadable(series, times, values, file) or _misplaced(utc, year, file)
    if problems:
        raise DataError("", problems)
    return np.asarray(pd.Series(values.to_numpy(), index=utc).loc[hours_of(year)], dtype=np.float64)


def _unreadable(series: pd.DataFrame, times: pd.Series, values: pd.Series, file: str) -> list[Problem]:
    problems = []
    for column, read, wanted in (("time", times, "a time such as 2024-01-31T23:00"), ("value", values, "a number")):
        for at in np.flatnonzero(read.isna()):
            cell = str(series[column].iloc[at])
            problems.append(Problem("wrong type", file, "", int(at) + 2, column, cell, wanted, "fill the cell in"))
    return problems


def _misplaced(utc: pd.Series, year: int, file: str) -> list[Problem]:
    """Hours twice, missing or of another year; the year's rows counted once more where the sum is not 8,760."""
    wanted = hours_of(year)
    twice = utc.duplicated()
    lacking = wanted.difference(pd.DatetimeIndex(utc))
    leap_day = (utc.dt.month == 2) & (utc.dt.day == 29)
    strange = ~utc.isin(wanted) & ~leap_day
    problems = []
    for at in np.flatnonzero(twice):
        remedy = "give times with their offset, or local standard time without daylight saving"
        problems.append(Problem("hour twice", file, "", int(at) + 2, "time", f"{utc.iloc[at]} UTC", "once", remedy))
    for hour in lacking:
        expected = f"each of the {HOURS} hours of {year}"
        problems.append(Problem("missing hour", file, "", 0, "time", f"{hour} UTC", expected, "add its row"))
    for at in np.flatnonzero(strange):
        expected = f"a full hour of {year} in UTC"
        problems.append(Problem("hour out of the year", file, "", int(at) + 2, "time", f"{utc.iloc[at]} UTC", expected))
    return problems
