"""The route set of every pair: one route a sequence of gateway groups, within the bounds, on the union of states."""

from __future__ import annotations

import numpy as np
import pytest

from karvan.corridor.corridor import Corridor
from karvan.freight.network.routes import Pair, RouteSet, demand_pairs, find_routes, units_per_t
from tests.freight.solved import sequences, set_cells, solve, state_of, with_rows
from tests.worlds import YEAR, braess, demand, frame, rail, y_corridor

PAIR = Pair("east", "west", "goods", "container")
BOUND = {"parameter": "detour_bound", "unit": "1", "description": "bound"}


def route_set(world: Corridor, pairs: list[Pair] | None = None) -> RouteSet:
    state = state_of(world)
    return find_routes([state], [state], pairs or [PAIR])


def groups(routes: RouteSet) -> list[str]:
    network = routes.network
    paths = [network.group[routes.path(r)] for r in range(routes.path_start.size - 1)]
    return sorted(">".join(network.groups[g] for g in path if g >= 0) for path in paths)


def test_pairs_are_those_with_demand_in_some_state_each_once() -> None:
    rows = [{**demand("east", "west", "goods", "container", 120.0), "year": year} for year in (YEAR - 1, YEAR)]
    rows += [{**demand("west", "east", "goods", "container", 10.0), "year": YEAR - 1}]
    world = y_corridor(YEAR - 1, demand=rows)
    assert demand_pairs([state_of(world, y) for y in (YEAR - 1, YEAR)]) == [PAIR, Pair("west", "east", *PAIR[2:])]
    assert demand_pairs([state_of(world)]) == [PAIR]


def test_braess_holds_three_ways_with_its_bridge_and_two_without() -> None:
    assert sorted(sequences(solve(braess()).prepared)) == ["first>bridge>last", "first>upper_end", "start_lower>last"]
    assert sorted(sequences(solve(braess(bridge_open=False)).prepared)) == ["first>upper_end", "start_lower>last"]


def test_of_two_ways_through_the_same_gateways_the_cheaper_is_held() -> None:
    world = y_corridor()
    routes = route_set(with_rows(world, "links", rail("slow_trunk", "east", "fork", 1010.0)))
    arcs = routes.path_arcs[routes.network.is_link[routes.path_arcs]]
    assert groups(routes) == ["berths", "upper_sea"]
    assert "slow_trunk" not in routes.network.links["link"].to_numpy()[routes.network.row[arcs]]


def test_a_way_beyond_the_detour_bound_is_not_held() -> None:
    dear = set_cells(y_corridor(), "links", ["to_lower"], usd_per_feu=3000.0)
    assert groups(route_set(dear)) == ["upper_sea"]
    wide = dear.replace(parameters=frame("parameters", [{**BOUND, "value": 5.0}, {**BOUND, "value": 9.0,
                        "parameter": "stretch_factor"}]))  # fmt: skip
    assert groups(route_set(wide)) == ["berths", "upper_sea"]


def test_a_stretch_that_a_shorter_way_replaces_is_not_held() -> None:
    """Fork to Upper by way of Lower is within the bound of the whole route, but no one would drive it."""
    world = y_corridor(parameters=[{**BOUND, "value": 3.0}])
    round_way = rail("round", "lower", "upper", 700.0, gateway_group="round")
    border = {"link": "round", "hours_forward": 0.0, "hours_back": 0.0}
    more = with_rows(with_rows(world, "links", round_way), "borders", border)
    assert groups(route_set(more)) == ["berths", "upper_sea"]
    loose = [{**BOUND, "value": 3.0}, {**BOUND, "parameter": "stretch_factor", "value": 9.0}]
    assert "round>upper_sea" in groups(route_set(more.replace(parameters=frame("parameters", loose))))


def test_a_country_is_entered_twice_only_where_the_line_zigzags() -> None:
    world = set_cells(y_corridor(), "places", ["lower"], country="AAA")
    back_home = set_cells(world, "places", ["fork"], country="EEE")
    assert groups(route_set(back_home)) == ["upper_sea"]
    assert groups(route_set(set_cells(back_home, "links", ["to_lower"], zigzag=True))) == ["berths", "upper_sea"]


def test_a_sequence_keeps_the_route_of_the_first_reference_in_which_it_has_one() -> None:
    rows = [{**demand("east", "west", "goods", "container", 120.0), "year": year} for year in (YEAR - 1, YEAR)]
    world = y_corridor(YEAR - 1, demand=rows)
    other = rail("other_trunk", "east", "fork", 1000.0, usd_per_feu=505.0)
    lever = {"lever": "H1", "owner": "history", "table": "links", "where": "link=trunk", "column": "usd_per_feu"}
    dear = {**lever, "operation": "set", "value": "520", "to": str(YEAR - 1)}
    world = with_rows(with_rows(world, "links", other), "levers", dear)
    early, late = state_of(world, YEAR - 1), state_of(world)
    for references, trunk in (([early, late], "other_trunk"), ([late, early], "trunk")):
        routes = find_routes([late], references, [PAIR])
        links = routes.network.links["link"].to_numpy()[routes.network.row[[routes.path(r)[1] for r in (0, 1)]]]
        assert links.tolist() == [trunk, trunk]


def test_a_second_reference_adds_ways_that_only_its_prices_allow() -> None:
    rows = [{**demand("east", "west", "goods", "container", 120.0), "year": year} for year in (YEAR - 1, YEAR)]
    lever = {"lever": "H1", "owner": "history", "table": "links", "where": "link=to_lower", "column": "usd_per_feu"}
    dear = [{**lever, "operation": "set", "value": "9000", "to": str(YEAR - 1)}]
    world = y_corridor(YEAR - 1, demand=rows, levers=dear)
    early, late = state_of(world, YEAR - 1), state_of(world)
    assert groups(find_routes([late], [early], [PAIR])) == ["upper_sea"]
    assert groups(find_routes([late], [early, late], [PAIR])) == ["berths", "upper_sea"]


def test_routes_of_a_pair_are_contiguous_and_a_pair_without_one_has_none() -> None:
    pairs = [Pair("east", "west", "metals", "wagon"), PAIR, Pair("west", "east", "goods", "container")]
    routes = route_set(y_corridor(), pairs)
    assert np.diff(routes.pair_start).tolist() == [0, 2, 2]
    assert routes.pair_of_route.tolist() == [1, 1, 2, 2]


def test_arcs_of_a_route_lead_from_source_to_sink_one_into_the_other() -> None:
    routes = route_set(y_corridor())
    network = routes.network
    for r in range(routes.path_start.size - 1):
        path = routes.path(r)
        assert network.platforms[network.tail[path[0]]].mode == "source"
        assert network.platforms[network.head[path[-1]]].mode == "sink"
        assert (network.head[path[:-1]] == network.tail[path[1:]]).all()


def test_incidence_has_a_one_for_each_arc_of_each_route() -> None:
    routes = route_set(y_corridor())
    dense = routes.incidence().toarray()
    assert dense.sum() == routes.path_arcs.size
    assert np.flatnonzero(dense[0]).tolist() == sorted(routes.path(0).tolist())


def test_progress_is_told_from_zero_up() -> None:
    told: list[float] = []
    state = state_of(y_corridor())
    find_routes([state], [state], [PAIR], progress=lambda text, share: told.append(share))
    assert told[0] == 0.0
    assert all(0.0 <= share < 1.0 for share in told)


@pytest.mark.parametrize(("name", "expected"), [("container", 1 / 12), ("wagon", 1.0)])
def test_units_a_tonne_are_boxes_for_containers_and_tonnes_elsewhere(name: str, expected: float) -> None:
    assert units_per_t(state_of(y_corridor()), "goods", name) == pytest.approx(expected)
