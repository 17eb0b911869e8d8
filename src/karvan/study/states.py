"""The states a study needs: the years asked for, and the base and reference years that fix routes and scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.state import State
from karvan.errors import DataError, Problem
from karvan.scenario.compiled import compile_levers
from karvan.scenario.growth import years_with_demand
from karvan.scenario.resolve import resolve
from karvan.scenario.state import state

BASE = Scenario()


@dataclass(frozen=True)
class States:
    """States of a scenario by year, and those of the base scenario that no scenario moves.

    ``base`` is the corridor's base year, ``references`` the years at whose costs routes are generated (parameters
    ``route_year_low`` and ``route_year_high``; the base year where the corridor names none).
    """

    years: tuple[State, ...]
    base: State
    references: tuple[State, ...]


def states(corridor: Corridor, scenario: Scenario = BASE, years: Sequence[int] = ()) -> States:
    """The states of a scenario.

    Parameters
    ----------
    corridor, scenario
        What is run.
    years
        Calendar years; none: every year of the record that has demand.

    Raises
    ------
    ScenarioError
        With every problem of the levers.
    DataError
        If a year has no demand.
    """
    chosen = tuple(years) or recorded_years(corridor)
    _refuse_empty(corridor, chosen)
    compiled = compile_levers(corridor, resolve(corridor, scenario))
    plain = compiled if scenario == BASE else compile_levers(corridor, resolve(corridor, BASE))
    info = corridor.info
    known = {year: state(corridor, plain, year) for year in (info.base_year, *_reference_years(corridor))}
    return States(
        years=tuple(known[y] if scenario == BASE and y in known else state(corridor, compiled, y) for y in chosen),
        base=known[info.base_year],
        references=tuple(known[year] for year in _reference_years(corridor)),
    )


def recorded_years(corridor: Corridor) -> tuple[int, ...]:
    """Years of the record that have demand of their own."""
    demanded = {int(year) for year in corridor["demand"]["year"].unique()}
    return tuple(y for y in range(corridor.info.first_year, corridor.info.last_year + 1) if y in demanded)


def _reference_years(corridor: Corridor) -> tuple[int, ...]:
    base = corridor.info.base_year
    named = (corridor.parameter("route_year_low", base), corridor.parameter("route_year_high", base))
    return tuple(dict.fromkeys(int(year) for year in named))


def _refuse_empty(corridor: Corridor, years: Sequence[int]) -> None:
    """Say which of the years have no demand."""
    demanded = years_with_demand(corridor)
    missing = [year for year in years if year not in demanded]
    if missing:
        span = f"{demanded[0]}-{demanded[-1]}" if demanded else "none"
        problems = [
            Problem("year without demand", table="demand", column="year", value=str(year), expected=f"a year of {span}",
                    remedy="choose other years, or add demand rows or rates of growth")
            for year in missing
        ]  # fmt: skip
        raise DataError(problems=problems)
