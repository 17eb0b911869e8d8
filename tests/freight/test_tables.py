"""Outcome tables of freight: every figure a hand can add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from karvan.freight.assignment import free_flow
from karvan.freight.network.routes import demand_pairs
from karvan.freight.prepare import prepare
from karvan.freight.tables import freight_tables, unserved_share
from tests.freight.solved import Solved, set_cells, solve, state_of, with_rows
from tests.worlds import YEAR, demand, limit, use, y_corridor

Tables = Mapping[str, pd.DataFrame]
TWO_WAYS = [demand("east", "west", "goods", "container", 120.0), demand("west", "east", "goods", "container", 60.0)]


def only(solved: Solved) -> Tables:
    """The tables of one year at free flow."""
    return freight_tables(solved.prepared, [solved.flow])


@pytest.fixture(scope="module", name="solved")
def _solved() -> Solved:
    return solve(y_corridor(demand=TWO_WAYS))


@pytest.fixture(scope="module", name="tables")
def _tables(solved: Solved) -> Tables:
    return only(solved)


def test_served_and_unserved_make_the_demand_of_every_pair(tables: Tables) -> None:
    pairs = tables["freight.pairs"]
    assert pairs["demand_kt"].tolist() == [120.0, 60.0]
    assert (pairs["served_kt"] + pairs["unserved_kt"]).to_numpy() == pytest.approx([120.0, 60.0], abs=1e-9)


def test_routes_of_a_pair_carry_what_it_serves(tables: Tables) -> None:
    carried = tables["freight.routes"].groupby("origin")["kt"].sum()
    assert carried.to_numpy() == pytest.approx(tables["freight.pairs"]["served_kt"].to_numpy(), abs=1e-9)


def test_flow_in_is_flow_out_at_every_place(solved: Solved, tables: Tables) -> None:
    links = solved.state["links"].set_index("link")
    net: dict[str, float] = defaultdict(float)
    for row in tables["freight.flows"].to_dict("records"):
        ends = links.loc[row["link"], ["from_place", "to_place"]].tolist()
        start, end = ends if row["direction"] == "forward" else ends[::-1]
        net[str(start)] += row["kt"]
        net[str(end)] -= row["kt"]
    for row in tables["freight.pairs"].to_dict("records"):
        net[row["origin"]] -= row["served_kt"]
        net[row["destination"]] += row["served_kt"]
    assert max(map(abs, net.values())) < 1e-9


def test_means_of_a_pair_are_over_what_is_served(tables: Tables) -> None:
    routes = tables["freight.routes"].query("origin == 'east'")
    pair = tables["freight.pairs"].query("origin == 'east'").iloc[0]
    for column, mean in (("hours", "mean_hours"), ("usd_per_t", "mean_usd_per_t"), ("sd_hours", "sd_hours")):
        assert pair[mean] == pytest.approx(np.average(routes[column], weights=routes["kt"]))


def test_a_route_names_its_gateways_legs_and_countries(tables: Tables) -> None:
    row = tables["freight.routes"].query("origin == 'east' and gateways == 'berths'").iloc[0]
    assert (row["legs"], row["countries"], row["borders"]) == ("east>lower>west", "AAA>CCC>DDD", 2)
    assert row["length_km"] == 2000.0
    assert row["usd_per_feu"] == pytest.approx(row["usd_per_t"] * 24)


def test_a_cargo_that_is_no_box_has_no_price_of_one() -> None:
    wagons = demand("east", "upper", "metals", "wagon", 5.0)
    state = state_of(with_rows(y_corridor(), "demand", wagons))
    prepared = prepare([state], state, [state], demand_pairs([state]), ["upper"])
    routes = freight_tables(prepared, [free_flow(prepared, state)])["freight.routes"]
    assert routes.loc[routes["handling_class"] == "wagon", "usd_per_feu"].isna().all()
    assert routes.loc[routes["handling_class"] == "container", "usd_per_feu"].notna().all()


def test_loads_are_what_the_boxes_of_the_link_take(tables: Tables) -> None:
    """Two units of berth for each box of the lower ship, both directions together."""
    boxes = tables["freight.flows"].query("link == 'lower_ship'")["teu"].sum()
    row = tables["freight.resources"].iloc[0]
    assert row["load"] == pytest.approx(2 * boxes)
    assert row["utilisation"] == pytest.approx(2 * boxes / 1e6)


def test_a_background_load_counts_in_utilisation_and_not_in_the_load() -> None:
    rows = [limit("berths", 10_000.0, background_per_year=4000.0)]
    row = only(solve(y_corridor(resources=rows)))["freight.resources"].iloc[0]
    assert row["utilisation"] == pytest.approx((row["load"] + 4000.0) / 10_000.0)
    assert bool(row["binding"])


def test_a_resource_without_capacity_is_used_without_end_if_at_all() -> None:
    used = only(solve(y_corridor(resources=[limit("berths", 0.0)])))["freight.resources"].iloc[0]
    idle = only(solve(y_corridor(resources=[limit("berths", 0.0)], uses=[])))["freight.resources"]
    assert used["utilisation"] == np.inf
    assert idle["utilisation"].tolist() == [0.0]


def test_resources_of_one_direction_are_loaded_by_that_direction() -> None:
    rows = [limit("out", 1e6, direction="forward"), limit("home", 1e6, direction="back")]
    uses = [use("out", "trunk", "forward"), use("home", "trunk", "back")]
    tables = only(solve(y_corridor(demand=TWO_WAYS, resources=rows, uses=uses)))
    served = tables["freight.pairs"]["served_kt"].to_numpy() * 1000 / 12
    assert tables["freight.resources"]["load"].tolist() == pytest.approx(served.tolist())


def test_gateways_count_cargo_by_heading_once_a_passage(tables: Tables) -> None:
    gateways = tables["freight.gateways"].groupby("heading")["kt"].sum()
    pairs = tables["freight.pairs"].set_index("origin")["served_kt"]
    assert gateways["westbound"] == pytest.approx(pairs["east"])
    assert gateways["eastbound"] == pytest.approx(pairs["west"])


def test_gateways_name_the_countries_at_both_ends(tables: Tables) -> None:
    west = tables["freight.gateways"].query("heading == 'westbound'")
    assert set(zip(west["origin_country"], west["destination_country"], strict=True)) == {("AAA", "DDD")}


def test_years_follow_one_another_and_a_year_without_demand_for_a_pair_leaves_it_out() -> None:
    rows = [{**TWO_WAYS[0], "year": YEAR - 1}, *TWO_WAYS]
    world = y_corridor(YEAR - 1, demand=rows)
    states = [state_of(world, year) for year in (YEAR - 1, YEAR)]
    prepared = prepare(states, states[1], states[1:], demand_pairs(states))
    tables = freight_tables(prepared, [free_flow(prepared, s) for s in states])
    assert tables["freight.pairs"]["year"].tolist() == [YEAR - 1, YEAR, YEAR]
    assert tables["freight.resources"]["year"].tolist() == [YEAR - 1, YEAR]


def test_a_pair_that_no_route_serves_is_unserved_as_a_whole() -> None:
    lost = demand("east", "west", "metals", "wagon", 5.0)
    solved = solve(with_rows(y_corridor(), "demand", lost))
    pairs = only(solved)["freight.pairs"]
    metals = pairs[pairs["commodity"] == "metals"]
    assert metals[["served_kt", "unserved_kt"]].to_numpy().tolist() == [[0.0, 5.0]]
    assert metals[["mean_hours", "logsum_usd_per_t"]].isna().to_numpy().all()
    assert unserved_share(solved.flow) == pytest.approx(pairs["unserved_kt"].sum() / 125.0)


def test_a_closed_route_is_not_listed() -> None:
    world = set_cells(y_corridor(YEAR - 1, demand=[{**TWO_WAYS[0], "year": y} for y in (YEAR - 1, YEAR)]),
                      "links", ["to_lower"], open_from=str(YEAR))  # fmt: skip
    states = [state_of(world, year) for year in (YEAR - 1, YEAR)]
    prepared = prepare(states, states[1], states[1:], demand_pairs(states))
    routes = freight_tables(prepared, [free_flow(prepared, s) for s in states])["freight.routes"]
    assert routes.groupby("year").size().tolist() == [1, 2]
