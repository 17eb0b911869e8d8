"""The fit by itself: weights, the number of free levers, the pull of the prior, bounds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from karvan.study.calibrate.fit import Fit, Floats, fit, freed, log_sd
from karvan.study.calibrate.free import FreeLever

FREE = np.array([True])


class Exponential:
    """exp(x) for every observation."""

    def __init__(self, count: int) -> None:
        self.count = count

    def modelled(self, addends: Floats) -> Floats:
        return np.full(self.count, np.exp(addends[0]))

    def jacobian(self, addends: Floats) -> Floats:
        return np.full((self.count, 1), np.exp(addends[0]))


def lever(sd: float = 1.0, high: float = 5.0) -> FreeLever:
    return FreeLever("a", "A", "", "constant_usd_per_t", 0.0, sd, -5.0, high, "")


def fitted(observed: list[float], sd: float = 0.5, **changes: float) -> Fit:
    values = np.array(observed)
    return fit(Exponential(values.size), values, np.full(values.size, sd), [lever(**changes)], FREE)


def test_the_fit_is_the_mean_of_prior_and_record_by_their_precision() -> None:
    found = fitted([math.e] * 4)
    precision = 4 / 0.5**2 + 1.0
    assert found.addends[0] == pytest.approx((precision - 1.0) / precision, rel=1e-4)
    assert found.covariance[0, 0] == pytest.approx(1.0 / precision, rel=1e-4)
    assert found.singular[0] == pytest.approx(4.0, rel=1e-3)


def test_a_record_that_scatters_more_than_it_says_makes_the_fit_less_sure() -> None:
    calm, wild = fitted([math.e] * 6), fitted([math.e * f for f in (0.1, 10.0, 0.1, 10.0, 0.1, 10.0)])
    assert wild.addends[0] == pytest.approx(calm.addends[0], abs=0.02)
    assert wild.covariance[0, 0] > 3 * calm.covariance[0, 0]
    assert wild.misfit == pytest.approx(np.log(10.0), rel=0.02)


def test_a_lever_stays_within_its_bounds() -> None:
    assert fitted([np.exp(4.0)] * 4, high=1.0).addends[0] == pytest.approx(1.0, abs=1e-6)


def test_an_estimate_weighs_a_quarter_of_an_observation_of_its_confidence() -> None:
    own = log_sd(["medium"] * 2, [False, True]) ** 2 - log_sd(["high"], [False])[0] ** 2 + 0.1**2
    assert own[1] == pytest.approx(4 * own[0])


@pytest.mark.parametrize(
    ("counts", "observations", "free"),
    [([2, 2], 3, [False, False]), ([2, 2], 4, [True, False]), ([0, 4], 4, [False, True]), ([4, 4], 8, [True, True])],
)
def test_one_lever_is_free_for_four_observations_and_none_without_a_record(
    counts: list[int], observations: int, free: list[bool]
) -> None:
    assert freed(counts, observations).tolist() == free


def test_levers_that_are_held_keep_their_prior_and_its_deviation() -> None:
    found = fit(Exponential(2), np.ones(2), np.ones(2), [lever(sd=3.0)], np.array([False]))
    assert (found.addends[0], found.covariance[0, 0], found.steps) == (0.0, 9.0, 0)
