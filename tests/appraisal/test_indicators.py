"""Indicators of streams, against figures known by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.appraisal.indicators import (
    benefit_cost_ratio,
    npv,
    payback_years,
    rates_of_return,
    switching_value,
)
from karvan.errors import RangeError


def test_a_loan_repaid_in_equal_parts_has_the_rate_of_its_annuity() -> None:
    part = 1000 * 0.07 / (1 - 1.07**-30)
    assert rates_of_return([-1000.0, *[part] * 30]) == pytest.approx((0.07,), abs=1e-9)


def test_a_mine_that_is_closed_at_a_cost_has_two_rates_of_return() -> None:
    # The textbook case: -1, 5, -6 is worth nothing at 100 % and at 200 %.
    assert rates_of_return([-1.0, 5.0, -6.0]) == pytest.approx((1.0, 2.0))


def test_a_double_root_is_told_once() -> None:
    assert rates_of_return([-1.0, 2.4, -1.44]) == pytest.approx((0.2,), abs=1e-4)


def test_a_stream_that_only_earns_or_never_crosses_has_no_rate() -> None:
    assert rates_of_return([5.0, 5.0]) == ()
    assert rates_of_return([1.0, -3.0, 2.5]) == ()


@given(st.floats(-0.5, 3.0), st.lists(st.floats(1.0, 100.0), min_size=1, max_size=45))
def test_at_its_rate_of_return_an_investment_is_worth_nothing(rate: float, earned: list[float]) -> None:
    spent = npv([0.0, *earned], rate)
    (found,) = rates_of_return([-spent, *earned])
    assert found == pytest.approx(rate, abs=1e-6)


def test_payback_looks_past_a_year_of_loss() -> None:
    assert payback_years([-10.0, 20.0, -15.0, 10.0]) == pytest.approx(2.5)
    assert math.isnan(payback_years([-10.0, 5.0]))
    assert payback_years([1.0, 1.0]) == 0.0


def test_at_its_switching_value_the_whole_is_worth_nothing() -> None:
    capex, rest = np.array([-100.0, -50.0, 0.0]), np.array([0.0, 0.0, 400.0])
    factor = switching_value(capex, rest, 0.05)
    assert npv(factor * capex + rest, 0.05) == pytest.approx(0.0, abs=1e-9)


def test_ratio_above_one_and_present_value_above_nothing_say_the_same() -> None:
    costs, benefits = [100.0, 0.0, 0.0], [0.0, 60.0, 60.0]
    for rate in (0.05, 0.1, 0.2):
        pays = npv(np.subtract(benefits, costs), rate) > 0
        assert (benefit_cost_ratio(benefits, costs, rate) > 1) == pays
    assert math.isnan(benefit_cost_ratio([1.0], [0.0], 0.1))


def test_a_rate_of_minus_one_is_refused() -> None:
    with pytest.raises(RangeError, match="not above -1"):
        npv([1.0], -1.0)
