"""Figures as people read them."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from karvan.report import numbers


def test_a_missing_figure_is_a_dash_and_never_a_zero() -> None:
    assert numbers.figure(None) == numbers.figure(math.nan) == numbers.amount(math.nan, "kt") == "-"
    assert numbers.percent(math.nan) == "-"


@given(st.floats(1e-3, 1e9))
def test_a_printed_figure_is_within_half_a_per_cent_of_the_value(value: float) -> None:
    printed = float(numbers.figure(value).replace(",", ""))
    assert abs(printed - value) <= 0.005 * value


def test_a_small_share_never_reads_as_nothing() -> None:
    assert numbers.percent(1e-9) == "<0.1 %"
    assert numbers.percent(0.0) == "0 %"


def test_a_price_is_never_scaled_to_thousands() -> None:
    assert numbers.scale([5e6], "USD/FEU") == (1.0, "USD/FEU")
    assert numbers.scale([1200.0], "kt") == (1000.0, "Mt")
