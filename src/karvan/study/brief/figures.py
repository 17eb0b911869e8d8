"""Lines of a brief from observations: the last figure of each series, each figure in time, halves of years.

Rival figures for one thing stand one after the other, each with its sources; the one that is not preferred is marked.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from karvan.register.known import period_end
from karvan.study.brief.line import Line, lowest, resting_on

SERIES = ["indicator", "subject", "scope", "status"]
_PLAIN_SCOPES = ("", "all", "country")


def figure_lines(rows: pd.DataFrame, show: str, most: int, names: Mapping[str, str]) -> list[Line]:
    """The lines that observations give.

    Parameters
    ----------
    rows
        Observations with ``day`` and ``basis`` of publication.
    show
        ``latest``: the last figures of each series, the newest series first; ``each``: the last figures in the order
        of time; ``halves``: both halves of a year, the second as what the year has beyond the first.
    most
        How many lines at most.
    names
        Names of countries and bodies by key; a subject such as ``AAA-BBB`` is told by them.
    """
    if rows.empty:
        return []
    if show == "halves":
        rows = _halves(rows)
    ordered = _ordered(rows)
    if show != "latest":
        return _told(ordered.sort_values("_end", kind="stable"), names)[-most:]
    newest = ordered.groupby(SERIES)["_end"].transform("max")
    last = ordered.loc[ordered["_end"] == newest]
    return _told(last.sort_values("_end", ascending=False, kind="stable"), names)[:most]


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows by series and time, the preferred of rivals last, whatever order they came in."""
    end = [period_end(int(year), str(period)) for year, period in zip(rows["year"], rows["period"], strict=True)]
    return rows.assign(_end=end).sort_values([*SERIES, "_end", "period", "preferred", "published", "source"])


def _told(rows: pd.DataFrame, names: Mapping[str, str]) -> list[Line]:
    """One line a figure; sources that print the same figure share one, the preferred figure comes first."""
    named = len(set(rows["indicator"])) > 1
    lines = []
    for _, same in rows.groupby([*SERIES, "_end", "period"], sort=False):
        for rank, (value, equal) in enumerate(reversed(list(same.groupby("value", sort=False)))):
            last = equal.iloc[-1]
            line = Line(
                text=_text(last, names, named=named),
                value=float(str(value)),
                unit=str(last["unit"]),
                when=when(int(last["year"]), str(last["period"])),
                year=int(last["year"]),
                status=str(last["status"]),
                rival=rank > 0,
            )
            lines.append(resting_on(line, equal))
    return lines


def when(year: int, period: str) -> str:
    """A period as people write it.

    >>> when(2024, "Y"), when(2024, "H1"), when(2024, "7M"), when(2018, "S")
    ('2024', '2024 H1', '2024, 7 months', '2018')
    """
    if period in ("Y", "S"):
        return str(year)
    return f"{year}, {period[:-1]} months" if period.endswith("M") else f"{year} {period}"


def _text(row: pd.Series, names: Mapping[str, str], *, named: bool) -> str:
    scope = "" if row["scope"] in _PLAIN_SCOPES else f", {row['scope']}"
    subject = "-".join(names.get(part, part) for part in str(row["subject"]).split("-"))
    return (f"{str(row['indicator']).replace('_', ' ')}: " if named else "") + f"{subject}{scope}"


def _halves(rows: pd.DataFrame) -> pd.DataFrame:
    """First halves as published, and second ones as what the year has beyond them."""
    first = rows.loc[rows["period"] == "H1"]
    best = ["indicator", "subject", "scope", "unit", "year"]
    half, year = (
        _ordered(rows.loc[rows["period"] == period]).drop_duplicates(best, keep="last") for period in ("H1", "Y")
    )
    both = half.merge(year, on=best, suffixes=("", "_year"))
    if both.empty:
        return first
    second = both.assign(
        period="H2",
        value=both["value_year"] - both["value"],
        status="estimate",
        scope=both["scope"] + " (year less first half)",
        day=both[["day", "day_year"]].max(axis=1),
        published=both[["published", "published_year"]].max(axis=1),
        source=both["source"] + "|" + both["source_year"],
        confidence=[lowest(pair) for pair in zip(both["confidence"], both["confidence_year"], strict=True)],
    )
    return pd.concat([first, second[first.columns]], ignore_index=True)
