"""Cables put in and taken out, by hand calculation on two zones joined by a cable of 60 MW that loses a tenth."""

from __future__ import annotations

import json
from functools import cache

import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Outcome
from karvan.errors import DataError, ScenarioError
from karvan.study.power.candidates import candidates
from karvan.study.power.sheets import SheetOptions, cable_sheets
from tests.power.worlds import two_zones
from tests.worlds import SOURCE, YEAR, frame

HOURS = 8760
MORE = {"bus0": "east", "bus1": "west", "carrier": "DC", "p_min_pu": 0.0, "efficiency": 1.0, **SOURCE}


def lever(key: str, owner: str, name: str, mw: float) -> dict[str, object]:
    row = json.dumps({**MORE, "name": name, "p_nom": mw, "build_year": YEAR})
    return {"lever": key, "owner": owner, "table": "power.links", "operation": "insert", "value": row,
            "from": str(YEAR), "pending": False}  # fmt: skip


@cache
def world() -> Corridor:
    """A second cable of 20 MW, or 40 in a variant; 1 MUSD in the year before, for ten years."""
    cost = {"capex_musd": 1.0, "opex_musd_per_year": 0.0, "life_years": 10.0, "sponsor": "builders", "kind": "power"}
    projects = [{"project": "P2", "variant": variant, "name": "second", "build_from": str(YEAR - 1), **cost}
                for variant in ("", "large")]  # fmt: skip
    numbers = {"discount_rate": 0.05, "gas_export_usd_per_thousand_m3": 200.0, "gas_mwh_per_thousand_m3": 10.0}
    rows = [{"parameter": name, "value": value, "unit": "1", "description": name} for name, value in numbers.items()]
    projects.append({"project": "P1", "name": "first"})
    levers = [lever("W1", "project:P2", "second", 20.0), lever("W2", "project:P2/large", "second", 40.0)]
    tables = {"projects": projects, "levers": levers, "parameters": rows}
    return two_zones().replace(**{name: frame(name, listed) for name, listed in tables.items()})


@cache
def sheets() -> Outcome:
    return cable_sheets(world(), options=SheetOptions(years=(YEAR,)))


def test_a_cable_put_in_gains_what_the_dear_plant_no_longer_costs() -> None:
    made = sheets()["power.cables"].query("test == 'put_in'").set_index("project")
    # 20 MW more move 20 MW from 50 to 10 USD/MWh; 40 in the variant.
    assert made["benefit_musd"].tolist() == pytest.approx([20 * 40 * HOURS / 1e6, 40 * 40 * HOURS / 1e6])
    assert made["forward_twh"].tolist() == pytest.approx([20 * HOURS / 1e6, 40 * HOURS / 1e6])
    assert made["value_usd_per_mw"].tolist() == pytest.approx([40 * HOURS] * 2)


def test_only_main_variants_are_taken_out() -> None:
    rows = sheets()["power.cables"].query("test == 'take_out'")
    assert rows["project"].tolist() == ["P2"]
    assert rows["benefit_musd"].tolist() == pytest.approx([20 * 40 * HOURS / 1e6])


def test_gains_of_countries_add_up_to_the_gain_of_all() -> None:
    summed = sheets()["power.cable_countries"].groupby(["project", "test"])["net_musd"].sum()
    whole = sheets()["power.cables"].set_index(["project", "test"])["benefit_musd"]
    assert summed.sort_index().tolist() == pytest.approx(whole.sort_index().tolist(), rel=1e-6)


def test_the_life_of_a_cable_comes_to_its_gains_less_its_capex() -> None:
    made = sheets()["appraisal.indicators"].query("project == 'P2' and party == 'all'").set_index("indicator")["value"]
    gain = 20 * 40 * HOURS / 1e6
    worth = gain * (1 - 1.05**-10) / 0.05
    assert made["npv_musd"] == pytest.approx(worth - 1.0)
    assert made["switching_value"] == pytest.approx(worth)
    assert made["eirr"] > 1.0


def test_the_spread_that_pays_is_the_annuity_over_the_energy_carried() -> None:
    made = sheets()["power.cables"].query("test == 'put_in'").set_index("project")
    annuity = 1.0 * 0.05 / (1 - 1.05**-10)
    assert made.loc["P2", "break_even_spread_usd_per_mwh"] == pytest.approx(annuity * 1e6 / (20 * HOURS))


def test_a_cable_of_the_scenario_is_not_there_before_it_is_put_in() -> None:
    again = cable_sheets(world(), Scenario(include=("project:P2/large",)), SheetOptions(("P2",), (YEAR,)))
    assert again["power.cables"]["benefit_musd"].tolist() == pytest.approx([20 * 40 * HOURS / 1e6] * 2)


def test_an_unknown_cable_is_refused_with_those_there_are() -> None:
    with pytest.raises(ScenarioError, match="P2, P2/large"):
        candidates(world(), ("P9",))


def test_a_corridor_without_the_price_of_gas_says_which_row_to_add() -> None:
    bare = world().replace(parameters=frame("parameters", [{"parameter": "discount_rate", "value": 0.05}]))
    with pytest.raises(DataError, match="add a row gas_export_usd_per_thousand_m3"):
        cable_sheets(bare, options=SheetOptions(years=(YEAR,)))


def test_a_cable_that_stands_after_the_last_year_is_named() -> None:
    loads = world()["power.loads"]
    earlier = world().replace(**{"power.loads": pd.concat([loads, loads.assign(year=YEAR - 1)], ignore_index=True)})
    told = cable_sheets(earlier, options=SheetOptions(("P2",), (YEAR - 1,)))
    assert told["power.cables"].empty
    assert "P2 stands after the last year" in told.warnings[0]


def test_years_without_load_are_refused_with_those_that_have_one() -> None:
    with pytest.raises(DataError, match="1800") as refused:
        cable_sheets(world(), options=SheetOptions(("P2",), (1800, YEAR)))
    assert [problem.expected for problem in refused.value.problems] == [f"years with load: {YEAR}"]


def test_a_cable_without_price_or_life_is_tried_and_not_appraised() -> None:
    projects = world()["projects"].assign(capex_musd=float("nan"), life_years=float("nan"))
    told = cable_sheets(world().replace(projects=projects), options=SheetOptions(("P2",), (YEAR,)))
    assert told["power.cables"]["break_even_spread_usd_per_mwh"].isna().all()
    assert told["appraisal.indicators"].empty
    assert "P2: projects.csv has no capex" in told.warnings[0]
