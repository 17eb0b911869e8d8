"""Why a pair has no route, and what would open one."""

from __future__ import annotations

import pytest

from karvan.corridor.corridor import Corridor
from karvan.freight.network.reach import demand_without_route, detour_by_gateway, what_would_open
from karvan.freight.network.routes import Pair
from karvan.freight.prepare import prepare
from tests.freight.solved import set_cells, state_of
from tests.worlds import two_links, y_corridor

BOXES = Pair("east", "west", "goods", "container")


def remedy(world: Corridor, pair: Pair = BOXES) -> str:
    return what_would_open(state_of(world), pair)


def told(world: Corridor, gateway: str) -> str:
    state = state_of(world)
    return detour_by_gateway(prepare([state], state, [state], [BOXES]), [state], BOXES, gateway)


def test_a_pair_that_open_links_connect_needs_nothing() -> None:
    assert remedy(y_corridor()) == ""
    assert demand_without_route(state_of(y_corridor())) == []


def test_the_closed_links_of_the_way_are_named() -> None:
    assert remedy(set_cells(two_links(), "links", ["second"], open_from="9999")) == "open link second"
    world = set_cells(two_links(), "links", ["first", "second"], open_from="9999")
    assert remedy(world) == "open links first, second"


def test_a_missing_transfer_is_named_with_place_modes_and_class() -> None:
    world = y_corridor()
    transfers = world["transfers"]
    world = world.replace(transfers=transfers[~transfers["place"].isin(["upper", "lower"])].reset_index(drop=True))
    assert remedy(world) == "add to transfers: upper, rail 1520 to feeder, container"


def test_a_zone_that_cannot_load_misses_its_own_transfer() -> None:
    world = y_corridor()
    transfers = world["transfers"]
    world = world.replace(transfers=transfers[transfers["place"] != "east"].reset_index(drop=True))
    assert remedy(world) == "add to transfers: east, zone to rail 1520, container"


def test_an_end_without_a_link_of_the_class_says_what_its_links_carry() -> None:
    metals = Pair("east", "west", "metals", "wagon")
    assert remedy(y_corridor(), metals) == "add a link for wagon at west; its links carry container"
    trucks = Pair("east", "west", "goods", "truck")
    assert remedy(y_corridor(), trucks) == "add a link for truck at east; its links carry container, wagon"


def test_ends_that_no_chain_of_links_joins_are_named() -> None:
    one_way = set_cells(two_links(), "links", ["first"], both_ways=False)
    back = Pair("west", "east", "metals", "wagon")
    assert remedy(one_way, back) == "no chain of links for wagon joins west to east; add one"


def test_demand_without_a_route_is_a_problem_at_its_line() -> None:
    world = set_cells(two_links(), "links", ["first"], both_ways=False)
    (problem,) = demand_without_route(state_of(world))
    assert (problem.table, problem.row, problem.column) == ("demand", 3, "destination")
    assert problem.value == "west - east, metals by wagon in 2024"
    assert problem.remedy.startswith("no chain of links")


def test_a_gateway_beyond_the_bound_says_by_how_much() -> None:
    dear = set_cells(y_corridor(), "links", ["to_lower"], usd_per_feu=3000.0)
    text = told(dear, "berths")
    assert text.startswith("berths costs 2.9")
    assert text.endswith("% beyond the detour bound of 2")


def test_a_gateway_within_the_bound_names_the_rules_that_keep_it_out() -> None:
    assert "a stretch that a shorter way replaces" in told(y_corridor(), "berths")


def test_a_gateway_that_the_cargo_cannot_reach_is_said_so() -> None:
    gone = set_cells(y_corridor(), "links", ["lower_ship"], handling_classes="wagon", usd_per_t=5.0)
    uses = gone["uses"].assign(handling_class="wagon", units_per_t=0.1)
    assert told(gone.replace(uses=uses), "berths") == "no way for this cargo leads through berths"


@pytest.mark.parametrize("stop", ["upper", "fork"])
def test_a_place_that_does_not_unload_can_be_reached_as_a_stop(stop: str) -> None:
    pair = Pair("east", stop, "goods", "container")
    assert what_would_open(state_of(y_corridor()), pair, (stop,)) == ""
    assert "add to transfers" in what_would_open(state_of(y_corridor()), pair)
