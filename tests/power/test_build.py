"""The network that stands for a state."""

from __future__ import annotations

import pytest

from karvan.errors import DataError
from karvan.power import network
from karvan.power.horizon import whole_year
from tests.power.worlds import TWH_OF_100_MW, in_year, two_zones
from tests.worlds import YEAR, frame, two_links


def test_weights_of_costs_add_up_to_a_year_and_those_of_stores_are_a_step() -> None:
    weights = network(in_year(two_zones())).snapshot_weightings
    assert weights["objective"].sum() == pytest.approx(8760)
    assert weights["generators"].sum() == pytest.approx(8760)
    assert set(weights["stores"]) == {3.0}


def test_the_weeks_hold_the_energy_of_the_year() -> None:
    made = network(in_year(two_zones()))
    energy = made.snapshot_weightings["generators"] @ made.components["Load"].dynamic["p_set"]
    assert energy["west"] / 1e6 == pytest.approx(TWH_OF_100_MW, rel=1e-9)


def test_owner_country_and_project_stand_beside_the_columns_of_pypsa() -> None:
    made = network(in_year(two_zones()))
    plants, links = made.components["Generator"].static, made.components["Link"].static
    assert plants.loc["cheap", ["owner", "country"]].tolist() == ["easterners", "AAA"]
    assert links.loc["cable", ["country", "project"]].tolist() == ["AAA|BBB", "P1"]
    assert made.meta == {"corridor": "two-links", "year": YEAR, "seed": 1}


def test_a_lossy_link_that_runs_both_ways_becomes_two() -> None:
    links = network(in_year(two_zones())).components["Link"].static
    assert links.loc["cable:back", ["bus0", "bus1"]].tolist() == ["west", "east"]
    assert links["p_min_pu"].tolist() == [0.0, 0.0]


def test_a_lossless_link_without_charge_stays_one() -> None:
    cable = {"name": "cable", "bus0": "east", "bus1": "west", "carrier": "DC", "p_nom": 60.0, "p_min_pu": -1.0}
    assert list(network(in_year(two_zones(links=[cable]))).components["Link"].static.index) == ["cable"]


def test_a_cable_that_works_nine_tenths_of_the_year_carries_nine_tenths() -> None:
    cable = {"name": "c", "bus0": "east", "bus1": "west", "carrier": "DC", "p_nom": 60.0, "availability": 0.9}
    assert network(in_year(two_zones(links=[cable]))).components["Link"].static.loc["c", "p_max_pu"] == 0.9


def test_a_plant_stands_from_its_first_year_to_the_end_of_its_life() -> None:
    plant = {"bus": "east", "carrier": "gas", "p_nom": 1.0, "marginal_cost": 1.0, "build_year": YEAR, "lifetime": 2.0}
    load = [{"name": "east", "bus": "east", "year": year, "twh": 0.1, "profile": "flat",
             "value_of_lost_load_usd_per_mwh": 1.0} for year in range(YEAR - 1, YEAR + 3)]  # fmt: skip
    world = two_zones(generators=[{**plant, "name": "plant"}], loads=load)
    stands = [
        "plant" in network(in_year(world, year)).components["Generator"].static.index
        for year in range(YEAR - 1, YEAR + 3)
    ]
    assert stands == [False, True, True, False]


def test_a_year_without_loads_says_which_years_there_are() -> None:
    with pytest.raises(DataError, match=f"no load in 2030; the table has {YEAR}"):
        network(in_year(two_zones(), 2030))


def test_a_corridor_without_zones_says_which_table_is_missing() -> None:
    with pytest.raises(DataError, match="no power system"):
        network(in_year(two_links()))


def test_a_stated_peak_is_the_highest_hour_and_leaves_the_energy() -> None:
    day = "|".join(str(1 + 0.2 * (hour == 19)) for hour in range(24))
    shape = {"name": "flat", "kind": "load", "utc_offset_h": 0.0, "winter_day": day}
    load = {"name": "west", "bus": "west", "year": YEAR, "twh": TWH_OF_100_MW, "profile": "flat", "peak_mw": 150.0,
            "value_of_lost_load_usd_per_mwh": 1.0}  # fmt: skip
    made = network(in_year(two_zones(profiles=[shape], loads=[load])), whole_year())
    demand = made.components["Load"].dynamic["p_set"]["west"]
    assert (demand.max(), demand.mean()) == (pytest.approx(150.0), pytest.approx(100.0))


def test_a_cost_in_another_currency_is_turned_into_dollars_of_the_price_year() -> None:
    plant = {"name": "new", "bus": "west", "carrier": "gas", "p_nom": 0.0, "p_nom_extendable": True,
             "discount_rate": 0.1, "marginal_cost": 1.0, "overnight_cost": 1000.0, "lifetime": 20.0, "currency": "EUR",
             "currency_year": 2020}  # fmt: skip
    rates = [{"currency": "EUR", "year": 2020, "usd_per_unit": 1.2, "deflator": 0.8},
             {"currency": "USD", "year": YEAR, "usd_per_unit": 1.0, "deflator": 1.0}]  # fmt: skip
    world = two_zones(generators=[plant]).replace(rates=frame("rates", rates))
    plants = network(in_year(world)).components["Generator"].static
    assert plants.loc["new", "overnight_cost"] == pytest.approx(1000 * 1.2 / 0.8)


def test_a_currency_without_a_rate_in_its_year_names_the_row() -> None:
    plant = {"name": "new", "bus": "west", "carrier": "gas", "p_nom": 0.0, "marginal_cost": 1.0, "overnight_cost": 1.0,
             "currency": "EUR", "currency_year": 1999}  # fmt: skip
    with pytest.raises(DataError) as caught:
        network(in_year(two_zones(generators=[plant])))
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.value) == ("power/generators.csv", 2, "('EUR', 1999)")
