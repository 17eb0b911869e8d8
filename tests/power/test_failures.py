"""A line that fails for one hour, by hand on two zones."""

from __future__ import annotations

import pytest

from karvan.power import network
from karvan.power.failures import failures
from karvan.power.solve import dispatch
from tests.power.worlds import in_year, two_zones

PLANT = {"carrier": "gas", "p_nom": 300.0}
CHEAP = {**PLANT, "name": "cheap", "bus": "east", "marginal_cost": 10.0}
SMALL = {**PLANT, "name": "small", "bus": "west", "p_nom": 60.0, "marginal_cost": 50.0}
STORE = {"name": "store", "bus": "west", "carrier": "battery", "p_nom": 20.0, "max_hours": 2.0,
         "p_min_pu": -1.0, "efficiency_store": 1.0, "efficiency_dispatch": 1.0}  # fmt: skip


def test_what_arrived_and_no_plant_can_replace_is_missed_in_every_hour() -> None:
    # 54 MW arrive beside 46 of the small plant, which has 14 more: 40 are missed.
    told = failures(dispatch(network(in_year(two_zones(generators=[CHEAP, SMALL])))), ("cable",))
    assert set(told["bus"]) == {"west"}
    assert told["weight_h"].sum() == pytest.approx(8760)
    assert told["unserved_mw"].tolist() == pytest.approx([40.0] * len(told))
    assert told["carried_mw"].tolist() == pytest.approx([60.0] * len(told))


def test_a_line_that_other_plants_can_replace_is_missed_in_no_hour() -> None:
    assert failures(dispatch(network(in_year(two_zones()))), ("cable",)).empty


def test_a_line_that_carries_nothing_is_missed_by_nobody() -> None:
    spare = {"name": "spare", "bus0": "west", "bus1": "east", "carrier": "DC", "p_nom": 60.0, "efficiency": 1.0}
    cable = {**spare, "name": "cable", "bus0": "east", "bus1": "west", "efficiency": 0.9, "p_min_pu": -1.0}
    solved = dispatch(network(in_year(two_zones(generators=[CHEAP, SMALL], links=[cable, spare]))))
    assert failures(solved, ("spare",)).empty


def test_storage_gives_at_most_what_it_held_before_the_hour() -> None:
    solved = dispatch(network(in_year(two_zones(generators=[CHEAP, SMALL], storage_units=[STORE]))))
    level = solved.components["StorageUnit"].dynamic["state_of_charge"]["store"]
    held = level.shift(1).fillna(level.iloc[-1])
    told = failures(solved, ("cable",)).set_index("snapshot")["unserved_mw"]
    stamps = [f"{time:%Y-%m-%dT%H:%MZ}" for time in solved.snapshots]
    given = (held / 3.0).clip(upper=20.0).to_numpy()
    assert told[stamps].to_numpy() == pytest.approx(40.0 - given, abs=1e-6)
