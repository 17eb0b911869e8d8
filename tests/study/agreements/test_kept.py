"""Commitments by rule: met in time, late, due, open, not measurable; nothing from later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import pytest

from karvan.errors import DataError
from karvan.register.compiled import moment, register_of
from karvan.study.agreements.kept import Evidence, commitments, judged
from tests.built_in import middle_corridor
from tests.register.made import agreement, corridor, event


def promise(**cells: object) -> dict[str, object]:
    row = {
        "commitment": "c",
        "agreement": "T",
        "description": "boxes",
        "quantity": 10.0,
        "unit": "boxes",
        "made": "2020",
    }
    return {**row, "where": "indicator=boxes", "responsible": "AOL|BBB", **cells}


def figure(year: int, value: float, **cells: object) -> dict[str, object]:
    row = {"indicator": "boxes", "subject": "here", "scope": "all", "year": year, "period": "Y", "value": value}
    told = {"published": f"{year + 1}-03-01", "published_basis": "source", "preferred": True}
    return {**row, **told, "unit": "boxes", "status": "observed", **cells}


def told(
    promised: Mapping[str, object], figures: Sequence[Mapping[str, object]] = (), on: str = "2026-01-01",
    known: str = "", **rows: Sequence[Mapping[str, object]],
) -> pd.Series:  # fmt: skip
    world = corridor(commitments=[promised], observations=figures, **rows)
    return commitments(world, register_of(world), moment(on, known)).iloc[0]


@pytest.mark.parametrize(
    ("due", "on", "status", "met_on"),
    [("2022", "2026-01-01", "met", "2022-12-31"), ("2021", "2026-01-01", "late", "2022-12-31"),
     ("2021", "2022-06-01", "late", ""), ("2021", "2021-06-01", "due", ""), ("", "2022-06-01", "open", ""),
     ("", "2023-06-01", "met", "2022-12-31")],
)  # fmt: skip
def test_a_measured_commitment_is_judged_by_the_last_figure_up_to_its_day(
    due: str, on: str, status: str, met_on: str
) -> None:
    found = told(promise(due=due), [figure(2020, 4.0), figure(2021, 8.0), figure(2022, 12.0)], on)
    assert (found["status"], found["met_on"]) == (status, met_on)


def test_a_figure_that_fell_again_is_no_longer_met_but_was_if_its_day_had_passed() -> None:
    figures = [figure(2021, 12.0), figure(2022, 9.0)]
    assert told(promise(), figures)["status"] == "open"
    assert told(promise(due="2021"), figures)["status"] == "met"


def test_figures_that_end_a_year_before_its_day_tell_of_no_lateness() -> None:
    assert told(promise(due="2022"), [figure(2021, 8.0)])["status"] == "unmeasurable"
    assert told(promise(due="2022"), [figure(2022, 8.0)])["status"] == "late"


@pytest.mark.parametrize(("direction", "status"), [("at_least", "open"), ("at_most", "met"), ("exactly", "open")])
def test_the_direction_says_which_side_counts(direction: str, status: str) -> None:
    assert told(promise(direction=direction), [figure(2021, 8.0)])["status"] == status


def test_a_figure_published_later_is_no_evidence_yet() -> None:
    found = told(promise(due="2021"), [figure(2021, 12.0)], known="2022-02-28")
    assert (found["status"], found["evidence"]) == ("unmeasurable", "")


def test_a_plan_is_no_evidence() -> None:
    assert told(promise(), [figure(2021, 12.0, status="plan")])["status"] == "unmeasurable"


@pytest.mark.parametrize(("due", "status"), [("2030", "due"), ("", "open"), ("2021", "unmeasurable")])
def test_a_figure_from_before_the_promise_is_told_and_keeps_none(due: str, status: str) -> None:
    found = told(promise(due=due), [figure(2019, 12.0)])
    assert (found["status"], found["figure"], found["met_on"]) == (status, 12.0, "")


@pytest.mark.parametrize(("due", "status"), [("2030", "due"), ("2025", "unmeasurable"), ("", "unmeasurable")])
def test_without_evidence_it_is_due_while_its_day_lies_ahead(due: str, status: str) -> None:
    assert told(promise(due=due, where="", quantity=None))["status"] == status


def test_an_event_that_completes_the_agreement_and_a_status_fulfilled_are_evidence() -> None:
    opened = [event("o", "2023-05", "AAA", "", kind="opening", agreement="T")]
    done = [agreement("T", "2020", "signed"), agreement("T", "2024-02", "fulfilled")]
    assert told(promise(due="2023"), events=opened)["status"] == "met"
    late = told(promise(due="2023", where=""), agreements=done)
    assert (late["status"], late["met_on"], late["evidence"]) == ("late", "2024-02-01", "agreement T")


def test_evidence_stands_with_its_sources_and_the_scale_turns_units() -> None:
    found = told(promise(scale=0.001, unit="thousand boxes"), [figure(2021, 12000.0)])
    assert (found["status"], found["figure"]) == ("met", 12.0)
    assert (found["evidence"], found["evidence_sources"]) == ("here 2021: 12000 boxes", "made")


def test_only_what_all_the_named_promised_is_told_under_any_of_their_names() -> None:
    world = corridor(commitments=[promise(), promise(commitment="d", responsible="BBB")])
    found = commitments(world, register_of(world), moment(), ["Alland", "Boland"])
    assert found["commitment"].tolist() == ["c"]


def test_a_question_that_cannot_be_asked_names_its_commitment() -> None:
    with pytest.raises(DataError, match="commitment c"):
        told(promise(where="nothing=1"), [figure(2021, 12.0)])


def test_no_evidence_is_dated_after_the_day_and_a_run_of_reached_figures_counts_from_its_first() -> None:
    run = [Evidence(day, day > 2, "", "") for day in range(6)]
    assert judged(run, 10, 8) == ("met", 3)


def test_the_corridor_kept_the_railway_and_missed_the_trade_goal_of_2023() -> None:
    world = middle_corridor()
    found = commitments(world, register_of(world), moment("2026-06-01")).set_index("commitment")["status"]
    assert (found["C_A33"], found["C_A39"], found["C_A66"], found["C_A28"]) == ("met", "late", "due", "due")
    assert set(found) <= {"met", "late", "due", "open", "unmeasurable"}
