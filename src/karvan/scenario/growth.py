"""Demand and background load after the last year that the tables hold: grown by the rates of the table ``growth``.

A demand row of the last year of the tables (or the mean of the last ``base_years`` of them) is multiplied by one plus
the central rate of every year since. The rate of a segment is that of the row that names it, else of the longest
pattern that it matches; ``background`` names the load of other traffic on resources. A year without a rate does not
change anything, and the years of the table end where its last rate ends.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor

BACKGROUND = "background"
ROOM_FILLED = 0.95
ROW_KEY = ["segment", "origin", "destination", "commodity", "handling_class"]
Floats = NDArray[np.float64]


class _Span(NamedTuple):
    """A rate and the years it applies to; ``base_years`` of the last years are grown as their mean."""

    from_year: int
    to_year: int
    percent: float
    base_years: int


def years_with_demand(corridor: Corridor) -> tuple[int, ...]:
    """Years whose demand the tables hold or that the rates of growth reach, in order.

    Years after the last one of the demand table follow one another up to the last year that a rate covers.
    """
    told = sorted({int(year) for year in corridor["demand"]["year"].unique()})
    rates = corridor["growth"]
    reached = int(rates.loc[rates["segment"] != BACKGROUND, "to_year"].max()) if told and len(rates) else 0
    return (*told, *range(told[-1] + 1, reached + 1)) if told else ()


def demand_in(demand: pd.DataFrame, growth: pd.DataFrame, year: int) -> pd.DataFrame:
    """The demand rows of a year: those of the table, or after its last year those of its last years, grown.

    Parameters
    ----------
    demand, growth
        Tables of the state.
    year
        Calendar year; one before the last of the demand table without rows, or after the last rate, has no demand.

    Returns
    -------
    pandas.DataFrame
        Rows with ``year`` set, index 0..n-1. Grown rows keep their source, and their confidence is ``low``.
    """
    told = demand["year"].to_numpy(dtype=np.int64, na_value=0)
    last = int(told.max()) if told.size else 0
    rates = growth.loc[growth["segment"] != BACKGROUND]
    if year <= last or rates.empty or year > int(rates["to_year"].max()):
        rows: pd.DataFrame = demand.loc[told == year].reset_index(drop=True)
        return rows
    base = demand.loc[told == last].reset_index(drop=True)
    spans = _spans(rates)
    taken = {segment: _of_segment(spans, segment) for segment in base["segment"].unique()}
    factor = base["segment"].map({segment: _factor(own, last, year) for segment, own in taken.items()})
    years = base["segment"].map({segment: own[0].base_years if own else 1 for segment, own in taken.items()})
    means = _means(demand, base, years.to_numpy(dtype=np.int64), last)
    grown = {name: values * factor.to_numpy(dtype=float) for name, values in means.items()}
    made: pd.DataFrame = base.assign(year=year, confidence="low", **grown)
    return made


def background_in(resources: pd.DataFrame, demand: pd.DataFrame, growth: pd.DataFrame, year: int) -> pd.DataFrame:
    """The resources of a year, their background load grown after the last year of the demand table.

    It grows until it fills ROOM_FILLED of what its resource can take, and no further: traffic beyond that would not fit
    and has to go elsewhere. Where it fills more already, it stays as it is.
    """
    told = demand["year"].to_numpy(dtype=np.int64, na_value=0)
    factor = _factor(_spans(growth).get(BACKGROUND, []), int(told.max()) if told.size else year, year)
    if factor == 1.0:
        return resources
    room, load = (resources[name].to_numpy(dtype=float) for name in ("capacity_per_year", "background_per_year"))
    most = ROOM_FILLED * room * resources["max_utilisation"].fillna(1.0).to_numpy(dtype=float)
    grown: pd.DataFrame = resources.assign(background_per_year=np.maximum(load, np.minimum(load * factor, most)))
    return grown


def _spans(growth: pd.DataFrame) -> dict[str, list[_Span]]:
    """The rates of each segment, pattern or ``background``."""
    columns = ("segment", "from_year", "to_year", "central_pct", "base_years")
    spans: dict[str, list[_Span]] = {}
    for segment, begin, end, percent, years in zip(*(growth[name].tolist() for name in columns), strict=True):
        spans.setdefault(segment, []).append(_Span(begin, end, percent, years))
    return spans


def _of_segment(spans: dict[str, list[_Span]], segment: str) -> list[_Span]:
    """The rates of a segment: those of its own name, else of the longest pattern that it begins with, else none."""
    fitting = [p for p in spans if p == segment or (p[-1:] == "*" and segment.startswith(p[:-1]))]
    return spans[max(fitting, key=lambda p: (p == segment, len(p)))] if fitting else []


def _factor(spans: list[_Span], last: int, year: int) -> float:
    """Growth from the last year of the tables to a year."""
    factor = 1.0
    for span in spans:
        years = min(span.to_year, year) - max(span.from_year, last + 1) + 1
        factor *= (1.0 + span.percent / 100.0) ** max(years, 0)
    return factor


def _means(demand: pd.DataFrame, base: pd.DataFrame, years: NDArray[np.int64], last: int) -> dict[str, Floats]:
    """Tonnes and boxes of each base row: those of the last year, or the mean of the last years."""
    means = {name: base[name].to_numpy(dtype=float, copy=True) for name in ("kt", "teu")}
    for count in sorted(set(years.tolist()) - {1}):
        chosen = years == count
        known = demand["segment"].isin(base.loc[chosen, "segment"]) & demand["year"].between(last - count + 1, last)
        recent = demand.loc[known, [*ROW_KEY, "kt", "teu"]]
        mean = recent.groupby(ROW_KEY)[["kt", "teu"]].sum() / count
        rows = mean.reindex(pd.MultiIndex.from_frame(base.loc[chosen, ROW_KEY]))
        for name, values in means.items():
            values[chosen] = np.where(np.isnan(values[chosen]), np.nan, rows[name].to_numpy(dtype=float))
    return means
