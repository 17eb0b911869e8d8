"""Yearly figures of a question to the record: what was published, one a year, and what a run makes of the same."""

from __future__ import annotations

from typing import NamedTuple

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


class Modelled(NamedTuple):
    """A figure of the model, and its band where the model tells one."""

    value: float
    low: float = float("nan")
    high: float = float("nan")


def modelled_figures(corridor: Corridor, outcome: Outcome, where: str, figures: pd.DataFrame) -> dict[int, Modelled]:
    """What the model makes of a question to the record, by year of its outcome.

    A year is told in the perimeter of its published figure, a later one in that of the last; a year without an
    indicator of its perimeter is left out.

    Parameters
    ----------
    corridor
        With ``indicators``.
    outcome
        A run, or an outlook, whose table ``record.outlook`` has bands.
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
    found: dict[int, Modelled] = {}
    for scope in dict.fromkeys(scopes.values()):
        one = by_scope.get(scope, by_scope.get(""))
        told = _told(outcome, one) if one else {}
        own = {year for year in told if scopes.get(year) == scope or (year > last and scopes[last] == scope)}
        found |= {year: told[year] for year in own}
    return dict(sorted(found.items()))


def _told(outcome: Outcome, one: Indicator) -> dict[int, Modelled]:
    """What an outcome tells of an indicator, by year: its outlook where it has one, else what its tables come to."""
    ahead = outcome["record.outlook"]
    if len(ahead):
        same = (ahead["indicator"] == one.indicator) & (ahead["scope"] == one.scope) & (ahead["subject"] == one.subject)
        rows = ahead.loc[same]
        bands = zip(rows["year"], rows["outlook"], rows["low"], rows["high"], strict=True)
        return {int(year): Modelled(float(value), float(low), float(high)) for year, value, low, high in bands}
    frame = outcome[one.table]
    years = tuple(sorted({int(year) for year in frame["year"]})) if len(frame) else ()
    return {year: Modelled(value) for year, value in modelled_by_year(frame, one, years).items()} if years else {}


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
