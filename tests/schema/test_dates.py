"""Dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.errors import DataError
from karvan.schema.dates import first_day, first_days, is_date, is_span, iso, last_day, last_days


@pytest.mark.parametrize("text", ["2024", "2024-07", "2024-02-29", "9999"])
def test_years_months_and_days_that_exist_are_dates(text: str) -> None:
    assert is_date(text)
    assert is_span(text)


ODD = ["2024-13", "2023-02-29", "2024-7", "07.2024", "\u0662\u0660\u0662\u0664", "2024/", "2024/2025/2026"]


@pytest.mark.parametrize("text", ODD)
def test_what_does_not_exist_is_neither_date_nor_span(text: str) -> None:
    assert not is_date(text)
    assert not is_span(text)
    with pytest.raises(DataError, match="YYYY"):
        first_day(text)


def test_a_span_of_two_is_no_exact_date_and_may_not_run_backwards() -> None:
    assert is_span("2016/2017")
    assert not is_date("2016/2017")
    assert not is_span("2017-01/2016")


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)), st.sampled_from([4, 7, 10]))
def test_a_date_covers_the_days_that_begin_with_it(day: date, length: int) -> None:
    text = day.isoformat()[:length]
    assert first_day(text) <= day.toordinal() <= last_day(text)
    assert iso(first_day(text)).startswith(text)
    assert iso(last_day(text)).startswith(text)
    assert not iso(last_day(text) + 1).startswith(text)


def test_many_dates_are_read_as_one_by_one() -> None:
    texts = ["2024", "", "2016/2017", "2024"]
    assert first_days(texts).tolist() == [first_day(text) for text in texts]
    assert last_days(texts).tolist() == [last_day(text) for text in texts]
