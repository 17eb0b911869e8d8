"""Days in force and the half-year rule."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.errors import DataError
from karvan.scenario.dates import days_in_force, in_force
from karvan.schema.dates import first_day, last_day


def _days(start: str, end: str, year: int) -> int:
    return int(days_in_force(np.array([first_day(start)]), np.array([last_day(end)]), year)[0])


def test_both_ends_count_and_leap_days_too() -> None:
    assert _days("2024", "2024", 2024) == 366
    assert _days("2024-02-29", "2024-02-29", 2024) == 1
    assert _days("2023-07-01", "", 2023) == 184
    assert _days("", "2022-12-31", 2023) == 0


@given(st.dates(date(2019, 1, 1), date(2026, 12, 30)), st.integers(2018, 2027))
def test_a_span_cut_in_two_has_the_same_days(day: date, year: int) -> None:
    after = date.fromordinal(day.toordinal() + 1).isoformat()
    parts = _days("2019", day.isoformat(), year) + _days(after, "2026", year)
    assert parts == _days("2019", "2026", year)


def test_half_of_a_leap_year_is_183_days() -> None:
    assert in_force(["2024-07-02", "2024-07-03"], ["", ""], 2024).tolist() == [True, False]
    assert in_force(["2023-07-02", "2023-07-03"], ["", ""], 2023).tolist() == [True, False]


@pytest.mark.parametrize("text", ["2023-02-29", "24", "2024-5-1", "May 2024", "20240520", "2024-W20"])
def test_what_is_no_day_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="YYYY"):
        first_day(text)
