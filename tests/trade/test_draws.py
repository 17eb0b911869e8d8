"""Draws are the counterfactual itself at each draw, whichever way they are split, and spread as they should."""

from __future__ import annotations

import numpy as np
import pytest

from karvan.errors import DataError, NotConvergedError
from karvan.trade.counterfactual import Shock, Uncertain, counterfactual, counterfactual_draws, uncertain
from karvan.trade.gravity import estimate
from tests.trade.made import cross_section
from tests.trade.test_counterfactual import cheaper, made


def test_each_draw_is_the_counterfactual_at_its_elasticity() -> None:
    base = made(sectors=2, tariffs=True)
    shock = Shock(cheaper(base), 0.5 * base.tariffs)
    abroad = ~np.eye(6, dtype=bool)
    thetas = np.array([[3.0, 5.0], [6.0, 8.0]])
    told = counterfactual_draws(base, shock, Uncertain(np.zeros((2, 0)), thetas), np.zeros(1), groups={"all": abroad})
    for at, theta in enumerate(thetas):
        alone = counterfactual(type(base)(base.countries, base.sectors, base.flows, base.tariffs, theta), shock)
        assert told.welfare[at] == pytest.approx(alone.welfare, rel=1e-10)
        assert told.real_gdp[at] == pytest.approx(alone.real_gdp, rel=1e-10)
        net = alone.flows / (1.0 + alone.tariffs)
        assert told.trade["all"][at] == pytest.approx(net[:, abroad].sum(), rel=1e-10)


def test_a_drawn_coefficient_works_as_the_cost_it_stands_for() -> None:
    base = made()
    change = -np.log(cheaper(base))
    told = counterfactual_draws(
        base, Shock(np.ones(1)), Uncertain(np.array([[2.0]]), base.theta[None, :]), change[None]
    )
    alone = counterfactual(base, Shock(np.exp(-2.0 * change / base.theta[0])))
    assert told.welfare[0] == pytest.approx(alone.welfare, rel=1e-11)


def test_draws_are_the_same_whichever_way_they_are_split() -> None:
    base = made(sectors=2)
    many = uncertain(None, [], base.theta, 0.3, 40, seed=3)
    shock = Shock(cheaper(base))
    whole = counterfactual_draws(base, shock, many, np.zeros(1))
    part = counterfactual_draws(base, shock, Uncertain(many.coefficients[25:], many.thetas[25:]), np.zeros(1))
    assert (whole.welfare[25:] == part.welfare).all()
    assert (whole.price[25:] == part.price).all()


def test_coefficients_are_drawn_together_from_their_covariance() -> None:
    found = estimate(cross_section(noise=0.3), ["ln_far", "abroad"])
    drawn = uncertain(found, ["abroad", "ln_far"], np.array([5.0]), 0.2, 40_000, seed=1)
    assert drawn.coefficients.mean(axis=0) == pytest.approx(found.coefficients[::-1], abs=0.02)
    assert np.cov(drawn.coefficients.T) == pytest.approx(found.covariance[::-1, ::-1], rel=0.05, abs=1e-3)
    assert np.log(drawn.thetas / 5.0).std() == pytest.approx(0.2, rel=0.02)


def test_one_seed_gives_one_set_of_draws_and_streams_are_apart() -> None:
    found = estimate(cross_section(noise=0.3), ["ln_far", "abroad"])
    theta = np.array([5.0])
    one, same, other = (uncertain(found, ["abroad"], theta, sd, 5, seed) for sd, seed in ((0.1, 1), (0.3, 1), (0.1, 2)))
    assert (one.coefficients == same.coefficients).all()
    assert not (one.coefficients == other.coefficients).any()
    with pytest.raises(DataError, match="one at least"):
        uncertain(found, [], theta, 0.1, 0, 1)


def test_a_draw_without_equilibrium_is_told_and_none_left_out() -> None:
    base = made()
    wild = Uncertain(np.zeros((2, 0)), np.array([[4.0], [np.nan]]))
    with pytest.raises(NotConvergedError, match="1 of 2 draws"):
        counterfactual_draws(base, Shock(cheaper(base)), wild, np.zeros(1))
