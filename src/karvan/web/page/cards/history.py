"""What was published about a thing, year by year, and what the model says of the year shown.

An indicator is about a thing when all that it counts (links, resources, gateway groups) belongs to the thing, so that a
total over several ports never stands at one of them. Only the year shown is modelled here; other years stay empty.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from karvan.corridor.corridor import Corridor
from karvan.scenario.where import parse_where
from karvan.study.live.reaction import Reaction
from karvan.study.record import Indicator
from karvan.web.page.followed import Followed, recorded
from karvan.web.view import Json

Things = Mapping[str, AbstractSet[str]]


def history(corridor: Corridor, reaction: Reaction, base: Reaction, things: Things) -> list[Json]:
    """Each indicator about the things that has observations, with rows of year, record, plan, base and kind of record.

    Parameters
    ----------
    corridor
        With the tables ``indicators`` and ``observations``.
    reaction, base
        The plan and the base of the year shown.
    things
        Keys by column (``link``, ``resource``, ``gateway_group``).
    """
    years = tuple(int(year) for year in corridor["observations"]["year"].unique())
    found = recorded(corridor, years, lambda indicator: is_about(indicator, things))
    return [_told(corridor, figure, reaction, base) for figure in found]


def is_about(indicator: Indicator, things: Things) -> bool:
    """Whether all that an indicator counts is among the things."""
    named = [(column, values) for column, values in parse_where(indicator.where) if column in things]
    return bool(named) and all(set(values) <= things[column] for column, values in named)


def cited(corridor: Corridor, key: str) -> str:
    """The citation of a source; its key where the table of sources has none."""
    rows = corridor["sources"].loc[corridor["sources"]["source"] == key]
    return key if rows.empty else str(rows.iloc[0]["citation"])


def _told(corridor: Corridor, figure: Followed, reaction: Reaction, base: Reaction) -> Json:
    now = [value if math.isfinite(value) else None for value in (figure.of(reaction), figure.of(base))]
    rows = [
        [year, figure.record.get(year), *(now if year == reaction.year else (None, None)), figure.kind(year)]
        for year in sorted({*figure.record, reaction.year})
    ]
    trust = {"source": cited(corridor, figure.source), "confidence": figure.confidence}
    return {"name": figure.name, "unit": figure.unit, "rows": rows, **trust}
