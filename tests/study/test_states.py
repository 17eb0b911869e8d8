"""Which states a study takes: the years asked for, the base year and the years that fix the routes."""

from __future__ import annotations

import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.errors import DataError, ScenarioError
from karvan.study.states import recorded_years, states
from tests.worlds import YEAR, demand, y_corridor

DEMAND = demand("east", "west", "goods", "container", 120.0)
SLOW = Scenario("slow", levers=(Lever("scenario:slow", "links", "multiply", "hours", 2.0, (("link", ("trunk",)),)),))


def world(*years: int, first_year: int = YEAR - 2, **more: float) -> Corridor:
    names = [{"parameter": key, "value": value, "unit": "year", "description": key} for key, value in more.items()]
    return y_corridor(first_year, demand=[{**DEMAND, "year": year} for year in years], parameters=names)


def test_without_years_every_year_of_the_record_that_has_demand_is_taken() -> None:
    assert recorded_years(world(YEAR - 2, YEAR, YEAR + 6)) == (YEAR - 2, YEAR)
    assert [s.year for s in states(world(YEAR - 2, YEAR)).years] == [YEAR - 2, YEAR]


def test_years_stand_in_the_order_asked_for() -> None:
    assert [s.year for s in states(world(YEAR - 1, YEAR), years=(YEAR, YEAR - 1)).years] == [YEAR, YEAR - 1]


def test_every_year_without_demand_is_refused_and_the_span_is_told() -> None:
    with pytest.raises(DataError) as error:
        states(world(YEAR - 1, YEAR), years=(2031, YEAR, 1999))
    assert [p.value for p in error.value.problems] == ["2031", "1999"]
    assert {p.expected for p in error.value.problems} == {f"a year of {YEAR - 1}-{YEAR}"}


def test_routes_are_generated_at_the_base_year_where_no_other_is_named() -> None:
    chosen = states(world(YEAR - 1, YEAR))
    assert [s.year for s in chosen.references] == [YEAR]
    assert chosen.base.year == YEAR


def test_reference_years_are_parameters_and_stand_low_then_high() -> None:
    chosen = states(world(YEAR - 2, YEAR - 1, YEAR, route_year_low=YEAR - 1, route_year_high=YEAR - 2))
    assert [s.year for s in chosen.references] == [YEAR - 1, YEAR - 2]
    same = states(world(YEAR - 1, YEAR, route_year_low=YEAR - 1, route_year_high=YEAR - 1))
    assert [s.year for s in same.references] == [YEAR - 1]


def test_a_scenario_moves_the_years_but_not_base_and_references() -> None:
    chosen = states(world(YEAR - 1, YEAR), SLOW)
    trunk = [float(s["links"].set_index("link")["hours"]["trunk"]) for s in (*chosen.years, chosen.base)]
    assert trunk == [50.0, 50.0, 25.0]
    assert chosen.references[0] is chosen.base


def test_a_scenario_that_is_wrong_says_what_is() -> None:
    wrong = Scenario("typo", levers=(Lever("scenario:typo", "links", "set", "huors", 2.0, (("link", ("trunk",)),)),))
    with pytest.raises(ScenarioError, match="huors"):
        states(world(YEAR), wrong)
