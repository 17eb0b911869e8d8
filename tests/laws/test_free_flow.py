"""Laws of free flow on random corridors: nothing is lost, names and units mean nothing, and better is never worse."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.corridor.corridor import Corridor
from karvan.corridor.state import State
from karvan.freight.assignment import free_flow
from karvan.freight.choice import Choice, shares
from karvan.freight.tables import freight_tables
from tests.freight.solved import Solved, solve
from tests.laws.made_corridors import corridors

MONEY = {
    "links": ["usd_per_feu", "usd_per_feu_back", "usd_per_t"],
    "transfers": ["usd_per_teu", "usd_per_t"],
    "commodities": ["choice_usd_per_t_day"],
}


def net_flows(solved: Solved) -> dict[str, float]:
    """What leaves each place on links, less what arrives, less what begins there, plus what ends there; in kt."""
    tables = freight_tables(solved.prepared, [solved.flow])
    ends = solved.state["links"].set_index("link")[["from_place", "to_place"]].T.to_dict("list")
    net: dict[str, float] = defaultdict(float)
    for row in tables["freight.flows"].to_dict("records"):
        start, end = ends[row["link"]] if row["direction"] == "forward" else ends[row["link"]][::-1]
        net[start] += row["kt"]
        net[end] -= row["kt"]
    for row in tables["freight.pairs"].to_dict("records"):
        net[row["origin"]] -= row["served_kt"]
        net[row["destination"]] += row["served_kt"]
    return net


def scaled(corridor: Corridor, factor: float) -> Corridor:
    """The corridor with all money, the value of time included, in another unit."""
    return corridor.replace(**{t: corridor[t].assign(**{c: corridor[t][c] * factor for c in names})
                               for t, names in MONEY.items()})  # fmt: skip


def renamed(corridor: Corridor) -> Corridor:
    """The corridor with other names of places and links, and rows in reverse order."""
    places = ["place", "from_place", "to_place", "origin", "destination"]
    tables = {}
    for name in corridor:
        frame = corridor[name].iloc[::-1].reset_index(drop=True)
        for column in (*places, "link"):
            if column in frame.columns:
                other = frame[column].map(lambda key: f"z{chr(122 - int(key[1:]))}" if key else "")
                frame = frame.assign(**{column: other.astype(frame[column].dtype)})
        tables[name] = frame
    return Corridor(corridor.info, tables)


@given(corridors())
def test_flow_in_is_flow_out_and_demand_is_served_or_not(corridor: Corridor) -> None:
    solved = solve(corridor)
    assert max(map(abs, net_flows(solved).values()), default=0.0) < 1e-9
    pairs = freight_tables(solved.prepared, [solved.flow])["freight.pairs"]
    assert (pairs["served_kt"] + pairs["unserved_kt"]).to_numpy() == pytest.approx(pairs["demand_kt"], abs=1e-9)
    assert pairs["demand_kt"].sum() == pytest.approx(corridor["demand"]["kt"].sum())


@given(corridors())
def test_no_route_enters_a_place_twice_or_costs_more_than_the_bound(corridor: Corridor) -> None:
    solved = solve(corridor)
    routes = solved.prepared.routes
    for r in range(routes.path_start.size - 1):
        places = routes.network.node_place[routes.network.head[routes.path(r)]]
        visits = places[np.append(True, places[1:] != places[:-1])]
        assert len(set(visits.tolist())) == visits.size
    cost = solved.flow.costs.usd_per_t + solved.flow.costs.hours * 2 / 24
    assert (cost <= 2.0 * solved.prepared.cheapest_usd_per_t[routes.pair_of_route] * (1 + 1e-12)).all()


@given(corridors(), st.sampled_from([0.01, 3.0, 1000.0]))
def test_money_in_another_unit_scales_costs_and_leaves_shares(corridor: Corridor, factor: float) -> None:
    ours, theirs = solve(corridor), solve(scaled(corridor, factor))
    assert theirs.flow.shares.route == pytest.approx(ours.flow.shares.route, abs=1e-9)
    assert theirs.flow.costs.generalised_usd_per_t == pytest.approx(factor * ours.flow.costs.generalised_usd_per_t)
    logsum = [s.flow.shares.logsum_usd_per_t for s in (ours, theirs)]
    served = np.isfinite(logsum[0])
    assert logsum[1][served] == pytest.approx(factor * logsum[0][served])


@given(corridors())
def test_names_and_the_order_of_rows_change_nothing(corridor: Corridor) -> None:
    def figures(world: Corridor) -> pd.DataFrame:
        solved = solve(world)
        columns = ["demand_kt", "served_kt", "logsum_usd_per_t"]
        frame = freight_tables(solved.prepared, [solved.flow])["freight.pairs"][columns]
        return frame.sort_values(columns).reset_index(drop=True)

    pd.testing.assert_frame_equal(figures(corridor), figures(renamed(corridor)), rtol=1e-9)


@given(corridors(), st.data())
def test_a_cheaper_or_quicker_link_never_raises_a_logsum_cost_on_a_fixed_route_set(
    corridor: Corridor, data: st.DataObject
) -> None:
    solved = solve(corridor)
    links = solved.state["links"]
    column = data.draw(st.sampled_from(["usd_per_feu", "hours"]))
    factors = data.draw(st.lists(st.sampled_from([1.0, 0.9, 0.3]), min_size=len(links), max_size=len(links)))
    better = {**solved.state.tables, "links": links.assign(**{column: links[column] * factors})}
    after = free_flow(solved.prepared, State(solved.state.year, corridor, better)).shares.logsum_usd_per_t
    before = solved.flow.shares.logsum_usd_per_t
    served = np.isfinite(before)
    assert (after[served] <= before[served] * (1 + 1e-12)).all()


@given(corridors(), st.data())
def test_opening_links_never_raises_a_logsum_cost_on_a_fixed_route_set(corridor: Corridor, data: st.DataObject) -> None:
    solved = solve(corridor)
    links = solved.state["links"]
    is_open = data.draw(st.lists(st.booleans(), min_size=len(links), max_size=len(links)))
    closed = {**solved.state.tables, "links": links.assign(open=is_open)}
    before = free_flow(solved.prepared, State(solved.state.year, corridor, closed)).shares.logsum_usd_per_t
    after = solved.flow.shares.logsum_usd_per_t
    assert (after <= before).all()


@given(st.lists(st.floats(1.0, 500.0), min_size=1, max_size=8), st.data())
def test_a_route_that_costs_more_never_gets_a_larger_share(costs: list[float], data: st.DataObject) -> None:
    route = data.draw(st.integers(0, len(costs) - 1))
    choice = Choice(np.array([0, len(costs)]), np.array([0.05]), np.array([300.0]), np.zeros(len(costs)))
    is_open = np.ones(len(costs), dtype=bool)
    dearer = np.array(costs)
    dearer[route] += data.draw(st.floats(0.0, 200.0))
    ours, theirs = (shares(choice, cost, is_open) for cost in (np.array(costs), dearer))
    assert theirs.route[route] <= ours.route[route] + 1e-15
    assert theirs.outside[0] >= ours.outside[0] - 1e-15
