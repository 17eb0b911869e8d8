"""What was published about a thing, year by year, and what the model says of the year shown.

An indicator is about a thing when all that it counts (links, resources, gateway groups) belongs to the thing, so that a
total over several ports never stands at one of them. Only the year shown is modelled here; other years stay empty.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.scenario.where import parse_where
from karvan.study.live.reaction import TABLES, Reaction
from karvan.study.record import Indicator, indicators, modelled_by_year, observed
from karvan.web.view import Json

DIGITS = 4
Things = Mapping[str, AbstractSet[str]]


def history(corridor: Corridor, reaction: Reaction, base: Reaction, things: Things) -> list[Json]:
    """Each indicator about the things that has observations, with rows of year, record, plan and base.

    Parameters
    ----------
    corridor
        With the tables ``indicators`` and ``observations``.
    reaction, base
        The plan and the base of the year shown.
    things
        Keys by column (``link``, ``resource``, ``gateway_group``).
    """
    told = []
    for name, row in zip(corridor["indicators"]["name"].astype(str), indicators(corridor), strict=True):
        if row.table in TABLES and is_about(row, things):
            seen = _published(corridor, row)
            if not seen.empty:
                last = seen.iloc[-1]
                trust = {"source": cited(corridor, str(last["source"])), "confidence": str(last["confidence"])}
                told.append({**_series(name, row, seen, reaction, base), **trust})
    return told


def is_about(indicator: Indicator, things: Things) -> bool:
    """Whether all that an indicator counts is among the things."""
    named = [(column, values) for column, values in parse_where(indicator.where) if column in things]
    return bool(named) and all(set(values) <= things[column] for column, values in named)


def cited(corridor: Corridor, key: str) -> str:
    """The citation of a source; its key where the table of sources has none."""
    rows = corridor["sources"].loc[corridor["sources"]["source"] == key]
    return key if rows.empty else str(rows.iloc[0]["citation"])


def _published(corridor: Corridor, indicator: Indicator) -> pd.DataFrame:
    years = tuple(corridor["observations"]["year"].unique())
    return observed(corridor["observations"], indicator, years).drop_duplicates("year").sort_values("year")


def _series(name: str, indicator: Indicator, seen: pd.DataFrame, reaction: Reaction, base: Reaction) -> Json:
    record = dict(zip(seen["year"].astype(int), seen["value"].astype(float), strict=True))
    modelled = [_modelled(indicator, answer) for answer in (reaction, base)]
    rows = [
        [year, record.get(year), *(modelled if year == reaction.year else (None, None))]
        for year in sorted({*record, reaction.year})
    ]
    return {"name": name, "unit": indicator.unit, "rows": rows}


def _modelled(indicator: Indicator, reaction: Reaction) -> float | None:
    value = modelled_by_year(reaction.table(indicator.table), indicator, (reaction.year,))[reaction.year]
    return round(value, DIGITS) if math.isfinite(value) else None
