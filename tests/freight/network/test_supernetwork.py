"""The supernetwork: platforms, transfers, stops, gateways, and the union over states."""

from __future__ import annotations

from karvan.freight.network.supernetwork import HANDLING_CLASSES, HEADINGS, Supernetwork, build
from tests.freight.solved import arc_of, platforms, sequences, set_cells, solve, state_of
from tests.worlds import (
    GAUGE_MM,
    YEAR,
    corridor_of,
    demand,
    feeder,
    frame,
    loading,
    place,
    transfer,
    two_links,
    y_corridor,
)

WIDE, NARROW = GAUGE_MM, 1435


def group_of(network: Supernetwork, link: str) -> str:
    number = int(network.group[arc_of(network, link)])
    return network.groups[number] if number >= 0 else ""


def test_a_platform_is_a_place_with_mode_and_service_and_zones_have_two_sides() -> None:
    network = build([state_of(y_corridor())])
    assert sorted(platforms(network, "container")) == [
        ("east", "rail", ""), ("east", "sink", ""), ("east", "source", ""), ("fork", "rail", ""),
        ("lower", "feeder", "line_lower_ship"), ("lower", "rail", ""), ("upper", "feeder", "line_upper_ship"),
        ("upper", "rail", ""), ("west", "feeder", "line_lower_ship"), ("west", "feeder", "line_upper_ship"),
        ("west", "sink", ""), ("west", "source", ""),
    ]  # fmt: skip


def test_a_class_rides_only_links_that_carry_it() -> None:
    network = build([state_of(y_corridor())])
    wagons = platforms(network, "wagon")
    assert {mode for _, mode, _ in wagons} == {"rail", "source", "sink"}
    assert platforms(network, "truck") == []


def test_nodes_and_arcs_of_the_classes_follow_one_another() -> None:
    network = build([state_of(y_corridor())])
    assert network.first_node[-1] == len(network.platforms) == network.node_class.size
    assert network.first_arc[-1] == network.tail.size
    assert (network.node_class[network.tail] == network.node_class[network.head]).all()
    assert len(network.first_arc) == len(HANDLING_CLASSES) + 1


def test_a_one_way_link_has_one_arc() -> None:
    both = build([state_of(two_links())])
    one = build([state_of(set_cells(two_links(), "links", ["first"], both_ways=False))])
    assert both.is_link.sum() - one.is_link.sum() == 2  # one arc less for each of containers and wagons


def test_cargo_on_rails_of_two_gauges_needs_a_change_of_gauge() -> None:
    world = set_cells(two_links(), "links", ["second"], gauge_mm=NARROW)
    lading = [*loading(["east"]), {**loading(["west"])[1], "from_gauge_mm": NARROW}]
    without = solve(world.replace(transfers=frame("transfers", lading)))
    change = {**loading(["east"])[0], "place": "middle", "from_mode": "rail", "from_gauge_mm": WIDE}
    with_it = solve(world.replace(transfers=frame("transfers", [*lading, {**change, "to_gauge_mm": NARROW}])))
    assert without.prepared.routes.path_start.size - 1 == 0
    assert with_it.prepared.routes.path_start.size - 1 == 1


def test_nothing_passes_through_a_zone_even_where_it_could_unload_and_load_again() -> None:
    world = set_cells(set_cells(two_links(), "links", ["second"], gauge_mm=NARROW), "places", ["middle"], zone=True)
    narrow = [
        {**row, **{side: NARROW for side in ("from_gauge_mm", "to_gauge_mm") if row.get(side)}}
        for row in loading(["middle", "west"])
    ]
    solved = solve(world.replace(transfers=frame("transfers", [*loading(["east", "middle"]), *narrow])))
    assert solved.prepared.routes.path_start.size - 1 == 0


def test_transhipment_between_two_services_needs_a_transfer_and_one_service_none() -> None:
    def routes(service: str, hub: list[dict[str, object]]) -> int:
        rows = {
            "places": [place(k, c, 50.0 - i, 45.0, zone=k != "hub") for i, (k, c) in enumerate(
                (("east", "AAA"), ("hub", "BBB"), ("west", "CCC")))],
            "links": [feeder("red", "east", "hub", 400.0), feeder("blue", "hub", "west", 400.0, service=service)],
            "transfers": [*hub, transfer("east", "zone", "feeder"), transfer("west", "feeder", "zone")],
            "demand": [demand("east", "west", "goods", "container", 12.0)],
        }  # fmt: skip
        return solve(corridor_of("hub", rows)).prepared.routes.path_start.size - 1

    assert routes("line_blue", []) == 0
    assert routes("line_blue", [transfer("hub", "feeder", "feeder")]) == 1
    assert routes("line_red", []) == 1


def test_a_gateway_bears_its_name_else_its_resource_else_its_own_key() -> None:
    network = build([state_of(y_corridor())])
    assert group_of(network, "upper_ship") == "upper_sea"
    assert group_of(network, "lower_ship") == "berths"
    assert group_of(build([state_of(y_corridor(uses=[]))]), "lower_ship") == "lower_ship"


def test_a_railway_that_nothing_limits_is_no_gateway() -> None:
    network = build([state_of(y_corridor())])
    assert [group_of(network, link) for link in ("trunk", "to_upper", "to_lower")] == ["", "", ""]


def test_a_resource_of_one_direction_makes_a_gateway_of_that_direction() -> None:
    world = y_corridor()
    uses = world["uses"].assign(link="trunk", direction="back")
    network = build([state_of(world.replace(uses=uses))])
    assert network.group[arc_of(network, "trunk")] == -1
    assert network.groups[network.group[arc_of(network, "trunk", back=True)]] == "berths"


def test_the_heading_of_an_arc_turns_with_its_direction() -> None:
    network = build([state_of(set_cells(y_corridor(), "links", ["trunk"], heading="eastbound"))])
    ahead, astern = (network.heading[arc_of(network, "trunk", back=back)] for back in (False, True))
    assert (HEADINGS[ahead], HEADINGS[astern]) == ("eastbound", "westbound")


def test_a_link_open_in_one_state_only_is_in_the_network_and_a_gateway() -> None:
    rows = [{**demand("east", "west", "goods", "container", 120.0), "year": year} for year in (YEAR - 1, YEAR)]
    world = set_cells(y_corridor(YEAR - 1, demand=rows), "links", ["to_lower"], open_from=str(YEAR))
    years = [state_of(world, year) for year in (YEAR - 1, YEAR)]
    assert group_of(build(years), "to_lower") == "to_lower"
    assert group_of(build(years[1:]), "to_lower") == ""
    assert "to_lower" not in build(years[:1]).links["link"].tolist()


def test_a_planned_link_is_not_in_the_network() -> None:
    network = build([state_of(set_cells(y_corridor(), "links", ["to_lower"], open_from="9999"))])
    assert "to_lower" not in network.links["link"].tolist()


def test_a_stop_is_left_on_wheels_and_reached_on_any_platform_free_of_charge() -> None:
    network = build([state_of(y_corridor())], ["upper"])
    free = {int(arc) for arc in (network.row < 0).nonzero()[0]}
    ends = {(network.platforms[network.tail[a]].mode, network.platforms[network.head[a]].mode) for a in free}
    assert ends == {("source", "rail"), ("rail", "sink"), ("feeder", "sink")}


def test_a_zone_that_loads_keeps_its_own_transfers_when_it_is_a_stop() -> None:
    network = build([state_of(y_corridor())], ["east"])
    assert not (network.row < 0).any()


def test_both_ports_are_ways_from_east_to_west() -> None:
    assert sorted(sequences(solve(y_corridor()).prepared)) == ["berths", "upper_sea"]
