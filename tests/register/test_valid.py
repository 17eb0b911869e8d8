"""What holds on a day: never twice, in any order of rows, closed by what comes after."""

from __future__ import annotations

from datetime import date
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.register.valid import standing, statuses, surely, unrivalled, valid_on
from karvan.schema.dates import first_day

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(lambda day: day.isoformat())
STATUSES = pd.DataFrame(
    {"party": ["B", "B", "C"], "from": ["2015", "2024-07-04", "2024-08"], "to": ["2024-07-03", "", ""]}
)


def test_a_change_of_status_closes_the_one_before() -> None:
    assert valid_on(STATUSES, ("party", "from"), "2024-07-03")["from"].tolist() == ["2015"]
    assert valid_on(STATUSES, ("party", "from"), "2024-07-04")["from"].tolist() == ["2024-07-04"]


@given(st.lists(st.tuples(st.sampled_from("ABC"), DAYS), max_size=12), DAYS, st.randoms())
def test_nobody_is_counted_twice_on_a_day_in_any_order_of_rows(
    rows: list[tuple[str, str]], day: str, chance: Random
) -> None:
    frame = pd.DataFrame(sorted(set(rows)), columns=["party", "from"]).assign(to="")
    mixed = frame.sample(frac=1.0, random_state=chance.randint(0, 9))
    found = valid_on(mixed, ("party", "from"), day)
    assert found["party"].is_unique
    assert (found["from"] <= day).all()
    pd.testing.assert_frame_equal(found.sort_index(), valid_on(frame, ("party", "from"), day).sort_index())


RIVALS = pd.DataFrame(
    {
        "indicator": "tonnes",
        "year": 2023,
        "value": [2.8, 2.764, 2.76],
        "preferred": [False, True, False],
        "published": ["2024-08-15", "2024-03-10", "2024-10-15"],
        "source": ["a", "b", "c"],
    }
)


@given(st.permutations(range(3)))
def test_of_rival_figures_the_preferred_one_counts_else_the_last_one_told(order: list[int]) -> None:
    key = ("indicator", "year", "source")
    assert unrivalled(RIVALS.iloc[order], key)["source"].tolist() == ["b"]
    assert unrivalled(RIVALS.drop(1).iloc[[0, 1]], key)["source"].tolist() == ["c"]


def test_of_two_rows_on_one_beginning_the_more_exact_and_then_the_more_trusted_counts() -> None:
    rows = pd.DataFrame({"party": "B", "from": ["2015", "2015-01-01", "2015-01-01"], "source": ["a", "b", "c"],
                         "confidence": ["high", "low", "medium"]})  # fmt: skip
    assert valid_on(rows, ("party", "from", "source"), "2016-01-01")["source"].tolist() == ["c"]


@pytest.mark.parametrize(("day", "sure"), [("2012-01-01", False), ("2023-12-31", True)])
def test_a_beginning_that_lies_somewhere_in_a_span_is_sure_only_at_its_end(day: str, sure: bool) -> None:
    made = statuses(pd.DataFrame({"party": ["B"], "from": ["2010/2023"], "to": [""]}), ("party",))
    rows = standing(made, first_day(day), np.array([True]))
    assert rows.tolist() == [0]
    assert surely(made, rows, first_day(day)).tolist() == [sure]


def test_a_status_that_is_not_known_yet_closes_none() -> None:
    made = statuses(STATUSES, ("party",))
    rows = standing(made, first_day("2025-01-01"), np.array([True, False, True]))
    assert rows.tolist() == [2]
