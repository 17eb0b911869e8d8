"""The exact equilibrium keeps its laws and agrees with what finds it otherwise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.optimize import root

from karvan.errors import DataError, InfeasibleError, NotConvergedError
from karvan.numerics.hat import demanded
from karvan.trade.counterfactual import (
    Counterfactual,
    Shock,
    World,
    conditional,
    counterfactual,
    economies_table,
    even_totals,
    gravity_flows,
    pairs_table,
    within_share,
    world,
)
from karvan.trade.counterfactual.exact import CLOSURES, Closure, _checked, starting, terms_of, without_deficits

Floats = NDArray[np.float64]


def made(count: int = 6, sectors: int = 1, *, tariffs: bool = False, seed: int = 0) -> World:
    """Countries of unequal size with deficits, 70 % of output sold at home."""
    rng = np.random.default_rng(seed)
    size = np.exp(rng.normal(size=count))
    flows = np.exp(rng.normal(size=(sectors, count, count))) * size[None, :, None] * size[None, None, :]
    at = np.arange(count)
    flows[:, at, at] = 0.0
    flows[:, at, at] = 0.7 / 0.3 * flows.sum(axis=2)
    rates = rng.uniform(0.0, 0.3, flows.shape) if tariffs else np.zeros_like(flows)
    rates[:, at, at] = 0.0
    names = tuple(f"C{number}" for number in range(count))
    return World(
        names, tuple(f"S{k}" for k in range(sectors)), flows, rates, np.array([4.0 + k for k in range(sectors)])
    )


def cheaper(of: World, most: float = 0.3, seed: int = 1) -> Floats:
    cost = np.exp(-np.random.default_rng(seed).uniform(0.0, most, of.flows.shape))
    at = np.arange(len(of.countries))
    cost[:, at, at] = 1.0
    return cost


def residuals(base: World, found: Counterfactual, closure: Closure) -> Floats:
    """What the markets miss by, told from the definition alone."""
    by_sector = base.flows.sum(axis=1)
    share, spent = base.flows / by_sector[:, None, :], by_sector / base.expenditure
    tau = found.cost_ratio ** -base.theta[:, None, None]
    pull = share * tau * found.price[None, :, None] ** -base.theta[:, None, None]
    now = pull / pull.sum(axis=1)[:, None, :]
    income = found.price * base.output
    if closure == "additive":
        income = income + base.deficit
    elif closure == "multiplicative":
        income = income * (base.output + base.deficit) / base.output
        income *= (found.price * base.output).sum() / income.sum()
    left = (spent[:, None, :] * now / (1.0 + found.tariffs)).sum(axis=(0, 1))
    bought = now * (spent * income / left)[:, None, :] / (1.0 + found.tariffs)
    return np.asarray(bought.sum(axis=(0, 2)) / (found.price * base.output) - 1.0)


@pytest.mark.parametrize("closure", CLOSURES)
@pytest.mark.parametrize("sectors", [1, 3])
@pytest.mark.parametrize("tariffs", [False, True])
def test_all_markets_clear_to_1e_12(closure: Closure, sectors: int, tariffs: bool) -> None:
    base = made(sectors=sectors, tariffs=tariffs)
    found = counterfactual(base, Shock(cheaper(base), 0.5 * base.tariffs), closure)
    assert np.abs(residuals(found.base, found, closure)).max() < 2e-12
    assert found.residual < 2e-12
    assert found.flows.sum(axis=(0, 1)) == pytest.approx(found.expenditure_ratio * found.base.expenditure, rel=1e-11)


@pytest.mark.parametrize("closure", CLOSURES)
@pytest.mark.parametrize("tariffs", [False, True])
def test_no_change_gives_exactly_one(closure: Closure, tariffs: bool) -> None:
    base = made(sectors=2, tariffs=tariffs)
    found = counterfactual(base, Shock(np.ones(1)), closure)
    for name in ("flow_ratio", "cost_ratio", "price", "price_index", "expenditure_ratio", "income_ratio", "welfare"):
        assert (getattr(found, name) == 1.0).all(), name
    assert (found.quantity_ratio("cif") == 1.0).all()
    assert (found.quantity_ratio("fob") == 1.0).all()
    assert (conditional(base, Shock(np.ones(1))) == 1.0).all()
    assert found.iterations == 0


@pytest.mark.parametrize("closure", CLOSURES)
def test_the_unit_of_money_changes_no_ratio(closure: Closure) -> None:
    base = made(tariffs=True)
    one = counterfactual(base, Shock(cheaper(base)), closure)
    other = counterfactual(base.with_flows(1000.0 * base.flows), Shock(cheaper(base)), closure)
    assert other.price == pytest.approx(one.price, rel=1e-10)
    assert other.welfare == pytest.approx(one.welfare, rel=1e-10)


def test_a_cost_that_is_everywhere_the_same_lowers_welfare_by_as_much_and_moves_no_trade() -> None:
    base = made()
    found = counterfactual(base, Shock(np.full(1, 1.1)))
    assert found.flow_ratio == pytest.approx(1.0, abs=1e-11)
    assert found.welfare == pytest.approx(1.0 / 1.1, rel=1e-11)


def test_countries_in_another_order_get_the_same() -> None:
    base, order = made(tariffs=True), [3, 0, 5, 1, 4, 2]
    mixed = World(
        tuple(base.countries[at] for at in order),
        base.sectors,
        base.flows[:, order][:, :, order],
        base.tariffs[:, order][:, :, order],
        base.theta,
    )
    cost = cheaper(base)
    one, other = counterfactual(base, Shock(cost)), counterfactual(mixed, Shock(cost[:, order][:, :, order]))
    assert other.welfare == pytest.approx(one.welfare[order], rel=1e-11)


def test_there_and_back_is_where_it_began() -> None:
    base = made(sectors=2)
    cost = cheaper(base)
    back = counterfactual(counterfactual(base, Shock(cost)).world, Shock(1.0 / cost))
    assert back.flows == pytest.approx(base.flows, rel=1e-10)


@pytest.mark.parametrize("closure", CLOSURES)
def test_an_independent_root_finder_agrees_to_1e_8(closure: Closure) -> None:
    base = made(count=8, sectors=2, tariffs=True)
    shock = Shock(cheaper(base), 0.0 * base.tariffs)
    found = counterfactual(base, shock, closure)

    def missed(logs: Floats) -> Floats:
        price = np.exp(np.concatenate([[0.0], logs]))
        price *= found.base.output.sum() / (price * found.base.output).sum()
        tried = Counterfactual(**{**found.__dict__, "price": price})
        return residuals(found.base, tried, closure)[1:]

    solved = root(missed, np.zeros(7), tol=1e-13)
    price = np.exp(np.concatenate([[0.0], solved.x]))
    assert solved.success
    assert found.price / found.price[0] == pytest.approx(price, rel=1e-8)


def test_welfare_is_told_by_the_own_share_where_trade_is_balanced_and_free() -> None:
    # Arkolakis, Costinot & Rodríguez-Clare 2012: W = (own share over base)^(-1/theta).
    found = counterfactual(made(), Shock(cheaper(made())), "balanced")
    own = [each[0].diagonal() / each[0].sum(axis=0) for each in (found.base.flows, found.flows)]
    assert found.welfare == pytest.approx((own[1] / own[0]) ** (-1.0 / 4.0), rel=1e-10)


def test_with_several_sectors_welfare_is_told_by_all_own_shares() -> None:
    found = counterfactual(made(sectors=3), Shock(cheaper(made(sectors=3))), "balanced")
    base = found.base
    own = [
        np.einsum("kii->ki", each) / each.sum(axis=1) for each in (base.flows, found.flows)
    ]  # fmt: skip
    spent = base.flows.sum(axis=1) / base.expenditure
    told = np.prod((own[1] / own[0]) ** (-spent / base.theta[:, None]), axis=0)
    assert found.welfare == pytest.approx(told, rel=1e-10)


def test_without_deficits_every_country_spends_what_it_earns() -> None:
    level = without_deficits(made(tariffs=True))
    assert np.abs(level.deficit / level.output).max() < 1e-11


def test_deficits_in_money_stay_and_as_a_multiple_move_with_output() -> None:
    base = made()
    kept, scaled = (counterfactual(base, Shock(cheaper(base)), name) for name in ("additive", "multiplicative"))
    assert kept.world.deficit == pytest.approx(base.deficit, abs=1e-9 * base.output.sum())
    ratio = (scaled.world.expenditure / scaled.world.output) / (base.expenditure / base.output)
    assert ratio == pytest.approx(ratio[0], rel=1e-10)


def test_a_tariff_taken_off_costs_its_revenue_and_a_small_country_may_lose_by_it() -> None:
    base = made(tariffs=True)
    free = base.tariffs.copy()
    free[:, :, 0] = 0.0
    found = counterfactual(base, Shock(np.ones(1), free))
    assert found.world.revenue[0] == 0.0
    assert base.revenue[0] > 0.0
    assert found.welfare[1:].max() > 1.0


def test_one_sector_alone_and_the_same_sector_twice_are_one_world() -> None:
    base = made()
    twice = World(
        base.countries, ("S0", "S1"), np.concatenate([0.5 * base.flows] * 2), np.zeros((2, 6, 6)), np.array([4.0, 4.0])
    )
    cost = cheaper(base)
    one, other = counterfactual(base, Shock(cost)), counterfactual(twice, Shock(np.concatenate([cost] * 2)))
    assert other.welfare == pytest.approx(one.welfare, rel=1e-11)


@pytest.mark.parametrize("factor", [0.01, 100.0])
def test_huge_shocks_still_clear(factor: float) -> None:
    base = made()
    cost = np.full_like(base.flows, factor ** (1.0 / 4.0))
    at = np.arange(6)
    cost[:, at, at] = 1.0
    found = counterfactual(base, Shock(cost))
    assert found.residual < 2e-12
    assert (found.price > 0.0).all()


def test_conditional_effects_keep_every_country_s_sales_and_spending() -> None:
    base = made(sectors=2)
    now = base.flows * conditional(base, Shock(cheaper(base)))
    assert now.sum(axis=1) == pytest.approx(base.flows.sum(axis=1), rel=1e-11)
    assert now.sum(axis=2) == pytest.approx(base.flows.sum(axis=2), rel=1e-11)


def test_a_surplus_that_a_country_can_no_longer_hand_on_is_infeasible() -> None:
    # C0 hands on 90 % of what it makes; once nobody can buy there, it earns less than that.
    flows = np.array([[[1.0, 9.0], [0.5, 4.0]]])
    base = World(("C0", "C1"), ("all",), flows, np.zeros_like(flows), np.array([5.0]))
    with pytest.raises(InfeasibleError, match="C0 would earn less"):
        counterfactual(base, Shock(np.array([[[1.0, 30.0], [1.0, 1.0]]])), "additive")


def test_shocks_that_mean_nothing_are_refused() -> None:
    base = made()
    with pytest.raises(DataError, match=r"cost of trade: '0\.0'"):
        counterfactual(base, Shock(np.zeros(1)))
    with pytest.raises(DataError, match="do not fit"):
        counterfactual(base, Shock(np.ones(5)))
    with pytest.raises(DataError, match="tariff at home"):
        counterfactual(base, Shock(np.ones(1), np.full_like(base.flows, 0.1)))
    with pytest.raises(DataError, match="no closure"):
        counterfactual(base, Shock(np.ones(1)), "none")  # type: ignore[arg-type]  # as a user may


def test_a_solution_that_does_not_clear_is_never_told() -> None:
    base = made()
    wrong = np.array([2.0, 0.5, 1.0, 1.0, 1.0, 1.0])
    start = starting(base, "multiplicative")
    found = demanded(start, terms_of(start, np.ones_like(base.flows), base.tariffs), wrong)
    with pytest.raises(NotConvergedError, match="does not clear"):
        _checked(base, wrong, base.flows, base.tariffs, found)


def rows(of: World) -> pd.DataFrame:
    places = [(i, j) for i in range(len(of.countries)) for j in range(len(of.countries))]
    return pd.DataFrame(
        {
            "exporter": [of.countries[i] for i, _ in places],
            "importer": [of.countries[j] for _, j in places],
            "musd": [float(of.net[0, i, j]) for i, j in places],
        }
    )


def test_a_world_from_rows_is_gross_of_tariffs() -> None:
    base = made(tariffs=True)
    rates = rows(base).assign(pct=100.0 * base.tariffs[0].reshape(-1)).query("pct > 0")
    again = world(rows(base), 4.0, rates)
    assert again.flows == pytest.approx(base.flows, rel=1e-12)
    assert again.deficit.sum() == pytest.approx(0.0, abs=1e-9 * base.output.sum())


def test_worlds_that_cannot_be_are_refused_with_their_rows() -> None:
    whole = rows(made())
    with pytest.raises(DataError, match="absent pair: 'C0-C1, total'"):
        world(whole.drop(index=1), 4.0)
    with pytest.raises(DataError, match="no domestic sales: 'C0'"):
        world(whole.assign(musd=whole["musd"].where(whole.index != 0, 0.0)), 4.0)
    with pytest.raises(DataError, match="negative trade"):
        world(whole.assign(musd=-whole["musd"]), 4.0)
    with pytest.raises(DataError, match="elasticity: 'total', expected a number above 0"):
        world(whole, {"other": 4.0})
    with pytest.raises(DataError, match="countries that do not trade: ZZ"):
        world(whole, 4.0, pd.DataFrame({"exporter": ["ZZ"], "importer": ["C0"], "pct": [5.0]}))


def test_totals_that_differ_are_refused_until_they_are_made_even() -> None:
    terms, output = np.exp(np.random.default_rng(2).normal(size=(4, 4))), np.array([4.0, 3.0, 2.0, 1.0])
    spent = np.array([1.0, 2.0, 3.0, 4.0]) / 1.008
    with pytest.raises(DataError, match=r"output is 0\.8 % above expenditure"):
        gravity_flows(terms, output, spent)
    even, mended = even_totals(output, spent)
    flows = gravity_flows(terms, output, even)
    assert len(mended) == 1
    assert flows.sum(axis=1) == pytest.approx(output, rel=1e-11)
    assert flows.sum(axis=0) == pytest.approx(even, rel=1e-11)


def test_tables_tell_the_counterfactual() -> None:
    base = made(sectors=2, tariffs=True)
    found = counterfactual(base, Shock(cheaper(base), 0.5 * base.tariffs))
    pairs, economies = pairs_table(found, 2024, "fob"), economies_table(found, 2024)
    assert pairs["musd"].to_numpy() == pytest.approx((pairs["base_musd"] * pairs["ratio"]).to_numpy(), rel=1e-12)
    assert pairs["revenue_musd"].sum() == pytest.approx(economies["revenue_musd"].sum(), rel=1e-12)
    abroad = pairs.loc[pairs["exporter"] != pairs["importer"]]
    assert abroad.groupby("exporter")["musd"].sum().to_numpy() == pytest.approx(economies["exports_musd"].to_numpy())
    assert economies["exports_musd"].sum() == pytest.approx(economies["imports_musd"].sum(), rel=1e-12)
    assert within_share(base, base.countries) == pytest.approx(1.0)
