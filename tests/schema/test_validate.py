"""Text as people write it: what passes, what is refused, and what is said of it."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.errors import Problem, summarise
from karvan.schema.cells import cell_text, parse_float, parse_int
from karvan.schema.tables import dtype_of, table
from karvan.schema.validate import PROBLEMS_KEPT_A_KIND, reference_problems, typed
from tests.worlds import frame, place, two_links

PLACE = {"place": "baku", "name": "Baku", "country": "AZE", "lon_deg": "49.9", "lat_deg": "40.4", "kind": "port"}
LINK = {"link": "a", "from_place": "x", "to_place": "y", "mode": "rail", "handling_classes": "wagon", "length_km": "10"}
ROWS = {"places": PLACE, "links": {**LINK, "hours": "1"}}
OWN = {"source": "s", "confidence": "high"}


def checked(name: str, *rows: dict[str, str]) -> tuple[pd.DataFrame, list[Problem]]:
    raw = pd.DataFrame([{**ROWS.get(name, {}), **OWN, **row} for row in rows], dtype="str").fillna("")
    return typed(raw, table(name), f"{name}.csv")


def only(table_name: str, /, **cells: str) -> Problem:
    key = "place" if table_name == "places" else "link"
    _, problems = checked(table_name, {}, {key: "b", **cells})
    assert len(problems) == 1, problems
    return problems[0]


def test_a_sound_table_gets_the_types_of_its_schema_and_its_defaults() -> None:
    result, problems = checked("places", {})
    assert problems == []
    assert [str(t) for t in result.dtypes] == [dtype_of(c) for c in table("places").columns]
    assert result.loc[0, "lon_deg"] == 49.9
    assert not result.loc[0, "zone"]
    assert result.loc[0, "unlocode"] == ""


def test_a_problem_says_line_column_value_what_was_expected_and_how_to_mend_it() -> None:
    problem = only("places", lat_deg="95")
    assert (problem.file, problem.table, problem.row) == ("places.csv", "places", 3)
    assert (problem.column, problem.value, problem.kind) == ("lat_deg", "95", "out of range")
    assert "[-90,90]" in problem.expected
    assert problem.remedy


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1,200", "1 200", "1_200", "0x10", "1e999", "٣", " 1", "1.2.3"])
def test_text_that_only_looks_like_a_number_is_refused(text: str) -> None:
    assert only("places", lon_deg=text).kind == "wrong type"


@pytest.mark.parametrize("text", ["1 435", "1435.0", "1_435", "1\u00a0435"])
def test_a_whole_number_written_otherwise_is_shown_as_it_should_be(text: str) -> None:
    assert only("links", gauge_mm=text).remedy == "write 1435"


@pytest.mark.parametrize(("text", "remedy"), [("TRUE", "write yes"), ("0", "write no"), ("maybe", "write yes or no")])
def test_truth_is_yes_or_no(text: str, remedy: str) -> None:
    assert only("places", zone=text).remedy == remedy


@pytest.mark.parametrize("text", ["2023-02-29", "15.08.2024", "2024-8-15", "0024", "24", "2024-13", "2016/2017"])
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    assert only("links", open_from=text).remedy == "write YYYY, YYYY-MM or YYYY-MM-DD"


def test_a_word_that_is_no_alternative_suggests_the_nearest() -> None:
    assert only("places", kind="prot").remedy == "did you mean 'port'?"
    assert only("links", handling_classes="wagon|contaner").remedy == "did you mean 'container'?"


def test_a_code_of_the_wrong_form_is_refused() -> None:
    assert only("places", country="Azerbaijan").kind == "wrong form"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("=HYPERLINK(1)", "spreadsheet formula"),
        ("+1+1", "spreadsheet formula"),
        ("@SUM(A1)", "spreadsheet formula"),
        ("Baku <b>port</b>", "HTML tag"),
        ("<script src=x", "HTML tag"),
        ("Baku\nport", "control character or line break"),
        ("Baku\x07", "control character or line break"),
        ("Baku\u202eport", "control character or line break"),
    ],
)
def test_text_that_another_program_might_run_is_refused(text: str, kind: str) -> None:
    assert only("places", name=text).kind == kind


@pytest.mark.parametrize("text", ["a < b and c > d", "less than <5 t", "-", "Xi'an; Łódź & Co.", "50 % > 40 %"])
def test_plain_text_with_odd_marks_passes(text: str) -> None:
    assert checked("places", {"note": text})[1] == []


def test_a_missing_required_value_is_named_once_and_a_default_fills_silently() -> None:
    assert only("places", lon_deg="").kind == "missing value"
    result, problems = checked("places", {"zone": ""})
    assert problems == []
    assert not result.loc[0, "zone"]


def test_a_missing_column_is_one_problem_and_not_one_a_row() -> None:
    raw = pd.DataFrame([{**PLACE, **OWN}] * 1, dtype="str").drop(columns="lat_deg")
    result, problems = typed(raw, table("places"), "places.csv")
    assert [(p.kind, p.column, p.row) for p in problems] == [("missing column", "lat_deg", 1)]
    assert result["lat_deg"].isna().all()


def test_an_unknown_column_suggests_the_one_that_is_missing() -> None:
    raw = pd.DataFrame([{**PLACE, **OWN, "latitude_deg": "1"}], dtype="str")
    _, problems = typed(raw, table("places"), "places.csv")
    assert [(p.kind, p.column, p.remedy) for p in problems] == [
        ("unknown column", "latitude_deg", "did you mean 'lat_deg'?")
    ]


def test_each_later_row_of_a_key_is_a_duplicate_and_names_the_first() -> None:
    _, problems = checked("places", {}, {"place": "poti"}, {}, {})
    assert [(p.kind, p.row, p.value) for p in problems] == [("duplicate key", 4, "baku"), ("duplicate key", 5, "baku")]
    assert "line 2" in problems[0].remedy


def test_a_key_of_several_columns_counts_its_empty_cells() -> None:
    row = {"place": "x", "from_mode": "zone", "to_mode": "rail", "handling_class": "wagon", "hours": "1"}
    gauges = [{"to_gauge_mm": "1520"}, {"to_gauge_mm": ""}, {"to_gauge_mm": "1520"}]
    _, problems = checked("transfers", *[{**row, **gauge} for gauge in gauges])
    assert [(p.kind, p.row) for p in problems] == [("duplicate key", 4)]


def test_all_problems_of_a_table_come_at_once_in_the_order_of_lines() -> None:
    _, problems = checked("places", {"lat_deg": "95", "kind": "prot"}, {"lon_deg": "x", "country": "az", "zone": "1"})
    assert [p.row for p in problems] == sorted(p.row for p in problems)
    assert {p.column for p in problems} == {"lat_deg", "kind", "lon_deg", "country", "zone", "place"}


def test_thousands_of_bad_cells_are_counted_and_not_listed() -> None:
    many = PROBLEMS_KEPT_A_KIND + 500
    raw = pd.DataFrame({**{k: [v] * many for k, v in {**PLACE, **OWN}.items()}, "lat_deg": ["x"] * many}, dtype="str")
    raw["place"] = [f"p{i}" for i in range(many)]
    _, problems = typed(raw, table("places"), "places.csv")
    assert len(problems) == PROBLEMS_KEPT_A_KIND
    assert sum(1 + p.rest for p in problems) == many
    assert sum(1 + p.rest for p in summarise(problems)) == many


def test_a_key_that_stands_nowhere_suggests_the_nearest() -> None:
    world = dict(two_links().tables)
    world["links"] = world["links"].assign(to_place=["midle", "west"], via_places=["", "east|nowhere"])
    problems = reference_problems(world)
    assert [(p.row, p.column, p.value) for p in problems] == [(2, "to_place", "midle"), (3, "via_places", "nowhere")]
    assert problems[0].remedy == "did you mean 'middle'?"


def test_a_table_that_is_absent_is_no_reason_to_refuse_its_keys() -> None:
    world = {name: rows for name, rows in two_links().tables.items() if name != "sources"}
    assert reference_problems(world) == []


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_reads_back_from_its_text_bit_by_bit(value: float) -> None:
    back = parse_float(cell_text(value))
    assert back is not None
    assert back.hex() == value.hex()


@given(st.integers(-(2**63), 2**63 - 1))
def test_every_whole_number_reads_back_from_its_text(value: int) -> None:
    assert parse_int(cell_text(value)) == value


@given(st.text(max_size=12))
def test_any_text_in_any_column_is_read_without_an_exception(text: str) -> None:
    raw = pd.DataFrame([{c.name: text for c in table("places").columns}], dtype="str")
    result, _ = typed(raw, table("places"), "places.csv")
    assert list(result.columns) == list(table("places").column_names)


def test_the_tiny_world_is_what_its_own_text_reads_as() -> None:
    rows = frame("places", [place("east", "AAA", 62.0, 45.0)])
    raw = pd.DataFrame({name: [cell_text(v) for v in rows[name]] for name in rows}, dtype="str")
    pd.testing.assert_frame_equal(typed(raw, table("places"), "places.csv")[0], rows)
