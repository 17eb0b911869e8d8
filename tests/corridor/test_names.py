"""Places by what people type."""

from __future__ import annotations

import pytest

from karvan.corridor.names import find_place
from karvan.errors import UnknownKeyError
from tests.worlds import frame, place

PLACES = frame(
    "places",
    [
        place("CN_SIA", "CHN", 108.9, 34.3, name="Xi'an", aliases="Sian|西安", unlocode="CNSIA"),
        place("TR_IST", "TUR", 29.0, 41.0, name="İstanbul"),
        place("AZ_ALT", "AZE", 49.4, 39.9, name="Alat", unlocode="AZALT"),
        place("KZ_ALT", "KAZ", 80.2, 44.2, name="Altynkol", aliases="Khorgos Gateway"),
        place("CN_HRG", "CHN", 80.4, 44.2, name="Khorgos"),
        place("GE_PTI", "GEO", 41.7, 42.1, name="Poti", aliases="Poti Port"),
        place("RO_CND", "ROU", 28.7, 44.2, name="Constanța"),
    ],
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Xi'an", "CN_SIA"), ("xian", "CN_SIA"), ("XI’AN", "CN_SIA"), ("sian", "CN_SIA"), ("西安", "CN_SIA"),
        ("istanbul", "TR_IST"), ("Istanbul", "TR_IST"), ("ISTANBUL", "TR_IST"), ("CONSTANTA", "RO_CND"),
        ("Constanţa", "RO_CND"), ("cnsia", "CN_SIA"), ("ro_cnd", "RO_CND"), ("Ro-Cnd", "RO_CND"), (" poti ", "GE_PTI"),
    ],
)  # fmt: skip
def test_case_accents_apostrophes_and_blanks_make_no_difference(text: str, key: str) -> None:
    assert find_place(PLACES, text) == key


def test_a_whole_name_comes_before_a_part_of_another() -> None:
    assert find_place(PLACES, "Khorgos") == "CN_HRG"


def test_a_part_is_enough_where_only_one_place_has_it() -> None:
    assert find_place(PLACES, "altyn") == "KZ_ALT"


def test_a_part_that_several_places_have_lists_them_with_their_keys() -> None:
    with pytest.raises(UnknownKeyError, match="more than one place") as error:
        find_place(PLACES, "_alt")
    assert "Alat (AZ_ALT), Altynkol (KZ_ALT)" in str(error.value)


def test_one_name_of_two_places_is_not_guessed() -> None:
    twice = frame("places", [place("A_1", "AAA", 0, 0, name="Port"), place("A_2", "AAA", 1, 0, name="port")])
    with pytest.raises(UnknownKeyError, match=r"Port \(A_1\), port \(A_2\); name one by its key"):
        find_place(twice, "PORT")


@pytest.mark.parametrize(("text", "meant"), [("Altinkol", "Altynkol"), ("Konstanta", "Constanța"), ("Potti", "Poti")])
def test_a_near_miss_suggests(text: str, meant: str) -> None:
    with pytest.raises(UnknownKeyError, match="did you mean") as error:
        find_place(PLACES, text)
    assert meant in str(error.value)


def test_two_letters_are_no_part_of_a_name() -> None:
    with pytest.raises(UnknownKeyError, match="no place is called"):
        find_place(PLACES, "al")


@pytest.mark.parametrize("text", ["", "  ", "-'"])
def test_an_empty_name_is_refused(text: str) -> None:
    with pytest.raises(UnknownKeyError, match="empty"):
        find_place(PLACES, text)


def test_a_name_that_is_like_nothing_points_to_the_list() -> None:
    with pytest.raises(UnknownKeyError, match="tables of the corridor list what there is"):
        find_place(PLACES, "zzzzzz")


def test_a_mistyped_word_of_a_name_is_enough_for_a_suggestion() -> None:
    places = frame("places", [{"place": "P1", "name": "Great Northern Harbour"}, {"place": "P2", "name": "Southgate"}])
    with pytest.raises(UnknownKeyError, match="did you mean Great Northern Harbour"):
        find_place(places, "Harbor")
