"""Which rows may decide a claim: valid on a day, known by a day, never twice."""

from __future__ import annotations

from random import Random

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from karvan.study.claims.evidence import known_by, modelled, unrivalled, valid_on

DAYS = st.dates().map(lambda day: day.isoformat())
SOURCES = pd.DataFrame({"source": ["s"], "published": [""]})
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


@given(st.lists(DAYS, max_size=12), DAYS)
def test_what_was_published_later_is_not_known(published: list[str], day: str) -> None:
    frame = pd.DataFrame({"source": "s", "published": pd.Series(published, dtype=str)})
    kept = known_by(frame, SOURCES, day)
    assert len(kept) == sum(one <= day for one in published)


def test_a_row_without_a_day_of_its_own_is_known_with_its_source() -> None:
    sources = pd.DataFrame({"source": ["early", "late"], "published": ["2024-01-01", "2025-01-01"]})
    frame = pd.DataFrame({"source": ["early", "late"], "published": ["", ""]})
    assert known_by(frame, sources, "2024-08-15")["source"].tolist() == ["early"]


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


def test_the_model_answers_the_question_put_to_the_record_or_not_at_all() -> None:
    comparison = pd.DataFrame({"indicator": ["tonnes", "tonnes"], "year": [2022, 2023], "modelled": [1.4, None]})
    claim = pd.Series({"table": "observations", "where": "indicator=tonnes"})
    assert modelled(comparison, claim)["year"].tolist() == [2022]
    assert modelled(comparison, claim.replace("observations", "events")).empty
    assert modelled(comparison, pd.Series({"table": "observations", "where": "published=2024*"})).empty
