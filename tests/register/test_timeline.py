"""What happened, in order, to whom, as known."""

from __future__ import annotations

from karvan.register.compiled import moment
from karvan.register.timeline import timeline
from karvan.schema.dates import first_day
from tests.register.made import agreement, event, member, party, register

ROWS = register(
    events=[event("e", "2023-05", "AAA", "BBB"), event("f", "2024-01-01", "BBB", "CCC", organisation="CLUB")],
    agreements=[agreement("T", "2022", "signed"), agreement("T", "2023-05-02", "in_force", source="late")],
    parties=[party("T", "AAA"), party("T", "BBB")],
    memberships=[member("CLUB", "AOL", "2021")],
)


def keys(*of: str, known: str = "", since: str = "", most: int = 9) -> list[str]:
    return timeline(ROWS, moment("2024-06-01", known), of, first_day(since), most)["key"].tolist()


def test_everything_is_told_in_the_order_of_time() -> None:
    assert keys() == ["CLUB/AAA", "T", "e", "T", "f"]


def test_only_that_in_which_all_the_named_have_part() -> None:
    assert keys("Alland") == ["CLUB/AAA", "T", "e", "T"]
    assert keys("Alland", "Boland") == ["T", "e", "T"]
    assert keys("Club") == ["CLUB/AAA", "f"]


def test_the_latest_are_kept_and_the_first_day_cuts() -> None:
    assert keys(most=2) == ["T", "f"]
    assert keys(since="2023-01-01") == ["e", "T", "f"]


def test_what_was_not_known_yet_is_left_out() -> None:
    assert keys(known="2023-05-31") == ["CLUB/AAA", "T", "e"]


def test_a_standing_told_by_two_sources_is_told_once_by_the_more_trusted() -> None:
    twice = [member("CLUB", "AAA", "2021"), member("CLUB", "AAA", "2021", source="early", confidence="high")]
    again = [member("CLUB", "AAA", "2023", source="early")]
    told = timeline(register(memberships=[*twice, *again]), moment("2024-06-01"))
    assert told[["day", "source"]].to_numpy().tolist() == [["2021", "early"], ["2023", "early"]]
