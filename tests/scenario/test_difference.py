"""What a scenario changes: cells before and after, rows that come and go, and whose lever does it."""

import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor, fingerprints
from karvan.corridor.lever import Lever, Scenario
from karvan.errors import ScenarioError
from karvan.scenario.difference import changed_cells, difference, idle_levers, pending_changes
from karvan.scenario.resolve import BASE
from karvan.scenario.state import state
from tests.scenario.worlds import choice, insert, lever, port_world, record, resource, with_levers
from tests.worlds import frame, rail

CELL = "capacity_per_year"
SHOWN = ["row", "column", "change", "before", "after", "owners", "levers"]


def _plan(*levers: Lever, **cells: tuple[str, ...]) -> Scenario:
    return Scenario("test", levers=levers, **cells)  # type: ignore[arg-type]  # names of owners


def _cells(*levers: Lever, years: tuple[int, ...] = (2024,), corridor: Corridor | None = None) -> pd.DataFrame:
    return changed_cells(corridor or port_world(), _plan(*levers), years)


def test_a_cell_is_told_before_and_after_with_unit_owner_and_lever() -> None:
    cells = _cells(lever("multiply", CELL, 1.5, key="levers[1]"))
    assert cells[SHOWN].to_numpy().tolist() == [
        ["resource=pier", CELL, "changed", "100", "150", "scenario:test", "levers[1]"]
    ]
    assert cells[["table", "year", "difference", "unit"]].to_numpy().tolist() == [["resources", 2024, 50.0, "t"]]


def test_every_year_of_the_horizon_is_looked_at_where_none_is_named() -> None:
    cells = _cells(lever("set", CELL, 50.0, dates="2038-07-02.."), years=())
    assert cells["year"].tolist() == [2038, 2039, 2040]
    assert cells["after"].astype(float).tolist() == pytest.approx([100 - 50 * 183 / 365, 50, 50])


def test_text_truth_and_dates_are_told_and_a_link_that_opens() -> None:
    track = "link=first"
    levers = [
        lever("set", "status", "under repair", track, table="links"),
        lever("set", "zigzag", "yes", track, table="links"),
        lever("set", "open_from", "2030", track, table="links"),
    ]
    cells = _cells(*levers).set_index("column")
    found = cells[["before", "after"]].agg(tuple, axis=1).to_dict()
    assert found == {"status": ("", "under repair"), "zigzag": ("no", "yes"), "open_from": ("", "2030"),
                     "open": ("yes", "no")}  # fmt: skip
    assert set(cells["owners"]) == {"scenario:test"}


def test_rows_that_come_and_go_are_told_with_every_cell_they_have() -> None:
    cells = _cells(insert(resource("quay")), lever("drop", "", "", "resource=gate", key="gone"))
    kinds = cells.groupby(["row", "change", "levers"]).size().to_dict()
    assert kinds == {("resource=gate", "dropped", "gone"): 13, ("resource=quay", "inserted", "new"): 13}
    assert cells.loc[cells["change"] == "dropped", "after"].unique().tolist() == [""]
    quay = cells.loc[(cells["row"] == "resource=quay") & (cells["column"] == CELL), ["before", "after"]]
    assert quay.to_numpy().tolist() == [["", "100"]]


def test_a_scenario_that_takes_a_shock_away_tells_its_levers_with_a_minus() -> None:
    rows = [record("S1", "shock:storm", 0.5, operation="multiply"), record("H", "history", 80)]
    cells = changed_cells(with_levers(rows), _plan(exclude=("shock:storm",)), (2024,))
    assert cells[SHOWN].to_numpy().tolist() == [
        ["resource=pier", CELL, "changed", "40", "80", "shock:storm", "-S1"]
    ]  # fmt: skip


def test_several_owners_of_one_cell_are_all_named() -> None:
    rows = [record("F", "shock:flood", 0.5, operation="multiply")]
    more = lever("add", CELL, 5.0, key="levers[1]")
    cells = changed_cells(with_levers(rows), _plan(more, include=("shock:flood",)), (2024,))
    assert cells[["after", "owners", "levers"]].to_numpy().tolist() == [
        ["55", "scenario:test|shock:flood", "F|levers[1]"]
    ]


def test_demand_of_a_year_is_told_with_the_year_apart_from_its_key() -> None:
    cells = _cells(lever("multiply", "kt", 2.0, "commodity=goods", table="demand"), years=(2023, 2024))
    assert cells[["row", "year", "before", "after"]].to_numpy().tolist() == [
        ["segment=all & origin=east & destination=west & commodity=goods", 2024, "120", "240"]
    ]


def test_demand_that_grows_is_told_with_the_lever_on_the_rows_it_grows_from() -> None:
    cells = _cells(lever("multiply", "kt", 2.0, "commodity=goods", table="demand", key="more"), years=(2030,))
    assert cells[["year", "column", "levers"]].to_numpy().tolist() == [[2030, "kt", "more"]]
    assert float(cells["before"][0]) == pytest.approx(120.0 * 1.02**6)


def test_what_follows_from_another_table_is_told_without_an_owner() -> None:
    cells = _cells(lever("add", "central_pct", 1.0, "segment=*", table="growth"), years=(2030,))
    assert cells.groupby(["table", "column"])["owners"].agg(set).to_dict() == {
        ("demand", "kt"): {""}, ("demand", "teu"): {""}, ("growth", "central_pct"): {"scenario:test"}
    }  # fmt: skip


def test_levers_that_wait_for_a_table_are_told_apart_and_change_nothing() -> None:
    row = record("W1", "project:cable", 9, "2030..", pending=True)
    world, plan = with_levers([row]), _plan(include=("project:cable",))
    assert changed_cells(world, plan).empty
    waiting = pending_changes(world, plan)
    assert waiting[["lever", "owner", "table", "where", "value", "from"]].to_numpy().tolist() == [
        ["W1", "project:cable", "resources", "resource=pier", "9", "2030"]
    ]
    assert pending_changes(world, BASE).empty


def test_choice_of_a_year_is_told_as_a_row_that_comes() -> None:
    cells = _cells(insert(choice("east", "2024", "2024"), "choice"), years=(2024, 2025))
    assert set(zip(cells["year"], cells["change"], strict=True)) == {(2024, "inserted")}


def test_a_date_that_takes_a_row_out_of_a_year_names_its_lever() -> None:
    cells = _cells(lever("set", "to_year", "2022", "gateway_group=north", table="choice", key="shorter"), years=(2023,))
    assert set(cells["change"]) == {"dropped"}
    assert set(cells["levers"]) == {"shorter"}


def test_a_table_of_power_is_told_as_any_other() -> None:
    world = port_world().replace(power__links=frame("power.links", [{"name": "cable", "p_nom": 100.0}]))
    cells = _cells(lever("set", "p_nom", 1000, "name=cable", table="power.links"), corridor=world)
    assert cells[["table", "row", "after", "unit"]].to_numpy().tolist() == [["power.links", "name=cable", "1000", "MW"]]


def test_a_lever_that_changes_nothing_is_told_as_idle() -> None:
    plan = _plan(lever("set", CELL, 100.0, key="same"), lever("set", "servers", 9, key="more"))
    cells = changed_cells(port_world(), plan, (2024,))
    assert idle_levers(port_world(), plan, cells) == ("scenario:test same",)


def test_the_base_differs_from_the_base_in_no_year_and_no_table() -> None:
    corridor = with_levers([record("H1", "history", 14, "2019..2019"), record("S1", "shock:storm", 9, "2021..")])
    assert changed_cells(corridor, BASE).empty
    assert changed_cells(corridor, Scenario("named", include=("shock:storm",))).empty


def test_what_changes_one_way_changes_back_the_other() -> None:
    levers = (lever("set", CELL, 5), insert(rail("third", "east", "west", 9.0), "links"))
    one, other = state(port_world(), (), 2024), state(port_world(), levers, 2024)
    there, back = difference(one, other), difference(other, one)
    assert there["before"].tolist() == back["after"].tolist()
    assert there["difference"].dropna().tolist() == [-95.0]
    assert back["difference"].dropna().tolist() == [95.0]


def test_inputs_stay_as_they_were_and_a_wrong_scenario_is_refused_whole() -> None:
    corridor = port_world()
    before = fingerprints(corridor)
    _cells(lever("set", CELL, 5), insert(resource("quay")))
    with pytest.raises(ScenarioError):
        _cells(lever("set", "capacity", 5))
    assert fingerprints(corridor) == before
