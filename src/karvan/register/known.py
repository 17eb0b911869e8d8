"""From which day a row could be known.

A row tells it in ``published``; where that is empty, it is the day its source came out. Where neither is told, an event
or status is known on the last day its date may mean and a statistic thirty days after its period ends, and that is
marked as assumed. Such a day never lies before the first on which its source may have come out, so nothing that came
out later is ever used.
"""

from __future__ import annotations

from calendar import monthrange
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.schema.dates import ALWAYS_BEFORE, Days, first_day, first_days, iso, last_day, last_days

DAYS_TO_PUBLISH = 30
SOURCE, ASSUMED = "source", "assumed"
_BEGINS = ("from", "date", "made", "said_on", "founded")
_MONTHS = 12


class Knowledge(NamedTuple):
    """The day from which each row is known, shape (n,), and where that day is assumed."""

    day: Days
    assumed: NDArray[np.bool_]


def knowledge(frame: pd.DataFrame, sources: pd.DataFrame) -> Knowledge:
    """From which day each row of a table could be known, and whether that is assumed.

    Parameters
    ----------
    frame
        Rows with ``source`` and, where the table has them, ``published``, ``published_basis``, ``year`` with
        ``period``, or a first day.
    sources
        The table of that name.

    Returns
    -------
    Knowledge
        A row of which nothing tells a day is known always, by assumption.

    >>> rows = pd.DataFrame({"source": ["s", "s"], "published": ["2024-07", ""], "from": ["2020", "2023-11"]})
    >>> told = knowledge(rows, pd.DataFrame({"source": ["s"], "published": [""]}))
    >>> [iso(day) for day in told.day.tolist()], told.assumed.tolist()
    (['2024-07-31', '2023-11-30'], [False, True])
    """
    told = _told(frame, sources)
    silent = (told == "").to_numpy(dtype=bool)
    day = last_days(told)
    day[silent] = _assumed(frame.loc[silent])
    if "published_basis" in frame:
        own = (frame["published"] != "").to_numpy(dtype=bool)
        assumed = own & (frame["published_basis"] == ASSUMED).to_numpy(dtype=bool)
        day = np.where(assumed, np.maximum(day, _first_of_source(frame, sources)), day)
        return Knowledge(day, silent | assumed)
    return Knowledge(day, silent)


def known_by(frame: pd.DataFrame, sources: pd.DataFrame, day: str) -> pd.DataFrame:
    """The rows that could be known on a day, ``YYYY-MM-DD``."""
    return frame.loc[knowledge(frame, sources).day <= last_day(day)]


def publication(frame: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """From which day each row could be known, as a reader is told it.

    Returns
    -------
    pandas.DataFrame
        ``day`` (``YYYY-MM-DD``; empty where nothing tells one) and ``basis`` (source or assumed), with the index of
        ``frame``.
    """
    found = knowledge(frame, sources)
    codes, days = pd.factorize(found.day)
    texts = np.array([iso(int(day)) for day in days], dtype=object)
    told = texts[codes] if len(codes) else np.array([], dtype=object)
    basis = np.where(found.assumed, ASSUMED, SOURCE)
    columns = {"day": pd.Series(told, dtype=str), "basis": pd.Series(basis, dtype=str)}
    return pd.DataFrame(columns).set_axis(frame.index)


def period_end(year: int, period: str) -> int:
    """The last day of a period of the record, as an ordinal; of one that has no code, the last of its year.

    >>> [iso(period_end(2024, period)) for period in ("Y", "H1", "Q3", "M02", "9M", "S", "YTD0925")]
    ['2024-12-31', '2024-06-30', '2024-09-30', '2024-02-29', '2024-09-30', '2024-12-31', '2024-09-30']
    """
    month = _MONTHS
    if period[:1] == "H":
        month = 6 * int(period[1])
    elif period[:1] == "Q":
        month = 3 * int(period[1])
    elif period[:1] == "M":
        month = int(period[1:])
    elif period[-1:] == "M":
        month = int(period[:-1])
    elif period[:3] == "YTD" and 1 <= int(period[3:5]) <= _MONTHS:
        month = int(period[3:5])
    return last_day(f"{year:04}-{month:02}-{monthrange(year, month)[1]:02}")


def _told(frame: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """The day told by the row or, where it tells none, by its source; empty where neither does."""
    of_source = _of_source(frame, sources)
    if "published" not in frame:
        return of_source
    return frame["published"].where(frame["published"] != "", of_source)


def _of_source(frame: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """What the source of each row tells of its day of publication; empty where it tells nothing."""
    told = frame["source"].map(dict(zip(sources["source"], sources["published"], strict=True)))
    return told.astype(str).where(told.notna(), "")


def _first_of_source(frame: pd.DataFrame, sources: pd.DataFrame) -> Days:
    """The first day on which each row's source may have come out; the beginning of time where it tells none.

    A day that is assumed for a row never lies before it.
    """
    return first_days(_of_source(frame, sources))


def _assumed(frame: pd.DataFrame) -> Days:
    """The day on which rows are taken as known that nothing tells a day of."""
    if "period" in frame and "year" in frame:
        ends = [period_end(int(year), str(period)) for year, period in zip(frame["year"], frame["period"], strict=True)]
        return np.array(ends, dtype=np.int64) + DAYS_TO_PUBLISH
    begun = next((frame[name] for name in _BEGINS if name in frame), None)
    if begun is None:
        return np.full(len(frame), ALWAYS_BEFORE, dtype=np.int64)
    days = last_days(begun)
    days[(begun == "").to_numpy(dtype=bool)] = first_day("")
    return days
