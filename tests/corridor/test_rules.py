"""Each rule on a tiny world that keeps them all: what breaks it, on which line, and what it asks for."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from karvan.corridor.checks.findings import ROWS_KEPT
from karvan.corridor.checks.rules import problems
from karvan.corridor.corridor import Corridor
from karvan.errors import Problem
from karvan.schema.tables import dtype_of
from karvan.schema.tables import table as schema_of
from tests.worlds import frame, two_links

CRANE = {
    "resource": "cranes",
    "name": "Cranes",
    "owner": "port",
    "behaviour": "queue",
    "unit": "TEU",
    "direction": "both",
    "servers": 2,
    "units_per_service": 10.0,
    "service_hours": 5.0,
    "hours_open_per_year": 8000.0,
    "ca2_plus_cs2": 1.5,
    "max_utilisation": 0.9,
    "capacity_per_year": 32_000.0,
    "background_per_year": 0.0,
}
FERRY = {
    "resource": "ferry",
    "name": "Ferry",
    "owner": "line",
    "behaviour": "slots",
    "unit": "TEU",
    "direction": "both",
    "ships": 4.0,
    "cycle_h": 100.0,
    "headway_h": 25.0,
    "payload": 50.0,
    "max_utilisation": 1.0,
    "capacity_per_year": 17_520.0,
    "background_per_year": 0.0,
}
USE = {"resource": "cranes", "link": "second", "direction": "both", "handling_class": "container", "units_per_teu": 1.0}
CHOICE = {"gateway_group": "strait", "handling_class": "container", "direction": "both", "kind": "aversion"}
LEVER = {"lever": "H1", "owner": "history", "table": "links", "column": "hours", "operation": "set", "value": "30"}


def world() -> Corridor:
    base = two_links()
    return base.replace(
        links=base["links"].assign(gateway_group=["", "strait"]),
        resources=frame("resources", [CRANE, FERRY]),
        uses=frame("uses", [USE]),
        choice=frame("choice", [{**CHOICE, "constant_usd_per_teu": 100.0}]),
        levers=frame("levers", [LEVER]),
    )


def changed(table: str, column: str, value: object, row: int = 0) -> list[Problem]:
    base = world()
    cells: list[Any] = base[table][column].tolist()
    cells[row] = value
    changed_column = pd.Series(cells, dtype=dtype_of(schema_of(table).column(column)))
    return problems(base.replace(**{table: base[table].assign(**{column: changed_column})}))


def test_the_tiny_worlds_keep_every_rule() -> None:
    assert problems(two_links()) == []
    assert problems(world()) == []


@pytest.mark.parametrize(
    ("table", "column", "value", "row", "kind", "asked"),
    [
        ("links", "length_km", 900.0, 0, "shorter than the great circle", "at least 943 km, from east to middle"),
        ("links", "to_place", "east", 0, "link to its own start", "another place"),
        ("borders", "hours_back", None, 0, "missing value", "the link runs both ways"),
        ("links", "usd_per_feu", None, 1, "missing price", "containers may ride"),
        ("links", "usd_per_t", None, 1, "missing price", "other classes"),
        ("links", "gauge_mm", None, 1, "missing gauge", "mode is rail"),
        ("transfers", "to_gauge_mm", None, 0, "missing gauge", "to_mode is rail"),
        ("links", "traction", "steam", 1, "no such mode and traction", "mode rail"),
        ("transfers", "usd_per_teu", None, 0, "missing price", "USD/TEU"),
        ("transfers", "usd_per_t", None, 2, "missing price", "USD/t"),
        ("uses", "link", "", 0, "use of neither a link nor a transfer", "a link, or a place"),
        ("uses", "place", "west", 0, "use of a link and a transfer", "a link, or a place"),
        ("uses", "units_per_teu", None, 0, "missing value", "units a TEU"),
        ("uses", "handling_class", "wagon", 0, "missing value", "units a tonne"),
        ("resources", "capacity_per_year", 33_000.0, 0, "capacity disagrees with servers", "32000 = servers"),
        ("resources", "service_hours", None, 0, "missing value", "behaviour is queue"),
        ("resources", "capacity_per_year", 17_000.0, 1, "capacity disagrees with ships", "17520 = ships"),
        ("resources", "headway_h", 24.0, 1, "headway disagrees with ships", "25 = cycle_h / ships"),
        ("resources", "background_per_year", 29_000.0, 0, "background above capacity", "at most 28800"),
        ("commodities", "usd_per_t_day", 10.2, 0, "time cost disagrees with ad valorem rate", "10 = ad_valorem"),
        ("demand", "destination", "middle", 0, "demand at a place that is no zone", "zone = yes"),
        ("demand", "destination", "east", 0, "demand from a place to itself", "another place"),
        ("choice", "gateway_group", "straits", 0, "gateway group that no link has", "gateway_group of links.csv"),
        ("choice", "constant_usd_per_teu", None, 0, "missing value", "USD/TEU"),
        ("levers", "table", "lniks", 0, "unknown table", "a table of a corridor"),
        ("levers", "column", "huors", 0, "unknown column", "a column of links"),
        ("sources", "citation", " - ", 0, "source without citation", "who, what, when"),
    ],
)
def test_one_changed_cell_breaks_one_rule_and_its_line_is_named(
    table: str, column: str, value: object, row: int, kind: str, asked: str
) -> None:
    found = [p for p in changed(table, column, value, row) if p.kind == kind]
    assert [(p.table, p.row, p.file) for p in found] == [(table, row + 2, f"{table}.csv")]
    assert asked in found[0].expected


@pytest.mark.parametrize(
    ("table", "column", "value", "row"),
    [
        ("links", "length_km", 933.5, 0),
        ("resources", "capacity_per_year", 32_600.0, 0),
        ("resources", "headway_h", 24.6, 1),
        ("resources", "background_per_year", 28_800.0, 0),
        ("commodities", "usd_per_t_day", 10.09, 0),
        ("commodities", "choice_usd_per_t_day", 99.0, 0),
    ],
)
def test_rounding_is_forgiven_and_the_choice_value_is_nobodys_business(
    table: str, column: str, value: float, row: int
) -> None:
    assert changed(table, column, value, row) == []


def test_a_link_over_a_border_needs_a_row_even_where_it_costs_no_time() -> None:
    base = two_links()
    (problem,) = problems(base.replace(borders=base["borders"].iloc[:0]))
    assert (problem.file, problem.row, problem.value) == ("links.csv", 3, "second")
    assert "from AAA to BBB" in problem.expected
    no_time = base["borders"].assign(hours_forward=0.0, hours_back=0.0)
    assert problems(base.replace(borders=no_time)) == []


def test_a_border_row_on_a_link_inside_a_country_is_named() -> None:
    row = {"link": "first", "hours_forward": 1.0, "hours_back": 1.0}
    base = two_links()
    rows = pd.concat([base["borders"], frame("borders", [row])], ignore_index=True)
    assert [(p.kind, p.row) for p in problems(base.replace(borders=rows))] == [("border inside a country", 3)]


def test_nothing_stands_for_the_direction_that_a_one_way_link_lacks() -> None:
    base = world()
    links = base["links"].assign(both_ways=[True, False], usd_per_feu_back=[float("nan"), 400.0])
    uses = base["uses"].assign(direction="back")
    found = problems(base.replace(links=links, uses=uses))
    assert {(p.table, p.column) for p in found} == {
        ("borders", "hours_back"),
        ("links", "usd_per_feu_back"),
        ("uses", "direction"),
    }


def test_a_use_of_a_transfer_needs_that_transfer() -> None:
    use = {**USE, "link": "", "place": "east", "from_mode": "zone", "to_mode": "rail"}
    base = world()
    assert problems(base.replace(uses=frame("uses", [use]))) == []
    (problem,) = problems(base.replace(uses=frame("uses", [{**use, "to_mode": "road"}])))
    assert "transfers.csv" in problem.expected


def test_a_constant_may_name_a_link_or_a_resource_that_has_no_group() -> None:
    for name in ("first", "cranes"):
        assert changed("choice", "gateway_group", name) == []
    (problem,) = changed("choice", "gateway_group", "straits")
    assert problem.remedy == "did you mean 'strait'?"


@pytest.mark.parametrize(("first", "last", "wrong"), [("2024", "2023", True), ("2024-06-01", "2024", False)])
def test_a_period_ends_after_it_begins(first: str, last: str, wrong: bool) -> None:
    base = two_links()
    links = base["links"].assign(open_from=[first, ""], open_to=[last, "2020-01-01"])
    assert bool(problems(base.replace(links=links))) == wrong


def test_cells_that_could_not_be_read_break_no_rule() -> None:
    base = world()
    links = base["links"].assign(length_km=float("nan"), to_place=["nowhere", "middle"])
    kinds = {p.kind for p in problems(base.replace(links=links))}
    assert "shorter than the great circle" not in kinds


def test_very_many_broken_rows_are_counted() -> None:
    base = two_links()
    many = pd.concat([base["demand"].iloc[:1]] * (ROWS_KEPT + 10), ignore_index=True).assign(destination="east")
    found = problems(base.replace(demand=many))
    assert len(found) == ROWS_KEPT
    assert found[-1].rest == 10


def test_rules_do_not_write_into_the_corridor() -> None:
    base, before = world(), world()
    problems(base)
    for name in base:
        pd.testing.assert_frame_equal(base[name], before[name])
