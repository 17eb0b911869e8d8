"""The model beside the record: what indicators make of an outcome, next to what was published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import outcome_table
from karvan.scenario.where import matching, parse_where
from karvan.schema.tables import table

COUNTED = ("observed", "estimate")
SIMULATED = "operations."


class Indicator(NamedTuple):
    """One row of the indicators table."""

    indicator: str
    subject: str
    scope: str
    table: str
    where: str
    column: str
    aggregate: str
    scale: float
    unit: str


def comparison(corridor: Corridor, tables: Mapping[str, pd.DataFrame], years: tuple[int, ...]) -> pd.DataFrame:
    """``record.comparison``: every indicator the outcome can produce beside its preferred yearly observations.

    Observations in another unit than the indicator's are left out; nothing is converted silently. No row is part of a
    calibration yet.

    Parameters
    ----------
    corridor
        With the tables ``indicators`` and ``observations``.
    tables
        Outcome tables by name.
    years
        Years of the outcome.
    """
    rows = []
    recorded = corridor["observations"]["year"]
    asked = {indicator.table for indicator in indicators(corridor)}
    frames = {
        name: frame.loc[frame["year"].isin(recorded)]
        for name, frame in tables.items()
        if name in asked and "year" in frame
    }
    for indicator in indicators(corridor):
        if indicator.table not in frames:
            continue
        seen = observed(corridor["observations"], indicator, years)
        if seen.empty:
            continue
        modelled = modelled_by_year(frames[indicator.table], indicator, years)
        value = seen["year"].map(modelled).to_numpy(dtype=float)
        ratio = value / seen["value"].replace(0.0, np.nan)
        rows.append(
            seen.rename(columns={"value": "observed"}).assign(modelled=value, ratio=ratio.to_numpy(), part="none")
        )
    columns = list(table("record.comparison", "outcomes").column_names)
    if not rows:
        return outcome_table("record.comparison", pd.DataFrame(columns=columns))
    return outcome_table("record.comparison", pd.concat(rows, ignore_index=True)[columns])


def indicators(corridor: Corridor) -> list[Indicator]:
    """The indicators of a corridor, in the order of their table."""
    return [Indicator(*row) for row in corridor["indicators"][list(Indicator._fields)].itertuples(index=False)]


def told_by_runs(corridor: Corridor) -> list[Indicator]:
    """The indicators that runs tell: all but those of simulated services."""
    return [each for each in indicators(corridor) if not each.table.startswith(SIMULATED)]


def modelled_by_year(frame: pd.DataFrame, indicator: Indicator, years: tuple[int, ...]) -> dict[int, float]:
    """Scale times the aggregate of the indicator's rows, by year; a sum over no rows is 0, a mean is missing."""
    schema = table(indicator.table, "outcomes")
    rows = frame.loc[matching(frame, parse_where(indicator.where), schema)] if indicator.where else frame
    grouped = rows.groupby("year")[indicator.column].agg(indicator.aggregate)
    empty = 0.0 if indicator.aggregate == "sum" else np.nan
    return {year: indicator.scale * float(grouped.get(year, empty)) for year in years}


def observed(observations: pd.DataFrame, indicator: Indicator, years: tuple[int, ...]) -> pd.DataFrame:
    """The preferred yearly observations of an indicator."""
    rows = observations.loc[
        (observations["indicator"] == indicator.indicator)
        & (observations["unit"] == indicator.unit)
        & (observations["period"] == "Y")
        & observations["year"].isin(years)
        & observations["status"].isin(COUNTED)
        & observations["preferred"]
    ]
    for name in ("subject", "scope"):
        wanted = getattr(indicator, name)
        if wanted:
            rows = rows.loc[rows[name] == wanted]
    key = ["indicator", "subject", "scope", "year", "period"]
    return rows.drop_duplicates(key).sort_values(["subject", "scope", "year"])


def unit_conflicts(corridor: Corridor) -> list[str]:
    """A warning for every indicator some of whose observations are in another unit and so not compared."""
    named, observations = corridor["indicators"], corridor["observations"]
    both = observations.merge(
        named[["indicator", "unit"]].drop_duplicates(), on="indicator", suffixes=("", "_own")
    )
    warnings = []
    for name, rows in both.groupby("indicator"):
        known, seen = set(rows["unit_own"]), set(rows["unit"])
        if seen - known:
            other, own = (", ".join(sorted(units)) for units in (seen - known, known))
            warnings.append(f"observations of {name} in {other} are not compared: it is in {own}")
    return warnings
