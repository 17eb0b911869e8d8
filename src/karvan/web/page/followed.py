"""Figures that can be followed over the years: indicators of the record, and totals of the tiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.study.live.reaction import TABLES, Reaction
from karvan.study.record import Indicator, indicators, modelled_by_year, observed
from karvan.web.view import TILES, totals


@dataclass(frozen=True)
class Followed:
    """A figure of an answer, with its record by year where there is any.

    ``estimated`` are the years whose record is an estimate; ``source`` (a key) and ``confidence`` are those of the last
    year of the record.
    """

    name: str
    unit: str
    of: Callable[[Reaction], float]
    record: Mapping[int, float] = field(default_factory=dict)
    estimated: frozenset[int] = frozenset()
    source: str = ""
    confidence: str = ""
    headline: bool = False

    def kind(self, year: int) -> str:
        """Whether the record of a year was observed or is an estimate; empty without one."""
        if year not in self.record:
            return ""
        return "estimate" if year in self.estimated else "observed"


def followed(corridor: Corridor, years: Sequence[int]) -> list[Followed]:
    """Headlines of the record first, then its other indicators, then totals."""
    figures = sorted(recorded(corridor, years, lambda _: True), key=lambda figure: not figure.headline)
    return [*figures, *(Followed(label, unit, partial(_total, key)) for key, label, unit, _, _ in TILES)]


def recorded(corridor: Corridor, years: Sequence[int], wanted: Callable[[Indicator], bool]) -> list[Followed]:
    """The indicators wanted that an answer can tell and that have observations in the years, in the table's order."""
    told = corridor["indicators"]
    known = zip(indicators(corridor), told["name"].astype(str), told["headline"], strict=True)
    found = []
    for row, name, headline in known:
        if row.table in TABLES and wanted(row):
            seen = observed(corridor["observations"], row, tuple(years)).drop_duplicates("year").sort_values("year")
            if not seen.empty:
                found.append(_figure(row, name, seen, headline=bool(headline)))
    return found


def _figure(indicator: Indicator, name: str, seen: pd.DataFrame, *, headline: bool) -> Followed:
    """An indicator with its observations, at least one."""
    year, last = seen["year"].astype(int), seen.iloc[-1]
    return Followed(
        name=name,
        unit=indicator.unit,
        of=partial(_modelled, indicator),
        record=dict(zip(year.tolist(), seen["value"].astype(float).tolist(), strict=True)),
        estimated=frozenset(year[seen["status"] == "estimate"].tolist()),
        source=str(last["source"]),
        confidence=str(last["confidence"]),
        headline=headline,
    )


def _modelled(indicator: Indicator, reaction: Reaction) -> float:
    found = modelled_by_year(reaction.table(indicator.table), indicator, (reaction.year,))
    return round(found[reaction.year], 4)


def _total(key: str, reaction: Reaction) -> float:
    return round(totals(reaction)[key], 4)
