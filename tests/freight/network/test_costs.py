"""Costs of arcs: money per unit, hours by kind, emissions, and what each arc takes of a resource."""

from __future__ import annotations

import numpy as np
import pytest

from karvan.corridor.corridor import Corridor
from karvan.freight.network.costs import ArcCosts, arc_costs, boarding_hours, usage
from karvan.freight.network.supernetwork import Supernetwork, build
from tests.freight.solved import arc_of, set_cells, state_of
from tests.worlds import YEAR, demand, frame, two_links, use, y_corridor


def costed(world: Corridor) -> tuple[Supernetwork, ArcCosts]:
    network = build([state_of(world)])
    return network, arc_costs(network, state_of(world))


def transfer_arc(network: Supernetwork, at: str, modes: tuple[str, str], service: str = "") -> int:
    """The transfer of boxes at a place between two modes, to or from a platform of a service."""
    for arc in np.flatnonzero(~network.is_link):
        start, end = network.platforms[network.tail[arc]], network.platforms[network.head[arc]]
        here = network.places["place"].iloc[start.place] == at
        if here and (start.mode, end.mode) == modes and service in {start.service, end.service}:
            return int(arc)
    raise AssertionError("no such transfer")


def test_a_box_pays_half_the_price_of_a_forty_foot_one_and_a_wagon_pays_by_the_tonne() -> None:
    network, costs = costed(two_links())
    assert costs.usd[arc_of(network, "first")] == pytest.approx(250.0)
    assert costs.usd[arc_of(network, "first", "wagon")] == pytest.approx(20.0)


def test_a_box_goes_back_at_the_price_back_where_there_is_one() -> None:
    network, costs = costed(set_cells(two_links(), "links", ["first"], usd_per_feu_back=200.0))
    assert costs.usd[arc_of(network, "first", back=True)] == pytest.approx(100.0)
    assert costs.usd[arc_of(network, "second", back=True)] == pytest.approx(250.0)


def test_the_hours_of_a_border_lie_once_on_the_link_that_crosses_it_by_direction() -> None:
    network, costs = costed(y_corridor())
    assert costs.hours_border[arc_of(network, "to_upper")] == pytest.approx(10.0)
    assert costs.hours_border[arc_of(network, "to_upper", back=True)] == pytest.approx(16.0)
    assert costs.hours_border.sum() == pytest.approx(2 * (10.0 + 16.0 + 8.0 + 8.0))  # containers and wagons


def test_a_border_without_hours_back_takes_as_long_both_ways() -> None:
    world = two_links()
    network, costs = costed(world.replace(borders=world["borders"].assign(hours_back=np.nan)))
    assert costs.hours_border[arc_of(network, "second", back=True)] == pytest.approx(10.0)


def test_boarding_is_half_the_headway_times_one_plus_the_squared_variation() -> None:
    assert boarding_hours(np.array([48.0]), 0.5).tolist() == [30.0]  # 24 x 1.25
    network, costs = costed(y_corridor())
    aboard = transfer_arc(network, "lower", ("rail", "feeder"), "line_lower_ship")
    assert costs.hours_boarding[aboard] == pytest.approx(168 / 2 * (1 + 0.4**2))
    assert costs.hours_handling[aboard] == pytest.approx(20.0)


def test_a_service_is_boarded_once_and_left_without_a_wait() -> None:
    network, costs = costed(y_corridor())
    assert costs.hours_boarding[arc_of(network, "lower_ship")] == 0.0
    assert costs.hours_boarding[transfer_arc(network, "west", ("feeder", "sink"), "line_lower_ship")] == 0.0


def test_a_link_with_a_headway_but_no_service_is_waited_for_on_the_link() -> None:
    network, costs = costed(set_cells(two_links(), "links", ["first"], headway_h=24.0))
    assert costs.hours_boarding[arc_of(network, "first")] == pytest.approx(12 * 1.16)


def test_the_variation_of_headways_is_a_parameter() -> None:
    row = {"parameter": "headway_cv", "value": 0.0, "unit": "1", "description": "regular"}
    network, costs = costed(y_corridor(parameters=[row]))
    aboard = transfer_arc(network, "upper", ("rail", "feeder"), "line_upper_ship")
    assert costs.hours_boarding[aboard] == pytest.approx(24.0)


def test_emissions_are_grams_a_tonne_kilometre_and_kilograms_a_handling() -> None:
    network, costs = costed(y_corridor())
    assert costs.co2e_kg_per_t[arc_of(network, "trunk")] == pytest.approx(25.0)  # 1,000 km at 25 g
    assert costs.co2e_kg_per_t[transfer_arc(network, "upper", ("rail", "feeder"))] == pytest.approx(1.5)


def test_a_stop_costs_nothing() -> None:
    state = state_of(y_corridor())
    network = build([state], ["upper"])
    free = np.flatnonzero(network.row < 0)
    costs = arc_costs(network, state)
    onto_rail = [a for a in free if network.platforms[network.head[a]].mode != "feeder"]
    assert costs.usd[onto_rail].tolist() == [0.0] * len(onto_rail)
    assert costs.hours[onto_rail].tolist() == [0.0] * len(onto_rail)
    assert costs.open[free].all()


def test_values_of_a_year_are_those_of_the_year_and_closed_links_are_not_open() -> None:
    rows = [{**demand("east", "west", "goods", "container", 120.0), "year": year} for year in (YEAR - 1, YEAR)]
    world = set_cells(y_corridor(YEAR - 1, demand=rows), "links", ["to_lower"], open_from=str(YEAR))
    lever = {"lever": "H1", "owner": "history", "table": "links", "where": "link=trunk", "column": "hours"}
    world = world.replace(levers=frame("levers", [{**lever, "operation": "set", "value": "40", "to": str(YEAR - 1)}]))
    before, after = state_of(world, YEAR - 1), state_of(world)
    network = build([after, before])
    bridge, trunk = arc_of(network, "to_lower"), arc_of(network, "trunk")
    assert [bool(arc_costs(network, s).open[bridge]) for s in (before, after)] == [False, True]
    assert [float(arc_costs(network, s).hours[trunk]) for s in (before, after)] == [40.0, 25.0]


def test_values_do_not_depend_on_the_order_of_rows_in_a_state() -> None:
    world = y_corridor()
    turned = world.replace(links=world["links"].iloc[::-1].reset_index(drop=True),
                           transfers=world["transfers"].iloc[::-1].reset_index(drop=True))  # fmt: skip
    network = build([state_of(world)])
    ours, theirs = arc_costs(network, state_of(world)), arc_costs(network, state_of(turned))
    assert np.array_equal(ours.usd, theirs.usd)
    assert np.array_equal(ours.hours, theirs.hours)


def test_an_arc_takes_of_a_resource_by_class_and_direction() -> None:
    rows = [use("berths", "trunk", "forward", units_per_teu=2.0), {**use("berths", "trunk", "back"),
            "handling_class": "wagon", "units_per_t": 0.1, "units_per_teu": None}]  # fmt: skip
    state = state_of(y_corridor(uses=rows))
    network = build([state])
    taken = usage(network, state).toarray()[:, 0]
    assert taken[arc_of(network, "trunk")] == 2.0
    assert taken[arc_of(network, "trunk", back=True)] == 0.0
    assert taken[arc_of(network, "trunk", "wagon", back=True)] == 0.1
    assert taken.sum() == pytest.approx(2.1)


def test_a_transfer_takes_of_a_resource_at_every_platform_of_its_modes() -> None:
    row = {"resource": "berths", "place": "west", "from_mode": "feeder", "to_mode": "zone", "direction": "both"}
    state = state_of(y_corridor(uses=[{**row, "handling_class": "container", "units_per_teu": 1.0}]))
    network = build([state])
    taken = usage(network, state).toarray()[:, 0]
    lines = ("line_upper_ship", "line_lower_ship")
    arcs = [transfer_arc(network, "west", ("feeder", "sink"), line) for line in lines]
    assert taken[arcs].tolist() == [1.0, 1.0]
    assert taken.sum() == 2.0


def test_two_uses_of_one_resource_on_one_link_add() -> None:
    state = state_of(y_corridor(uses=[use("berths", "trunk", "forward"), use("berths", "trunk", "both")]))
    network = build([state])
    assert usage(network, state)[arc_of(network, "trunk"), 0] == 2.0


def test_a_corridor_without_resources_uses_none() -> None:
    state = state_of(two_links())
    network = build([state])
    assert usage(network, state).shape == (network.tail.size, 0)
