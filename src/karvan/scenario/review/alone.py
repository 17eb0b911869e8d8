"""What is wrong with each lever alone, beside the schema: names, dates, values, rows to insert.

All of it at once, each problem with the file and key where it stands. What is wrong with levers together and beside the
tables is for :mod:`karvan.scenario.review.together`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import OPERATIONS, Lever
from karvan.errors import DataError, Problem
from karvan.scenario.cells import written
from karvan.scenario.where import EVERY_ROW, typed_value
from karvan.schema.cells import CellRule, cell_rules
from karvan.schema.dates import first_day, is_date, last_day
from karvan.schema.nearest import did_you_mean
from karvan.schema.tables import ColumnSchema, TableSchema, tables

LEVERS_FILE = "levers.csv"
UNTOUCHED = ("levers", "shocks", "observations", "sources", "indicators")
_SHOWN = 80


@dataclass(frozen=True)
class LeverPlace:
    """Where a lever was written: a file with its line, or with the key of its block."""

    file: str
    table: str = ""
    row: int = 0
    block: str = ""
    value_key: str = "value"

    def problem(self, kind: str, key: str, value: str = "", expected: str = "", remedy: str = "") -> Problem:
        """A problem of one key of the lever (``where``, ``value``, ``from`` ...), or of the whole where it is empty."""
        named = self.value_key if key == "value" else key
        column = ".".join(part for part in (self.block, named) if part)
        return Problem(kind, self.file, self.table, self.row, column, value[:_SHOWN], expected, remedy)


def places_of(corridor: Corridor, levers: tuple[Lever, ...]) -> list[LeverPlace]:
    """Where each lever was written."""
    lines = {key: line for line, key in enumerate(corridor["levers"]["lever"].tolist(), start=2)}
    places = []
    for lever in levers:
        if lever.file == LEVERS_FILE:
            places.append(LeverPlace(LEVERS_FILE, "levers", lines.get(lever.key, 0)))
        else:
            places.append(LeverPlace(lever.file or lever.owner, "", 0, lever.key, lever.operation))
    return places


def problems_alone(lever: Lever, place: LeverPlace, years: tuple[int, int]) -> list[Problem]:
    """Everything wrong with one lever that can be seen without the tables' rows; empty where it can be compiled.

    ``years`` are the first and last of the corridor's horizon.
    """
    known = tables("inputs")
    found = list(_date_problems(lever, place, years))
    if lever.operation not in OPERATIONS:
        found.append(place.problem("unknown operation", "operation", lever.operation, ", ".join(OPERATIONS)))
    if lever.table not in known:
        remedy = did_you_mean(lever.table, known)
        return [*found, place.problem("unknown table", "table", lever.table, "a table of the corridor", remedy)]
    if lever.table in UNTOUCHED:
        return [*found, place.problem("table no lever may change", "table", lever.table, "a table that models read")]
    if lever.operation not in OPERATIONS:
        return found
    schema = known[lever.table]
    if lever.unit and not lever.column:
        found.append(place.problem("unit without use", "unit", lever.unit, "none: whole rows have no unit"))
    if lever.operation == "insert":
        return [*found, *_insert_problems(lever, schema, place)]
    found.extend(_where_problems(lever, schema, place))
    if lever.operation == "drop":
        if lever.column:
            found.append(place.problem("column without use", "column", lever.column, "none: drop takes whole rows"))
        return found
    return [*found, *_column_problems(lever, schema, place)]


def _date_problems(lever: Lever, place: LeverPlace, years: tuple[int, int]) -> Iterator[Problem]:
    days = []
    for key, text, day_of in (("from", lever.from_date, first_day), ("to", lever.to_date, last_day)):
        if text and not is_date(text):
            yield place.problem("bad date", key, text, "YYYY, YYYY-MM or YYYY-MM-DD, a day that exists")
        else:
            days.append(day_of(text))
    if len(days) == 2 and days[0] > days[1]:
        dates = f"{lever.from_date} to {lever.to_date}"
        yield place.problem("from after to", "from", dates, "from on or before to")
    elif len(days) == 2:
        yield from _outside_horizon(lever, place, years, (days[0], days[1]))


def _outside_horizon(
    lever: Lever, place: LeverPlace, years: tuple[int, int], days: tuple[int, int]
) -> Iterator[Problem]:
    """A lever that is in force in no year of the horizon."""
    expected = f"a year or day of {years[0]}-{years[1]}, the years of the corridor"
    if days[0] > last_day(str(years[1])):
        yield place.problem("outside the horizon", "from", lever.from_date, expected)
    elif days[1] < first_day(str(years[0])):
        yield place.problem("outside the horizon", "to", lever.to_date, expected)


def _where_problems(lever: Lever, schema: TableSchema, place: LeverPlace) -> Iterator[Problem]:
    if not lever.where:
        remedy = f"{schema.key[0]} = {EVERY_ROW!r} means every row"
        yield place.problem("no condition", "where", "", "which rows", remedy)
    for name, values in lever.where:
        if name not in schema.column_names:
            yield _unknown_column(name, schema, "where", place)
            continue
        for value in values:
            try:
                typed_value(schema.column(name), value)
            except DataError:
                expected = f"{schema.column(name).type} as in column {name} of {schema.name}"
                yield place.problem("wrong type", "where", f"{name}={value}", expected)


def _column_problems(lever: Lever, schema: TableSchema, place: LeverPlace) -> Iterator[Problem]:
    if lever.column not in schema.column_names:
        yield _unknown_column(lever.column, schema, "column", place)
        return
    column = schema.column(lever.column)
    if column.key:
        remedy = "drop the row and insert another"
        yield place.problem("key column changed", "column", lever.column, "a column that is no key", remedy)
    text = written(lever.value)
    if lever.operation == "set":
        yield from _value_problems(text, column, place)
    elif column.type not in ("float", "int"):
        expected = f"set, for {column.type} column {column.name} holds no number"
        yield place.problem("operation on a wrong type", "operation", lever.operation, expected)
    elif not text:
        yield place.problem("missing value", "value", "", "a number")
    else:
        yield from _value_problems(text, column, place, only="wrong type")


def _insert_problems(lever: Lever, schema: TableSchema, place: LeverPlace) -> Iterator[Problem]:
    for key, filled in (("column", lever.column), ("where", lever.where)):
        if filled:
            yield place.problem(f"{key} without use", key, str(filled), "none: insert takes a whole row")
    if not isinstance(lever.value, tuple):
        yield place.problem("no row", "value", written(lever.value), "a whole row as {column: value, ...}")
        return
    given = dict(lever.value)
    for name in given:
        if name not in schema.column_names:
            yield _unknown_column(name, schema, "value", place)
    for column in schema.columns:
        text = written(given.get(column.name)) or column.default
        if column.required and not text:
            yield place.problem("row lacks a required column", "value", column.name, column.description)
        else:
            yield from _value_problems(text, column, place)


def _value_problems(text: str, column: ColumnSchema, place: LeverPlace, only: str = "") -> Iterator[Problem]:
    for rule in cell_rules(column):
        if (not only or rule.kind == only) and not rule.accepts(text):
            yield _refusal(rule, text, column, place)
            return


def _refusal(rule: CellRule, text: str, column: ColumnSchema, place: LeverPlace) -> Problem:
    return place.problem(rule.kind, "value", text, f"{column.name}: {rule.expected}", rule.remedy(text))


def _unknown_column(name: str, schema: TableSchema, key: str, place: LeverPlace) -> Problem:
    remedy = did_you_mean(name, schema.column_names)
    return place.problem("unknown column", key, name, f"a column of {schema.name}", remedy)
