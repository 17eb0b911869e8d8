"""Each rule on services, fleets, calendars and timetables: what breaks it, on which line, and what it asks for."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from karvan.corridor.checks.rules import problems
from karvan.corridor.checks.service_rules import SERVICE_RULES, chain_places
from karvan.errors import Problem
from karvan.schema.tables import dtype_of
from karvan.schema.tables import table as schema_of
from tests.built_in import middle_corridor
from tests.operations_world import served

TERMINAL, FERRY, TRAIN, SHIFT, WIND = 0, 1, 2, 0, 1


def changed(table: str, row: int, **cells: object) -> list[Problem]:
    base = served()
    frame = base[table]
    for column, value in cells.items():
        values: list[Any] = frame[column].tolist()
        values[row] = value
        frame = frame.assign(**{column: pd.Series(values, dtype=dtype_of(schema_of(table).column(column)))})
    corridor = base.replace(**{table: frame})
    return [problem for rule in SERVICE_RULES for problem in rule(corridor)]


def test_the_tiny_world_of_services_keeps_every_rule() -> None:
    assert problems(served()) == []


@pytest.mark.parametrize(
    ("table", "row", "cells", "kind", "asked"),
    [
        ("services", TERMINAL, {"place": ""}, "service without a place", "either links or a place"),
        ("services", TRAIN, {"place": "east"}, "service without a place", "either links or a place"),
        ("services", TERMINAL, {"least_units": 21.0}, "least load above capacity", "at most capacity_units 20"),
        ("services", FERRY, {"least_units": None}, "missing value", "departure is when_full"),
        ("services", FERRY, {"departure": "headway"}, "missing value", "departure is headway"),
        ("services", FERRY, {"sd_hours": 0.0}, "missing value", "distribution is lognormal"),
        ("services", FERRY, {"distribution": "quantiles"}, "distribution without figures", "mean and deviation"),
        ("services", FERRY, {"departure": "timetable"}, "service without departures", "rows in timetables.csv"),
        ("fleet", 0, {"service": "terminal"}, "service without vehicles", "a row in fleet.csv"),
        ("fleet", 0, {"capacity_teu": None, "capacity_wagons": 40.0}, "fleet in a service of another unit", "TEU"),
        ("fleet", 0, {"count": 3}, "fleet disagrees with resource", "2 ships in all, as ships_forward has"),
        ("calendars", SHIFT, {"open": False, "open_from_h": 0.0, "open_to_h": 24.0}, "calendar that never opens",
         "some open hour"),
        ("calendars", SHIFT, {"open_to_h": 1.0}, "opening that ends before it begins", "more than open_from_h 2"),
        ("calendars", WIND, {"mean_closed_h": None}, "missing value", "kind is storm"),
        ("timetables", 6, {"hour": 170.0}, "departure outside the cycle", "below cycle_h 168"),
        ("timetables", 6, {"cycle_h": 336.0}, "two cycles of one service", "168, the cycle of its first"),
        ("timetables", 6, {"arrival_hour": 150.0}, "arrival before departure", "more than hour 150"),
        ("timetables", 6, {"place": "west"}, "departure from a place off the way", "east, where its first link"),
        ("timetables", 6, {"service": "ferry"}, "departure that nothing uses", "whose departure is timetable"),
        ("sections", 0, {"length_km": 700.0}, "sections disagree with their link", "sums of 1000, as in links.csv"),
        ("sections", 1, {"section": 3}, "gap in the sections", "2"),
        ("services", TERMINAL, {"unit": "t"}, "unit disagrees with resource", "TEU"),
        ("services", TERMINAL, {"capacity_units": 30.0}, "places disagree with resource", "20 = servers x units"),
        ("services", TERMINAL, {"mean_hours": 6.0}, "capacity disagrees with resource", "29200 units a year as cranes"),
    ],
)  # fmt: skip
def test_one_changed_row_breaks_the_rule_and_its_line_is_named(
    table: str, row: int, cells: dict[str, object], kind: str, asked: str
) -> None:
    found = [p for p in changed(table, row, **cells) if p.kind == kind]
    assert found, [p.kind for p in changed(table, row, **cells)]
    assert any(asked in p.expected for p in found)
    assert all(p.row >= 2 and p.remedy for p in found)


def test_links_that_do_not_chain_say_where_the_train_stands() -> None:
    base = served()
    links = base["links"].assign(from_place=["east", "west"], to_place=["middle", "east"], both_ways=[False, False])
    joined = base["services"].assign(links=["", "second", "first|second"])
    found = problems(base.replace(links=links, services=joined))
    (problem,) = [p for p in found if p.kind == "links that do not chain"]
    assert problem.row == 4
    assert "the train stands at middle" in problem.expected


def test_a_chain_may_run_links_backwards_from_its_first_on() -> None:
    links = pd.DataFrame({
        "link": ["a", "b"], "from_place": ["m", "n"], "to_place": ["l", "m"], "both_ways": [True, True],
    }).set_index("link")  # fmt: skip
    assert chain_places(["a", "b"], links) == ["l", "m", "n"]
    assert chain_places(["b", "a"], links) == ["n", "m", "l"]


@pytest.mark.parametrize("cells", [{"mean_hours": 5.05}, {"least_units": 20.0}])
def test_rounding_and_a_full_least_load_are_no_problem(cells: dict[str, object]) -> None:
    assert changed("services", TERMINAL, **cells) == []


def test_every_queue_and_fleet_of_the_built_in_corridor_has_services() -> None:
    corridor = middle_corridor()
    resources = corridor["resources"]
    served_too = set(corridor["services"]["resource"])
    queues = set(resources.loc[resources["behaviour"] == "queue", "resource"])
    fleets = set(resources.loc[(resources["behaviour"] == "slots") & (resources["direction"] == "forward"), "resource"])
    assert queues | fleets <= served_too
