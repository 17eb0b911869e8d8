"""Streams of a project by party and kind, and the indicators they come to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan.appraisal.indicators import (
    benefit_cost_ratio,
    npv,
    payback_years,
    rates_of_return,
    switching_value,
)
from karvan.corridor.outcome import outcome_table

ALL = "all"
COSTS = ("capex", "opex")
_NO_RATE = "the stream never changes its sign"


def indicators(streams: pd.DataFrame, rate: float) -> pd.DataFrame:
    """``appraisal.indicators`` of every project: of all parties together, and the net present value of each party.

    Year 0 is the first year of the project's stream. Benefits are all kinds but capex and opex.

    Parameters
    ----------
    streams
        ``appraisal.streams``, of any number of projects.
    rate
        Real discount rate.
    """
    rows = []
    for project, own in streams.groupby("project", sort=False):
        rows += [{"project": project, **row} for row in _of_project(own, rate)]
    frame = pd.DataFrame(rows, columns=["project", "party", "indicator", "number", "value", "unit", "message"])
    return outcome_table("appraisal.indicators", frame.assign(low=np.nan, high=np.nan, discount_rate=rate))


def by_year(streams: pd.DataFrame, years: range) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The sum of some streams in each of the years."""
    summed = streams.groupby("year")["musd"].sum()
    return summed.reindex(list(years), fill_value=0.0).to_numpy(dtype=np.float64)


def _of_project(own: pd.DataFrame, rate: float) -> list[dict[str, object]]:
    years = range(int(own["year"].min()), int(own["year"].max()) + 1)
    whole = by_year(own, years)
    costs = -by_year(own.loc[own["kind"].isin(COSTS)], years)
    capex = by_year(own.loc[own["kind"] == "capex"], years)
    figures = [
        ("npv_musd", npv(whole, rate), "MUSD", ""),
        ("bcr", benefit_cost_ratio(whole + costs, costs, rate), "", ""),
        ("payback_years", payback_years(whole), "years", "undiscounted, from the first year of works"),
        ("switching_value", switching_value(capex, whole - capex, rate), "", "factor on capex at which it breaks even"),
    ]
    rows = [_row(ALL, name, 1, value, unit, message) for name, value, unit, message in figures]
    found = rates_of_return(whole)
    rows += [_row(ALL, "eirr", number, value, "1/year", "") for number, value in enumerate(found, start=1)]
    if not found:
        rows.append(_row(ALL, "eirr", 1, float("nan"), "1/year", _NO_RATE))
    for party, theirs in own.groupby("party"):
        rows.append(_row(str(party), "npv_musd", 1, npv(by_year(theirs, years), rate), "MUSD", ""))
    return rows


def _row(party: str, indicator: str, number: int, value: float, unit: str, message: str) -> dict[str, object]:
    said = message or ("never" if np.isnan(value) else "")
    return {
        "party": party, "indicator": indicator, "number": number, "value": value, "unit": unit, "message": said,
    }  # fmt: skip
