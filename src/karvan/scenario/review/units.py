"""Levers that state their unit: whether it is the unit of the column they change.

A unit is never converted behind a person's back: another unit than the column's is a problem, whose remedy says what
to write. Where the schema says ``units``, the unit of a number stands in the column ``unit`` of its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from karvan.corridor.lever import Lever
from karvan.errors import Problem
from karvan.scenario.cells import written
from karvan.scenario.compiled import CompiledLevers, Entries, TableChanges
from karvan.scenario.review.alone import LeverPlace
from karvan.schema.nearest import did_you_mean
from karvan.schema.tables import ColumnSchema
from karvan.units import factor

UNIT_OF_THE_ROW, NO_UNIT = "units", "1"
_PER_YEAR = "_per_year"


def unit_problems(compiled: CompiledLevers, places: Sequence[LeverPlace]) -> Iterator[Problem]:
    """Levers on cells that state another unit than their column, or their rows, have."""
    for changes in compiled.tables.values():
        for name, column in changes.columns.items():
            for entries in (column.sets, column.adds, column.multiplies):
                yield from _of_entries(compiled, changes, name, entries, places)


def unit_of(column: ColumnSchema, of_row: str) -> str:
    """The unit of a cell: the column's, or the row's own where the schema leaves it to the row; empty for none."""
    return of_row if column.unit == UNIT_OF_THE_ROW else column.unit


def _of_entries(
    compiled: CompiledLevers, changes: TableChanges, name: str, entries: Entries, places: Sequence[LeverPlace]
) -> Iterator[Problem]:
    column = changes.schema.column(name)
    rows: dict[int, list[int]] = {}
    for lever, row in zip(entries.levers.tolist(), entries.rows.tolist(), strict=True):
        if compiled.levers[lever].unit:
            rows.setdefault(lever, []).append(row)
    own = column.unit == UNIT_OF_THE_ROW and "unit" in changes.frame
    for at, touched in sorted(rows.items()):
        units = changes.frame["unit"].iloc[touched].unique().tolist() if own else [""]
        found = _problem(compiled.levers[at], column, sorted(unit_of(column, unit) for unit in units), places[at])
        if found:
            yield found


def _problem(lever: Lever, column: ColumnSchema, units: list[str], place: LeverPlace) -> Problem | None:
    if lever.operation == "multiply":
        wanted = [NO_UNIT]
        expected = "no unit: a factor has none"
    else:
        wanted = [unit or NO_UNIT for unit in units]
        owner = f"{column.name} in its rows" if column.unit == UNIT_OF_THE_ROW else column.name
        expected = f"{', '.join(wanted)}, the unit of {owner}"
    if all(lever.unit in _spellings(column, unit) for unit in wanted):
        return None
    return place.problem("wrong unit", "unit", lever.unit, expected, _remedy(lever, wanted))


def _spellings(column: ColumnSchema, unit: str) -> tuple[str, ...]:
    return (unit, f"{unit}/year") if column.name.endswith(_PER_YEAR) else (unit,)


def _remedy(lever: Lever, wanted: list[str]) -> str:
    if len(wanted) > 1:
        return "write one lever for each unit"
    scale = factor(lever.unit.removesuffix("/year"), wanted[0])
    if scale is not None and isinstance(lever.value, float):
        return f"write {written(round(lever.value * scale, 9))} {wanted[0]}"
    return did_you_mean(lever.unit, wanted)
