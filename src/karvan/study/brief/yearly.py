"""Yearly figures of a question to the record: what was published, one a year, and what a run makes of the same."""

from __future__ import annotations

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.register.valid import unrivalled
from karvan.scenario.where import Where, matching, parse_where
from karvan.schema.tables import table
from karvan.study.record import COUNTED, Indicator, indicators, modelled_by_year

_OF_INDICATOR = ("indicator", "subject", "scope")
_YEARLY = ("Y", "S")


def published_figures(record: pd.DataFrame, where: str, unit: str = "") -> pd.DataFrame:
    """The observations and estimates that meet a condition, one a year, by year.

    Of several in one year the preferred one counts, of several perimeters the one published last.

    Parameters
    ----------
    record
        Observations.
    where
        ``column=value|value & column=value``.
    unit
        Figures in another unit are left out; empty: none is.

    Raises
    ------
    DataError
        If the condition cannot be asked.
    """
    schema = table("observations")
    chosen = record.loc[matching(record, parse_where(where), schema)]
    counted = chosen["status"].isin(COUNTED) & chosen["period"].isin(_YEARLY)
    if unit:
        counted &= chosen["unit"] == unit
    told = unrivalled(chosen.loc[counted], schema.key)
    ranked = told.sort_values(["year", "preferred", "published", "subject", "scope", "source"], kind="stable")
    return ranked.drop_duplicates("year", keep="last").reset_index(drop=True)


def modelled_figures(corridor: Corridor, outcome: Outcome, where: str, figures: pd.DataFrame) -> dict[int, float]:
    """What a run makes of a question to the record, by year of the run.

    A year is told in the perimeter of its published figure, a later one in that of the last; a year without an
    indicator of its perimeter is left out.

    Parameters
    ----------
    corridor
        With ``indicators``.
    outcome
        The run.
    where
        The condition; parts about indicator, subject and scope choose indicators.
    figures
        Of :func:`published_figures`; without any there is nothing to set beside.
    """
    if figures.empty:
        return {}
    scopes = {int(year): str(scope) for year, scope in zip(figures["year"], figures["scope"], strict=True)}
    last, unit = max(scopes), str(figures["unit"].iloc[-1])
    by_scope = {one.scope: one for one in _asked(corridor, where, unit)}
    found: dict[int, float] = {}
    for scope in dict.fromkeys(scopes.values()):
        one = by_scope.get(scope, by_scope.get(""))
        frame = outcome[one.table] if one else pd.DataFrame({"year": []})
        years = {int(year) for year in frame["year"]}
        wanted = {year for year in years if scopes.get(year) == scope or (year > last and scopes[last] == scope)}
        if one and wanted:
            found |= modelled_by_year(frame, one, tuple(sorted(wanted)))
    return dict(sorted(found.items()))


def _asked(corridor: Corridor, where: str, unit: str) -> list[Indicator]:
    """Indicators in a unit that a condition chooses; one that says nothing of a subject or perimeter is for any."""
    asked: Where = tuple(part for part in parse_where(where) if part[0] in _OF_INDICATOR)
    named = corridor["indicators"]
    if not asked or named.empty:
        return []
    schema = table("indicators")
    chosen = (named["unit"] == unit).to_numpy(dtype=bool)
    for part in asked:
        chosen = chosen & (matching(named, (part,), schema) | (named[part[0]] == "").to_numpy(dtype=bool))
    return [one for one, wanted in zip(indicators(corridor), chosen, strict=True) if wanted]
