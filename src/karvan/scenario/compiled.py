"""Levers made ready: which rows each touches, its value as the column's type, and its days in force.

Compiling finds rows once for all years. Rows that any lever inserts are appended to the table here, each with the days
it stands, so that conditions see inserted rows and base rows alike. Conditions see the tables as they are before the
levers of the year: a row is not found by a value that another lever sets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever
from karvan.errors import KarvanError, ScenarioError
from karvan.scenario.cells import Cell, to_cell, written
from karvan.scenario.dates import days_in_force
from karvan.scenario.where import Where, matching
from karvan.schema.dates import Days, first_day, last_day
from karvan.schema.tables import ColumnSchema, TableSchema, dtype_of, table

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Entries:
    """Changes of one operation: entry i touches row ``rows[i]`` on days ``first[i]..last[i]`` with ``cells[i]``.

    ``levers`` holds the position of each entry's lever among those compiled. Entries are sorted by row, first day,
    last day and value, so that nothing depends on the order in which levers were given. ``cells`` are float64 for
    numbers to be shared out by days, objects otherwise.
    """

    rows: Rows
    cells: NDArray[Any]
    first: Days
    last: Days
    levers: Rows


@dataclass(frozen=True, eq=False)
class ColumnChanges:
    """The changes of one column by operation."""

    sets: Entries
    multiplies: Entries
    adds: Entries


@dataclass(frozen=True, eq=False)
class TableChanges:
    """The changes of one table.

    ``frame`` is the base table of ``base_rows`` rows followed by every row that a lever inserts, in any year;
    ``inserted`` gives the days each of these stands and ``dropped`` the days a row is gone. ``found`` are the rows of
    ``frame`` that each condition met so far finds.
    """

    schema: TableSchema
    frame: pd.DataFrame
    base_rows: int
    inserted: Entries
    dropped: Entries
    columns: Mapping[str, ColumnChanges]
    found: Mapping[Where, Rows]


@dataclass(frozen=True, eq=False)
class CompiledLevers:
    """Levers ready for :func:`karvan.scenario.state.state`, for the one corridor they were compiled for."""

    corridor: Corridor
    levers: tuple[Lever, ...]
    tables: Mapping[str, TableChanges]


def compile_levers(
    corridor: Corridor, levers: Iterable[Lever], known: CompiledLevers | None = None
) -> CompiledLevers:
    """Levers with their rows found and their values typed, for many years of one corridor.

    It assumes levers that :func:`karvan.scenario.resolve.resolve` has accepted: it does not look for conflicts.

    Parameters
    ----------
    corridor, levers
        The tables, and what changes them.
    known
        Levers of the same corridor compiled before: where they insert the same rows into a table, rows that they found
        there are not looked for again.

    Raises
    ------
    ScenarioError
        If a lever names no table or column, or its value is not of the column's type.
    """
    ordered = tuple(levers)
    by_table: dict[str, list[int]] = defaultdict(list)
    for at, lever in enumerate(ordered):
        by_table[lever.table].append(at)
    changes = {}
    for name, positions in sorted(by_table.items()):
        found = _found_before(name, ordered, positions, known)
        changes[name] = _compile_table(corridor, name, ordered, positions, found)
    return CompiledLevers(corridor, ordered, changes)


def _found_before(
    name: str, levers: Sequence[Lever], positions: list[int], known: CompiledLevers | None
) -> Mapping[Where, Rows]:
    """Rows by condition that levers compiled before found in a table, where they insert the same rows into it."""
    if known is None or name not in known.tables:
        return {}

    def inserted(which: Iterable[Lever]) -> list[object]:
        return [lever.value for lever in which if lever.operation == "insert"]

    before = inserted(lever for lever in known.levers if lever.table == name)
    return known.tables[name].found if before == inserted(levers[at] for at in positions) else {}


def of_owners(compiled: CompiledLevers, owners: Collection[str]) -> CompiledLevers:
    """The same levers without those of other owners; nothing is compiled again."""
    kept = np.array([lever.owner in owners for lever in compiled.levers], dtype=bool)

    def chosen(entries: Entries) -> Entries:
        on = kept[entries.levers]
        return Entries(entries.rows[on], entries.cells[on], entries.first[on], entries.last[on], entries.levers[on])

    def columns(changes: ColumnChanges) -> ColumnChanges:
        return ColumnChanges(chosen(changes.sets), chosen(changes.multiplies), chosen(changes.adds))

    tables = {
        name: replace(
            changes,
            inserted=chosen(changes.inserted),
            dropped=chosen(changes.dropped),
            columns={column: columns(each) for column, each in changes.columns.items()},
        )
        for name, changes in compiled.tables.items()
    }
    return CompiledLevers(compiled.corridor, compiled.levers, tables)


def owners_in(compiled: CompiledLevers, year: int) -> frozenset[str]:
    """Owners that have a lever in force on some day of a year."""
    levers: set[int] = set()
    for changes in compiled.tables.values():
        by_column = (e for c in changes.columns.values() for e in (c.sets, c.multiplies, c.adds))
        for entries in (changes.inserted, changes.dropped, *by_column):
            levers.update(entries.levers[days_in_force(entries.first, entries.last, year) > 0].tolist())
    return frozenset(compiled.levers[at].owner for at in levers)


def inserted_cells(schema: TableSchema, value: object) -> dict[str, Cell]:
    """A whole row from the pairs of an insert: values as their columns' types, defaults where the row says nothing.

    Raises
    ------
    DataError
        If a value is not of its column's type.
    """
    given = dict(value) if isinstance(value, tuple) else {}
    return {c.name: to_cell(c, written(given.get(c.name)) or c.default) for c in schema.columns}


def _compile_table(
    corridor: Corridor, name: str, levers: Sequence[Lever], positions: list[int], known: Mapping[Where, Rows]
) -> TableChanges:
    try:
        schema = table(name)
        inserts = [at for at in positions if levers[at].operation == "insert"]
        base = corridor[name]
        frame = _extended(base, schema, [inserted_cells(schema, levers[at].value) for at in inserts])
        new_rows = [np.array([len(base) + number]) for number in range(len(inserts))]
        found = _found_rows(frame, schema, [levers[at] for at in positions], known)
        touched = {at: found[levers[at].where] for at in positions if levers[at].operation != "insert"}
        dropped = [at for at in positions if levers[at].operation == "drop"]
        columns = _compile_columns(schema, levers, [at for at in positions if levers[at].column], touched)
    except KarvanError as error:
        raise ScenarioError(f"levers of table {name}: {error}", error.problems) from error
    return TableChanges(
        schema,
        frame,
        len(base),
        _entries(levers, inserts, new_rows),
        _entries(levers, dropped, [touched[at] for at in dropped]),
        columns,
        found,
    )


def _compile_columns(
    schema: TableSchema, levers: Sequence[Lever], positions: list[int], touched: Mapping[int, Rows]
) -> dict[str, ColumnChanges]:
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at in positions:
        found[levers[at].column][levers[at].operation].append(at)
    compiled = {}
    for name, by_operation in sorted(found.items()):
        column = schema.column(name)
        parts = [
            _entries(levers, by_operation[operation], [touched[at] for at in by_operation[operation]], column)
            for operation in ("set", "multiply", "add")
        ]
        compiled[name] = ColumnChanges(*parts)
    return compiled


def _found_rows(
    frame: pd.DataFrame, schema: TableSchema, levers: Iterable[Lever], known: Mapping[Where, Rows]
) -> dict[Where, Rows]:
    """The rows that each condition finds, those known and those of the levers."""
    found = dict(known)
    for lever in levers:
        if lever.operation != "insert" and lever.where not in found:
            found[lever.where] = np.flatnonzero(matching(frame, lever.where, schema))
    return found


def _extended(base: pd.DataFrame, schema: TableSchema, rows: list[dict[str, Cell]]) -> pd.DataFrame:
    if not rows:
        return base
    new = pd.DataFrame({c.name: pd.Series([row[c.name] for row in rows], dtype=dtype_of(c)) for c in schema.columns})
    return pd.concat([base, new], ignore_index=True)


def _entries(
    levers: Sequence[Lever], positions: list[int], rows: Sequence[Rows], column: ColumnSchema | None = None
) -> Entries:
    """Entries of these levers; without a column (rows that come or go) their cells are None."""
    counts = [len(touched) for touched in rows]
    of_lever = [None if column is None else to_cell(column, levers[at].value) for at in positions]
    cells: list[Cell] = [cell for cell, count in zip(of_lever, counts, strict=True) for _ in range(count)]
    first = np.repeat(np.array([first_day(levers[at].from_date) for at in positions], dtype=np.int64), counts)
    last = np.repeat(np.array([last_day(levers[at].to_date) for at in positions], dtype=np.int64), counts)
    where = np.concatenate([np.empty(0, dtype=np.int64), *rows]).astype(np.int64)
    order = np.lexsort((np.array([repr(cell) for cell in cells], dtype=str), last, first, where))
    typed = np.array(cells, dtype=np.float64 if column and column.type == "float" else object)
    lever_of = np.repeat(np.array(positions, dtype=np.int64), counts)
    return Entries(where[order], typed[order], first[order], last[order], lever_of[order])
