"""Lines of figures: which are told, in which order, and what becomes of rivals."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from karvan.study.brief.figures import figure_lines
from tests.worlds import frame

ROW = {"indicator": "tonnes", "subject": "AAA-BBB", "scope": "all", "unit": "Mt", "status": "observed"}


def figures(*found: tuple[int, str, float, str, bool]) -> pd.DataFrame:
    """Observations of one series: year, period, value, source, preferred; each known at the end of its year."""
    rows = [
        {**ROW, "year": year, "period": period, "value": value, "source": source, "preferred": preferred}
        for year, period, value, source, preferred in found
    ]
    made = frame("observations", [{**row, "confidence": "high", "published": f"{row['year']}-12-31"} for row in rows])
    return made.assign(day=made["published"], basis="source")


KNOWN = figures(
    (2022, "Y", 1.5, "a", True),
    (2023, "Y", 2.8, "a", True),
    (2023, "Y", 2.7, "b", False),
    (2023, "Y", 2.8, "c", False),
    (2023, "H1", 1.2, "d", True),
)


@given(st.permutations(range(len(KNOWN))))
def test_the_last_period_is_told_with_its_rivals_marked_and_same_figures_together(order: list[int]) -> None:
    told = figure_lines(KNOWN.iloc[order], "latest", 5, {})
    assert [(line.value, line.rival, line.sources) for line in told] == [(2.8, False, "a|c"), (2.7, True, "b")]
    assert {line.when for line in told} == {"2023"}


def test_each_figure_is_told_in_time_and_the_oldest_are_left_out() -> None:
    told = figure_lines(KNOWN, "each", 4, {})
    assert [(line.when, line.value) for line in told] == [("2022", 1.5), ("2023 H1", 1.2), ("2023", 2.8), ("2023", 2.7)]
    assert figure_lines(KNOWN, "each", 1, {})[0].value == 2.7


def test_a_second_half_is_what_the_year_has_beyond_the_first_and_an_estimate() -> None:
    first, second = figure_lines(KNOWN, "halves", 4, {})
    assert (first.when, first.value, first.status) == ("2023 H1", 1.2, "observed")
    assert (second.when, round(second.value, 9), second.status) == ("2023 H2", 1.6, "estimate")
    assert set(second.sources.split("|")) == {"a", "d"}


def test_a_second_half_is_known_once_the_year_is() -> None:
    later = KNOWN.assign(day=KNOWN["period"].map({"H1": "2023-07-20", "Y": "2024-02-01"}))
    assert [line.published for line in figure_lines(later, "halves", 4, {})] == ["2023-07-20", "2024-02-01"]


def test_keys_in_a_subject_are_told_by_name() -> None:
    assert figure_lines(KNOWN, "latest", 1, {"AAA": "Here", "BBB": "There"})[0].text == "Here-There"


def test_no_figures_are_no_lines() -> None:
    assert figure_lines(KNOWN.head(0), "halves", 4, {}) == []
    assert figure_lines(KNOWN.head(1), "halves", 4, {}) == []
