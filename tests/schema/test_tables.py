"""The schema files themselves are sound."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import get_args

import pytest

from karvan.errors import UnknownKeyError
from karvan.schema.cells import cell_rules
from karvan.schema.ranges import Interval, parse_range
from karvan.schema.tables import ColumnSchema, ColumnType, Kind, TableSchema, file_of, table, tables

HEADER = ["column", "type", "key", "unit", "required", "default", "range", "references", "description"]
KINDS: tuple[Kind, ...] = ("inputs", "outcomes")
ALL = [schema for kind in KINDS for schema in tables(kind).values()]
COLUMNS = [(schema, column) for schema in ALL for column in schema.columns]


@pytest.mark.parametrize("schema", ALL, ids=lambda s: s.name)
def test_every_table_has_a_key_that_is_filled_or_may_be_empty_but_not_all_of_it(schema: TableSchema) -> None:
    assert schema.key
    assert any(schema.column(name).required for name in schema.key)
    assert len(set(schema.column_names)) == len(schema.columns)


@pytest.mark.parametrize("kind", KINDS)
def test_every_schema_file_has_the_same_header_and_plain_yes_or_no(kind: Kind) -> None:
    for name in tables(kind):
        text = (files("karvan.schema") / kind / f"{name}.csv").read_text(encoding="utf-8")
        rows = list(csv.DictReader(text.splitlines()))
        assert list(rows[0]) == HEADER, name
        assert {row["key"] for row in rows} <= {"yes", ""}, name
        assert {row["required"] for row in rows} <= {"yes", ""}, name
        assert None not in {value for row in rows for value in row.values()}, name


def test_every_column_has_a_known_type_a_description_and_a_range_that_parses() -> None:
    for schema, column in COLUMNS:
        assert column.type in get_args(ColumnType), (schema.name, column.name)
        assert column.description, (schema.name, column.name)
        parsed = parse_range(column.range)
        fitting = ("int", "float") if isinstance(parsed, Interval) else ("text", "list")
        assert parsed is None or column.type in fitting, (schema.name, column.name)


def test_every_reference_points_to_a_key_of_a_table_and_stands_on_text() -> None:
    for schema, column in COLUMNS:
        if column.references:
            other, key = column.points_to
            assert key in table(other).key, (schema.name, column.name)
            assert column.type in ("text", "list"), (schema.name, column.name)


def test_every_default_passes_the_checks_of_its_own_column() -> None:
    for schema, column in COLUMNS:
        refused = [rule.kind for rule in cell_rules(column) if column.default and not rule.accepts(column.default)]
        assert not refused, (schema.name, column.name)


def test_key_columns_are_never_numbers_with_decimals() -> None:
    keys = [(schema.name, column.name) for schema, column in COLUMNS if column.key and column.type in ("float", "list")]
    assert keys == []


def test_an_unknown_table_or_column_is_named_with_what_there_is() -> None:
    with pytest.raises(UnknownKeyError, match="places"):
        table("palces")
    with pytest.raises(UnknownKeyError, match="lon_deg"):
        table("places").column("longitude")


def test_a_dotted_table_lies_in_a_subfolder() -> None:
    assert file_of("power.loads") == "power/loads.csv"


def test_every_row_of_data_names_source_and_confidence() -> None:
    def has(schema: TableSchema, name: str) -> bool:
        column: ColumnSchema | None = next((c for c in schema.columns if c.name == name), None)
        return column is not None and column.required

    lacking = [s.name for s in tables("inputs").values() if not (has(s, "source") and has(s, "confidence"))]
    assert [name for name in lacking if not name.startswith("power.")] == ["sources"]
