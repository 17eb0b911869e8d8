"""The trend of a short series: what it carries on, and how its band widens."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.numerics.drift import drift_forecast

FIGURES = st.lists(st.floats(0.1, 1e4), min_size=3, max_size=9)


@given(FIGURES, st.integers(0, 6))
def test_the_forecast_lies_in_its_band_and_starts_at_the_last_figure(values: list[float], ahead: int) -> None:
    found = drift_forecast(range(len(values)), values, len(values) - 1 + ahead)
    assert found is not None
    assert found.low <= found.forecast * (1 + 1e-12)
    assert found.forecast <= found.high * (1 + 1e-12)
    if ahead == 0:
        assert found.low == found.high == pytest.approx(values[-1])


@given(FIGURES, st.floats(0.01, 100.0))
def test_a_change_of_unit_scales_forecast_and_band_alike(values: list[float], factor: float) -> None:
    one = drift_forecast(range(len(values)), values, len(values) + 2)
    other = drift_forecast(range(len(values)), np.array(values) * factor, len(values) + 2)
    assert one is not None
    assert other is not None
    np.testing.assert_allclose(np.array(other[:3]) / factor, one[:3], rtol=1e-9)


def test_steady_growth_is_carried_on_without_a_band_over_any_gap() -> None:
    found = drift_forecast([2018, 2021, 2022], 1.1 ** np.array([0.0, 3.0, 4.0]), 2025)
    assert found is not None
    assert found[:3] == pytest.approx([1.1**7] * 3)


def test_the_band_is_that_of_the_textbook() -> None:
    steps = np.array([0.2, -0.1, 0.3, 0.0])
    found = drift_forecast(range(5), np.exp(np.concatenate([[0.0], steps.cumsum()])), 6)
    assert found is not None
    quantile, wide = 1.6377443536962102, steps.std(ddof=1) * np.sqrt(2 * (1 + 2 / 4))
    assert np.log(found.high / found.forecast) == pytest.approx(quantile * wide)


@pytest.mark.parametrize("values", [[], [1.0, 2.0], [1.0, 0.0, 2.0]])
def test_too_few_figures_or_one_not_above_zero_give_no_trend(values: list[float]) -> None:
    assert drift_forecast(range(len(values)), values, 9) is None
