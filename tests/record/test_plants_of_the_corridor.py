"""Plants that are promised are projects of the built-in corridor: as told, in their zone, from the year that is told.

Those that are told too loosely stand in ``docs/method/power.md`` with the reason, and in no table.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pypsa
import pytest

from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.state import State
from karvan.power import network
from karvan.power.solve import dispatch, running_cost
from karvan.scenario.resolve import levers_of, resolve
from karvan.scenario.state import state
from karvan.study.power.candidates import candidates
from karvan.study.power.years import power_key
from tests.built_in import base_state, middle_corridor

ROOT = Path(__file__).parents[2]
FACTS = ROOT.parent / "shared" / "facts" / "power" / "res_pipeline.csv"
TABLES = {"power.generators": "Generator", "power.storage_units": "StorageUnit"}
# Project: its row of the collection of plants.
PLANTS = {
    "P47": "Gobustan solar (first auction)", "P48": "Masdar wind (Jambyl)", "P49": "ACWA Power wind",
    "P50": "Nuclear (Rosatom) 2 x 1200", "P51": "GRES-3", "P52": "Aral 5 GW wind complex",
    "P53": "Mingbulak wind 1 GW (Masdar)", "P54": "Nuclear (Rosatom) RITM-200N + VVER-1000", "P55": "Kambarata-1",
}  # fmt: skip
LEFT_OUT = {
    "second auction solar", "Nakhchivan renewables", "Offshore wind MoU",
    "Masdar 10 GW framework (phase 1: 4 GW, phase 2: 6 GW)", "Fortescue/other MoU", "small hydro",
    "Chinese intergovernmental projects", "Hyrasia One", "9 RES projects (5 wind, 2 hydro, 2 solar)",
    "Karatau (Nukus) wind", "Sazagan/Nurobod solar + BESS",
    "starts in 2025: 4 solar 475, 2 wind 2300 MW ... total 3508 MW",
    "CfD auction awards 2023-25", "large hydro candidates", "Toru-Aygyr/Kuroo solar-wind",
}  # fmt: skip
# Running or under construction: in the tables without a project.
STANDING = (
    "operating",
    "construction",
    "construction start 2026",
    "construction, first panel Oct 2025",
    "construction, 2 units",
)
MAY_RUN = ("onwind", "solar", "hydro")


def levers(project: str) -> list[Lever]:
    return [lever for lever in levers_of(middle_corridor()) if lever.owner == f"project:{project}"]


def rows(project: str) -> list[dict[str, object]]:
    return [dict(lever.value) for lever in levers(project) if isinstance(lever.value, tuple)]


def plants(project: str) -> list[dict[str, object]]:
    """Its rows without batteries."""
    return [row for row in rows(project) if row["carrier"] != "battery"]


def first_year(project: str) -> int:
    return int(float(str(rows(project)[0]["build_year"])))


@cache
def with_all(year: int) -> State:
    scenario = Scenario("plants", include=tuple(f"project:{project}" for project in PLANTS))
    return state(middle_corridor(), resolve(middle_corridor(), scenario), year)


@cache
def network_with_all(year: int) -> pypsa.Network:
    return network(with_all(year))


@pytest.mark.parametrize("project", PLANTS)
def test_a_plant_lands_in_its_zone_with_its_capacity_once_it_is_built(project: str) -> None:
    year = next(year for year in (2030, 2035, 2040) if year >= first_year(project))
    made = network_with_all(year)
    for lever, row in zip(levers(project), rows(project), strict=True):
        static = made.components[TABLES[lever.table]].static
        bus, capacity, grows = static.loc[row["name"], ["bus", "p_nom", "p_nom_extendable"]]
        assert (bus, capacity, grows) == (row["bus"], float(str(row["p_nom"])), False)


@pytest.mark.parametrize("project", PLANTS)
def test_weather_runs_a_plant_and_fuel_does_not(project: str) -> None:
    made = network_with_all(2040)
    for row in plants(project):
        assert bool(row.get("profile")) == (row["carrier"] in MAY_RUN)
        if row["carrier"] in ("onwind", "solar"):
            mean = middle_corridor()["power.profiles"].set_index("name")["mean_pu"][str(row["profile"])]
            assert made.components["Generator"].dynamic["p_max_pu"][row["name"]].mean() == pytest.approx(mean, rel=0.04)
        if row["carrier"] == "hydro":
            weights = made.snapshot_weightings["generators"]
            water = made.components["StorageUnit"].dynamic["inflow"][row["name"]] @ weights / 1e6
            assert water == pytest.approx(float(str(row["inflow_twh_per_year"])), rel=1e-6)


@pytest.mark.parametrize("project", PLANTS)
def test_no_row_stands_before_its_year_and_the_project_ends_then(project: str) -> None:
    (row,) = middle_corridor()["projects"].query("project == @project").to_dict("records")
    assert (row["kind"], str(row["build_to"])[:4]) == ("power", str(first_year(project)))
    before = with_all(first_year(project) - 1)
    for lever, inserted in zip(levers(project), rows(project), strict=True):
        assert inserted["project"] == project
        assert inserted["build_year"] == rows(project)[0]["build_year"]
        assert inserted["name"] not in set(before[lever.table]["name"])


@pytest.mark.parametrize("year", [2025, 2030, 2035, 2040])
def test_the_base_is_the_same_with_the_plants_in_the_tables_and_without(year: int) -> None:
    whole = middle_corridor()
    own = whole["levers"]["owner"].isin([f"project:{project}" for project in PLANTS])
    fewer = whole.replace(levers=whole["levers"].loc[~own].reset_index(drop=True))
    without = state(fewer, resolve(fewer), year)
    assert own.sum() == 11
    assert power_key([base_state(year)], "weeks") == power_key([without], "weeks")


def test_cables_are_tried_as_before_for_a_plant_is_no_cable() -> None:
    keys = {candidate.key.partition("/")[0] for candidate in candidates(middle_corridor())}
    assert keys == {f"P{number}" for number in range(38, 47)}


def test_the_page_on_power_lists_each_plant_as_its_levers_say() -> None:
    text = (ROOT / "docs" / "method" / "power.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(P\d+)` \| [^|]+ \| ([\d,; ]+) \| `(\w+)` \| (\d{4}) \|", text, re.MULTILINE)
    listed = {
        key: ([float(mw) for mw in size.replace(",", "").split(";")], zone, int(year)) for key, size, zone, year in told
    }
    assert listed == {
        key: ([float(str(row["p_nom"])) for row in rows(key)], rows(key)[0]["bus"], first_year(key)) for key in PLANTS
    }


@pytest.mark.skipif(not FACTS.is_file(), reason="needs the compilers' fact files beside the repository")
def test_every_row_of_the_facts_stands_in_a_table_or_is_left_out_for_a_reason_and_capacities_add_up() -> None:
    with FACTS.open(encoding="utf-8") as stream:
        facts = {row["project"]: row for row in csv.DictReader(stream)}
    standing = {name for name, row in facts.items() if row["status"] in STANDING}
    assert {*PLANTS.values(), *LEFT_OUT, *standing} == set(facts)
    capex = middle_corridor()["projects"].set_index("project")["capex_musd"]
    for project, name in PLANTS.items():
        told = facts[name]
        assert first_year(project) == int(told["year"]), project
        assert sum(float(str(row["p_nom"])) for row in plants(project)) == float(told["capacity_mw"]), project
        assert told["capex_musd"] == ("" if pd.isna(capex[project]) else f"{capex[project]:g}"), project
    total = sum(float(str(row["p_nom"])) for project in PLANTS for row in plants(project))
    assert total == sum(float(facts[name]["capacity_mw"]) for name in PLANTS.values()) == 17_110


@pytest.mark.slow
def test_plants_whose_weather_costs_nothing_make_no_year_dearer() -> None:
    winds = Scenario("winds", include=tuple(f"project:{project}" for project in ("P48", "P49", "P52", "P53")))
    put_in = state(middle_corridor(), resolve(middle_corridor(), winds), 2035)
    before, after = (running_cost(dispatch(network(made))) for made in (base_state(2035), put_in))
    assert after < before
