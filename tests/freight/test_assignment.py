"""Free flow: what a route costs in a year, and how demand splits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from karvan.corridor.corridor import Corridor
from karvan.freight.assignment import free_flow, pair_demand
from karvan.freight.network.routes import demand_pairs
from karvan.freight.prepare import prepare
from tests.freight.solved import Solved, sequences, set_cells, solve, state_of, with_rows
from tests.worlds import YEAR, demand, limit, use, y_corridor

GATE = {"gateway_group": "upper_sea", "handling_class": "container", "kind": "aversion", "from_year": str(YEAR)}


def constants(*rows: Mapping[str, object], origin: str = "east") -> dict[str, float]:
    """Constant of each way in USD/t, boxes from east to west or back."""
    destination = "west" if origin == "east" else "east"
    box = demand(origin, destination, "goods", "container", 12.0)
    solved = solve(y_corridor(demand=[box], choice=[{**GATE, **row} for row in rows]))
    return dict(zip(sequences(solved.prepared), solved.flow.costs.constant_usd_per_t.tolist(), strict=True))


def sd_by_way(world: Corridor) -> dict[str, float]:
    solved = solve(world)
    return dict(zip(sequences(solved.prepared), solved.flow.costs.sd_hours.tolist(), strict=True))


def of(solved: Solved, gateway: str) -> int:
    return sequences(solved.prepared).index(gateway)


def test_a_route_costs_what_its_arcs_cost() -> None:
    solved = solve(y_corridor())
    upper = of(solved, "upper_sea")
    assert solved.flow.costs.usd_per_t[upper] == pytest.approx(585 / 12)  # 50 + 250 + 125 + 60 + 40 + 60 a TEU
    assert solved.flow.costs.hours[upper] == pytest.approx(12 + 25 + 12.5 + 10 + 20 + 27.84 + 16 + 20)
    assert solved.flow.costs.co2e_kg_per_t[upper] == pytest.approx(1500 * 0.025 + 400 * 0.020 + 3 * 1.5)


def test_the_generalised_cost_is_money_time_unreliability_and_constant() -> None:
    solved = solve(y_corridor(choice=[{**GATE, "gateway_group": "berths", "constant_usd_per_teu": 24.0}]))
    lower = of(solved, "berths")
    costs = solved.flow.costs
    hours = costs.hours[lower] + 0.3 * 12.0  # a standard deviation of 12 h at the usual reliability ratio
    assert costs.generalised_usd_per_t[lower] == pytest.approx(costs.usd_per_t[lower] + hours * 2 / 24 + 24 / 12)


def test_a_constant_falls_on_routes_through_its_gateway_only_and_by_the_tonne() -> None:
    assert constants({"constant_usd_per_teu": 24.0}) == pytest.approx({"upper_sea": 2.0, "berths": 0.0})


def test_a_constant_of_one_direction_falls_on_that_heading_only() -> None:
    west, east = ({"direction": d, "constant_usd_per_teu": 24.0} for d in ("westbound", "eastbound"))
    assert constants(west)["upper_sea"] == pytest.approx(2.0)
    assert constants(west, origin="west")["upper_sea"] == 0.0
    assert constants(east, origin="west")["upper_sea"] == pytest.approx(2.0)


def test_a_constant_of_both_directions_falls_once_each_way() -> None:
    for origin in ("east", "west"):
        assert constants({"direction": "both", "constant_usd_per_teu": 24.0}, origin=origin)["upper_sea"] == 2.0


def test_constants_of_one_gateway_add_and_those_of_other_classes_do_not_count() -> None:
    kinds = [{"kind": kind, "constant_usd_per_teu": 12.0} for kind in ("aversion", "sanction")]
    wagons = {"handling_class": "wagon", "constant_usd_per_t": 50.0}
    assert constants(*kinds, wagons)["upper_sea"] == pytest.approx(2.0)


def test_a_constant_of_an_unknown_gateway_changes_nothing() -> None:
    assert set(constants({"gateway_group": "nowhere", "constant_usd_per_teu": 24.0}).values()) == {0.0}


def test_a_resource_counts_once_in_the_spread_of_hours_however_often_it_is_used() -> None:
    uses = [use("berths", link) for link in ("trunk", "to_lower", "lower_ship")]
    found = sd_by_way(y_corridor(uses=uses))
    assert {name.split(">")[-1]: sd for name, sd in found.items()} == {"berths": 12.0, "upper_sea": 12.0}


def test_spreads_of_two_resources_add_as_independent_ones() -> None:
    rows = [limit("berths", 1e6, sd_hours=12.0), limit("cranes", 1e6, sd_hours=5.0)]
    found = sd_by_way(y_corridor(resources=rows, uses=[use("berths", "lower_ship"), use("cranes", "lower_ship")]))
    assert found == pytest.approx({"berths": 13.0, "upper_sea": 0.0})


def test_served_and_unserved_make_the_demand() -> None:
    flow = solve(y_corridor()).flow
    assert flow.kt.sum() + flow.demand_kt[0] * flow.shares.outside[0] == pytest.approx(120.0, abs=1e-12)
    assert flow.units.sum() == pytest.approx(flow.teu.sum())


def test_a_link_closed_in_a_year_carries_nothing_in_that_year() -> None:
    rows = [{**demand("east", "west", "goods", "container", 120.0), "year": year} for year in (YEAR - 1, YEAR)]
    world = set_cells(y_corridor(YEAR - 1, demand=rows), "links", ["to_lower"], open_from=str(YEAR))
    early, base = state_of(world, YEAR - 1), state_of(world)
    prepared = prepare([early, base], base, [base], demand_pairs([base]))
    lower = next(i for i, name in enumerate(sequences(prepared)) if "berths" in name)
    assert free_flow(prepared, early).shares.route[lower] == 0.0
    assert free_flow(prepared, base).shares.route[lower] > 0.1


def test_segments_of_one_pair_add_and_a_pair_without_demand_that_year_has_none() -> None:
    sizes = (("all", 120.0), ("b", 30.0))
    rows = [{**demand("east", "west", "goods", "container", kt), "segment": name} for name, kt in sizes]
    last_year = {**demand("west", "east", "goods", "container", 9.0), "year": YEAR - 1}
    segments = [{"segment": s, "name": s} for s in ("all", "b")]
    world = y_corridor(YEAR - 1, demand=[*rows, last_year], segments=segments)
    states = [state_of(world, YEAR - 1), state_of(world)]
    prepared = prepare(states, states[1], states[1:], demand_pairs(states))
    assert pair_demand(prepared, states[1]).kt.tolist() == pytest.approx([150.0, 0.0])


def test_boxes_that_are_not_told_follow_from_the_tonnes() -> None:
    solved = solve(y_corridor(demand=[{**demand("east", "west", "goods", "container", 120.0), "teu": 0.0}]))
    assert solved.flow.demand_teu.tolist() == pytest.approx([10_000.0])


def test_a_row_that_is_boxed_in_part_loads_resources_with_all_its_cargo() -> None:
    """120 kt in 1,000 TEU would be 120 t a box: those boxes are told, but 10,000 of 12 t load the berths."""
    partly = {**demand("east", "west", "goods", "container", 120.0), "teu": 1000.0}
    solved = solve(y_corridor(demand=[partly]))
    demanded = pair_demand(solved.prepared, solved.state)
    assert [float(part[0]) for part in demanded] == pytest.approx([120.0, 1000.0, 10_000.0])


def test_only_the_row_that_is_boxed_in_part_is_filled_up() -> None:
    told = demand("east", "west", "goods", "container", 120.0)
    heavy = {**told, "segment": "heavy", "kt": 58.0, "teu": 2000.0}  # 29 t a TEU: heavy boxes, but boxes
    partly = {**told, "segment": "partly", "kt": 12.0, "teu": 100.0}
    segments = [{"segment": s, "name": s} for s in ("all", "heavy", "partly")]
    solved = solve(y_corridor(demand=[told, heavy, partly], segments=segments))
    assert pair_demand(solved.prepared, solved.state).units[0] == pytest.approx(10_000 + 2000 + 1000)


def test_wagons_count_tonnes() -> None:
    state = state_of(with_rows(y_corridor(), "demand", demand("east", "upper", "metals", "wagon", 5.0)))
    prepared = prepare([state], state, [state], demand_pairs([state]), ["upper"])
    assert np.sort(pair_demand(prepared, state).units).tolist() == pytest.approx([5000.0, 10_000.0])
