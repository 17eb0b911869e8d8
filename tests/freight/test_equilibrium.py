"""The equilibrium where it is hard: empty, full, closed, impossible, equal, one way only, and stopped too early."""

from __future__ import annotations

import numpy as np
import pytest

from karvan.freight.equilibrium import Point, solve
from karvan.freight.worth.values import values
from tests.freight.made_problems import Cargo, faults, problem, random_problem, reached, resource

BAR = 1e-8  # of the residual, a share of capacity
NEAR = 1e-6  # of waits and prices, which steep curves and scales set apart by more
KINDS = ["queue", "limit", "delay", "slots"]


@pytest.mark.parametrize("fullness", [0.1, 0.7, 1.0, 1.5, 3.0])
@pytest.mark.parametrize("seed", range(4))
def test_waits_lie_on_their_curve_and_prices_stand_on_full_limits_alone(seed: int, fullness: float) -> None:
    answer = reached(random_problem(seed, KINDS, fullness))
    assert answer.convergence.residual <= BAR
    assert max(faults(answer).values()) <= NEAR


@pytest.mark.slow
@pytest.mark.parametrize("fullness", [0.5, 1.0, 2.0, 20.0])
def test_random_networks_converge_and_those_that_do_not_say_so(fullness: float) -> None:
    answers = [solve(random_problem(seed, KINDS, fullness)) for seed in range(100)]
    lost = [a for a in answers if not a.convergence.converged]
    print(f"{fullness:g} times full: {len(lost)} of {len(answers)} did not converge")
    assert len(lost) <= 2
    assert all(a.convergence.residual > BAR / 10 and a.convergence.message for a in lost)
    assert all(max(faults(a).values()) <= NEAR for a in answers if a.convergence.converged)


def test_a_queue_just_under_its_last_place_has_a_long_wait_and_fits() -> None:
    cargo = Cargo(1e5, [(100.0, {0: 1.0})], outside=1e4)
    answer = reached(problem([cargo], [resource("queue", "queue", 1e5 / 0.9999)]))
    assert 0.99 < answer.utilisation[0] < 1.0
    assert answer.point.wait[0] == pytest.approx(answer.problem.resources.wait_hours(answer.utilisation)[0], rel=1e-6)


@pytest.mark.parametrize("behaviour", ["queue", "limit", "slots"])
@pytest.mark.parametrize("times", [1.5, 100.0, 1e4])
def test_of_an_impossible_demand_the_outside_option_takes_what_does_not_fit(behaviour: str, times: float) -> None:
    gate = resource("gate", behaviour, 1000.0, max_utilisation=0.95)
    answer = reached(problem([Cargo(1000.0 * times, [(100.0, {0: 1.0})])], [gate]))
    assert answer.load[0] == pytest.approx(950.0, rel=1e-7)
    assert answer.choices.outside[0] == pytest.approx(1.0 - 0.95 / times, rel=1e-7)


def test_a_closed_resource_carries_nothing_and_is_worth_nothing() -> None:
    ways = [(100.0, {0: 1.0}), (120.0, {1: 1.0})]
    answer = reached(problem([Cargo(500.0, ways)], [resource("shut", "queue", 0.0), resource("open", "limit", 1e4)]))
    assert answer.load[0] == answer.utilisation[0] == values(answer).usd_per_unit[0] == 0.0
    assert answer.load[1] == pytest.approx(500.0, rel=1e-6)


@pytest.mark.parametrize("background", [1000.0, 2500.0])
@pytest.mark.parametrize("behaviour", ["queue", "limit", "slots"])
def test_a_background_that_fills_a_resource_closes_it(behaviour: str, background: float) -> None:
    gate = resource("gate", behaviour, 1000.0, background_per_year=background)
    answer = reached(problem([Cargo(500.0, [(100.0, {0: 1.0})])], [gate]))
    assert (answer.load[0], answer.choices.outside[0]) == (0.0, 1.0)
    assert values(answer).rent_usd[0] == 0.0


@pytest.mark.parametrize("behaviour", KINDS)
def test_a_background_beyond_capacity_slows_a_delay_and_no_demand_at_all_is_no_load(behaviour: str) -> None:
    answer = reached(problem([Cargo(0.0, [(100.0, {0: 1.0})])], [resource("gate", behaviour, 1000.0)]))
    assert (answer.load[0], answer.point.price[0]) == (0.0, 0.0)
    assert answer.point.wait[0] <= 1e-9
    slow = resource("gate", "delay", 1000.0, background_per_year=2000.0)
    assert reached(problem([Cargo(0.0, [(100.0, {0: 1.0})])], [slow])).point.wait[0] == pytest.approx(160.0)


@pytest.mark.parametrize("servers", [8, 100, 1000])
def test_a_queue_of_many_servers_that_nobody_uses_has_no_wait(servers: int) -> None:
    """Its wait at a tenth of its capacity is less than any number of hours that a computer tells from 0."""
    gates = [resource("gate", "queue", 1e4, servers=servers), resource("other", "delay", 1e4, delay_power=12.0)]
    answer = reached(problem([Cargo(500.0, [(100.0, {0: 1.0, 1: 0.1})])], gates))
    assert answer.load[0] == pytest.approx(500.0, rel=1e-6)
    assert np.all(np.abs(values(answer).usd_per_unit) < 1e-3)


def test_one_way_only_takes_the_price_at_which_the_rest_stays_away() -> None:
    """Half stays outside where both cost the same: 100 + price = 500."""
    answer = reached(problem([Cargo(1000.0, [(100.0, {0: 1.0})])], [resource("gate", "limit", 500.0)]))
    assert answer.point.price[0] == pytest.approx(400.0, rel=1e-7)
    assert values(answer).usd_per_unit[0] == pytest.approx(400.0, rel=1e-7)


@pytest.mark.parametrize("behaviour", KINDS)
def test_equal_ways_are_used_equally(behaviour: str) -> None:
    ways = [(100.0, {n: 1.0}) for n in range(3)]
    answer = reached(problem([Cargo(1000.0, ways)], [resource(f"r{n}", behaviour, 300.0) for n in range(3)]))
    assert answer.load == pytest.approx(np.full(3, answer.load[0]), rel=1e-7)


@pytest.mark.parametrize("theta", [1e-6, 1e-3, 1.0, 30.0])
def test_tiny_and_huge_dispersions_reach_an_equilibrium(theta: float) -> None:
    made = random_problem(3, KINDS, 1.2)
    answer = reached(made._replace(demand=made.demand._replace(theta=np.full(8, theta))))
    assert max(faults(answer).values()) <= NEAR


@pytest.mark.parametrize("seed", range(3))
def test_ten_random_starts_reach_one_equilibrium(seed: int) -> None:
    answer, rng = reached(random_problem(seed, KINDS, 1.2)), np.random.default_rng(seed)
    for _ in range(10):
        start = Point(rng.uniform(0, 500, 10), rng.uniform(0, 100, 10))
        assert reached(answer.problem, start).load == pytest.approx(answer.load, rel=1e-6)


def test_an_iteration_that_is_stopped_says_so_and_gives_where_it_stands() -> None:
    answer = solve(random_problem(0, KINDS, 1.5), most_steps=1)
    told = answer.convergence
    assert (told.converged, told.iterations) == (False, 1)
    assert told.residual > BAR
    assert "stopped before" in told.message


def test_a_start_from_the_answer_takes_no_step() -> None:
    answer = reached(random_problem(0, KINDS, 1.5))
    assert reached(answer.problem, answer.point).convergence.iterations == 0


def test_an_answer_that_newton_misses_is_found_by_letting_demand_grow() -> None:
    answer = reached(random_problem(12, KINDS, 1.0))
    assert "demand grow" in answer.convergence.message
    assert max(faults(answer).values()) <= NEAR


def test_a_problem_without_resources_is_solved_at_once() -> None:
    made = problem([Cargo(500.0, [(100.0, {})])], [])
    assert reached(made).convergence.iterations == 0
    assert values(reached(made)).usd_per_unit.size == 0
