"""Everything that is wrong with a corridor, found in one go: files, cells, rules, questions, levers, scenarios, routes.

A later look needs what an earlier one has made sure of: levers are resolved and routes searched once the files are
sound. What is found is answered whole; the doors show it through :func:`karvan.errors.summarise`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from karvan.corridor.checks import rules
from karvan.corridor.corridor import Corridor
from karvan.errors import KarvanError, Problem
from karvan.freight.network.reach import demand_without_route
from karvan.scenario.parse import parse_scenario
from karvan.scenario.resolve import problems, problems_of_every_owner, resolve
from karvan.scenario.state import state
from karvan.store.builtin import folder_of
from karvan.store.corridors import examine
from karvan.store.scenarios import SCENARIOS, read_text, ready_scenarios
from karvan.study.claims.queries import query_problems


def check(name_or_folder: str | Path) -> tuple[Corridor | None, list[Problem]]:
    """The corridor of that name or in that folder as far as it can be read, and everything that is wrong with it.

    Parameters
    ----------
    name_or_folder
        A built-in name or a folder with ``corridor.toml``.

    Returns
    -------
    corridor, problems
        The corridor is None where ``corridor.toml`` or a required table cannot be read. It may be run where
        ``problems`` is empty.

    Raises
    ------
    UnknownKeyError
        If a bare name is neither built in nor a folder.
    """
    corridor, found = examine(folder_of(name_or_folder))
    if corridor is None:
        return None, found
    broken = rules.problems(corridor) + query_problems(corridor)
    if not found:
        found_in_levers = problems_of_every_owner(corridor) + _of_ready_scenarios(corridor)
        found = broken + found_in_levers
        if not found_in_levers:
            found += _unserved(corridor)
    else:
        found = found + broken
    return corridor, _once(found)


def _of_ready_scenarios(corridor: Corridor) -> list[Problem]:
    """What is wrong with the scenarios that come with the corridor."""
    found: list[Problem] = []
    for path in ready_scenarios(corridor.folder).values():
        try:
            scenario = parse_scenario(read_text(path), f"{SCENARIOS}/{path.name}")
        except KarvanError as error:
            found += error.problems
        else:
            found += problems(corridor, scenario)
    return found


def _unserved(corridor: Corridor) -> list[Problem]:
    """Demand of the corridor's years that no route can serve."""
    levers = resolve(corridor)
    demanded = set(corridor["demand"]["year"].dropna().tolist())
    years = [year for year in range(corridor.info.first_year, corridor.info.last_year + 1) if year in demanded]
    return [problem for year in years for problem in demand_without_route(state(corridor, levers, year))]


def _once(found: Iterable[Problem]) -> list[Problem]:
    """The problems without those that stand at the same cell with the same value as an earlier one of their kind."""
    kept: dict[tuple[object, ...], Problem] = {}
    for problem in found:
        kept.setdefault((problem.kind, problem.file, problem.row, problem.column, problem.value), problem)
    return list(kept.values())
