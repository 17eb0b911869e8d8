"""Journeys by pair, direction and year, counted once; officials' counts beside them."""

from __future__ import annotations

from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.errors import UnknownKeyError
from karvan.register.compiled import moment, register_of
from karvan.register.visits import rival_counts, visits
from tests.built_in import middle_corridor
from tests.register.made import event, member, register

EVENTS = [
    event("a", "2023-05-01", "AAA", "BBB"),
    event("b", "2023-05-02", "AAA", "BBB", kind="summit"),
    event("c", "2023-05-04", "AAA", "BBB|CCC", kind="summit"),
    event("d", "2024", "BBB", "AOL", source="late"),
    event("e", "2024-02-01", "CCC", "CCC"),
    event("f", "2024-03-01", "AAA", "BBB", kind="gift"),
]


def told(frame: pd.DataFrame) -> list[list[object]]:
    return frame[["guest", "host", "year", "visits", "meetings"]].to_numpy().tolist()


def test_the_same_or_the_next_day_is_one_journey_and_directions_are_kept_apart() -> None:
    assert told(visits(register(events=EVENTS), moment())) == [
        ["AAA", "BBB", 2024, 1, 0],
        ["BBB", "AAA", 2023, 1, 1],
        ["CCC", "AAA", 2023, 0, 1],
    ]


def test_what_is_known_later_or_lies_ahead_is_not_counted() -> None:
    rows = register(events=EVENTS)
    assert visits(rows, moment("2025-06-01", "2024-12-31"))["guest"].tolist() == ["BBB", "CCC"]
    assert visits(rows, moment("2023-05-03"))["guest"].tolist() == ["BBB"]


def test_an_organisation_stands_for_its_members_on_either_side() -> None:
    rows = register(events=EVENTS, memberships=[member("CLUB", "BBB", "2000"), member("CLUB", "CCC", "2000")])
    assert len(visits(rows, moment(), ["alland", "club"])) == 3
    assert told(visits(rows, moment(), ["alland", "coland"])) == [["CCC", "AAA", 2023, 0, 1]]


WHEN = st.sampled_from(["2023-05-01", "2023-05-02", "2023-06", "2024"])
MADE = st.lists(st.tuples(st.sampled_from(["AAA", "BBB"]), st.sampled_from(["BBB|CCC", "AAA"]), WHEN), max_size=8)


def test_a_rank_that_nobody_has_is_refused() -> None:
    with pytest.raises(UnknownKeyError, match="did you mean 'ministers'"):
        visits(register(events=EVENTS), moment(), level="minister")


@settings(max_examples=25, deadline=None)
@given(MADE, st.randoms())
def test_the_count_does_not_hang_on_the_order_of_rows_nor_grow_by_a_row_told_twice(
    made: list[tuple[str, str, str]], chance: Random
) -> None:
    rows = [event(f"e{n}", when, host, guests) for n, (host, guests, when) in enumerate(made)]
    once = told(visits(register(events=rows), moment()))
    twice = rows + [{**row, "event": f"{row['event']}x"} for row in rows]
    chance.shuffle(twice)
    assert told(visits(register(events=twice), moment())) == once


def test_rival_counts_stand_side_by_side_with_ours() -> None:
    count = {"kind": "count", "to": "2023-12-31"}
    rows = [
        *EVENTS,
        event("n1", "2023-01-01", "AAA", "BBB", count=5, **count),
        event("n2", "2023-05-02", "AAA", "BBB", count=7, source="late", **count),
    ]
    early, late = (rival_counts(register(events=rows), moment("", known)) for known in ("2024-06-01", ""))
    assert early[["event", "count", "ours"]].to_numpy().tolist() == [["n1", 5, 2]]
    assert late[["event", "count", "ours"]].to_numpy().tolist() == [["n1", 5, 2], ["n2", 7, 1]]
    assert rival_counts(register(events=rows), moment(), ["Coland"]).empty


def test_the_counts_of_august_2024_stand_beside_fewer_journeys_and_later_counts_are_not_known() -> None:
    found = rival_counts(register_of(middle_corridor()), moment("2024-08-15", "2024-08-15")).set_index("event")
    assert found["count"].to_dict() == {"N20230914a": 9, "N20240809a": 16, "N20240809b": 15}
    assert (found.loc[["N20240809a", "N20240809b"], "ours"] < found.loc[["N20240809a", "N20240809b"], "count"]).all()
