"""Outcome tables of two zones, by hand calculation: 160 MW cheap, 46 MW dear, 60 MW sent of which 54 arrive."""

from __future__ import annotations

import math
from functools import cache

import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.power import network
from karvan.power.results.tables import power_tables
from karvan.power.solve import dispatch, expand
from tests.power.worlds import in_year, two_zones

HOURS = 8760
PV = {"name": "pv", "bus": "east", "carrier": "solar", "p_nom": 40.0, "marginal_cost": 0.0}


def solved(corridor: Corridor) -> dict[str, pd.DataFrame]:
    made = in_year(corridor)
    return power_tables(made, dispatch(network(made)))


@cache
def plain() -> dict[str, pd.DataFrame]:
    return solved(two_zones())


def test_the_balance_of_a_zone_names_plants_load_and_exchange() -> None:
    east = plain()["power.balance"].query("bus == 'east'").set_index("carrier")["twh"] * 1e6 / HOURS
    assert east[["gas", "load", "exchange", "unserved"]].tolist() == pytest.approx([160, -100, -60, 0], abs=1e-9)


def test_a_way_that_is_two_links_in_the_network_is_one_line() -> None:
    (line,) = plain()["power.lines"].to_dict("records")
    assert (line["line"], line["capacity_mw"], line["binding_hours"]) == ("cable", 60.0, pytest.approx(HOURS))
    assert [line[name] * 1e6 / HOURS for name in ("forward_twh", "back_twh", "loss_twh")] == pytest.approx([60, 0, 6])


def test_rent_is_what_is_received_at_one_price_less_what_is_sent_at_the_other() -> None:
    (line,) = plain()["power.lines"].to_dict("records")
    assert line["rent_usd"] == pytest.approx((54 * 50 - 60 * 10) * HOURS)


def test_one_more_megawatt_saves_what_the_plant_at_its_end_costs_less_what_it_takes() -> None:
    (line,) = plain()["power.lines"].to_dict("records")
    assert line["value_usd_per_unit"] == pytest.approx((0.9 * 50 - 10) * HOURS)
    wider = {"name": "cable", "bus0": "east", "bus1": "west", "carrier": "DC", "p_nom": 61.0, "p_min_pu": -1.0,
             "efficiency": 0.9}  # fmt: skip
    gain = solved(two_zones(links=[wider]))["power.countries"]["net_musd"].sum()
    assert gain - plain()["power.countries"]["net_musd"].sum() == pytest.approx(line["value_usd_per_unit"] / 1e6)


def test_rent_is_halved_between_the_countries_of_its_ends() -> None:
    assert plain()["power.countries"]["rents_musd"].tolist() == pytest.approx([1050 * HOURS / 1e6] * 2)


def test_what_is_sold_abroad_is_told_by_month_with_its_value_at_the_border_of_the_buyer() -> None:
    sold = plain()["power.exports"]
    assert set(zip(sold["from_country"], sold["to_country"], strict=True)) == {("AAA", "BBB")}
    assert sold["twh"].sum() * 1e6 == pytest.approx(54 * HOURS)
    assert sold["revenue_musd"].sum() == pytest.approx(54 * 50 * HOURS / 1e6)


def test_carbon_is_charged_at_the_border_of_a_zone_that_prices_it_and_moves_no_flow() -> None:
    base = two_zones()
    carriers = base["power.carriers"].assign(co2_emissions=[0.0, 0.0, 0.2, 0.0, 0.0])
    buses = base["power.buses"].assign(carbon_border_usd_per_t=[math.nan, 80.0])
    sold = solved(base.replace(power__carriers=carriers, power__buses=buses))["power.exports"]
    assert sold["carbon_border_musd"].sum() == pytest.approx(54 * 0.2 * 80 * HOURS / 1e6)
    assert sold["twh"].sum() == pytest.approx(plain()["power.exports"]["twh"].sum())


def test_renewables_match_exports_by_the_hour_at_most_as_far_as_they_run() -> None:
    sun = [1.0 if 6 <= hour < 18 else 0.0 for hour in range(24)]
    shape = {"name": "day", "kind": "availability", "utc_offset_h": 0.0, "mean_pu": 0.5,
             "winter_day": "|".join(map(str, sun))}  # fmt: skip
    flat = {"name": "flat", "kind": "load", "utc_offset_h": 0.0}
    plants = [{"name": "cheap", "bus": "east", "carrier": "gas", "p_nom": 300.0, "marginal_cost": 10.0},
              {"name": "dear", "bus": "west", "carrier": "gas", "p_nom": 300.0, "marginal_cost": 50.0},
              {**PV, "profile": "day"}]  # fmt: skip
    world = two_zones(generators=plants, profiles=[flat, shape], carriers=[
        *({"name": name} for name in ("AC", "DC", "gas")), {"name": "solar", "renewable": True}])  # fmt: skip
    sold = solved(world)["power.exports"]
    # 40 MW for half of the hours: 20 MW in the mean cover 20 of 54 by the year and by the hour alike.
    assert sold["renewable_hourly_twh"].sum() * 1e6 / HOURS == pytest.approx(20.0)
    assert sold["renewable_yearly_twh"].sum() * 1e6 / HOURS == pytest.approx(20.0)


def test_what_an_expansion_adds_costs_its_country_capital() -> None:
    new = {"name": "new", "bus": "west", "carrier": "onwind", "p_nom": 0.0, "p_nom_extendable": True,
           "marginal_cost": 5.0, "capital_cost": 1000.0}  # fmt: skip
    cheap = {"name": "cheap", "bus": "east", "carrier": "gas", "p_nom": 300.0, "marginal_cost": 10.0}
    made = in_year(two_zones(generators=[cheap, new]))
    tables = power_tables(made, dispatch(expand(network(made))))
    capital = tables["power.countries"].set_index("country")["capital_musd"]
    # The west builds for its own 100 MW and for the 60 that the cable takes; 54 arrive, gas gives the last 46.
    assert capital["BBB"] == pytest.approx(-160 * 1000 / 1e6)


def test_load_that_is_not_served_is_told_by_zone_and_hour() -> None:
    cheap = {"name": "cheap", "bus": "east", "carrier": "gas", "p_nom": 300.0, "marginal_cost": 10.0}
    tables = solved(two_zones(generators=[cheap]))
    missing = tables["power.prices"].query("bus == 'west'")
    assert missing["unserved_mw"].tolist() == pytest.approx([46.0] * 224)
    assert set(missing["usd_per_mwh"].round(6)) == {3000.0}
    assert tables["power.countries"].set_index("country").loc["BBB", "unserved_gwh"] == pytest.approx(46 * HOURS / 1e3)
