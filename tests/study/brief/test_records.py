"""Lines of the register: meetings once, standings on a day, status of agreements, what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from karvan.study.brief.records import LINES, Asked, names_on
from tests.worlds import frame, two_links

NAMES = {"AAA": "Here", "BBB": "There", "CCC": "Yonder", "X": "The Body"}


def asked(table: str, rows: Sequence[Mapping[str, object]], show: str = "latest") -> list[tuple[str, float, str]]:
    """Text, figure (0 for none) and time of the lines that rows give on 15 August 2024; all known since 2020."""
    made = frame(table, [{"source": "s", "confidence": "high", **row} for row in rows])
    told = LINES[table](Asked(made.assign(day="2020", basis="source"), show, 9, "2024-08-15", NAMES))
    return [(line.text, float(np.nan_to_num(line.value)), line.when) for line in told]


MEETING = {"kind": "summit", "date": "2024-07-04", "title": "summit", "place": "Town", "host": "AAA"}
EVENTS: list[Mapping[str, object]] = [
    {"event": "a", **MEETING, "guests": "BBB"},
    {"event": "b", **MEETING, "guests": "CCC"},
    {"event": "c", **MEETING, "date": "2023-05", "guests": "AAA", "host": ""},
    {"event": "d", **MEETING, "date": "2024-08-16"},
]


def test_a_meeting_is_told_once_with_all_who_came_and_the_newest_comes_first() -> None:
    assert asked("events", EVENTS) == [
        ("summit (Here, There, Yonder)", 0.0, "2024-07-04"),
        ("summit (Here)", 0.0, "2023-05"),
    ]


def test_what_is_still_ahead_is_told_apart() -> None:
    assert asked("events", EVENTS, "ahead") == [("summit (Here)", 0.0, "2024-08-16")]


def test_meetings_are_counted_once_a_year() -> None:
    told = asked("events", EVENTS, "tally")
    assert [(figure, when) for _, figure, when in told] == [(1.0, "2023"), (1.0, "2024")]


MEMBERS: list[Mapping[str, object]] = [
    {"organisation": "X", "party": "AAA", "from": "2001", "status": "observer"},
    {"organisation": "X", "party": "AAA", "from": "2010", "status": "member"},
    {"organisation": "X", "party": "BBB", "from": "2005", "status": "member"},
    {"organisation": "X", "party": "CCC", "from": "2005", "to": "2015", "status": "member"},
    {"organisation": "X", "party": "CCC", "from": "2024-09", "status": "member"},
]


def test_who_is_what_is_told_as_it_stands_on_the_day() -> None:
    assert asked("memberships", MEMBERS, "parties") == [("The Body: Here, There", 2.0, "last change 2010")]


def test_what_a_party_is_in_which_body_is_told_by_party() -> None:
    assert asked("memberships", MEMBERS[:2], "bodies") == [("Here: The Body", 1.0, "last change 2010")]


def test_an_agreement_has_the_status_of_the_day() -> None:
    rows = [
        {"agreement": "a", "from": day, "name": "treaty", "kind": "treaty", "status": status}
        for day, status in (("2023", "signed"), ("2024-03", "in_force"), ("2025", "ended"))
    ]
    made = frame("agreements", [{"source": "s", "confidence": "low", **row} for row in rows])
    (line,) = LINES["agreements"](Asked(made.assign(day="2020", basis="source"), "latest", 9, "2024-08-15", NAMES))
    assert (line.status, line.when, line.confidence) == ("in force", "2024-03", "low")


@pytest.mark.parametrize(("show", "told"), [("ahead", ["due 2024", "due 2026", "open"]), ("latest", ["due 2023-12"])])
def test_commitments_are_told_by_the_day_they_are_due_and_ahead_leaves_out_the_past(show: str, told: list[str]) -> None:
    rows = [
        {"commitment": f"c{n}", "description": "more", "made": "2020", "due": due, "quantity": 1.0}
        for n, due in enumerate(["2026", "", "2023-12", "2024"])
    ]
    assert [when for _, _, when in asked("commitments", rows, show)][: len(told)] == told


BODY = {"organisation": "X", "earlier_names": "Old|Older", "kind": "bloc", "founded": "2009-10-03"}


def test_bodies_tell_their_earlier_names_once_they_have_changed_them() -> None:
    (text, _, when), = asked("organisations", [{**BODY, "name": "The Body"}])
    assert (text, when) == ("The Body, before Old, Older", "2009-10-03")
    assert asked("organisations", [{**BODY, "name": "The new Body"}])[0][0] == "The Body"


def test_a_body_is_called_as_it_was_on_the_day() -> None:
    bodies = frame("organisations", [{**BODY, "name": "New", "renamed": "2021-11-12", "source": "s"}])
    world = two_links().replace(organisations=bodies)
    assert names_on(world, "2021-11-11")["X"] == "Old"
    assert names_on(world, "2021-11-12")["X"] == "New"
