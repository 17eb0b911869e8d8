"""Cables and lines that projects or agreements would build, as the levers that insert them say."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.errors import Problem, ScenarioError
from karvan.scenario.resolve import levers_of
from karvan.schema.nearest import did_you_mean

TABLES = ("power.links", "power.lines")
_PREFIX = "project:"


@dataclass(frozen=True)
class Candidate:
    """One way of building a line: ``key`` as ``P1`` or ``P1/variant``, the names of its lines, its row of projects."""

    key: str
    lines: tuple[str, ...]
    first_year: int
    name: str
    owner: str
    sponsor: str
    capex_musd: float
    opex_musd_per_year: float
    life_years: float
    works_from: int

    @property
    def is_main(self) -> bool:
        """Whether it is the project itself and no variant of it."""
        return "/" not in self.key


def candidates(corridor: Corridor, keys: tuple[str, ...] = ()) -> tuple[Candidate, ...]:
    """The candidates of a corridor, in the order of its levers; those named, or all.

    Raises
    ------
    ScenarioError
        If a name is no candidate's.
    """
    found: dict[str, list[Lever]] = {}
    for lever in levers_of(corridor):
        if lever.table in TABLES and lever.operation == "insert" and lever.owner.startswith(_PREFIX):
            found.setdefault(lever.owner.removeprefix(_PREFIX), []).append(lever)
    unknown = [key for key in keys if key not in found]
    if unknown:
        remedy = did_you_mean(unknown[0], list(found)) or "name a project that inserts a row into power.links"
        expected = ", ".join(found) or "a project with a cable; the corridor has none"
        raise ScenarioError(problems=[Problem("no cable", "levers.csv", "levers", 0, "owner", unknown[0], expected,
                                              remedy)])  # fmt: skip
    return tuple(_candidate(corridor, key, found[key]) for key in (keys or found))


def with_all(scenario: Scenario, chosen: tuple[Candidate, ...]) -> Scenario:
    """The scenario with those candidates in."""
    owners = tuple(_PREFIX + candidate.key for candidate in chosen)
    kept = tuple(owner for owner in scenario.include if owner not in owners)
    return Scenario(scenario.name, scenario.title, (*kept, *owners), scenario.exclude, scenario.levers, scenario.file)


def without(scenario: Scenario, chosen: tuple[Candidate, ...]) -> Scenario:
    """The scenario without those candidates, in any variant."""
    projects = {candidate.key.partition("/")[0] for candidate in chosen}
    kept = tuple(
        owner for owner in scenario.include if owner.removeprefix(_PREFIX).partition("/")[0] not in projects
    )
    return Scenario(scenario.name, scenario.title, kept, scenario.exclude, scenario.levers, scenario.file)


def _candidate(corridor: Corridor, key: str, levers: list[Lever]) -> Candidate:
    project, _, variant = key.partition("/")
    rows = corridor["projects"]
    (row,) = rows.loc[(rows["project"] == project) & (rows["variant"] == variant)].to_dict("records")
    inserted = [dict(lever.value) for lever in levers if isinstance(lever.value, tuple)]
    years = [int(float(str(cells["build_year"]))) for cells in inserted if cells.get("build_year")]
    first = max(years, default=corridor.info.base_year)
    works = str(row["build_from"])[:4]
    return Candidate(
        key, tuple(str(cells["name"]) for cells in inserted), first, str(row["name"]), _PREFIX + key,
        str(row["sponsor"]), _number(row["capex_musd"]), _number(row["opex_musd_per_year"]), _number(row["life_years"]),
        min(int(works), first - 1) if works else first - 1,
    )  # fmt: skip


def _number(value: object) -> float:
    return float("nan") if pd.isna(value) else float(str(value))  # type: ignore[call-overload]  # a scalar
