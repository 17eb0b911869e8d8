"""The ways between two places as the door asks for them: what is assumed, what is refused and why."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from karvan.corridor.corridor import Corridor, fingerprints
from karvan.corridor.lever import Lever, Scenario
from karvan.errors import DataError, NoRouteError, UnknownKeyError
from karvan.study.routes import RouteAnswer, RouteOptions, routes
from karvan.study.run import run
from tests.freight.solved import set_cells
from tests.worlds import y_corridor

HOURS = ["hours_moving", "hours_border", "hours_handling", "hours_boarding", "hours_waiting"]
SHIP = (("link", ("upper_ship",)),)
CLOSED = Scenario("closed", levers=(Lever("scenario:closed", "links", "set", "open_from", "9999", where=SHIP),))


@cache
def answer(origin: str = "East", destination: str = "West", **cells: object) -> RouteAnswer:
    return routes(y_corridor(), origin, destination, RouteOptions(**cells))  # type: ignore[arg-type]  # as people ask


def why_not(corridor: Corridor, options: RouteOptions, origin: str = "east", destination: str = "west") -> str:
    with pytest.raises(NoRouteError) as error:
        routes(corridor, origin, destination, options)
    return str(error.value)


def test_the_ways_are_listed_most_used_first_with_shares_that_make_one() -> None:
    table = answer().alternatives
    assert table["gateways"].tolist() == ["upper_sea", "berths"]
    assert table["share"].sum() == pytest.approx(1.0, abs=1e-12)
    assert table["share"].is_monotonic_decreasing


def test_legs_add_up_to_their_way() -> None:
    found = answer()
    legs = found.legs.groupby("route")
    totals = found.alternatives.set_index("route")
    assert legs["usd"].sum().to_dict() == pytest.approx(totals["usd_per_feu"].to_dict(), rel=1e-12)
    assert legs[HOURS].sum().sum(axis=1).to_dict() == pytest.approx(totals["hours"].to_dict(), rel=1e-12)
    assert legs["co2e_kg"].sum().to_dict() == pytest.approx(totals["co2e_kg_per_feu"].to_dict(), rel=1e-12)


def test_cargo_that_is_not_named_is_the_one_that_moves_most_and_that_is_told() -> None:
    assert answer().warnings == ("cargo assumed: goods by container",)
    assert answer(commodity="goods").warnings == ()


def test_a_commodity_rides_in_its_usual_class_unless_another_is_named() -> None:
    assert answer(commodity="goods").handling_class == "container"
    assert why_not(y_corridor(), RouteOptions("metals")).startswith(
        "no route from east to west for metals by wagon in 2024: add a link for wagon at west"
    )


def test_ends_that_do_not_load_or_unload_are_told_and_cost_nothing() -> None:
    found = answer("Fork", "Upper", commodity="goods")
    assert found.warnings == (
        "fork does not load container cargo: the way begins there on wheels",
        "upper does not unload container cargo: the way ends on arrival there",
    )
    assert found.legs["hours_handling"].tolist() == [0.0]
    assert found.alternatives["usd_per_feu"].tolist() == [250.0]


def test_a_gateway_asked_for_leaves_only_its_ways_and_shares_that_make_one() -> None:
    found = answer(via=("berths",))
    assert found.alternatives["gateways"].tolist() == ["berths"]
    assert found.alternatives["share"].tolist() == [1.0]


def test_a_gateway_that_is_out_of_the_set_says_why_and_what_else_is_open() -> None:
    dear = set_cells(y_corridor(), "links", ["to_lower"], usd_per_feu=3000.0)
    text = why_not(dear, RouteOptions("goods", via=("berths",)))
    assert "by berths in 2024: berths costs 2.9" in text
    assert text.endswith("beyond the detour bound of 2; 1 other routes are open")


def test_an_unknown_gateway_suggests_a_near_one() -> None:
    with pytest.raises(UnknownKeyError, match=r"no gateway 'berth'.*berths"):
        routes(y_corridor(), "east", "west", RouteOptions("goods", via=("berth",)))


def test_closed_links_are_named_as_what_would_open_a_way() -> None:
    world = set_cells(y_corridor(), "links", ["to_lower", "to_upper"], open_from="9999")
    assert "in 2024: open link to_" in why_not(world, RouteOptions("goods"))


def test_a_place_is_not_its_own_destination() -> None:
    assert why_not(y_corridor(), RouteOptions(), "East", "EAST").endswith("are the same place, east; name two")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (RouteOptions("godos"), "no commodity 'godos'.*goods"),
        (RouteOptions(handling_class="box"), "no handling class 'box'; one of container, wagon"),
        (RouteOptions(handling_class="truck"), "no cargo to assume"),
    ],
)
def test_an_unknown_cargo_is_refused(options: RouteOptions, said: str) -> None:
    with pytest.raises(UnknownKeyError, match=said):
        routes(y_corridor(), "east", "west", options)


def test_an_unknown_place_suggests_a_near_one() -> None:
    with pytest.raises(UnknownKeyError, match=r"did you mean.*West"):
        routes(y_corridor(), "east", "Wesst")


def test_a_year_without_demand_is_refused() -> None:
    with pytest.raises(DataError, match="year without demand"):
        routes(y_corridor(), "east", "west", RouteOptions(year=2031))


def test_a_scenario_takes_its_ways_away() -> None:
    assert answer(scenario=CLOSED).alternatives["gateways"].tolist() == ["berths"]


def test_waits_and_prices_of_a_run_give_the_same_ways_as_solving_the_year() -> None:
    rows = y_corridor()["resources"].assign(capacity_per_year=3000.0)
    world = y_corridor().replace(resources=rows)
    solved = run(world)
    found = [routes(world, "east", "west", RouteOptions("goods"), given).alternatives for given in (None, solved)]
    assert found[0]["scarcity_usd_per_t"].max() > 1.0
    for column in ("share", "scarcity_usd_per_t", "hours"):
        assert found[1][column].tolist() == pytest.approx(found[0][column].tolist(), rel=1e-6)


def test_waits_of_a_run_are_taken_where_it_rests_on_the_same_inputs_only() -> None:
    world = y_corridor()
    solved = run(world)
    slow = solved["freight.resources"].assign(wait_hours=50.0)
    later = replace(solved, tables={**solved.tables, "freight.resources": slow})
    other = replace(later, provenance=replace(later.provenance, fingerprints={}))
    waits = [routes(world, "east", "west", RouteOptions("goods"), given).alternatives["wait_hours"] for given in
             (later, other)]  # fmt: skip
    assert [each.max() for each in waits] == [50.0, 0.0]


def test_free_flow_leaves_scarcity_out() -> None:
    world = y_corridor().replace(resources=y_corridor()["resources"].assign(capacity_per_year=3000.0))
    table = routes(world, "east", "west", RouteOptions("goods", free_flow=True)).alternatives
    assert table[["wait_hours", "scarcity_usd_per_t"]].to_numpy().tolist() == [[0.0, 0.0]] * 2


def test_asking_leaves_the_corridor_as_it_was() -> None:
    world = y_corridor()
    before = fingerprints(world)
    routes(world, "east", "west")
    assert fingerprints(world) == before
