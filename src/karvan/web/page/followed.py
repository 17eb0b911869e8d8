"""Figures that can be followed over the years: indicators of the record, and totals of the tiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from karvan.corridor.corridor import Corridor
from karvan.study.live.reaction import TABLES, Reaction
from karvan.study.record import Indicator, indicators, modelled_by_year, observed
from karvan.web.view import TILES, totals


@dataclass(frozen=True)
class Followed:
    """A figure of an answer, with its record by year where there is any, and the years whose record is an estimate."""

    name: str
    unit: str
    of: Callable[[Reaction], float]
    record: Mapping[int, float] = field(default_factory=dict)
    estimated: frozenset[int] = frozenset()

    def kind(self, year: int) -> str:
        """Whether the record of a year was observed or is an estimate; empty without one."""
        if year not in self.record:
            return ""
        return "estimate" if year in self.estimated else "observed"


def followed(corridor: Corridor, years: Sequence[int]) -> list[Followed]:
    """Headlines of the record first, then its other indicators, then totals."""
    known = [(row, _seen(corridor, row, years)) for row in indicators(corridor) if row.table in TABLES]
    told = dict(zip(indicators(corridor), zip(*_names(corridor), strict=True), strict=True))
    ordered = sorted((pair for pair in known if pair[1][0]), key=lambda pair: not told[pair[0]][1])
    figures = [Followed(str(told[row][0]), row.unit, partial(_modelled, row), *seen) for row, seen in ordered]
    return [*figures, *(Followed(label, unit, partial(_total, key)) for key, label, unit, _, _ in TILES)]


def _names(corridor: Corridor) -> tuple[list[object], list[object]]:
    rows = corridor["indicators"]
    return rows["name"].tolist(), rows["headline"].tolist()


def _seen(corridor: Corridor, indicator: Indicator, years: Sequence[int]) -> tuple[dict[int, float], frozenset[int]]:
    rows = observed(corridor["observations"], indicator, tuple(years)).drop_duplicates("year")
    figures = dict(zip(rows["year"].astype(int).tolist(), rows["value"].tolist(), strict=True))
    return figures, frozenset(rows.loc[rows["status"] == "estimate", "year"].astype(int).tolist())


def _modelled(indicator: Indicator, reaction: Reaction) -> float:
    found = modelled_by_year(reaction.table(indicator.table), indicator, (reaction.year,))
    return round(found[reaction.year], 4)


def _total(key: str, reaction: Reaction) -> float:
    return round(totals(reaction)[key], 4)
