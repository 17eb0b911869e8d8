"""Nowcasts: what a year will come to, from a part of it that was published and the shares of such parts in the past.

With m months out of twelve, a figure v and the mean b of the logarithms of past parts of the same indicator over m
twelfths of their years, the year is v / (m / 12) exp(-b). b is drawn towards 0 as one more past part would draw it.
Months are taken to vary alike and independently, so the deviation of a part's logarithm falls as sqrt((12 - m) / m);
its size is that of all indicators together. No cause is known: a figure that jumped is taken to stay where it is.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import outcome_table
from karvan.schema.tables import table
from karvan.study.calibrate.fit import BAND_SDS
from karvan.study.calibrate.known import known_on
from karvan.study.record import COUNTED, told_by_runs

SERIES = ["indicator", "subject", "scope", "unit"]
FEWEST_PAIRS = 5
MONTHS = 12.0
ESTIMATE = "estimate"
NAMED = {"H1": 6, "Q1": 3}
_COUNTED_MONTHS = re.compile(r"([2-9]|10|11)M")


def months_of(period: str) -> int:
    """Months from the beginning of the year that a period covers; 0 for a whole year and what does not begin with it.

    >>> [months_of(period) for period in ("H1", "9M", "Q1", "Y", "H2", "M03")]
    [6, 9, 3, 0, 0, 0]
    """
    counted = _COUNTED_MONTHS.fullmatch(period)
    return int(counted[1]) if counted else NAMED.get(period, 0)


def nowcasts(corridor: Corridor, day: str) -> pd.DataFrame:
    """``record.nowcast``: years of which a day knew a part and not the whole.

    Parameters
    ----------
    corridor
        Series are those of its table ``indicators``.
    day
        ``YYYY-MM-DD``; nothing published later is used but the outcome that stands beside.

    Returns
    -------
    pandas.DataFrame
        The longest part of each series and year; ``observed`` is what the year came to, where it is known today. A year
        that had ended by the day is told too while its figure was not out. Past parts are those of the indicator in
        every perimeter. Empty where fewer than five of them say how parts vary.
    """
    named = [each.indicator for each in told_by_runs(corridor)]
    tables = corridor["observations"], known_on(corridor, day)
    record, known = (rows.loc[rows["indicator"].isin(named)] for rows in tables)
    both = _parts(known).merge(_whole(known).drop(columns="status"), on=[*SERIES, "year"], how="left")
    past = both.loc[both["whole"] > 0]
    even = past["whole"] * past["months"] / MONTHS
    off = pd.Series(np.log((past["value"] / even).to_numpy(dtype=float)), index=past.index)
    if len(past) < FEWEST_PAIRS:
        return outcome_table("record.nowcast", pd.DataFrame(columns=list(_columns())))
    variance = float(np.mean(off**2 * past["months"] / (MONTHS - past["months"])))
    latest = both.loc[both["whole"].isna()].sort_values("months").drop_duplicates([*SERIES, "year"], keep="last")
    made = [
        _nowcast(row, off.loc[past["indicator"] == row["indicator"]], variance) for row in latest.to_dict("records")
    ]
    came = _whole(record.loc[record["preferred"] & record["status"].isin(COUNTED)])
    came = came.rename(columns={"whole": "observed", "status": "observed_status"})
    frame = pd.DataFrame(made, columns=[name for name in _columns() if name not in ("observed", "observed_estimated")])
    joined = frame.merge(came, on=[*SERIES, "year"], how="left")
    told = joined.assign(observed_estimated=joined["observed_status"] == ESTIMATE).drop(columns="observed_status")
    return outcome_table("record.nowcast", told.sort_values([*SERIES, "year"]))


def _columns() -> tuple[str, ...]:
    return tuple(table("record.nowcast", "outcomes").column_names)


def _parts(rows: pd.DataFrame) -> pd.DataFrame:
    """Figures above 0 of parts of years that begin with them."""
    counted = rows.assign(months=rows["period"].map(months_of).astype(int))
    return counted.loc[(counted["months"] > 0) & (counted["value"] > 0)]


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Figures of whole years by series."""
    yearly = rows.loc[rows["period"] == "Y"].drop_duplicates([*SERIES, "year"], keep="last")
    return yearly[[*SERIES, "year", "value", "status"]].rename(columns={"value": "whole"})


def _nowcast(row: Mapping[Hashable, Any], off: pd.Series, variance: float) -> dict[Hashable, object]:
    """One year from its part, and the logarithms of past parts of the indicator over their months."""
    months, figure = int(row["months"]), float(row["value"])
    bias = float(off.sum()) / (len(off) + 1)
    spread = BAND_SDS * float(np.sqrt(variance * (MONTHS - months) / months * (1 + 1 / (len(off) + 1))))
    middle = max(figure, figure * MONTHS / months * float(np.exp(-bias)))
    told: dict[Hashable, object] = {name: row[name] for name in (*SERIES, "year", "period", "published", "source")}
    low, high = max(figure, middle * float(np.exp(-spread))), middle * float(np.exp(spread))
    numbers = {"part": figure, "months": months, "nowcast": middle, "low": low, "high": high, "past_parts": len(off)}
    told["estimated"] = row["status"] == ESTIMATE
    return told | numbers
