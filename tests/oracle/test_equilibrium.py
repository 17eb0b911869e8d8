"""Equilibria known otherwise: a convex programme, two links in closed form, Braess's network, a slow fixed point."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from karvan.freight.equilibrium import Equilibrium, Problem
from karvan.freight.resources import widened
from karvan.freight.worth.values import values, welfare_usd
from tests.freight.made_problems import Cargo, problem, random_problem, reached, resource, unrationed

Floats = NDArray[np.float64]
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 8))]


def dense(made: Problem) -> tuple[Floats, Floats, Floats]:
    """Pair of each route, and units a unit and passes of each route on each resource, as plain matrices."""
    paths, size = made.paths, made.resources.capacity.size
    use, passes = np.zeros((paths.base.size, size)), np.zeros((paths.base.size, size))
    route = np.repeat(np.arange(paths.base.size), np.diff(paths.start))
    use[route, paths.resource], passes[route, paths.resource] = paths.use, paths.passes
    return np.repeat(np.arange(made.demand.theta.size), np.diff(made.demand.start)), use, passes


def utilities(made: Problem, cost: Floats) -> Floats:
    """Utilities of each pair's routes and, last, its outside option; every pair has as many routes."""
    demand, paths = made.demand, made.paths
    routes = (paths.log_size - np.repeat(demand.theta, np.diff(demand.start)) * cost).reshape(demand.theta.size, -1)
    return np.column_stack((routes, -demand.theta * demand.outside))


def flows(made: Problem, cost: Floats) -> Floats:
    """Units of each route."""
    utility = utilities(made, cost)
    share = np.exp(utility - logsumexp(utility, axis=1, keepdims=True))[:, :-1]
    return np.asarray((share * made.demand.units[:, None]).ravel())


def dual_prices(made: Problem) -> Floats:
    """Prices that minimise demand x log-sum of utilities + price x room, which is convex for any number of classes."""
    pair, use, _ = dense(made)
    demand, room = made.demand, made.resources.room
    unit = 1e6 / room  # prices of like size

    def cost(price: Floats) -> Floats:
        return np.asarray(made.paths.base + demand.per_t[pair] * (use @ price))

    def value(scaled: Floats) -> float:
        best = logsumexp(utilities(made, cost(scaled * unit)), axis=1)
        return float((demand.units / demand.per_t / demand.theta * best).sum() + room @ (scaled * unit)) / 1e6

    def slope(scaled: Floats) -> Floats:
        return np.asarray((room - use.T @ flows(made, cost(scaled * unit))) * unit / 1e6)

    options: Any = {"maxiter": 20_000, "maxfun": 40_000, "ftol": 1e-16, "gtol": 1e-11, "maxcor": 30}
    bounds = [(0.0, None)] * room.size
    found = np.zeros(room.size)
    for _ in range(3):  # a fresh memory each time
        found = minimize(value, found, jac=slope, method="L-BFGS-B", bounds=bounds, options=options).x
    return np.asarray(found * unit)


@pytest.mark.parametrize("seed", SEEDS)
def test_limits_alone_give_the_prices_and_flows_of_the_convex_dual(seed: int) -> None:
    made = random_problem(seed, ["limit"], fullness=1.5)
    answer, price = reached(made), dual_prices(made)
    pair, use, _ = dense(made)
    assert (answer.point.price > 0).sum() >= 3
    assert answer.point.price == pytest.approx(price, rel=1e-6, abs=1e-6 * price.max())
    routes = answer.choices.share * made.demand.units[pair]
    expected = flows(made, made.paths.base + made.demand.per_t[pair] * (use @ price))
    assert routes == pytest.approx(expected, abs=1e-6 * expected.max())


def test_two_links_with_power_law_delays_share_the_demand_as_computed() -> None:
    """t1 = 1.25 (1 + (x / 800)^4), t2 = 2.5 (1 + (x / 1200)^4), demand 4000, theta 1: x1 = 1780.96867."""
    links = [resource("one", "delay", 800.0, delay_h=1.25), resource("two", "delay", 1200.0, delay_h=2.5)]
    cargo = Cargo(4000.0, [(1.25, {0: 1.0}), (2.5, {1: 1.0})], theta=1.0, outside=1e4, hour=1.0)
    load = reached(problem([cargo], links)).load
    assert load[0] == pytest.approx(1780.96867, abs=1e-5)
    assert load.sum() == pytest.approx(4000.0, abs=1e-9)


def braess(bridge: float) -> Problem:
    """Six units; two ways of a delayed half (10 h a unit) and a slow half (50 h + 1 a unit), and a limited bridge."""
    links = [resource(key, "delay", 1.0, delay_h=10.0, delay_power=1.0) for key in ("first", "last")]
    slow = [resource(key, "delay", 1.0, delay_h=1.0, delay_power=1.0) for key in ("upper", "lower")]
    ways = [(50.0, {0: 1.0, 2: 1.0}), (50.0, {1: 1.0, 3: 1.0}), (10.0, {0: 1.0, 1: 1.0, 4: 1.0})]
    cargo = Cargo(6.0, ways, theta=1.0, outside=1e3, hour=1.0)
    return problem([cargo], [*links, *slow, resource("bridge", "limit", bridge, rent_share=0.0)])


def test_a_bridge_that_harms_everybody_has_a_negative_value_equal_to_the_central_difference() -> None:
    """Braess 1968: a wider bridge draws more cargo over both delayed halves, and all of it arrives later."""
    found = values(reached(braess(1.0)))
    up, down = (welfare_usd(reached(braess(1.0 + step))) for step in (1e-4, -1e-4))
    assert found.usd_per_unit[4] == pytest.approx((up - down) / 2e-4, rel=1e-6)
    assert found.usd_per_unit[4] < -1.0
    assert welfare_usd(reached(braess(0.1))) > welfare_usd(reached(braess(1.0)))


def slow_fixed_point(made: Problem) -> tuple[Floats, Floats]:
    """Loads and waits by small steps from the flows in hand to the flows that their waits call for."""
    pair, use, passes = dense(made)
    resources, hour = made.resources, made.demand.hour[pair, None] * passes
    current, damping, before = np.zeros(pair.size), 0.05, np.inf
    for _ in range(100_000):
        wait = resources.wait_hours((use.T @ current + resources.background) / resources.capacity)
        move = flows(made, made.paths.base + hour @ wait) - current
        largest = float(np.max(np.abs(move)))
        if largest < 1e-10 * current.max(initial=0.0):
            return use.T @ current, wait
        damping = min(1.001 * damping, 0.2) if largest < before else 0.9 * damping
        current, before = current + damping * move, largest
    raise AssertionError("the slow fixed point did not settle")


@pytest.mark.parametrize("seed", SEEDS)
def test_queues_and_delays_give_the_loads_and_waits_of_a_slow_damped_fixed_point(seed: int) -> None:
    made = unrationed(random_problem(seed, ["queue", "delay"], fullness=0.95))
    answer, (load, wait) = reached(made), slow_fixed_point(made)
    assert answer.load == pytest.approx(load, rel=1e-6)
    assert answer.point.wait == pytest.approx(wait, rel=1e-6, abs=1e-9)


def values_by_difference(answer: Equilibrium, step: float = 1e-5) -> Floats:
    """The value of every capacity by solving at a little more and a little less of it."""
    made = answer.problem
    found = []
    for n, capacity in enumerate(made.resources.capacity):
        sides = [made._replace(resources=widened(made.resources, n, 1.0 + side)) for side in (step, -step)]
        up, down = (welfare_usd(reached(side, answer.point)) for side in sides)
        found.append((up - down) / (2.0 * step * capacity))
    return np.array(found)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fullness", [0.9, 1.5])
def test_every_value_equals_the_central_difference(seed: int, fullness: float) -> None:
    answer = reached(random_problem(seed, ["queue", "limit", "delay", "slots"], fullness))
    found, seen = values(answer).usd_per_unit, values_by_difference(answer)
    assert found == pytest.approx(seen, rel=1e-4, abs=1e-6 * np.abs(seen).max())
