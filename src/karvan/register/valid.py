"""What holds on a day: of each thing the last status that has begun, unless it has ended.

A later status closes the one before, so that nothing counts twice. Where several rows tell of one beginning, the most
exact date counts, then the most trusted row. The answer does not hang on the order of rows. A beginning that is not
exact counts from its first day; that it may lie later is told with the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.schema.dates import Days, first_days, last_day, last_days

CONFIDENCE = ("low", "medium", "high")
_NO_THING = ("from", "source")
_BREAK = "\x1f"
Mask = NDArray[np.bool_]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Statuses:
    """Rows of things that change, ready to be asked for any day.

    Parameters
    ----------
    first, settled
        First and last day on which the status may have begun; ordinals, shape (n,).
    last, ending
        Last and first day on which it may have ended, by what the row itself says.
    thing
        Code of the thing whose status it is; shape (n,).
    order
        Positions by thing and beginning, the better row of one beginning last; shape (n,).
    """

    first: Days
    settled: Days
    last: Days
    ending: Days
    thing: Positions
    order: Positions


def statuses(frame: pd.DataFrame, things: Sequence[str], begins: str = "from") -> Statuses:
    """Make rows ready for questions by day.

    Parameters
    ----------
    frame
        With the columns ``things``, the column that ``begins`` names, ``source``, ``confidence``, and perhaps ``to``.
    things
        Columns that together name what changes its status.
    begins
        Column of the first day.
    """
    first, settled = first_days(frame[begins]), last_days(frame[begins])
    ends = frame["to"] if "to" in frame else pd.Series("", index=frame.index)
    last = last_days(ends)
    ending = np.where((ends == "").to_numpy(dtype=bool), last, first_days(ends))
    thing = frame.groupby(list(things), sort=False, dropna=False).ngroup().to_numpy().astype(np.int64)
    rank = _rank(frame, thing, first)
    order = np.lexsort((rank, -settled, first, thing)).astype(np.int64)
    return Statuses(first, settled, last, ending, thing, order)


def standing(among: Statuses, day: int, known: Mask) -> Positions:
    """Positions of the rows that hold on a day, by what is known; ascending, none of one thing twice.

    Parameters
    ----------
    among
        All rows.
    day
        Ordinal.
    known
        Rows that may be used; shape (n,).
    """
    begun = among.order[(known & (among.first <= day))[among.order]]
    things = among.thing[begun]
    latest = begun[np.append(things[1:] != things[:-1], True)] if len(begun) else begun
    return np.sort(latest[among.last[latest] >= day])


def beginnings(among: Statuses, chosen: Mask) -> Positions:
    """Positions of the chosen rows by first day; of those that tell of one beginning of a thing the best alone."""
    ordered = among.order[chosen[among.order]]
    thing, first = among.thing[ordered], among.first[ordered]
    last = np.ones(len(ordered), dtype=bool)
    last[:-1] = (thing[1:] != thing[:-1]) | (first[1:] != first[:-1])
    best = ordered[last]
    return best[np.argsort(among.first[best], kind="stable")]


def surely(among: Statuses, rows: Positions, day: int) -> Mask:
    """Which of the rows hold on the day however their inexact dates are read."""
    sure: Mask = (among.settled[rows] <= day) & (among.ending[rows] >= day)
    return sure


def valid_on(frame: pd.DataFrame, key: Sequence[str], day: str) -> pd.DataFrame:
    """The rows that hold on a day, ``YYYY-MM-DD``; a frame without ``from`` is answered as it is.

    Parameters
    ----------
    frame
        Rows of a table.
    key
        Its key; without ``from`` and ``source`` it names the thing whose status changes.
    day
        The day asked.

    >>> rows = pd.DataFrame({"party": ["B", "B"], "from": ["2015", "2024-07"], "source": "s", "confidence": "high"})
    >>> valid_on(rows, ("party", "from"), "2024-06-30")["from"].tolist()
    ['2015']
    """
    if "from" not in frame or frame.empty:
        return frame
    things = [column for column in key if column not in _NO_THING]
    made = statuses(frame, things)
    return frame.iloc[standing(made, last_day(day), np.ones(len(frame), dtype=bool))]


def unrivalled(frame: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Of rival figures for one thing the preferred one, else the one published last; other tables as they are.

    Rivals agree in the whole key but its source. The answer does not hang on the order of rows.
    """
    if "preferred" not in frame:
        return frame
    things = [column for column in key if column != "source"]
    ranked = frame.sort_values(["preferred", "published", "source"], kind="stable")
    return ranked.drop_duplicates(things, keep="last").sort_index()


def _rank(frame: pd.DataFrame, thing: Positions, first: Days) -> NDArray[np.float64]:
    """How good each row is among those of one thing and beginning; 0 where it stands alone."""
    rank = np.zeros(len(frame))
    rivals = pd.DataFrame({"thing": thing, "first": first}).duplicated(keep=False).to_numpy(dtype=bool)
    if rivals.any():
        rows = frame.loc[rivals]
        trust = rows["confidence"].map(CONFIDENCE.index) if "confidence" in rows else [0] * len(rows)
        cells = rows[sorted(rows.columns)].itertuples(index=False)
        texts = [f"{level}{_BREAK.join(map(str, row))}" for level, row in zip(trust, cells, strict=True)]
        rank[rivals] = pd.Series(texts).rank(method="dense").to_numpy(dtype=float)
    return rank
