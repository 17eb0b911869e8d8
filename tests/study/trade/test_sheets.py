"""What a scenario makes of trade on the Y corridor: sums, ends, borders that freight does not carry."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.outcome import Outcome
from karvan.errors import DataError
from karvan.study.coupling import trade_session
from karvan.study.states import BASE
from karvan.study.trade.blocs import blocs_on
from karvan.study.trade.sheets import SheetOptions, on_same_routes, sheets_of, trade_sheets
from karvan.trade.counterfactual import World
from tests.study.coupling.worlds import faster, tariff_free, trading
from tests.worlds import YEAR, frame

OPTIONS = SheetOptions(YEAR, draws=40)


def world() -> Corridor:
    """The Y corridor with an organisation of its two ends, and one of a country that does not trade."""
    rows = [{"organisation": "ENDS", "party": party, "from": "2000", "status": "member"} for party in ("AAA", "DDD")]
    rows += [
        {"organisation": "PORTS", "party": party, "from": "2000", "status": "observer"} for party in ("BBB", "CCC")
    ]
    names = [{"organisation": key, "name": key.title(), "kind": "bloc"} for key in ("ENDS", "PORTS")]
    return trading().replace(memberships=frame("memberships", rows), organisations=frame("organisations", names))


@cache
def told(name: str) -> Outcome:
    scenario = {"free": tariff_free(), "faster": faster(), "base": BASE}[name]
    return trade_sheets(world(), scenario, OPTIONS)


def test_a_scenario_that_changes_nothing_changes_nothing_at_all() -> None:
    base = told("base")
    assert (base["trade.pairs"]["ratio"] == 1.0).all()
    assert (base["trade.revenue"]["change_musd"] == 0.0).all()
    assert base["trade.cargo"]["kt"].to_list() == base["trade.cargo"]["base_kt"].to_list()


def test_a_bloc_is_what_its_full_members_sell_each_other_and_nothing_reported_is_told_as_filled() -> None:
    (row,) = told("free")["trade.blocs"].to_dict("records")
    pairs = told("free")["trade.pairs"]
    ends = pairs.loc[pairs["exporter"].isin(["AAA", "DDD"]) & pairs["importer"].isin(["AAA", "DDD"])]
    abroad = ends.loc[ends["exporter"] != ends["importer"]]
    assert (row["organisation"], row["members"], row["reported_share"]) == ("ENDS", 2, 0.0)
    assert row["base_within_musd"] == pytest.approx(abroad["base_musd"].sum())
    assert row["within_musd"] == pytest.approx(abroad["musd"].sum())
    assert row["low_within_musd"] < row["within_musd"] < row["high_within_musd"]


def test_freed_of_tariffs_members_trade_more_and_customs_lose_all_they_took() -> None:
    free = told("free")
    (row,) = free["trade.blocs"].to_dict("records")
    assert row["within_share"] > row["base_within_share"]
    revenue = free["trade.revenue"]
    assert revenue["revenue_musd"].sum() == 0.0
    assert row["revenue_change_musd"] == pytest.approx(-revenue["base_revenue_musd"].sum())


def test_a_faster_trunk_moves_cargo_and_trade_adds_to_it() -> None:
    rows = told("faster")["trade.cargo"]
    assert rows["kt"].sum() > rows["routed_kt"].sum()
    assert set(rows.loc[rows["sea"], "gateway_group"]) <= set(rows["gateway_group"])


@pytest.mark.slow
def test_scenarios_on_the_routes_of_all_are_told_as_each_alone() -> None:
    both = Scenario("both", levers=(*faster().levers, *tariff_free().levers))
    session = trade_session(world(), both, (YEAR,))
    shared = sheets_of(on_same_routes(session, tariff_free()), OPTIONS)["trade.pairs"]
    alone = told("free")["trade.pairs"]
    assert shared["musd"].to_numpy() == pytest.approx(alone["musd"].to_numpy(), rel=1e-6)


def test_hours_at_a_border_move_trade_of_neighbours_that_freight_does_not_carry() -> None:
    base = world()
    border = base["borders"].iloc[0]["link"]
    ends = base["links"].set_index("link")
    country = base["places"].set_index("place")["country"]
    a, b = (country[str(ends[side].to_dict()[border])] for side in ("from_place", "to_place"))
    rates = base.replace(sectors=base["sectors"].assign(ad_valorem_pct_per_day=1.0))
    shorter = Scenario("s", levers=(Lever("scenario:s", "borders", "multiply", "hours_forward", 0.5,
                                          (("link", (str(border),)),)),))  # fmt: skip
    rows = trade_sheets(rates, shorter, SheetOptions(YEAR, draws=0))["trade.pairs"]
    own = rows.loc[(rows["exporter"] == a) & (rows["importer"] == b) & (rows["sector"] == "services")]
    hours = float(base["borders"].iloc[0]["hours_forward"])
    assert own["cost_ratio"].to_list() == pytest.approx([1.0 - 0.01 * 0.5 * hours / 24.0], rel=1e-9)
    assert own["ratio"].iloc[0] > 1.0


def test_a_bloc_is_no_more_than_half_of_the_world_and_has_two_members_in_it() -> None:
    base = world()
    flows = np.ones((1, 3, 3))
    small = World(("AAA", "DDD", "EEE"), ("goods",), flows, np.zeros_like(flows), np.array([5.0]))
    large = replace(small, countries=("AAA", "BBB", "CCC", "DDD"))
    assert blocs_on(base, small, YEAR) == {}
    assert blocs_on(base, large, YEAR) == {"ENDS": ["AAA", "DDD"]}


def test_a_corridor_without_trade_is_told_what_it_lacks() -> None:
    base = world()
    with pytest.raises(DataError, match=r"trade\.csv: missing table"):
        trade_sheets(base.replace(trade=base["trade"].iloc[:0]), BASE, OPTIONS)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_ends_and_no_draws_give_none() -> None:
    again = trade_sheets(world(), tariff_free(), OPTIONS)["trade.economies"]
    pd.testing.assert_frame_equal(again, told("free")["trade.economies"])
    bare = trade_sheets(world(), tariff_free(), SheetOptions(YEAR, draws=0))["trade.blocs"]
    assert bare["low_within_musd"].isna().all()
