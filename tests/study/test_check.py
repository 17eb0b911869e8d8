"""All that is wrong, in one go, from the file to the route."""

from __future__ import annotations

from pathlib import Path

import pytest

from karvan.errors import UnknownKeyError, summarise
from karvan.store.builtin import builtin_names
from karvan.store.corridors import write_corridor
from karvan.study.check import check
from tests.worlds import frame, two_links

LEVER = {"lever": "S1", "owner": "shock:strike", "table": "links", "column": "hours", "operation": "set", "value": "90"}


def test_a_sound_corridor_has_no_problem(tmp_path: Path) -> None:
    write_corridor(two_links(), tmp_path / "w")
    corridor, problems = check(tmp_path / "w")
    assert problems == []
    assert corridor is not None
    assert corridor.info.name == "two-links"


@pytest.mark.slow
@pytest.mark.parametrize("name", builtin_names())
def test_a_built_in_corridor_is_clean(name: str) -> None:
    assert check(name)[1] == []


def test_demand_that_no_route_can_serve_is_found_and_its_row_named(tmp_path: Path) -> None:
    world = two_links()
    write_corridor(world.replace(links=world["links"].assign(both_ways=[True, False])), tmp_path / "w")
    _, problems = check(tmp_path / "w")
    assert ("demand that no route can serve", "demand", 3) in {(p.kind, p.table, p.row) for p in problems}


def test_levers_of_a_shock_that_is_off_are_looked_at_too(tmp_path: Path) -> None:
    world = two_links()
    shocks = frame("shocks", [{"shock": "strike", "name": "Strike", "happened": False}])
    levers = frame("levers", [{**LEVER, "where": "link=third"}])
    write_corridor(world.replace(shocks=shocks, levers=levers), tmp_path / "w")
    _, problems = check(tmp_path / "w")
    assert {(p.file, p.row, p.column) for p in problems} == {("levers.csv", 2, "where")}


def test_a_lever_of_an_unknown_column_is_said_once(tmp_path: Path) -> None:
    levers = frame("levers", [{**LEVER, "owner": "history", "column": "huors", "where": "link=first"}])
    write_corridor(two_links().replace(levers=levers), tmp_path / "w")
    _, problems = check(tmp_path / "w")
    assert [(p.row, p.column, p.value) for p in problems] == [(2, "column", "huors")]


def test_rules_are_looked_at_even_where_cells_are_wrong(tmp_path: Path) -> None:
    world = two_links()
    write_corridor(world.replace(links=world["links"].assign(length_km=[10.0, 1000.0])), tmp_path / "w")
    path = tmp_path / "w" / "demand.csv"
    path.write_text(path.read_text().replace(",120,", ",lots,"))
    kinds = {p.kind for p in check(tmp_path / "w")[1]}
    assert kinds == {"wrong type", "shorter than the great circle"}


def test_a_table_that_is_absent_leaves_the_other_tables_looked_at(tmp_path: Path) -> None:
    write_corridor(two_links(), tmp_path / "w")
    (tmp_path / "w" / "demand.csv").unlink()
    corridor, problems = check(tmp_path / "w")
    assert corridor is None
    assert [p.kind for p in problems] == ["missing table"]


def test_what_the_doors_show_is_five_rows_a_kind_with_the_count_of_the_rest(tmp_path: Path) -> None:
    world = two_links()
    bad = world["transfers"].assign(usd_per_teu=float("nan"), usd_per_t=float("nan"))
    write_corridor(world.replace(transfers=bad), tmp_path / "w")
    shown = summarise(check(tmp_path / "w")[1], most=3)
    assert [p.rest for p in shown] == [0, 0, 1, 0, 0, 1]


def test_an_unknown_name_suggests_a_built_in_corridor() -> None:
    with pytest.raises(UnknownKeyError, match="middle-corridor"):
        check("middel-corridor")


def test_ready_scenarios_are_looked_at_too_and_named_by_their_file(tmp_path: Path) -> None:
    write_corridor(two_links(), tmp_path / "w")
    (tmp_path / "w" / "scenarios").mkdir()
    (tmp_path / "w" / "scenarios" / "off.toml").write_text('name = "off"\ninclude = ["project:bridge"]\n')
    (tmp_path / "w" / "scenarios" / "torn.toml").write_text("name = ")
    found = {(problem.kind, problem.file) for problem in check(tmp_path / "w")[1]}
    assert found == {("unknown owner", "scenarios/off.toml"), ("not TOML", "scenarios/torn.toml")}
