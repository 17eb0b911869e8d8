"""Checks of a table as people wrote it, built from its schema file.

In goes a frame of text; out comes the typed frame and every problem found, each with its line, the value as written,
what was expected and how to mend it. The checks are a pandera schema, made once a table and run lazily, so that
nobody mends one cell only to hear of the next; columns whose every value the rules accept are not handed to it, and
where all are right it is not even imported.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pandas as pd

from karvan.errors import Problem
from karvan.schema.cells import BOOLEANS, DUPLICATE, KEY, CellRule, cell_rules, parse_float, parse_int, shown
from karvan.schema.nearest import did_you_mean
from karvan.schema.tables import ColumnSchema, TableSchema, file_of, tables

PROBLEMS_KEPT_A_KIND = 1000
SUGGESTIONS_A_COLUMN = 20


def typed(raw: pd.DataFrame, schema: TableSchema, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """A table of text as typed columns, and everything that is wrong with it.

    Parameters
    ----------
    raw
        Text only, empty where missing; the index plus 2 is the line in the file.
    schema
        What the table should look like.
    file
        Name of the file, for the messages.

    Returns
    -------
    frame, problems
        The frame has every column of the schema in its order and the index of ``raw``. A cell that is wrong is
        missing in it, or as written where it is text; a column that is absent holds its default.

    >>> from karvan.schema.tables import table
    >>> row = {"shock": "a", "name": "A", "happened": "true", "source": "s", "confidence": "low"}
    >>> raw = pd.DataFrame([row])
    >>> frame, problems = typed(raw, table("shocks"), "shocks.csv")
    >>> print(problems[0])
    shocks.csv:2 happened: wrong type: 'true', expected yes or no; write yes
    """
    problems = _column_problems(raw, schema, file)
    filled = _with_defaults(raw, schema)
    problems += _cell_problems(filled, raw, schema, file)
    frame = pd.DataFrame({c.name: _converted(filled[c.name], c) for c in schema.columns}, index=raw.index)
    order = {name: place for place, name in enumerate(schema.column_names)}
    return frame, sorted(problems, key=lambda p: (p.row, order.get(p.column, -1)))


def reference_problems(frames: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Cells that name a row of another table which that table does not have.

    A column is checked where its schema says ``references`` and the table it points to is among ``frames``; a list is
    checked item by item.
    """
    known = tables("inputs")
    problems = []
    for name, frame in frames.items():
        for column in known[name].columns:
            other, key = column.points_to
            if other in frames and column.name in frame:
                problems += _unknown_keys(frame[column.name], column, name, set(frames[other][key]))
    return problems


def _column_problems(raw: pd.DataFrame, schema: TableSchema, file: str) -> list[Problem]:
    problems = []
    for column in schema.columns:
        if column.name not in raw and column.required and not column.default:
            remedy = f"add the column: {column.description}"
            problems.append(Problem("missing column", file, schema.name, 1, column.name, remedy=remedy))
    for name in raw.columns:
        if name not in schema.column_names:
            absent = [other for other in schema.column_names if other not in raw]
            remedy = did_you_mean(name, absent) or did_you_mean(name, schema.column_names) or "remove the column"
            text = ", ".join(schema.column_names)
            problems.append(Problem("unknown column", file, schema.name, 1, shown(name), expected=text, remedy=remedy))
    return problems


def _with_defaults(raw: pd.DataFrame, schema: TableSchema) -> pd.DataFrame:
    """All columns of the schema as text, with defaults where a cell or the column is empty."""
    absent = pd.Series("", index=raw.index, dtype="str")
    columns = {c.name: raw.get(c.name, absent).astype("str") for c in schema.columns}
    for column in schema.columns:
        if column.default:
            columns[column.name] = columns[column.name].mask(columns[column.name] == "", column.default)
    return pd.DataFrame(columns, index=raw.index)


def _cell_problems(filled: pd.DataFrame, raw: pd.DataFrame, schema: TableSchema, file: str) -> list[Problem]:
    """What the table's pandera schema finds in columns that are not all right, as problems."""
    checked = filled[[name for name in schema.column_names if name in raw and not _is_right(filled[name], schema)]]
    if all(name in raw or not schema.column(name).required for name in schema.key):
        keys = _joined(filled, schema.key)
        checked = checked if keys.is_unique else checked.assign(**{KEY: keys})
    if checked.columns.empty:
        return []
    from karvan.schema.refused import refused

    problems = []
    for (column, kind), values in refused(checked, _rules(schema)):
        if column == KEY:
            problems += _duplicates(values, checked[KEY], schema, file)
        else:
            problems += _refusals(values, _rules(schema)[column, kind], schema.column(column), schema, file)
    return problems


@cache
def _rules(schema: TableSchema) -> Mapping[tuple[str, str], CellRule]:
    return {(column.name, rule.kind): rule for column in schema.columns for rule in cell_rules(column)}


def _is_right(text: pd.Series, schema: TableSchema) -> bool:
    """Whether the rules of a column accept every value of it."""
    rules = [rule for (name, _), rule in _rules(schema).items() if name == text.name]
    return all(rule.accepts(value) for value in text.unique() for rule in rules)


def _joined(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    parts = zip(*(frame[name] for name in names), strict=True)
    return pd.Series(["\x1f".join(part) for part in parts], index=frame.index, dtype="str")


def _refusals(values: pd.Series, rule: CellRule, column: ColumnSchema, schema: TableSchema, file: str) -> list[Problem]:
    remedies = {value: rule.remedy(value) for value in values.unique()[:SUGGESTIONS_A_COLUMN]}
    kept = [
        Problem(rule.kind, file, schema.name, line, column.name, shown(value), rule.expected, remedies.get(value, ""))
        for line, value in _lines(values)
    ]
    return with_rest(kept, len(values))


def _duplicates(values: pd.Series, keys: pd.Series, schema: TableSchema, file: str) -> list[Problem]:
    first = {key: int(index) + 2 for index, key in zip(keys.index[::-1], keys.iloc[::-1], strict=True)}
    column = ", ".join(schema.key)
    kept = [
        Problem(
            DUPLICATE, file, schema.name, line, column, shown(", ".join(key.split("\x1f"))),
            "each key once", f"line {first[key]} has the same key; rename or remove one",
        )
        for line, key in _lines(values)
    ]  # fmt: skip
    return with_rest(kept, len(values))


def _unknown_keys(values: pd.Series, column: ColumnSchema, name: str, keys: set[str]) -> list[Problem]:
    is_list = column.type == "list"
    wrong = {
        value: [item for item in (value.split("|") if is_list else [value]) if item not in keys]
        for value in values.unique()
        if value
    }
    wrong = {value: items for value, items in wrong.items() if items}
    remedies = {value: did_you_mean(wrong[value][0], keys) for value in list(wrong)[:SUGGESTIONS_A_COLUMN]}
    found = values[values.isin(list(wrong))]
    expected = f"a key of {column.points_to[0]}"
    kept = [
        Problem(
            "unknown key", file_of(name), name, line, column.name, shown("|".join(wrong[value])), expected,
            remedies.get(value, ""),
        )
        for line, value in _lines(found)
    ]  # fmt: skip
    return with_rest(kept, len(found))


def _lines(values: pd.Series) -> list[tuple[int, str]]:
    """The first values with the lines they stand on."""
    kept = values.iloc[:PROBLEMS_KEPT_A_KIND]
    return [(int(index) + 2, value) for index, value in zip(kept.index, kept, strict=True)]


def with_rest(kept: list[Problem], total: int) -> list[Problem]:
    """The problems, the last of them counting those of its kind that were left out."""
    if kept and total > len(kept):
        kept[-1] = replace(kept[-1], rest=total - len(kept))
    return kept


def _converted(text: pd.Series, column: ColumnSchema) -> pd.Series:
    """The text as the column's type; missing where it cannot be read."""
    if column.type == "int":
        return pd.Series([parse_int(value) for value in text], index=text.index, dtype="Int64")
    if column.type == "float":
        numbers = (parse_float(value) for value in text)
        return pd.Series([math.nan if x is None else x for x in numbers], index=text.index, dtype="float64")
    if column.type == "bool":
        return pd.Series([BOOLEANS.get(value, False) for value in text], index=text.index, dtype="bool")
    return text
