"""Freight and power coupled: trains as load, the grid's emissions as theirs, on two zones and two railways."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.errors import DataError
from karvan.study.power.grid import WithTrains
from karvan.study.power.mix import zone_factors
from karvan.study.power.traction import electric_mwh, feeding_zones, load_levers
from karvan.study.power.years import powered
from karvan.study.run import run
from tests.power.worlds import TWH_OF_100_MW, in_year, two_zones
from tests.worlds import YEAR, frame

DRAWN = 3e-5
GAS: dict[str, Any] = {"name": "gas", "co2_emissions": 0.2}


def electrified(**tables: list[dict[str, Any]]) -> Corridor:
    """The two railways under wire; gas gives 0.2 t of heat, both plants burn it at an efficiency of 1/2."""
    plant = {"carrier": "gas", "p_nom": 300.0, "efficiency": 0.5}
    clean = {"name": "clean", "bus": "west", "carrier": "onwind", "p_nom": 46.0, "marginal_cost": 0.0}
    plants = [{**plant, "name": "cheap", "bus": "east", "marginal_cost": 10.0}, clean,
              {**plant, "name": "dear", "bus": "west", "marginal_cost": 50.0}]  # fmt: skip
    carriers: list[dict[str, Any]] = [*({"name": name} for name in ("AC", "DC", "battery", "onwind")), GAS]
    given: dict[str, list[dict[str, Any]]] = {"generators": plants, "carriers": carriers, **tables}
    world = two_zones(**given)
    row = {"mode": "rail", "traction": "wire", "gco2e_per_tkm": 25.0, "mwh_per_tkm": DRAWN}
    return world.replace(modes=frame("modes", [row]), links=world["links"].assign(traction="wire"))


@cache
def outcome() -> Outcome:
    return run(electrified(), power=WithTrains(lambda states: powered(states, "weeks")))


def drawn_mwh(world: Corridor, flows: pd.DataFrame) -> float:
    km = world["links"].set_index("link")["length_km"]
    return float((flows["kt"] * 1000 * flows["link"].map(km)).sum() * DRAWN)


def test_the_energy_of_the_levers_is_the_electricity_of_all_tonne_kilometres() -> None:
    levers = outcome()["coupling.levers"].query("table == 'power.loads'")
    assert set(levers["operation"]) == {"add"}
    assert levers["value"].sum() * 1e6 == pytest.approx(drawn_mwh(electrified(), outcome()["freight.flows"]), rel=1e-12)


def test_power_is_solved_with_the_trains_on_its_loads() -> None:
    loads = -outcome()["power.balance"].query("carrier == 'load'")["twh"].sum()
    added = outcome()["coupling.levers"].query("table == 'power.loads'")["value"].sum()
    assert loads == pytest.approx(2 * TWH_OF_100_MW + added)


def test_emissions_of_trains_are_those_of_what_their_zones_take() -> None:
    set_to = outcome()["coupling.levers"].query("table == 'modes'")["value"].tolist()
    pairs = outcome()["freight.pairs"]
    km = electrified()["links"]["length_km"].sum()
    plain = run(electrified())["freight.pairs"]
    # The handling of each end stays; what the line emits follows the factor.
    more = (pairs["co2e_kg_per_t"] - plain["co2e_kg_per_t"]).iloc[0]
    assert more == pytest.approx((set_to[0] - 25.0) * km / 1000.0)


def test_what_arrives_carries_the_emissions_of_where_it_comes_from() -> None:
    state = in_year(electrified())
    tables = powered([state], "weeks").tables
    factors = zone_factors(state, tables)
    # 60 MW leave the east at 0.4 t and 54 arrive in the west, beside 46 of wind.
    assert factors["east"] == pytest.approx(0.4)
    assert factors["west"] == pytest.approx(60 * 0.4 / 100)


def test_what_zones_take_carries_all_emissions() -> None:
    state = in_year(electrified())
    tables = powered([state], "weeks").tables
    # What is lost on the way is carried by who takes the rest, so that loads carry everything.
    carried = (zone_factors(state, tables) * pd.Series({"east": TWH_OF_100_MW, "west": TWH_OF_100_MW})).sum()
    assert carried == pytest.approx(tables["power.balance"]["co2_mt"].sum(), rel=1e-6)


def test_a_place_draws_from_the_nearest_zone_of_its_country_unless_another_names_it() -> None:
    world = electrified()
    assert feeding_zones(in_year(world))[["east", "west"]].tolist() == ["east", "west"]
    country = world["places"].set_index("place")["country"]["east"]
    zones = world["power.buses"].assign(country=country, places=["", "east"])
    assert feeding_zones(in_year(world.replace(**{"power.buses": zones})))["east"] == "west"


def test_what_is_drawn_where_no_zone_is_loads_nothing_and_is_told() -> None:
    world = electrified()
    state = in_year(world.replace(**{"power.buses": world["power.buses"].assign(country="ZZZ")}))
    energy = electric_mwh(state, outcome()["freight.flows"])
    assert set(energy["bus"]) == {""}
    assert load_levers(state, energy) == ()
    assert any("elsewhere" in text for text in outcome().warnings)


def test_a_zone_that_feeds_trains_and_has_no_load_is_named() -> None:
    world = electrified()
    without = world.replace(**{"power.loads": world["power.loads"].iloc[1:].reset_index(drop=True)})
    state = in_year(without)
    with pytest.raises(DataError, match="east"):
        load_levers(state, electric_mwh(state, outcome()["freight.flows"]))


def test_freight_is_as_it_was_where_no_year_has_power() -> None:
    loads = electrified()["power.loads"].assign(year=YEAR - 1)
    made = run(electrified().replace(**{"power.loads": loads}), power=WithTrains(powered))
    assert made["coupling.levers"].empty
    pd.testing.assert_frame_equal(made["freight.pairs"], run(electrified())["freight.pairs"])
