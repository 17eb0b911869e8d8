"""What a solved network of two zones answers, by hand calculation."""

from __future__ import annotations

from typing import Any

import pytest

from karvan.errors import InfeasibleError, RangeError
from karvan.power import network
from karvan.power.solve import dispatch, dispatch_in_windows, expand, fixed, running_cost
from tests.power.worlds import in_year, two_zones

NEW = {"name": "new", "bus": "west", "carrier": "gas", "p_nom": 0.0, "p_nom_extendable": True, "marginal_cost": 5.0,
       "capital_cost": 0.0}  # fmt: skip


def _static(made: Any, kind: str) -> Any:
    return made.components[kind].static


def _dynamic(made: Any, kind: str, name: str) -> Any:
    return made.components[kind].dynamic[name]


def test_the_cable_is_full_and_what_it_loses_is_lost() -> None:
    solved = dispatch(network(in_year(two_zones())))
    output = _dynamic(solved, "Generator", "p").iloc[0]
    # 60 MW leave the east and 54 arrive: 160 MW cheap, 46 MW dear.
    assert output[["cheap", "dear"]].tolist() == pytest.approx([160.0, 46.0])
    assert running_cost(solved) == pytest.approx((160 * 10 + 46 * 50) * 8760)


def test_prices_are_those_of_the_plant_that_serves_one_more() -> None:
    prices = _dynamic(dispatch(network(in_year(two_zones()))), "Bus", "marginal_price")
    assert prices[["east", "west"]].iloc[5].tolist() == pytest.approx([10.0, 50.0])


def test_running_both_ways_gives_no_energy_and_no_money() -> None:
    cable = {"name": "c", "bus0": "west", "bus1": "east", "carrier": "DC", "p_nom": 60.0, "p_min_pu": -1.0,
             "efficiency": 0.9, "marginal_cost": 4.0}  # fmt: skip
    solved = dispatch(network(in_year(two_zones(links=[cable]))))
    assert running_cost(solved) == pytest.approx((160 * 10 + 46 * 50 + 60 * 4) * 8760)


def test_a_system_that_cannot_serve_says_where_and_how_much() -> None:
    plant = {"name": "cheap", "bus": "east", "carrier": "gas", "p_nom": 130.0, "marginal_cost": 10.0}
    missing = _dynamic(dispatch(network(in_year(two_zones(generators=[plant])))), "Generator", "p").iloc[0]
    # Of 130 MW the east keeps 100; of the 30 sent 27 arrive in the west, which lacks 73.
    assert missing["east:unserved"] + missing["west:unserved"] == pytest.approx(73.0)


def test_least_outputs_above_all_load_name_the_zone() -> None:
    plant = {"name": "stiff", "bus": "east", "carrier": "gas", "p_nom": 900.0, "p_min_pu": 1.0, "marginal_cost": 1.0}
    with pytest.raises(InfeasibleError, match="forced in east"):
        dispatch(network(in_year(two_zones(generators=[plant]))))


def test_a_dispatch_leaves_the_network_as_it_was() -> None:
    made = network(in_year(two_zones()))
    before = _static(made, "Generator").copy()
    dispatch(made)
    assert _static(made, "Generator").equals(before)
    assert _dynamic(made, "Generator", "p").empty


def test_a_dispatch_adds_nothing_that_may_be_added() -> None:
    world = two_zones(generators=[NEW, {**NEW, "name": "old", "p_nom_extendable": False, "p_nom": 300.0}])
    solved = dispatch(network(in_year(world)))
    assert _dynamic(solved, "Generator", "p").sum().get("new", 0.0) == 0.0
    assert _static(solved, "Generator").loc["new", "p_nom"] == 0.0


def test_an_expansion_builds_what_pays_and_its_dispatch_runs_it() -> None:
    # A MW that runs all year saves 45 USD/MWh x 8,760 h = 394,200 USD in the west and costs less.
    dear = {"name": "dear", "bus": "west", "carrier": "gas", "p_nom": 300.0, "marginal_cost": 50.0}
    world = two_zones(generators=[dear, {**NEW, "capital_cost": 390_000.0}], links=[])
    world = world.replace(power__loads=world["power.loads"].iloc[1:].reset_index(drop=True))
    grown = expand(network(in_year(world)))
    assert _static(grown, "Generator").loc["new", "p_nom_opt"] == pytest.approx(100.0)
    assert running_cost(dispatch(fixed(grown))) == pytest.approx(100 * 5 * 8760)


def test_what_costs_more_than_it_saves_is_not_built() -> None:
    dear = {"name": "dear", "bus": "west", "carrier": "gas", "p_nom": 300.0, "marginal_cost": 50.0}
    world = two_zones(generators=[dear, {**NEW, "capital_cost": 400_000.0}])
    # The east has no plant of its own: only its unserved load would pay, through the cable, and dear serves that.
    assert _static(expand(network(in_year(world))), "Generator").loc["new", "p_nom_opt"] == pytest.approx(0.0, abs=1e-6)


def test_both_ways_of_a_cable_are_built_the_same_size_and_paid_once() -> None:
    cable = {"name": "c", "bus0": "east", "bus1": "west", "carrier": "DC", "p_nom": 0.0, "p_nom_extendable": True,
             "p_min_pu": -1.0, "efficiency": 0.9, "capital_cost": 1000.0}  # fmt: skip
    links = _static(expand(network(in_year(two_zones(links=[cable])))), "Link")
    # The west takes 100 MW, so 100 / 0.9 are sent.
    assert links["p_nom_opt"].tolist() == pytest.approx([100 / 0.9, 100 / 0.9])
    assert links["capital_cost"].tolist() == [1000.0, 0.0]


@pytest.mark.slow
def test_windows_cost_what_all_hours_at_once_cost_where_nothing_is_stored() -> None:
    made = network(in_year(two_zones()))
    windows = dispatch_in_windows(made, window_h=60, overlap_h=8)
    assert running_cost(windows) == pytest.approx(running_cost(dispatch(made)), rel=1e-9)


@pytest.mark.slow
def test_a_store_hands_its_energy_from_window_to_window() -> None:
    store = {"name": "dam", "bus": "west", "carrier": "battery", "p_nom": 10.0, "max_hours": 400.0, "p_min_pu": 0.0}
    solved = dispatch_in_windows(network(in_year(two_zones(storage_units=[store]))), window_h=60, overlap_h=8)
    held = _dynamic(solved, "StorageUnit", "state_of_charge")["dam"]
    drawn = _dynamic(solved, "StorageUnit", "p")["dam"] * 3
    assert (held.diff().dropna() + drawn.iloc[1:]).abs().max() == pytest.approx(0.0, abs=1e-6)


def test_windows_refuse_a_plant_bound_to_an_energy_of_the_year() -> None:
    plant = {"name": "few", "bus": "east", "carrier": "gas", "p_nom": 9.0, "marginal_cost": 1.0, "e_sum_max": 10.0}
    with pytest.raises(RangeError, match="few is bound"):
        dispatch_in_windows(network(in_year(two_zones(generators=[plant]))))
