"""From which day a row could be known."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.register.known import knowledge, known_by, publication
from karvan.schema.dates import iso

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(lambda day: day.isoformat())
SOURCES = pd.DataFrame({"source": ["s"], "published": [""]})


@given(st.lists(DAYS, max_size=12), DAYS)
def test_what_was_published_later_is_not_known(published: list[str], day: str) -> None:
    frame = pd.DataFrame({"source": "s", "published": pd.Series(published, dtype=str)})
    kept = known_by(frame, SOURCES, day)
    assert len(kept) == sum(one <= day for one in published)


def test_a_row_without_a_day_of_its_own_is_known_with_its_source() -> None:
    sources = pd.DataFrame({"source": ["early", "late"], "published": ["2024-01-01", "2025-01-01"]})
    frame = pd.DataFrame({"source": ["early", "late"], "published": ["", ""]})
    assert known_by(frame, sources, "2024-08-15")["source"].tolist() == ["early"]


@pytest.mark.parametrize(
    ("period", "day"), [("Y", "2025-01-30"), ("H1", "2024-07-30"), ("M02", "2024-03-30"), ("9M", "2024-10-30")]
)
def test_a_statistic_is_taken_as_known_30_days_after_its_period_ends(period: str, day: str) -> None:
    rows = pd.DataFrame({"source": ["s"], "published": [""], "year": [2024], "period": [period]})
    found = knowledge(rows, SOURCES)
    assert [iso(int(one)) for one in found.day] == [day]
    assert found.assumed.all()


@pytest.mark.parametrize(
    ("written", "day"), [("2024", "2024-12-31"), ("2024-07", "2024-07-31"), ("2016/2017", "2017-12-31")]
)
def test_an_event_is_never_taken_as_known_before_it_has_surely_happened(written: str, day: str) -> None:
    rows = pd.DataFrame({"source": ["s"], "date": [written]})
    assert publication(rows, SOURCES).to_numpy().tolist() == [[day, "assumed"]]


def test_a_day_of_its_own_that_was_assumed_stays_marked() -> None:
    rows = pd.DataFrame({"source": "s", "published": ["2024", "2024"], "published_basis": ["assumed", "source"]})
    assert publication(rows, SOURCES)["basis"].tolist() == ["assumed", "source"]


@pytest.mark.parametrize(
    ("came_out", "told"),
    [("", "2024-01-30"), ("2023", "2024-01-30"), ("2024-12", "2024-12-01"), ("2025", "2025-01-01")],
)
def test_a_day_that_is_assumed_never_lies_before_its_source_may_have_come_out(came_out: str, told: str) -> None:
    row = {"source": ["s"], "year": [2023], "period": ["Y"], "published": ["2024-01-30"]}
    sources = pd.DataFrame({"source": ["s"], "published": [came_out]})
    assumed = publication(pd.DataFrame({**row, "published_basis": ["assumed"]}), sources)
    assert assumed.iloc[0].tolist() == [told, "assumed"]
    assert publication(pd.DataFrame({**row, "published_basis": ["source"]}), sources)["day"].tolist() == ["2024-01-30"]
