"""What a scenario changes, cell by cell and year by year, and who changes it.

Two states of one year are set beside each other by the keys of their rows: the base (history and the shocks that
happened) and the scenario. Whatever differs is a row of the outcome table ``scenario.cells``, whatever its table; so a
lever that changes nothing is seen to change nothing, and a row that comes or goes is told with every cell it has.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor, empty_table
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.outcome import outcome_table
from karvan.corridor.state import State
from karvan.scenario.cells import written
from karvan.scenario.compiled import CompiledLevers, Entries, TableChanges, compile_levers
from karvan.scenario.dates import days_in_force, horizon
from karvan.scenario.resolve import BASE, pending_levers, resolve
from karvan.scenario.review.units import unit_of
from karvan.scenario.state import state
from karvan.scenario.where import format_where
from karvan.schema.cells import cell_text
from karvan.schema.dates import Days
from karvan.schema.tables import ColumnSchema, TableSchema, table

CELLS, PENDING = "scenario.cells", "scenario.pending"
TAKEN_AWAY = "-"
ROW, _ANY = "", "*"
_OPEN = ColumnSchema("open", "bool", False, "", True, "", "", "", "whether the link is open in the year")
_YEAR = "year"
Maker = tuple[str, Lever]


@dataclass(frozen=True)
class _Cells:
    """Cells of one column that differ: positions of their rows before and after, -1 where there is no row."""

    column: ColumnSchema
    before: NDArray[np.int64]
    after: NDArray[np.int64]


@dataclass(frozen=True)
class _Touch:
    """Rows of one table that levers touch in one column, or as a whole where it is empty; an item for each entry.

    A maker is a lever with a sign, which says whether the scenario puts it in force or takes it away. ``years`` are
    those of the rows where a table has rows for each year; ``last_year`` is the last of the table.
    """

    table: str
    column: str
    labels: list[str]
    makers: list[Maker]
    first: Days
    last: Days
    years: NDArray[np.int64] | None = None
    last_year: int = 0

    def active(self, year: int, base_years: int) -> NDArray[np.bool_]:
        """Entries that are in force in a year, on rows of that year or, beyond the table, on those that are grown."""
        on: NDArray[np.bool_] = days_in_force(self.first, self.last, year) > 0
        if self.years is None:
            return on
        if year > self.last_year:
            on &= self.years > self.last_year - base_years
        else:
            on &= self.years == year
        return on


def changed_cells(corridor: Corridor, scenario: Scenario, years: Sequence[int] = ()) -> pd.DataFrame:
    """Every cell that a scenario changes.

    Parameters
    ----------
    corridor, scenario
        What is looked at; neither is changed.
    years
        Calendar years; none: every year of the corridor's horizon, to the end of its growth.

    Returns
    -------
    DataFrame
        The outcome table ``scenario.cells``, sorted by table, row, column and year; empty for the base.

    Raises
    ------
    ScenarioError
        With every problem of the levers.
    """
    plan, plain = (compile_levers(corridor, resolve(corridor, each)) for each in (scenario, BASE))
    first, last = horizon(corridor)
    base_years = max([1, *corridor["growth"]["base_years"].dropna().tolist()])
    touches = (*_touches(plan, plain, ""), *_touches(plain, plan, TAKEN_AWAY))
    found = []
    for year in sorted(set(years)) or range(first, last + 1):
        cells = difference(state(corridor, plain, year), state(corridor, plan, year))
        found.append(_owned(cells, touches, year, base_years))
    rows = pd.concat(found, ignore_index=True) if found else empty_table(CELLS, "outcomes")
    return outcome_table(CELLS, rows.sort_values(["table", "row", "column", "year"], kind="stable"))


def idle_levers(corridor: Corridor, scenario: Scenario, cells: pd.DataFrame) -> tuple[str, ...]:
    """Keys of the levers that a scenario puts in force and that change none of these cells (rows of scenario.cells).

    A value may be set that stands there already, or another lever may undo it.
    """
    spare = Counter(resolve(corridor, BASE))
    added = [lever for lever in resolve(corridor, scenario) if _taken(spare, lever) < 0]
    seen = {key for keys in cells["levers"].unique() for key in keys.split("|")}
    return tuple(f"{lever.owner} {lever.key}".strip() for lever in added if lever.key not in seen)


def pending_changes(corridor: Corridor, scenario: Scenario) -> pd.DataFrame:
    """The levers of a scenario that wait for the model that reads their table: the outcome table ``scenario.pending``.

    Raises
    ------
    ScenarioError
        If the table of levers cannot be read; with every problem.
    """
    of_base = set(pending_levers(corridor, BASE))
    rows = [_waiting(lever) for lever in pending_levers(corridor, scenario) if lever not in of_base]
    if not rows:
        return empty_table(PENDING, "outcomes")
    return outcome_table(PENDING, pd.DataFrame(rows).sort_values(["table", "lever"]))


def _waiting(lever: Lever) -> dict[str, str]:
    row = lever.value
    value = ", ".join(f"{name} {written(cell)}" for name, cell in row) if isinstance(row, tuple) else written(row)
    told = {"lever": lever.key, "owner": lever.owner, "table": lever.table, "where": format_where(lever.where)}
    told |= {"column": lever.column, "operation": lever.operation, "value": value}
    return {**told, "from": lever.from_date, "to": lever.to_date}


def difference(before: State, after: State) -> pd.DataFrame:
    """The cells in which two states of one corridor and year differ, without owners.

    Returns
    -------
    DataFrame
        Columns of ``scenario.cells`` but ``owners`` and ``levers``; empty where the states are equal. The difference of
        (b, a) is that of (a, b) with before and after exchanged.
    """
    found = []
    for name in sorted({*before.tables, *after.tables}):
        one, other = before[name], after[name]
        if one is not other:
            schema = table(name)
            found += [_told(schema, cells, one, other, after.year) for cells in _of_table(schema, one, other)]
    if not found:
        return empty_table(CELLS, "outcomes").drop(columns=["owners", "levers"])
    return pd.concat(found, ignore_index=True)


def _of_table(schema: TableSchema, before: pd.DataFrame, after: pd.DataFrame) -> Iterator[_Cells]:
    """What differs in one table, column by column."""
    there, here = pd.Index(_keys(schema, before)), pd.Index(_keys(schema, after))
    at = here.get_indexer(there)
    kept, gone = np.flatnonzero(at >= 0), np.flatnonzero(at < 0)
    come = np.flatnonzero(there.get_indexer(here) < 0)
    columns = (*schema.columns, _OPEN) if _OPEN.name in after else schema.columns
    for column in columns:
        one, other = before[column.name], after[column.name]
        differs = kept[_differ(one, other, column, kept, at[kept])]
        left, new = gone[_filled(one, gone)], come[_filled(other, come)]
        for rows, others in ((differs, at[differs]), (left, np.full(len(left), -1)), (np.full(len(new), -1), new)):
            if len(rows):
                yield _Cells(column, rows, others)


def _keys(schema: TableSchema, frame: pd.DataFrame) -> list[str]:
    parts = (frame[name].astype("str").fillna("").tolist() for name in schema.key)
    return ["\x1f".join(each) for each in zip(*parts, strict=True)]


def _differ(
    one: pd.Series, other: pd.Series, column: ColumnSchema, rows: NDArray[np.int64], others: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Where a column's cells at these rows differ; a missing cell is like a missing one."""
    if one is other:
        return np.zeros(len(rows), dtype=bool)
    a, b = (_comparable(cells, column)[at] for cells, at in ((one, rows), (other, others)))
    unlike: NDArray[np.bool_] = a != b
    return unlike & ~(np.isnan(a) & np.isnan(b)) if a.dtype == np.float64 else unlike


def _comparable(cells: pd.Series, column: ColumnSchema) -> NDArray[np.float64] | NDArray[np.object_]:
    if column.type in ("float", "int"):
        return cells.to_numpy(dtype=np.float64, na_value=np.nan)
    return cells.to_numpy(dtype=object)


def _filled(cells: pd.Series, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not len(rows):
        return np.zeros(0, dtype=bool)
    taken = cells.iloc[rows]
    return (taken.notna() & (taken.astype("str") != "")).to_numpy(dtype=bool)


def _told(schema: TableSchema, cells: _Cells, before: pd.DataFrame, after: pd.DataFrame, year: int) -> pd.DataFrame:
    """Differing cells of one column as rows of the outcome."""
    old, new = (_texts(frame, cells.column, rows) for frame, rows in ((before, cells.before), (after, cells.after)))
    sides = [(after, n) if n >= 0 else (before, o) for o, n in zip(cells.before, cells.after, strict=True)]
    labels = {id(frame): frame[[*schema.key, *_unit_column(schema)]].to_dict("list") for frame in (before, after)}
    numbers = cells.column.type in ("float", "int")
    return pd.DataFrame(
        {
            "table": schema.name,
            "row": [_label(schema, labels[id(frame)], row) for frame, row in sides],
            "column": cells.column.name,
            "year": year,
            "change": [_kind(o, n) for o, n in zip(cells.before, cells.after, strict=True)],
            "before": old,
            "after": new,
            "difference": [
                float(n) - float(o) if numbers and o and n else np.nan for o, n in zip(old, new, strict=True)
            ],
            "unit": [_unit(cells.column, labels[id(frame)], row) for frame, row in sides],
        }
    )


def _texts(frame: pd.DataFrame, column: ColumnSchema, rows: NDArray[np.int64]) -> list[str]:
    cells = frame[column.name].tolist()
    return ["" if row < 0 else cell_text(cells[row]) for row in rows.tolist()]


def _label(schema: TableSchema, keys: Mapping[Hashable, list[object]], row: int) -> str:
    """The key of a row as a condition that a lever can take; the year is told apart."""
    pairs = [(name, cell_text(keys[name][row])) for name in schema.key if name != _YEAR]
    return format_where(tuple((name, (text,)) for name, text in pairs if text))


def _unit_column(schema: TableSchema) -> list[str]:
    return ["unit"] if "unit" in schema.column_names and "unit" not in schema.key else []


def _unit(column: ColumnSchema, cells: Mapping[Hashable, list[object]], row: int) -> str:
    return unit_of(column, cell_text(cells["unit"][row]) if "unit" in cells else "")


def _kind(before: int, after: int) -> str:
    return "inserted" if before < 0 else "dropped" if after < 0 else "changed"


def _touches(side: CompiledLevers, other: CompiledLevers, sign: str) -> list[_Touch]:
    """What the levers of one side that the other lacks touch."""
    spare = Counter(other.levers)
    moved = [at for at, lever in enumerate(side.levers) if _taken(spare, lever) < 0]
    found = []
    for changes in side.tables.values():
        listed = [(ROW, changes.inserted), (ROW, changes.dropped)]
        for column, each in changes.columns.items():
            listed += [(column, entries) for entries in (each.sets, each.multiplies, each.adds)]
        for column, entries in listed:
            keep = np.isin(entries.levers, moved)
            if keep.any():
                found.append(_touch(changes, column, entries, keep, [(sign, lever) for lever in side.levers]))
    return found


def _taken(spare: Counter[Lever], lever: Lever) -> int:
    """How many of a lever are left once one more is taken; below zero where there was none."""
    spare[lever] -= 1
    return spare[lever]


def _touch(
    changes: TableChanges, column: str, entries: Entries, keep: NDArray[np.bool_], levers: Sequence[Maker]
) -> _Touch:
    rows, schema = entries.rows[keep], changes.schema
    yearly = _YEAR in schema.key
    keys = changes.frame[list(schema.key)].iloc[rows].to_dict("list")
    return _Touch(
        schema.name,
        column,
        [_label(schema, keys, at) for at in range(len(rows))],
        [levers[at] for at in entries.levers[keep].tolist()],
        entries.first[keep],
        entries.last[keep],
        np.array(keys[_YEAR], dtype=np.int64) if yearly else None,
        int(changes.frame[_YEAR].max()) if yearly else 0,
    )


def _owned(cells: pd.DataFrame, touches: Sequence[_Touch], year: int, base_years: int) -> pd.DataFrame:
    """The cells with the owners and keys of the levers that make the difference."""
    makers: dict[tuple[str, str, str], list[Maker]] = defaultdict(list)
    for touch in touches if len(cells) else ():
        for at in np.flatnonzero(touch.active(year, base_years)).tolist():
            for column in (touch.column, _ANY):
                makers[touch.table, touch.labels[at], column].append(touch.makers[at])
    owners, keys = [], []
    for name, row, column in zip(cells["table"], cells["row"], cells["column"], strict=True):
        made = [maker for key in (column, ROW) for maker in makers.get((name, row, key), ())]
        made = made or makers.get((name, row, _ANY), [])
        owners.append("|".join(sorted({lever.owner for _, lever in made})))
        keys.append("|".join(dict.fromkeys(sign + lever.key for sign, lever in made)))
    return cells.assign(owners=owners, levers=keys)
