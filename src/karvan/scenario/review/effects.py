"""What levers would leave behind: numbers outside their range, and rows that name a row which is gone.

Both are looked for in the years in which something changes, for between them nothing does. Values that are set or
inserted are judged where they are written; here it is what factors and addends make of them, and what is missing once
rows have gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.state import State
from karvan.errors import Problem
from karvan.scenario.cells import written
from karvan.scenario.compiled import CompiledLevers, Entries, TableChanges
from karvan.scenario.dates import days_in_force, horizon, most_of_year
from karvan.scenario.review.alone import LeverPlace
from karvan.scenario.state import column_in, state
from karvan.schema.ranges import Interval, parse_range
from karvan.schema.tables import ColumnSchema, TableSchema, tables

Places = Sequence[LeverPlace]


def effect_problems(compiled: CompiledLevers, places: Places) -> list[Problem]:
    """Results outside the range of their column and references to rows that are gone, each lever's once."""
    found: list[Problem] = []
    for changes in compiled.tables.values():
        for name in changes.columns:
            found.extend(_out_of_range(compiled, changes, name, places))
    found.extend(_left_behind(compiled, places))
    return found


def _years(compiled: CompiledLevers, entries: Iterable[Entries]) -> list[int]:
    """Years of the horizon that differ from the one before because some entry begins or ends."""
    first, last = horizon(compiled.corridor)
    start, end = date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal()
    found = {first}
    for each in entries:
        for day in np.unique(np.concatenate([each.first, each.last])).clip(start, end).tolist():
            year = date.fromordinal(day).year
            found |= {year, min(year + 1, last)}
    return sorted(found)


def _out_of_range(compiled: CompiledLevers, changes: TableChanges, name: str, places: Places) -> Iterator[Problem]:
    column, entries = changes.schema.column(name), changes.columns[name]
    allowed, scaled = parse_range(column.range), (entries.multiplies, entries.adds)
    if not isinstance(allowed, Interval) or not any(len(each.rows) for each in scaled):
        return
    told: dict[int, list[str]] = {}
    seen: set[tuple[int, int]] = set()
    for year in _years(compiled, (entries.sets, *scaled)):
        cells = column_in(changes.frame[name], column, entries, year)
        active = _levers_by_row(scaled, year)
        if cells is None or not active:
            continue
        values = cells.to_numpy(dtype=np.float64, na_value=np.nan)
        for row in _outside(values, allowed, np.array(sorted(active))).tolist():
            if (active[row], row) not in seen:
                seen.add((active[row], row))
                told.setdefault(active[row], []).append(_told(changes, column, row, year, float(values[row])))
    for lever, cells_told in told.items():
        expected = f"{column.range} {column.unit}".strip()
        value = cells_told[0] + _rest(len(cells_told))
        yield places[lever].problem("result out of range", "value", value, expected, "mend the figure or its dates")


def _levers_by_row(scaled: Iterable[Entries], year: int) -> dict[int, int]:
    """The last lever that scales each row in a year."""
    found: dict[int, int] = {}
    for entries in scaled:
        on = days_in_force(entries.first, entries.last, year) > 0
        for row, lever in zip(entries.rows[on].tolist(), entries.levers[on].tolist(), strict=True):
            found[row] = max(lever, found.get(row, 0))
    return found


def _outside(values: NDArray[np.float64], allowed: Interval, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of the rows whose value is filled in and lies outside the interval."""
    here = values[rows]
    below = here < allowed.low if allowed.low_closed else here <= allowed.low
    above = here > allowed.high if allowed.high_closed else here >= allowed.high
    return rows[below | above]


def _told(changes: TableChanges, column: ColumnSchema, row: int, year: int, value: float) -> str:
    return f"{_key(changes.frame, changes.schema.key, row)} {column.name} becomes {written(value)} in {year}"


def _key(frame: pd.DataFrame, names: Sequence[str], row: int) -> str:
    return ", ".join(str(cell) for cell in frame.iloc[row][list(names)] if not pd.isna(cell) and cell != "")


def _rest(count: int) -> str:
    return f" (and {count - 1} more)" if count > 1 else ""


def _left_behind(compiled: CompiledLevers, places: Places) -> Iterator[Problem]:
    """Rows that stand in a year and name one that a lever has dropped, or has not inserted yet."""
    moving = {name: each for name, each in compiled.tables.items() if _moves(each) and _naming(each.schema)}
    if not moving:
        return
    told: dict[tuple[int, str, str], None] = {}
    for year in _years(compiled, [rows for each in compiled.tables.values() for rows in (each.dropped, each.inserted)]):
        now = state(compiled.corridor, compiled, year)
        for name, changes in moving.items():
            for at, key in _gone(changes, now, name, year).items():
                for where, row in _that_name(now, changes.schema, key):
                    if (at, key, where) not in told:
                        told[at, key, where] = None
                        yield _still_named(places[at], key, f"{where} ({row})", year)


def _gone(changes: TableChanges, now: State, name: str, year: int) -> dict[int, str]:
    """Keys of rows that do not stand in a year, by the lever that has dropped them or not yet inserted them."""
    key = changes.frame[changes.schema.key[0]]
    standing = set(now[name][changes.schema.key[0]].tolist())
    missing = {}
    for entries, wanted in ((changes.dropped, True), (changes.inserted, False)):
        holds = most_of_year(days_in_force(entries.first, entries.last, year), year) == wanted
        for row, lever in zip(entries.rows[holds].tolist(), entries.levers[holds].tolist(), strict=True):
            if key.iloc[row] not in standing:
                missing[lever] = str(key.iloc[row])
    return missing


def _moves(changes: TableChanges) -> bool:
    return bool(len(changes.dropped.rows) or len(changes.inserted.rows))


@cache
def _naming(schema: TableSchema) -> tuple[tuple[TableSchema, ColumnSchema], ...]:
    """Tables and columns whose cells name rows of a table."""
    wanted = (schema.name, schema.key[0])
    return tuple((other, c) for other in tables("inputs").values() for c in other.columns if c.points_to == wanted)


def _that_name(now: State, schema: TableSchema, key: str) -> Iterator[tuple[str, str]]:
    """Table and column, and the first row, of what names a key in a state."""
    for other, column in _naming(schema):
        if other.name not in now.tables and other.name not in now.corridor:
            continue
        frame, listed = now[other.name], column.type == "list"
        cells = enumerate(frame[column.name].tolist())
        rows = [at for at, cell in cells if (key in cell.split("|") if listed else cell == key)]
        if rows:
            yield f"{other.name} {column.name}", _key(frame, other.key, rows[0]) + _rest(len(rows))


def _still_named(place: LeverPlace, key: str, named: str, year: int) -> Problem:
    remedy = "drop those rows too, or keep the row and close it by its dates"
    return place.problem("row still named", "", f"{key} in {year}", f"nothing that names it, but {named} does", remedy)
