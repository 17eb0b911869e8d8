"""Dates as people write them: a year, a month, a day, or a span of two in which a day lies.

A date that is not exact stands for its first day as a beginning and for its last as an end, both inclusive. Days are
ordinals of the proleptic Gregorian calendar, so that arrays of them can be compared.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.errors import DataError

ALWAYS_BEFORE = date.min.toordinal()
ALWAYS_AFTER = date.max.toordinal()
Days = NDArray[np.int64]

_DATE = re.compile(r"[12][0-9]{3}(-[0-9]{2}(-[0-9]{2})?)?|9999")
_JOINED = "/"
_YEAR, _MONTH = 4, 7


def is_date(text: str) -> bool:
    """Whether the text is a year, a month or a day that exists, or 9999: not before a lever names a date.

    >>> is_date("2024"), is_date("2024-07"), is_date("2024-02-29"), is_date("2023-02-29"), is_date("29.02.2024")
    (True, True, True, False, False)
    """
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - _YEAR :])
    except ValueError:
        return False
    return True


def is_span(text: str) -> bool:
    """Whether the text is a date, or two joined by a slash of which the second does not end before the first begins.

    >>> is_span("2016/2017"), is_span("2022-11/2025-03"), is_span("2017/2016"), is_span("2016-2017")
    (True, True, False, False)
    """
    parts = text.split(_JOINED)
    return _are_dates(parts) and first_day(parts[0]) <= last_day(parts[-1])


def first_day(text: str) -> int:
    """The ordinal of the first day a date covers; of an empty one, the first of the calendar.

    Raises
    ------
    DataError
        If the text is neither empty nor a date nor a span of two.

    >>> [date.fromordinal(first_day(text)).isoformat() for text in ("2024", "2024-07", "2016/2017")]
    ['2024-01-01', '2024-07-01', '2016-01-01']
    """
    if not text:
        return ALWAYS_BEFORE
    begin = _checked(text).partition(_JOINED)[0]
    return date.fromisoformat(begin + "-01-01"[len(begin) - _YEAR :]).toordinal()


def last_day(text: str) -> int:
    """The ordinal of the last day a date covers; of an empty one, the last of the calendar. Raises as `first_day`.

    >>> [date.fromordinal(last_day(text)).isoformat() for text in ("2024", "2024-02", "2016/2017")]
    ['2024-12-31', '2024-02-29', '2017-12-31']
    """
    if not text:
        return ALWAYS_AFTER
    end = _checked(text).rpartition(_JOINED)[2]
    if len(end) == _YEAR:
        end += "-12"
    if len(end) == _MONTH:
        end += f"-{monthrange(int(end[:_YEAR]), int(end[_YEAR + 1 :]))[1]}"
    return date.fromisoformat(end).toordinal()


def first_days(texts: Iterable[str]) -> Days:
    """The first days of many dates, each text read once; shape (n,).

    >>> first_days(["2024", "2024-01-01", ""]).tolist()
    [738886, 738886, 1]
    """
    return _days(texts, first_day)


def last_days(texts: Iterable[str]) -> Days:
    """The last days of many dates, each text read once; shape (n,)."""
    return _days(texts, last_day)


def iso(day: int) -> str:
    """A day as ``YYYY-MM-DD``; empty for the two ends of the calendar.

    >>> iso(first_day("2024-07-04")), iso(ALWAYS_AFTER)
    ('2024-07-04', '')
    """
    return "" if day in (ALWAYS_BEFORE, ALWAYS_AFTER) else date.fromordinal(day).isoformat()


def years_of(days: Days) -> Days:
    """The calendar years of many days.

    >>> years_of(first_days(["2024", "1999-12-31"])).tolist()
    [2024, 1999]
    """
    since = (days - date(1970, 1, 1).toordinal()).astype("datetime64[D]").astype("datetime64[Y]")
    years: Days = since.astype(np.int64) + 1970
    return years


def _days(texts: Iterable[str], read: Callable[[str], int]) -> Days:
    codes, names = pd.factorize(pd.Series(texts, dtype=str))
    return np.array([read(str(name)) for name in names], dtype=np.int64)[codes]


def _checked(text: str) -> str:
    if not _are_dates(text.split(_JOINED)):
        raise DataError(f"{text!r} is no date; write YYYY, YYYY-MM or YYYY-MM-DD")
    return text


def _are_dates(parts: list[str]) -> bool:
    return len(parts) <= 2 and all(map(is_date, parts))
