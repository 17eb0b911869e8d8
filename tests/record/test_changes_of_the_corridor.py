"""Projects, agreements and shocks of the built-in corridor: sized as printed, in the direction they are meant."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from karvan.corridor.checks import rules
from karvan.corridor.corridor import Corridor, empty_table
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.state import State
from karvan.scenario.parse import parse_scenario
from karvan.scenario.resolve import levers_of, resolve
from karvan.scenario.state import state
from karvan.store.builtin import folder_of
from karvan.store.scenarios import read_text, ready_scenarios
from tests.built_in import middle_corridor

FACTS = Path(__file__).parents[3] / "shared" / "facts"
LATE = 2036
OCCUPANCY = 0.8  # at which the published capacity of a box terminal is taken to hold
CAPACITIES = {
    ("P01", "R_ALAT_BOX", 2031): 500_000 / OCCUPANCY,
    ("P01/early", "R_ALAT_BOX", 2029): 500_000 / OCCUPANCY,
    ("P01", "R_ALAT_DRY", 2031): 2_500_000 * 25 / 15,
    ("P03b", "R_AKTAU_BOX", 2027): 240_000 / OCCUPANCY,
    ("P03b/large", "R_AKTAU_BOX", 2027): 300_000 / OCCUPANCY,
    ("P06", "R_KURYK_GRAIN", 2031): 10e6,
    ("P08", "R_ANAKLIA_TEU", 2030): 600_000,
    ("P09", "R_POTI_TEU", 2031): 1_000_000 / OCCUPANCY,
    ("P14", "R_BAKHTY", 2028): 20e6,
    ("P17", "R_CKU", 2031): 15e6,
    ("P17/low", "R_CKU", 2031): 12e6,
    ("P18", "R_TRIPP", 2031): 15e6,
    ("P18b", "R_NAKHCHIVAN", 2029): 15e6,
    ("P18c", "R_HORADIZ", 2027): 15e6,
    ("P19", "R_KARS_IGDIR", 2031): 15e6,
    ("P20", "R_KARS_DIV", 2031): 20e6,
    ("P33", "R_GR_MAIN_F", 2028): 10_488 * 48 / 27,
    ("P34", "R_RASHT_ASTARA", 2029): 15e6,
}
SMALLER_IS_BETTER = {
    "borders": ("hours_forward", "hours_back"),
    "transfers": ("hours", "usd_per_teu", "usd_per_t"),
    "links": ("hours", "headway_h", "usd_per_feu", "usd_per_feu_back", "usd_per_t"),
    "uses": ("units_per_t", "units_per_teu"),
}


@cache
def corridor() -> Corridor:
    """Without growth, so that a state of 2036 differs from the tables by its levers only."""
    return middle_corridor().replace(growth=empty_table("growth"))


@cache
def by_owner() -> dict[str, tuple[Lever, ...]]:
    """Levers that are applied, by the project, agreement or shock that owns them."""
    owned: dict[str, list[Lever]] = {}
    for lever in levers_of(corridor()):
        if lever.owner != "history" and not lever.pending:
            owned.setdefault(lever.owner, []).append(lever)
    return {owner: tuple(levers) for owner, levers in owned.items()}


@cache
def alone(owner: str, year: int = LATE) -> State:
    """The tables of a year with one owner's levers on and nothing else."""
    return state(corridor(), by_owner().get(owner, ()), year)


def capacity(year: State) -> pd.Series:
    return year["resources"].set_index("resource")["capacity_per_year"]


def meant_to_help() -> list[str]:
    return [owner for owner in by_owner() if owner.startswith(("project:", "agreement:"))]


@pytest.mark.parametrize(("project", "resource", "year"), CAPACITIES)
def test_a_project_gives_the_printed_capacity_the_year_after_it_is_done(project: str, resource: str, year: int) -> None:
    expected = CAPACITIES[project, resource, year]
    assert capacity(alone(f"project:{project}", year))[resource] == pytest.approx(expected, rel=1e-9)
    before = capacity(alone(f"project:{project}", year - 1))[resource]
    assert before == capacity(alone("nobody", year - 1))[resource] < expected


def test_every_variant_owns_levers_where_its_project_does() -> None:
    rows = corridor()["projects"]
    for project, variant in zip(rows["project"], rows["variant"], strict=True):
        if variant:
            assert (f"project:{project}" in by_owner()) == (f"project:{project}/{variant}" in by_owner()), project


def test_a_project_that_is_done_owns_no_levers_for_it_stands_in_the_base() -> None:
    rows = corridor()["projects"]
    done = set(rows.loc[rows["status"] == "done", "project"])
    assert {"P02", "P10", "P11"} <= done
    assert not {f"project:{key}" for key in done} & set(by_owner())


def test_every_planned_link_is_opened_by_the_project_that_it_names() -> None:
    links = corridor()["links"].query("open_from == '9999' and project != ''")
    assert len(links) > 20
    for link, project in zip(links["link"], links["project"], strict=True):
        opened = alone(f"project:{project}")["links"].set_index("link")["open"]
        assert opened[link], (link, project)


def test_no_planned_line_ends_where_nothing_goes_on_once_all_are_open() -> None:
    planned = corridor()["links"].query("open_from == '9999' and project != ''")
    projects = {f"project:{key}" for key in planned["project"]}
    links = state(corridor(), [lever for owner in projects for lever in by_owner()[owner]], LATE)["links"]
    neighbours: dict[str, set[str]] = {}
    for one, other in links.loc[links["open"], ["from_place", "to_place"]].itertuples(index=False):
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    ends = {*planned["from_place"], *planned["to_place"]}
    assert [end for end in ends if len(neighbours[end]) < 2] == []


@pytest.mark.parametrize("year", [2028, 2030, LATE])
def test_each_owner_alone_keeps_the_rules_of_the_tables(year: int) -> None:
    looks = (rules.queue_capacity_agrees_with_servers, rules.slots_capacity_agrees_with_ships)
    for owner in by_owner():
        changed = corridor().replace(resources=alone(owner, year)["resources"])
        for look in (*looks, rules.headway_agrees_with_ships, rules.background_leaves_room):
            assert [str(problem) for problem in look(changed)] == [], owner


def test_no_project_and_no_agreement_takes_capacity_away() -> None:
    base = capacity(alone("nobody"))
    for owner in meant_to_help():
        assert (capacity(alone(owner)) >= base).all(), owner


@pytest.mark.parametrize("table", SMALLER_IS_BETTER)
def test_no_project_and_no_agreement_makes_a_way_slower_or_dearer(table: str) -> None:
    columns = list(SMALLER_IS_BETTER[table])
    base = alone("nobody")[table][columns].fillna(0.0)
    for owner in meant_to_help():
        assert (alone(owner)[table][columns].fillna(0.0) <= base).all().all(), owner


def test_every_owner_of_levers_changes_something_by_2036() -> None:
    for owner in meant_to_help():
        tables = {lever.table for lever in by_owner()[owner]}
        assert any(not alone(owner)[name].equals(alone("nobody")[name]) for name in tables), owner


def test_a_lower_sea_takes_payload_from_ships_and_berths_and_the_second_metre_takes_more() -> None:
    payload = {
        year: alone("shock:caspian_level_2m", year)["uses"].query("resource == 'F_DRY'") for year in (2030, 2035)
    }
    base = alone("nobody")["uses"].query("resource == 'F_DRY'")["units_per_t"]
    assert (base / payload[2030]["units_per_t"]).to_numpy() == pytest.approx(0.9)
    assert (base / payload[2035]["units_per_t"]).to_numpy() == pytest.approx(0.75)
    first = alone("shock:caspian_level_1m", 2030)["resources"]
    pd.testing.assert_frame_equal(first, alone("shock:caspian_level_2m", 2030)["resources"])


@pytest.mark.parametrize("shock", ["caspian_level_1m", "caspian_level_2m", "storm_season"])
def test_a_shock_of_the_sea_is_off_in_the_base_and_only_ever_takes_away(shock: str) -> None:
    rows = corridor()["shocks"].set_index("shock")
    assert not rows.loc[shock, "happened"]
    ratio = (capacity(alone(f"shock:{shock}")) / capacity(alone("nobody"))).fillna(1.0)
    assert (ratio <= 1.0).all()
    assert ratio["F_KURYK_F"] < 0.96 > ratio["F_FEEDER_KZ_F"]


def test_no_lever_waits_for_its_model_any_more_and_those_on_tariffs_lower_them() -> None:
    assert not [lever for lever in levers_of(corridor()) if lever.pending]
    before, after = (alone(owner)["tariffs"]["applied_pct"] for owner in ("nobody", "agreement:A46"))
    assert (after <= before).all()
    assert (after < before).sum() == 16  # eight pairs in two sectors that pay


def ready(name: str) -> Scenario:
    return parse_scenario(read_text(ready_scenarios(folder_of("middle-corridor"))[name]), name)


def test_ten_scenarios_are_ready_and_as_is_is_the_base() -> None:
    trade = ["corridor-time-halved", "paperless-borders", "simplified-customs-corridor", "single-transit-tariff"]
    older = ["all-announced", "as-is", "calibrated", "committed", "low-caspian"]
    names = sorted([*older, *trade, "tariff-free-turkic-trade"])
    assert list(ready_scenarios(folder_of("middle-corridor"))) == names
    whole = middle_corridor()
    assert resolve(whole, ready("as-is")) == resolve(whole)


def test_committed_holds_what_is_under_way_and_in_force_and_all_announced_everything() -> None:
    projects, agreements = corridor()["projects"], corridor()["agreements"]
    firm = projects.loc[projects["status"].isin(["construction", "committed"]) & (projects["variant"] == ""), "project"]
    holds = agreements.loc[agreements["status"] == "in_force", "agreement"]
    owners = {lever.owner for lever in levers_of(corridor()) if lever.owner.startswith(("project:", "agreement:"))}
    assert set(ready("all-announced").include) == {owner for owner in owners if "/" not in owner}
    named = {f"project:{key}" for key in firm} | {f"agreement:{key}" for key in holds}
    assert set(ready("committed").include) == named & owners


@pytest.mark.skipif(not FACTS.is_dir(), reason="needs the compilers' fact files beside the repository")
@pytest.mark.parametrize(
    ("file", "key", "table"),
    [("transport/projects.csv", "project_id", "projects"), ("trade/agreements.csv", "id", "agreements")],
)
def test_every_row_of_the_facts_stands_in_the_table_with_levers_or_a_reason_why_not(
    file: str, key: str, table: str
) -> None:
    with (FACTS / file).open(encoding="utf-8") as stream:
        facts = {row[key]: row["source_name"] for row in csv.DictReader(stream)}
    rows, owners = corridor()[table], {lever.owner for lever in levers_of(corridor())}
    assert list(dict.fromkeys(rows[table[:-1]]))[: len(facts)] == list(facts)
    rows = rows.loc[rows[table[:-1]].isin(list(facts))]
    cited = corridor()["sources"].set_index("source")["citation"]
    for name, source, note in zip(rows[table[:-1]], rows["source"], rows["note"], strict=True):
        reason = "no levers" in note
        assert (f"{table[:-1]}:{name}" in owners) != reason, name
        assert source == "own_knowledge" or cited[source] == facts[name], name
