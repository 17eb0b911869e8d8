"""How many hours a year a calendar is open, on average over its storms: what its rules come to, without drawing any.

Rules are read as the simulation of services reads them: a later rule overrides an earlier one, storms close what the
other rules leave open. A year has 365 days, each weekday a seventh of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import pandas as pd

from karvan.units import HOURS_PER_DAY

DAYS_OF_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WEEKDAYS = 7


def open_hours_by_month(rules: pd.DataFrame) -> tuple[float, ...]:
    """Mean open hours in each of the twelve months.

    Parameters
    ----------
    rules
        Rows of ``calendars`` of one calendar.

    Returns
    -------
    tuple
        Twelve figures, each between 0 and the hours of its month.

    Examples
    --------
    Closed by storms for a quarter of January:

    >>> storm = {"rule": 1, "kind": "storm", "months": "1", "mean_open_h": 90.0, "mean_closed_h": 30.0}
    >>> open_hours_by_month(pd.DataFrame([storm]))[:2]
    (558.0, 672.0)
    """
    ordered = [{str(name): cell for name, cell in row.items()} for row in rules.sort_values("rule").to_dict("records")]
    found = []
    for month, days in enumerate(DAYS_OF_MONTHS, start=1):
        inside = [row for row in ordered if _holds(row, "months", month)]
        daily = sum(_open_in_a_day(inside, day) for day in range(1, WEEKDAYS + 1)) / WEEKDAYS
        found.append(days * daily * (1.0 - _storm_share(inside)))
    return tuple(found)


def open_hours_per_year(calendars: pd.DataFrame, calendar: str) -> float:
    """Mean open hours a year of a calendar; a service without one (an empty name) is always open.

    >>> open_hours_per_year(pd.DataFrame({"calendar": []}), "")
    8760.0
    """
    if not calendar:
        return float(sum(DAYS_OF_MONTHS)) * HOURS_PER_DAY
    return sum(open_hours_by_month(calendars.loc[calendars["calendar"] == calendar]))


def _holds(row: Mapping[str, object], column: str, number: int) -> bool:
    told = row.get(column, "")
    return not isinstance(told, str) or not told or str(number) in told.split("|")


def _open_in_a_day(rows: Sequence[Mapping[str, object]], weekday: int) -> float:
    """Open hours of one day without storms."""
    acting = [row for row in rows if row["kind"] != "storm" and _holds(row, "weekdays", weekday)]
    cuts = sorted({0.0, HOURS_PER_DAY, *(hour for row in acting for hour in _span(row))})
    spans = list(pairwise(cuts))
    is_open = [True] * len(spans)
    for row in acting:
        begin, end = _span(row)
        opens = bool(row["open"])
        for at, (low, high) in enumerate(spans):
            if row["kind"] == "season" or (begin <= low and high <= end):
                is_open[at] = opens
            elif opens:
                is_open[at] = False
    return sum(high - low for (low, high), open_then in zip(spans, is_open, strict=True) if open_then)


def _span(row: Mapping[str, object]) -> tuple[float, float]:
    if row["kind"] != "hours":
        return 0.0, HOURS_PER_DAY
    return float(str(row["open_from_h"])), float(str(row["open_to_h"]))


def _storm_share(rows: Iterable[Mapping[str, object]]) -> float:
    """Share of the time that storms close, those of several rules coming and going apart from each other."""
    calm = 1.0
    for row in rows:
        if row["kind"] == "storm":
            closed, between = float(str(row["mean_closed_h"])), float(str(row["mean_open_h"]))
            calm *= between / (closed + between)
    return 1.0 - calm
