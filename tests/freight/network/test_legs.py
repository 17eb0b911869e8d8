"""Legs: what a planner reads, and that they add up to the route."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from karvan.freight.network.legs import countries_of, gateway_groups, gateways_of, leg_table, places_of_legs
from karvan.units import TEU_PER_FEU
from tests.freight.solved import Solved, sequences, solve
from tests.worlds import y_corridor


@pytest.fixture(scope="module", name="solved")
def _solved() -> Solved:
    return solve(y_corridor())


def legs_of(solved: Solved, gateway: str) -> pd.DataFrame:
    route = sequences(solved.prepared).index(gateway)
    return leg_table(solved.prepared.routes, solved.flow.arcs, [route], TEU_PER_FEU, 24.0)


def test_a_leg_lasts_from_one_change_of_platform_to_the_next(solved: Solved) -> None:
    legs = legs_of(solved, "upper_sea")
    assert legs[["from_place", "to_place", "mode", "via"]].to_numpy().tolist() == [
        ["east", "upper", "rail", "fork"],
        ["upper", "west", "feeder", ""],
    ]
    assert legs["length_km"].tolist() == [1500.0, 400.0]
    assert legs["service"].tolist() == ["", "line_upper_ship"]


def test_handling_and_boarding_belong_to_the_leg_that_follows_and_unloading_to_the_last(solved: Solved) -> None:
    legs = legs_of(solved, "upper_sea")
    assert legs["hours_handling"].tolist() == [12.0, 40.0]  # loading; port, then unloading
    assert legs["hours_boarding"].tolist() == pytest.approx([0.0, 27.84])
    assert legs["hours_border"].tolist() == [10.0, 0.0]
    assert legs["hours_moving"].tolist() == [37.5, 16.0]


def test_money_of_a_leg_is_that_of_a_forty_foot_box(solved: Solved) -> None:
    assert legs_of(solved, "upper_sea")["usd"].tolist() == [850.0, 320.0]  # 2 x (50 + 250 + 125), 2 x (60 + 40 + 60)


def test_gateways_stand_on_the_leg_that_passes_them(solved: Solved) -> None:
    assert legs_of(solved, "berths")["gateway_group"].tolist() == ["", "berths"]


@pytest.mark.parametrize("gateway", ["upper_sea", "berths"])
def test_legs_add_up_to_the_totals_of_the_route(solved: Solved, gateway: str) -> None:
    legs, costs = legs_of(solved, gateway), solved.flow.costs
    route = sequences(solved.prepared).index(gateway)
    hours = legs[["hours_moving", "hours_border", "hours_handling", "hours_boarding"]].to_numpy().sum()
    assert hours == pytest.approx(costs.hours[route], rel=1e-12)
    assert legs["usd"].sum() == pytest.approx(costs.usd_per_t[route] * 24.0, rel=1e-12)  # 24 t in two TEU
    assert legs["co2e_kg"].sum() == pytest.approx(costs.co2e_kg_per_t[route] * 24.0, rel=1e-12)


def test_places_countries_and_gateways_of_a_path_are_in_order_each_once(solved: Solved) -> None:
    network, routes = solved.prepared.routes.network, solved.prepared.routes
    route = sequences(solved.prepared).index("berths")
    path = routes.path(route)
    assert places_of_legs(routes).of(route) == ["east", "lower", "west"]
    assert countries_of(routes).of(route) == ["AAA", "CCC", "DDD"]
    assert gateways_of(routes).of(route) == gateway_groups(network, np.concatenate((path, path))) == ["berths"]


def test_no_route_asked_gives_a_table_without_rows_but_with_its_columns(solved: Solved) -> None:
    empty = leg_table(solved.prepared.routes, solved.flow.arcs, [], 1.0, 1.0)
    assert empty.empty
    assert {"route", "leg", "usd", "hours_boarding", "gateway_group"} <= set(empty.columns)
