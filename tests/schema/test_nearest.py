from __future__ import annotations

from karvan.schema.nearest import did_you_mean, fold, nearest


def test_case_accents_and_separators_make_no_difference() -> None:
    assert fold("Ürümqi-East") == fold("urumqi_east")
    assert nearest("POTI", ["Batumi", "Poti"]) == ["Poti"]


def test_a_beginning_is_near_even_where_the_name_is_long() -> None:
    assert nearest("mid", ["middle corridor of the caucasus"]) == ["middle corridor of the caucasus"]


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    assert did_you_mean("zzz", ["places", "links"]) == ""
    assert did_you_mean("", ["places"]) == ""
