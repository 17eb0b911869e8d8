"""Freight and trade answer one another: exactly nothing in the base, one fixed point, and capacity pushes back."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from karvan.corridor.lever import Scenario
from karvan.errors import DataError
from karvan.scenario.state import state
from karvan.study.coupling import (
    CoupledTrade,
    TradeOptions,
    coupled,
    coupled_tables,
    elasticity_draws,
    trade,
    trade_session,
)
from karvan.study.coupling.links import base_world
from tests.study.coupling.worlds import asked, faster, tariff_free, trading
from tests.worlds import YEAR, frame

NARROW = 16_000.0


@cache
def made(name: str, capacity: float = 1e6) -> CoupledTrade:
    scenario = {"base": Scenario(), "faster": faster(), "free": tariff_free()}[name]
    return trade(trading(capacity), scenario, YEAR)


def test_the_base_returns_itself_exactly() -> None:
    found = made("base")
    assert len(found.rounds) == 1
    assert found.rounds[0].gap == 0.0
    assert (found.ratios == 1.0).all()
    assert (found.counterfactual.flow_ratio == 1.0).all()
    assert (found.counterfactual.welfare == 1.0).all()
    assert (found.plan.flow.kt == found.base.flow.kt).all()
    assert found.levers == ()


def test_the_change_of_freight_over_value_is_the_one_that_a_reader_can_work_out() -> None:
    # 100 USD of an FEU of 24 t, and 12.5 hours at the 10 USD a day that trade loses, over 2,000 USD a tonne.
    found = made("faster")
    change = found.freight.change[found.freight.change != 0.0]
    assert change == pytest.approx(-(100.0 / 24.0 + 10.0 * 12.5 / 24.0) / 2000.0, rel=1e-9)


def test_with_freight_s_own_value_of_time_only_the_logsum_counts() -> None:
    found = trade(trading(), faster(), YEAR, TradeOptions(time="freight"))
    change = found.freight.change[found.freight.change != 0.0]
    assert change == pytest.approx(-(100.0 / 24.0 + 2.0 * 12.5 / 24.0) / 2000.0, rel=1e-9)


def test_cheaper_carriage_makes_trade_and_trade_makes_cargo() -> None:
    found = made("faster")
    assert found.converged
    assert found.ratios.max() > 1.0
    row = asked(coupled_tables(found)["trade.pairs"], "AAA", "DDD")
    assert row["quantity_ratio"] == pytest.approx(found.ratios.max(), rel=2e-4)
    assert found.plan.flow.kt.sum() > found.alone.flow.kt.sum()


def test_what_freight_carries_is_what_trade_asks_for() -> None:
    for name in ("faster", "free"):
        last = made(name).rounds[-1]
        assert np.abs(np.log(last.asked / last.carried)).max() <= 1e-4


def test_the_gap_closes_by_half_a_round_once_it_is_small() -> None:
    gaps = [exchange.gap for exchange in made("free").rounds]
    assert gaps[-1] / gaps[-2] == pytest.approx(0.5, abs=0.1)
    assert gaps == sorted(gaps, reverse=True)


@pytest.mark.slow
@pytest.mark.parametrize("capacity", [1e6, NARROW])
def test_several_starts_lead_to_one_fixed_point(capacity: float) -> None:
    session = trade_session(trading(capacity), tariff_free(), (YEAR,))
    found = [coupled(session, YEAR, TradeOptions(start=start, tolerance=1e-7)) for start in (1.0, 0.5, 3.0)]
    for other in found[1:]:
        assert other.converged
        assert other.ratios == pytest.approx(found[0].ratios, abs=1e-6)


def test_a_full_capacity_keeps_trade_from_being_made() -> None:
    wide, narrow = made("free"), made("free", NARROW)
    assert narrow.plan.equilibrium.point.price.max() > 0.0
    assert narrow.freight.change.max() > 0.0
    assert narrow.ratios.max() < wide.ratios.max()


def test_tariffs_taken_off_cost_their_revenue() -> None:
    economies = coupled_tables(made("free"))["trade.economies"]
    assert (economies["revenue_musd"] == 0.0).all()
    # 10 % less a fifth of the value that is exempt.
    assert made("free").world.tariffs.max() == pytest.approx(0.08)
    assert made("base").world.revenue.sum() > 0.0


def test_the_levers_that_trade_answers_with_make_the_same_freight() -> None:
    found = made("faster")
    corridor = trading()
    levers = (*faster().levers, *found.levers)
    again = state(corridor, levers, YEAR)["demand"]["kt"].to_numpy()
    cargo = found.plan.flow.state["demand"].query("segment == 'all'")["kt"].to_numpy()
    assert again == pytest.approx(cargo, rel=1e-15)


def test_every_round_stands_in_the_table_with_the_rows_it_moves() -> None:
    found = made("faster")
    table = coupled_tables(found)["coupling.levers"]
    assert table["round"].max() == len(found.rounds)
    assert set(table["where"]) == {
        "origin=east & destination=west & commodity=goods", "origin=west & destination=east & commodity=goods",
    }  # fmt: skip
    assert set(table["column"]) == {"kt", "teu"}


def test_rounds_that_run_out_are_told() -> None:
    found = trade(trading(), tariff_free(), YEAR, TradeOptions(most_rounds=2))
    assert not found.converged
    assert "after 2 rounds" in found.convergence[-1].message


def test_a_place_outside_all_economies_is_named_and_stays_as_it_is() -> None:
    corridor = trading()
    kept = corridor["trade"].query("exporter != 'DDD' and importer != 'DDD'").reset_index(drop=True)
    found = trade(corridor.replace(trade=kept, tariffs=corridor["tariffs"].iloc[:0]), faster(), YEAR)
    assert found.unlinked == ("west",)
    assert (found.ratios == 1.0).all()


def test_draws_of_the_elasticity_hold_the_central_answer_in_their_middle() -> None:
    session = trade_session(trading(), faster(), (YEAR,))
    found = coupled(session, YEAR)
    drawn = elasticity_draws(session, found, 200, seed=4)
    low, high = drawn.band(drawn.welfare)
    assert (low <= found.counterfactual.welfare).all()
    assert (found.counterfactual.welfare <= high).all()
    table = coupled_tables(found, draws=drawn)["trade.economies"]
    assert (table["low_welfare_musd"] <= table["welfare_musd"]).all()


def test_a_corridor_without_a_base_matrix_says_what_is_missing() -> None:
    corridor = trading()
    abroad = corridor["trade"].query("exporter != importer").reset_index(drop=True)
    with pytest.raises(DataError, match="no base matrix"):
        trade(corridor.replace(trade=abroad), faster(), YEAR)
    bare = corridor["parameters"].query("parameter != 'trade_elasticity'").reset_index(drop=True)
    with pytest.raises(DataError, match="elasticity: 'goods'"):
        trade(corridor.replace(parameters=bare), faster(), YEAR)


def test_a_commodity_of_two_traded_sectors_is_refused() -> None:
    corridor = trading()
    sectors = corridor["sectors"].assign(commodity="goods")
    with pytest.raises(DataError, match="commodity in two sectors: 'goods'"):
        trade(corridor.replace(sectors=sectors), faster(), YEAR)


def test_a_tariff_of_the_whole_holds_for_its_parts_and_a_finer_one_is_refused() -> None:
    corridor = trading()
    sectors = corridor["sectors"].assign(part_of=["all", "goods", "all"])
    whole = frame("sectors", [{"sector": "all", "name": "All", "usd_per_t": 1000.0}])
    tree = corridor.replace(sectors=pd.concat([sectors, whole], ignore_index=True))
    coarse = tree.replace(tariffs=corridor["tariffs"].assign(sector="all"))
    rates = base_world(state(coarse, (), YEAR)).tariffs
    assert rates.max(axis=(1, 2)) == pytest.approx(0.08)
    with pytest.raises(DataError, match="tariff of a sector that is not traded"):
        base_world(state(tree.replace(tariffs=corridor["tariffs"].assign(sector="boxed")), (), YEAR))


def test_options_that_mean_nothing_are_refused() -> None:
    with pytest.raises(DataError, match="damping"):
        trade(trading(), faster(), YEAR, replace(TradeOptions(), damping=0.0))
