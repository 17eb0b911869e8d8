"""Conditions: the text people write, and the rows it finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.errors import DataError, UnknownKeyError
from karvan.scenario.where import format_where, matching, parse_where
from karvan.schema.tables import table
from tests.worlds import frame, place, rail

PLACES = [
    place("KZ_AKT", "KAZ", 51.2, 43.6, aliases="Aqtau|Port of Aktau", unlocode="KZAAU"),
    place("KZ_ALA", "KAZ", 76.9, 43.2, zone=False),
    place("AZ_ALT", "AZE", 49.4, 39.9, name="Alat & yard"),
]
LINKS = [
    rail("a", "x", "y", 100.0),
    rail("b", "y", "z", 200.0, gauge_mm=1435),
    rail("c", "z", "x", 300.0, gauge_mm=None),
]


def _places(text: str) -> list[str]:
    rows = frame("places", PLACES)
    return rows.loc[matching(rows, parse_where(text), table("places")), "place"].tolist()


def _links(text: str) -> list[str]:
    rows = frame("links", LINKS)
    return rows.loc[matching(rows, parse_where(text), table("links")), "link"].tolist()


_NAMES = st.text(min_size=1, max_size=8).filter(lambda name: not name.startswith("*"))


@given(st.lists(st.tuples(_NAMES, st.lists(st.text(max_size=8), min_size=1, max_size=4).map(tuple)), max_size=4))
def test_conditions_written_as_text_read_back_the_same(conditions: list[tuple[str, tuple[str, ...]]]) -> None:
    where = tuple(conditions)
    assert parse_where(format_where(where)) == where


def test_every_condition_must_hold_and_one_of_its_values_is_enough() -> None:
    assert _places("country=KAZ") == ["KZ_AKT", "KZ_ALA"]
    assert _places("country = KAZ|AZE & zone = yes") == ["KZ_AKT", "AZ_ALT"]
    assert _places("country=KAZ & country=AZE") == []


def test_values_are_compared_as_the_type_of_their_column() -> None:
    assert _links("gauge_mm=1520") == ["a"]
    assert _links("length_km=2e2|300.0") == ["b", "c"]
    assert _places("zone=no") == ["KZ_ALA"]


def test_an_empty_value_matches_what_is_missing() -> None:
    assert _links("gauge_mm=") == ["c"]
    assert _links("gauge_mm=|1435") == ["b", "c"]
    assert _places("unlocode=") == ["KZ_ALA", "AZ_ALT"]


def test_a_star_at_the_end_matches_all_that_begins_so() -> None:
    assert _places("place=KZ_*") == ["KZ_AKT", "KZ_ALA"]
    assert _places("place=*") == ["KZ_AKT", "KZ_ALA", "AZ_ALT"]
    assert _links("gauge_mm=*") == ["a", "b", "c"]
    assert _places(r"place=KZ_\*") == []


def test_a_list_matches_when_any_of_its_items_does() -> None:
    assert _places("aliases=Port of Aktau") == ["KZ_AKT"]
    assert _links("handling_classes=wagon & mode=rail") == ["a", "b", "c"]


def test_marks_inside_a_value_are_protected_by_a_backslash() -> None:
    assert _places(r"name=Alat \& yard") == ["AZ_ALT"]
    assert parse_where(r"name=a\|b|c\=d") == (("name", ("a|b", "c=d")),)


@pytest.mark.parametrize("text", ["mode", "=rail", "mode=rail=road", "mode=rail &", "mode=rail\\"])
def test_a_condition_that_does_not_read_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        parse_where(text)


def test_a_column_or_value_that_cannot_be_is_refused() -> None:
    with pytest.raises(UnknownKeyError, match="no column 'gauge'"):
        _links("gauge=1520")
    with pytest.raises(DataError, match="whole number"):
        _links("gauge_mm=broad")
