"""Agreements on a day: one status each, bound through organisations, no word from later."""

from __future__ import annotations

from datetime import date
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.errors import UnknownKeyError
from karvan.register.agreements import agreements, find_agreement, steps
from karvan.register.compiled import moment, register_of
from tests.built_in import middle_corridor
from tests.register.made import agreement, member, party, register

HISTORY = [
    agreement("T", "2020-05", "negotiated"),
    agreement("T", "2021", "signed"),
    agreement("T", "2022-07-01", "in_force", source="late"),
]
DAYS = st.dates(date(2018, 1, 1), date(2030, 1, 1)).map(str)
STEPS = st.lists(
    st.tuples(st.sampled_from("TU"), st.sampled_from(["2019", "2020-05", "2020/2022", "2023-01-01"]),
              st.sampled_from(["signed", "in_force", "ended"]), st.sampled_from(["made", "early", "late"])),
    max_size=8, unique_by=lambda row: row[:2],
)  # fmt: skip


@pytest.mark.parametrize(
    ("on", "known", "status"),
    [("2020-12-31", "", "negotiated"), ("2021-06-01", "", "signed"), ("2022-07-01", "", "in_force"),
     ("2023-01-01", "2024-12-31", "signed"), ("2023-01-01", "2025-01-01", "in_force")],
)  # fmt: skip
def test_a_step_closes_the_one_before_once_it_is_known(on: str, known: str, status: str) -> None:
    assert agreements(register(agreements=HISTORY), moment(on, known))["status"].tolist() == [status]


@settings(max_examples=30, deadline=None)
@given(STEPS, DAYS, DAYS, st.randoms())
def test_an_agreement_has_one_status_in_any_order_of_rows_and_none_from_later(
    told: list[tuple[str, str, str, str]], on: str, known: str, chance: Random
) -> None:
    rows = [agreement(*row[:3], source=row[3]) for row in told]
    found = agreements(register(agreements=rows), moment(on, known))
    assert found["agreement"].is_unique
    assert (found["known_from"] <= known).all()
    chance.shuffle(rows)
    pd.testing.assert_frame_equal(agreements(register(agreements=rows), moment(on, known)), found)


def test_an_organisation_binds_its_members_while_they_are_members() -> None:
    rows = register(
        agreements=[agreement("T", "2015", "in_force")],
        parties=[party("T", "CLUB"), party("T", "BBB")],
        memberships=[member("CLUB", "AAA", "2010", to="2019")],
    )
    assert agreements(rows, moment("2018-01-01"), ["alland", "boland"])["agreement"].tolist() == ["T"]
    assert agreements(rows, moment("2020-01-01"), ["alland", "boland"]).empty


def test_a_party_that_left_is_no_party() -> None:
    rows = register(
        agreements=[agreement("T", "2015", "in_force")],
        parties=[party("T", "AAA"), party("T", "BBB", to="2019-06"), party("T", "CCC", "2021")],
    )
    assert [agreements(rows, moment(day))["parties"].item() for day in ("2019-06-30", "2019-07-01", "2022-01-01")] == [
        "AAA|BBB", "AAA", "AAA|CCC",
    ]  # fmt: skip


def test_the_steps_of_an_agreement_are_told_in_order_with_the_one_that_holds() -> None:
    told = steps(register(agreements=HISTORY[::-1]), "T", moment("2021-06-01"))
    assert told[["status", "standing"]].to_numpy().tolist() == [["negotiated", False], ["signed", True]]


def test_an_agreement_is_found_by_part_of_its_name_and_never_guessed() -> None:
    rows = register(agreements=[agreement("T", "2020", "signed"), agreement("U", "2020", "signed")])
    assert find_agreement(rows, "cord u") == "U"
    with pytest.raises(UnknownKeyError, match="more than one agreement"):
        find_agreement(rows, "accord")


def test_the_treaty_on_green_energy_was_a_draft_when_it_was_said_to_be_adopted() -> None:
    asked = register_of(middle_corridor())
    told = [agreements(asked, moment(day))["agreement"].eq("A24") for day in ("2024-08-05", "2024-08-15")]
    assert [bool(found.any()) for found in told] == [False, True]
    assert steps(asked, "A24", moment("2024-08-15"))["status"].tolist() == ["negotiated"]


def test_every_agreement_of_the_corridor_has_parties_and_its_levers_are_counted() -> None:
    told = agreements(register_of(middle_corridor()), moment()).set_index("agreement")
    assert (told["parties"] != "").all()
    assert told.loc["A04", "levers"] == 3
    assert int(told["levers"].sum()) == int(middle_corridor()["levers"]["owner"].str.startswith("agreement:").sum())


def test_a_party_asked_for_as_an_agreement_is_told_where_to_ask() -> None:
    with pytest.raises(UnknownKeyError, match=r"'Alland' is a party and no agreement; .*--between"):
        find_agreement(register(agreements=[agreement("T", "2022", "signed")], parties=[party("T", "AAA")]), "Alland")
