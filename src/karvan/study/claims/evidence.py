"""The rows that may decide a claim: valid on a day, known by a day, and not the claim itself.

Dates of one to three parts are compared as text: a first day is filled up with January the first, a last day with the
end of its month or year.
"""

from __future__ import annotations

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.scenario.where import matching, parse_where
from karvan.schema.tables import table

_BEGINS = ("from", "date", "made", "said_on", "founded")
_FIRST, _LAST = "0000-01-01", "9999-12-31"


def first_day(date: str) -> str:
    """The first day of a date of one to three parts.

    >>> first_day("2024"), first_day("2024-07")
    ('2024-01-01', '2024-07-01')
    """
    return date + _FIRST[len(date) :]


def last_day(date: str) -> str:
    """The last day of a date of one to three parts; a month ends on its 31st, which sorts after all its days.

    >>> last_day("2024"), last_day("2024-07")
    ('2024-12-31', '2024-07-31')
    """
    return date + _LAST[len(date) :]


def valid_on(frame: pd.DataFrame, key: tuple[str, ...], day: str) -> pd.DataFrame:
    """The rows that hold on a day: begun, not ended, and the latest of each thing, so that none counts twice.

    Parameters
    ----------
    frame
        Rows with ``from`` and perhaps ``to``; a frame without ``from`` is answered as it is.
    key
        Key of the table; without ``from`` it names the thing whose status changes.
    day
        ``YYYY-MM-DD``.
    """
    if "from" not in frame:
        return frame
    dated = frame.assign(_day=frame["from"].map(first_day))
    begun = dated.loc[dated["_day"] <= day]
    things = [column for column in key if column != "from"]
    latest = begun.sort_values("_day", kind="stable").drop_duplicates(things, keep="last").drop(columns="_day")
    if "to" not in latest:
        return latest
    return latest.loc[(latest["to"] == "") | (latest["to"].map(last_day) >= day)]


def publication(frame: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """From which day each row could be known, and whether a source says so.

    It is the row's own day of ``published``; where that is empty, the day its source came out or, without one, the
    row's first day, and then the basis is ``assumed``.

    Returns
    -------
    pandas.DataFrame
        ``day`` (a date of one to three parts; empty where nothing tells one) and ``basis`` (source or assumed), with
        the index of ``frame``.
    """
    nothing = pd.Series("", index=frame.index)
    of_source = frame["source"].map(dict(zip(sources["source"], sources["published"], strict=True))).fillna("")
    own = frame.get("published", nothing)
    told = own.where(own != "", of_source)
    begun = next((frame[name] for name in _BEGINS if name in frame), nothing)
    basis = nothing.where(told == "", "source").replace("", "assumed")
    if "published_basis" in frame:
        basis = frame["published_basis"].where(own != "", basis)
    return pd.DataFrame({"day": told.where(told != "", begun), "basis": basis})


def known_by(frame: pd.DataFrame, sources: pd.DataFrame, day: str) -> pd.DataFrame:
    """The rows that could be known on a day; a row of which nothing tells a day is taken as always known."""
    if frame.empty:
        return frame
    first = publication(frame, sources)["day"].map(first_day)
    return frame.loc[(first <= day) | (first == _FIRST)]


def unrivalled(frame: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    """Of rival figures for one thing the preferred one, else the one published last; other tables as they are.

    Rivals agree in the whole key but its source. The answer does not hang on the order of rows.
    """
    if "preferred" not in frame:
        return frame
    things = [column for column in key if column != "source"]
    ranked = frame.sort_values(["preferred", "published", "source"], kind="stable")
    return ranked.drop_duplicates(things, keep="last").sort_index()


def evidence(corridor: Corridor, claim: pd.Series, known: str) -> pd.DataFrame:
    """The rows that decide a claim; none where it names no table.

    A claim is no evidence for itself: rows of its own source are left out. A status is that of the day it was said.
    Rows are narrowed to what was known first, so that a status that came out later hides none that was known.
    """
    if not claim["table"]:
        return pd.DataFrame()
    schema = table(claim["table"])
    frame = corridor[claim["table"]]
    rows = frame.loc[frame["source"] != claim["source"]]
    if known:
        rows = known_by(rows, corridor["sources"], known)
    rows = valid_on(rows, schema.key, last_day(claim["said_on"]))
    return unrivalled(rows.loc[matching(rows, parse_where(claim["where"]), schema)], schema.key)


def modelled(comparison: pd.DataFrame, claim: pd.Series) -> pd.DataFrame:
    """The model's rows that answer the question a claim puts to the record; none where the model has no such figure."""
    where = parse_where(claim["where"])
    if claim["table"] != "observations" or any(name not in comparison for name, _ in where):
        return comparison.iloc[:0]
    rows = comparison.loc[matching(comparison, where, table("record.comparison", "outcomes"))]
    return rows.dropna(subset="modelled")
