"""Members of organisations on a day, by any name, as known on another."""

from __future__ import annotations

from datetime import date
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.errors import UnknownKeyError
from karvan.register.compiled import moment, register_of
from karvan.register.members import members, memberships, organisations, overlap
from tests.built_in import middle_corridor
from tests.register.made import corridor, member, register

DAYS = st.dates(date(1999, 1, 1), date(2030, 1, 1)).map(str)
STATUSES = st.sampled_from(["member", "observer", "candidate"])
DATES = st.sampled_from(["2001", "2009-10-03", "2010/2023", "2021-11", "2024-07-04"])
STANDINGS = st.lists(
    st.tuples(st.sampled_from(["NEW", "CLUB"]), st.sampled_from(["AAA", "AOL", "BBB"]), DATES, STATUSES,
              st.sampled_from(["made", "early", "late"])),
    max_size=12, unique_by=lambda row: (row[0], row[1], row[2], row[4]),
)  # fmt: skip


def rows_of(standings: list[tuple[str, str, str, str, str]]) -> list[dict[str, object]]:
    return [member(*row[:3], status=row[3], source=row[4]) for row in standings]


@settings(max_examples=30, deadline=None)
@given(STANDINGS, DAYS, DAYS, st.randoms())
def test_membership_never_counts_twice_uses_nothing_later_and_does_not_hang_on_the_order_of_rows(
    standings: list[tuple[str, str, str, str, str]], on: str, known: str, chance: Random
) -> None:
    rows = rows_of(standings)
    told = memberships(register(memberships=rows), moment(on, known))
    assert not told.duplicated(["organisation", "party"]).any()
    assert (told["known_from"] <= known).all()
    chance.shuffle(rows)
    pd.testing.assert_frame_equal(memberships(register(memberships=rows), moment(on, known)), told)


def test_a_row_under_an_earlier_code_of_a_country_is_that_country() -> None:
    rows = [member("CLUB", "AOL", "2001", status="observer"), member("CLUB", "AAA", "2010")]
    told = memberships(register(memberships=rows), moment("2015-01-01"))
    assert told[["party", "name", "status"]].to_numpy().tolist() == [["AAA", "Alland", "member"]]


CALLED = ["new", "Old Council", "old-council", "aaa", "âŁland", "ALLAND", "أرض", "\u200fأرض", "AOL"]


@pytest.mark.parametrize("text", CALLED)
def test_bodies_and_countries_are_found_by_any_name_they_have_had(text: str) -> None:
    rows = [member("NEW", "AAA", "2010"), member("CLUB", "BBB", "2010")]
    assert members(register(memberships=rows), [text], moment())["party"].tolist() == ["AAA"]


def test_a_name_nobody_has_suggests_the_nearest() -> None:
    with pytest.raises(UnknownKeyError, match="did you mean Alland"):
        members(register(), ["Allande"], moment())


def test_a_body_is_called_as_it_was_on_the_day() -> None:
    names = [organisations(register(), moment(day))["name"].tolist()[1] for day in ("2021-11-11", "2021-11-12")]
    assert names == ["Old Council", "New Union"]


def test_bodies_share_full_members_only() -> None:
    rows = [member("NEW", "AAA", "2010"), member("NEW", "BBB", "2010"), member("CLUB", "AAA", "2010"),
            member("CLUB", "BBB", "2010", status="observer"), member("CLUB", "CCC", "2010")]  # fmt: skip
    told = overlap(register(memberships=rows), ["club", "new"], moment())
    assert told.to_numpy().tolist() == [["CLUB", "NEW", 1, "AAA", 1, 1]]


def test_the_questions_leave_the_corridor_as_it_was() -> None:
    world = corridor(memberships=[member("CLUB", "AOL", "2001")])
    memberships(register_of(world), moment())
    assert world["memberships"]["party"].tolist() == ["AOL"]


def test_the_organisation_of_shanghai_had_ten_members_by_august_2024_and_nine_a_summer_before() -> None:
    asked = register_of(middle_corridor())
    for on, known, count in (("2024-08-01", "2024-08-15", 10), ("2023-08-01", "2023-08-15", 9), ("2024-07-03", "", 9)):
        assert int(members(asked, ["SCO"], moment(on, known))["full"].sum()) == count


def test_partners_since_2025_were_dialogue_partners_and_observers_as_known_the_year_before() -> None:
    asked = register_of(middle_corridor())
    late, early = (members(asked, ["SCO"], moment("2025-12-01", known))["status"] for known in ("", "2024-08-15"))
    assert late.value_counts().to_dict() == {"partner": 17, "member": 10}
    assert early.value_counts().to_dict() == {"dialogue_partner": 14, "member": 10, "observer": 2}
