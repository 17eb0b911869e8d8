"""Warm-up, intervals and the stopping rule, on series whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from karvan.numerics.events.replication import Span
from karvan.operations.assemble import assemble
from karvan.operations.distributions import Exponential
from karvan.operations.network import Calendar, Opening
from karvan.operations.opening import open_intervals
from karvan.operations.simulate import simulate
from karvan.operations.statistics import (
    Rule,
    estimate,
    mean_of,
    mser5,
    paired,
    quantile_of,
    simulate_until,
    warm_up,
)
from tests.operations.networks import eight_stations, queue_of


def test_t_intervals_cover_what_they_say() -> None:
    """Ten normal values, four thousand times: 95 % of the intervals hold the mean."""
    samples = np.random.Generator(np.random.Philox(7)).normal(3.0, 2.0, (4000, 10))
    held = [abs(found.mean - 3.0) <= found.half_width for found in map(estimate, samples)]
    assert np.mean(held) == pytest.approx(0.95, abs=0.011)


def test_mser5_cuts_a_decaying_beginning_and_nothing_of_an_even_series() -> None:
    random = np.random.Generator(np.random.Philox(3))
    noise = random.normal(0.0, 0.1, 1000)
    assert 60 <= mser5(10.0 * np.exp(-np.arange(1000) / 20.0) + noise) <= 180
    assert mser5(noise) <= 100


def test_a_queue_that_begins_full_of_nobody_has_a_warm_up() -> None:
    """At 95 % it takes long until the wait is what it will be."""
    program = assemble(queue_of(Exponential(1.0 / 0.95), Exponential(1.0)))
    records = simulate(program, seed=1, replications=40, span=Span(4000.0))
    assert 50.0 <= warm_up(records, "stay", step_h=10.0) <= 1500.0


def test_replications_are_added_until_the_intervals_are_narrow() -> None:
    program = assemble(queue_of(Exponential(2.0), Exponential(1.0)))
    rule = Rule(mean=0.02, p95=0.03, least=10, most=200)
    records, converged = simulate_until(program, "stay", seed=1, span=Span(2000.0, 100.0), rule=rule)
    assert converged
    assert mean_of(records, "stay").relative <= 0.02
    assert quantile_of(records, "stay", 0.95).relative <= 0.03
    short, enough = simulate_until(program, "stay", seed=1, span=Span(200.0), rule=Rule(least=10, most=12))
    assert (len(short.runs), enough) == (12, False)


def test_the_same_luck_narrows_a_difference() -> None:
    """A fifth inspector: the paired difference is known far better than the two means."""
    base, plan = (
        simulate(assemble(eight_stations(inspectors=n)), seed=1, replications=20, span=Span(2000.0, 200.0))
        for n in (4, 5)
    )
    difference = paired(base, plan, "transit")
    apart = np.hypot(mean_of(base, "transit").half_width, mean_of(plan, "transit").half_width)
    assert difference.mean < 0.0
    assert difference.half_width < 0.5 * apart


def test_storms_close_their_share_of_the_time() -> None:
    sea = Calendar("sea", (Opening("storm", mean_open_h=60.0, mean_closed_h=20.0),))
    day = eight_stations().first_day
    shares = []
    for replication in range(30):
        rows = open_intervals(sea, day, 8784.0, 1, replication)
        shares.append(float((np.minimum(rows[:, 1], 8784.0) - np.minimum(rows[:, 0], 8784.0)).sum()) / 8784.0)
        assert (rows[1:, 0] >= rows[:-1, 1]).all()
    found = estimate(shares)
    assert abs(found.mean - 0.75) < 3.0 * found.error
