"""The tables of a comparison, from the outcome tables of both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import outcome_table
from karvan.study.change.measures import KEY, UNITS, measures, rents_by_owner
from karvan.study.record import indicators, modelled_by_year

Tables = Mapping[str, pd.DataFrame]
RESOURCE_FIGURES = ("capacity", "load", "utilisation", "wait_hours", "price_usd_per_unit", "rent_usd")
GATEWAY_FIGURES = ("kt", "boxes_teu")


def difference_tables(
    corridor: Corridor, base: Tables, plan: Tables, years: Sequence[int], owner_of: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """``compare.totals``, ``compare.resources``, ``compare.gateways`` and ``compare.indicators`` of some years.

    What one side lacks counts as 0 in totals and gateways and is missing in resources.
    """
    both = (base, plan)
    resources = _beside(both, "freight.resources", ["year", "resource", "unit"], RESOURCE_FIGURES, years)
    gateways = _beside(both, "freight.gateways", ["year", "gateway_group", "heading"], GATEWAY_FIGURES, years)
    return {
        "compare.totals": _totals(corridor, both, years, owner_of),
        "compare.resources": outcome_table("compare.resources", resources),
        "compare.gateways": outcome_table("compare.gateways", gateways.fillna(0.0)),
        "compare.indicators": _indicators(corridor, both, years),
    }


def _totals(
    corridor: Corridor, both: tuple[Tables, Tables], years: Sequence[int], owner_of: Mapping[str, str]
) -> pd.DataFrame:
    places = corridor["places"]
    country_of = dict(zip(places["place"], places["country"], strict=True))

    def of_year(tables: Tables, year: int) -> pd.Series:
        pairs, resources = (_of_years(tables[name], (year,)) for name in ("freight.pairs", "freight.resources"))
        return measures(pairs, rents_by_owner(resources, owner_of), country_of)

    frames = []
    for year in years:
        sides = {name: of_year(tables, year) for name, tables in zip(("base", "plan"), both, strict=True)}
        frame = pd.concat(sides, axis=1).fillna(0.0).rename_axis(index=KEY).reset_index()
        frames.append(frame.assign(year=year))
    rows = pd.concat(frames, ignore_index=True)
    rows = rows.assign(unit=rows["measure"].map(UNITS), difference=rows["plan"] - rows["base"])
    return outcome_table("compare.totals", rows)


def _beside(
    both: tuple[Tables, Tables], table: str, key: list[str], figures: Sequence[str], years: Sequence[int]
) -> pd.DataFrame:
    """Figures of both sides, summed over the key, one column each."""
    sides = {}
    for name, tables in zip(("base", "plan"), both, strict=True):
        rows = _of_years(tables[table], years)
        sides[name] = rows.groupby(key)[list(figures)].sum(min_count=1).add_suffix(f"_{name}")
    joined = sides["base"].join(sides["plan"], how="outer")
    ordered = [f"{figure}_{name}" for figure in figures for name in ("base", "plan")]
    frame: pd.DataFrame = joined[ordered].reset_index()
    return frame


def _indicators(corridor: Corridor, both: tuple[Tables, Tables], years: Sequence[int]) -> pd.DataFrame:
    """Every indicator that both sides have the table of."""
    rows: list[dict[str, object]] = []
    for indicator in indicators(corridor):
        if any(indicator.table not in tables for tables in both):
            continue
        base, plan = (modelled_by_year(tables[indicator.table], indicator, tuple(years)) for tables in both)
        named = {name: getattr(indicator, name) for name in ("indicator", "subject", "scope", "unit")}
        rows += [
            {**named, "year": year, "base": base[year], "plan": plan[year], "difference": plan[year] - base[year]}
            for year in years
        ]
    columns = ["year", "indicator", "subject", "scope", "unit", "base", "plan", "difference"]
    return outcome_table("compare.indicators", pd.DataFrame(rows, columns=columns))


def _of_years(frame: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    rows: pd.DataFrame = frame.loc[frame["year"].isin(list(years))]
    return rows
