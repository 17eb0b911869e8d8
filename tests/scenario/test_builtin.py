"""The built-in corridor: its history gives the published figures, and a state leaves the tables as they were."""

import pytest

from karvan.corridor.corridor import Corridor, fingerprints
from karvan.scenario.compiled import CompiledLevers
from karvan.scenario.resolve import levers_of, problems
from karvan.scenario.state import state
from tests.built_in import base_state, compiled_base, middle_corridor

YEARS = range(2019, 2026)


@pytest.fixture(scope="module")
def corridor() -> Corridor:
    """The built-in corridor."""
    return middle_corridor()


@pytest.fixture(scope="module")
def compiled() -> CompiledLevers:
    """History and the shocks that happened."""
    return compiled_base()


def _capacities(resource: str) -> dict[int, float]:
    rows = {year: base_state(year)["resources"].set_index("resource") for year in YEARS}
    return {year: rows[year]["capacity_per_year"].to_dict()[resource] for year in YEARS}


def test_no_lever_of_the_built_in_corridor_has_a_problem(corridor: Corridor) -> None:
    assert [str(problem) for problem in problems(corridor)] == []


def test_capacity_at_dostyk_follows_the_railway_figures() -> None:
    capacities = _capacities("R_DOSTYK")
    published_mt = {2019: 14.0, 2020: 16.0, 2021: 15.0, 2022: 16.0, 2023: 19.0, 2024: 20.5, 2025: 24.0}
    assert {year: capacity / 1e6 for year, capacity in capacities.items()} == published_mt


def test_every_set_of_history_over_a_whole_year_is_in_the_state_to_the_last_digit(corridor: Corridor) -> None:
    history = [lever for lever in levers_of(corridor) if lever.owner == "history" and lever.operation == "set"]
    checked = 0
    for year in YEARS:
        rows = state(corridor, history, year)["resources"].set_index("resource")
        for lever in history:
            whole = len(lever.from_date) in (0, 4) and len(lever.to_date) in (0, 4)
            if lever.table == "resources" and whole and (lever.from_date or "0") <= str(year) <= (lever.to_date or "9"):
                assert [rows.loc[key, lever.column] for key in dict(lever.where)["resource"]] == [lever.value], (
                    lever.key
                )
                checked += 1
    assert checked > 1000


def test_a_state_leaves_the_corridor_as_it_was(corridor: Corridor, compiled: CompiledLevers) -> None:
    before = fingerprints(corridor)
    for year in YEARS:
        state(corridor, compiled, year)
    assert fingerprints(corridor) == before
