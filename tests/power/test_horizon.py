"""Weeks that stand for a year."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from karvan.errors import RangeError
from karvan.power.horizon import HOURS, Horizon, hours_of, means_of_steps, weeks, whole_year


def test_a_leap_year_has_8760_hours_and_no_29th_of_february() -> None:
    hours = hours_of(2024)
    assert len(hours) == HOURS
    assert not ((hours.month == 2) & (hours.day == 29)).any()


def test_four_weeks_fall_in_january_april_july_and_october() -> None:
    starts = hours_of(2025)[list(weeks().starts)]
    assert starts.month.tolist() == [1, 4, 7, 10]


def test_steps_keep_the_mean_of_the_year() -> None:
    hourly = pd.DataFrame({"load": 1 + 0.3 * np.sin(np.arange(HOURS) / 400), "none": np.zeros(HOURS)})
    means = means_of_steps(hourly, weeks())
    assert means["load"].mean() == pytest.approx(hourly["load"].mean(), rel=1e-12)
    assert (means["none"] == 0).all()


def test_a_year_in_hours_is_the_hours_themselves() -> None:
    hourly = pd.DataFrame({"load": np.arange(HOURS, dtype=float)})
    assert means_of_steps(hourly, whole_year())["load"].tolist() == pytest.approx(hourly["load"].tolist())


def test_a_step_that_does_not_divide_the_week_is_refused() -> None:
    with pytest.raises(RangeError, match="does not divide"):
        weeks(step_h=5)


def test_a_block_beyond_the_end_of_the_year_is_refused() -> None:
    with pytest.raises(RangeError, match="within the 8760 hours"):
        Horizon((8700,), 168, 3)
