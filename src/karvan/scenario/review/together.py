"""What is wrong with levers together and beside the tables they change.

Levers that are sound alone are compiled; here each must find its rows, no two may set one cell differently on one day,
no inserted row may repeat a key or name what stands nowhere, no number that is missing may be scaled, and a stated unit
must be the column's. What they would leave behind is for :mod:`karvan.scenario.review.effects`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.lever import Lever
from karvan.errors import Problem
from karvan.scenario.compiled import CompiledLevers, Entries, TableChanges
from karvan.scenario.review.alone import LeverPlace
from karvan.scenario.review.effects import effect_problems
from karvan.scenario.review.queues import queue_problems
from karvan.scenario.review.units import unit_problems
from karvan.scenario.where import EVERY_ROW, format_where
from karvan.schema.dates import ALWAYS_AFTER, ALWAYS_BEFORE
from karvan.schema.nearest import did_you_mean
from karvan.schema.tables import ColumnSchema

Places = Sequence[LeverPlace]


def problems_together(compiled: CompiledLevers, places: Places) -> list[Problem]:
    """Everything wrong with compiled levers as a set; ``places[i]`` is where lever i was written."""
    found: list[Problem] = []
    for changes in compiled.tables.values():
        found.extend(_row_problems(compiled, changes, places))
        found.extend(_key_problems(compiled, changes, places))
        for name, column in changes.columns.items():
            found.extend(_set_conflicts(compiled, changes, name, places))
            for scaled in (column.multiplies, column.adds):
                found.extend(_scaled_missing(changes, name, scaled, places))
    found.extend(_reference_problems(compiled, places))
    found.extend(unit_problems(compiled, places))
    found.extend(queue_problems(compiled, places))
    found.extend(effect_problems(compiled, places))
    return found


def _row_problems(compiled: CompiledLevers, changes: TableChanges, places: Places) -> Iterator[Problem]:
    """Levers that match no row, or another number of rows than they state; rows of one key in turn count once."""
    names = _key_names(changes) if len(changes.inserted.rows) else None
    matched: dict[int, set[object]] = {}
    for entries in _matched(changes):
        there = _stands(changes, entries)
        for at, row in zip(entries.levers[there].tolist(), entries.rows[there].tolist(), strict=True):
            matched.setdefault(at, set()).add(names[row] if names else row)
    counts = {at: len(rows) for at, rows in matched.items()}
    for at, lever in enumerate(compiled.levers):
        if lever.table != changes.schema.name or lever.operation == "insert":
            continue
        count, text = counts.get(at, 0), format_where(lever.where)
        if count == 0:
            expected = f"at least one row of {lever.table}"
            yield places[at].problem("no row matches", "where", text, expected, _near(changes, lever))
        elif lever.rows is not None and count != lever.rows:
            yield places[at].problem(
                "number of rows", "rows", str(lever.rows), f"{count}, which is what {text} matches"
            )


def _matched(changes: TableChanges) -> Iterator[Entries]:
    yield changes.dropped
    for column in changes.columns.values():
        yield from (column.sets, column.multiplies, column.adds)


def _stands(changes: TableChanges, entries: Entries) -> NDArray[np.bool_]:
    """Which entries touch a row that stands on some day of theirs: base rows, and inserted ones of their time."""
    first = np.full(len(changes.frame), ALWAYS_BEFORE)
    last = np.full(len(changes.frame), ALWAYS_AFTER)
    first[changes.inserted.rows], last[changes.inserted.rows] = changes.inserted.first, changes.inserted.last
    overlap: NDArray[np.bool_] = (first[entries.rows] <= entries.last) & (last[entries.rows] >= entries.first)
    return overlap


def _near(changes: TableChanges, lever: Lever) -> str:
    """A remedy for the first value that stands nowhere in its column."""
    for name, values in lever.where:
        column = changes.schema.column(name)
        if column.type != "text":
            continue
        known = set(changes.frame[name].tolist())
        for value in values:
            if value not in known and not value.endswith(EVERY_ROW):
                return did_you_mean(value, sorted(known))
    return ""


def _set_conflicts(compiled: CompiledLevers, changes: TableChanges, name: str, places: Places) -> Iterator[Problem]:
    """Pairs of levers that set one cell to different values on the same day, each pair once."""
    sets = changes.columns[name].sets
    seen: set[tuple[int, int]] = set()
    open_sets: list[int] = []
    for at in range(len(sets.rows)):
        open_sets = [i for i in open_sets if sets.rows[i] == sets.rows[at] and sets.last[i] >= sets.first[at]]
        for other in open_sets:
            pair = (int(sets.levers[other]), int(sets.levers[at]))
            both_missing = pd.isna(sets.cells[other]) and pd.isna(sets.cells[at])
            same = both_missing or sets.cells[other] == sets.cells[at]
            if not same and pair not in seen and pair[::-1] not in seen:
                seen.add(pair)
                yield _conflict(compiled, changes, name, (other, at), places)
        open_sets.append(at)


def _conflict(
    compiled: CompiledLevers, changes: TableChanges, name: str, pair: tuple[int, int], places: Places
) -> Problem:
    sets = changes.columns[name].sets
    earlier, later = sorted(int(sets.levers[at]) for at in pair)
    row = changes.frame.iloc[int(sets.rows[pair[0]])]
    cell = f"{changes.schema.name} {', '.join(str(row[key]) for key in changes.schema.key)} {name}"
    begin, end = int(sets.first[pair[1]]), int(min(sets.last[pair[0]], sets.last[pair[1]]))
    other = compiled.levers[earlier]
    named = f"{other.owner} {other.key} of {places[earlier].file}".replace("  ", " ")
    return places[later].problem(
        "two sets on one cell",
        "value",
        f"{cell} from {_day(begin)} to {_day(end)}",
        f"the value that {named} sets there",
        "end one before the other begins, or multiply or add",
    )


def _day(ordinal: int) -> str:
    ends = {ALWAYS_BEFORE: "the beginning", ALWAYS_AFTER: "the end"}
    return ends.get(ordinal) or date.fromordinal(ordinal).isoformat()


def _scaled_missing(changes: TableChanges, name: str, scaled: Entries, places: Places) -> Iterator[Problem]:
    """Levers that scale a number which is missing, and which no set fills in while they are in force."""
    missing = changes.frame[name].isna().to_numpy()[scaled.rows] & _stands(changes, scaled)
    sets = changes.columns[name].sets
    rows: dict[int, list[int]] = {}
    for at in np.flatnonzero(missing).tolist():
        of_cell = np.flatnonzero(sets.rows == scaled.rows[at])
        spans = sorted((int(sets.first[i]), int(sets.last[i])) for i in of_cell)
        if not _covered(int(scaled.first[at]), int(scaled.last[at]), spans):
            rows.setdefault(int(scaled.levers[at]), []).append(int(scaled.rows[at]))
    for lever, found in rows.items():
        keys = changes.frame.iloc[found[0]][list(changes.schema.key)].tolist()
        value = f"{', '.join(map(str, keys))}" + (f" and {len(found) - 1} more" if len(found) > 1 else "")
        expected = f"rows of {changes.schema.name} whose {name} is filled in"
        yield places[lever].problem("missing value scaled", "where", value, expected, "narrow the condition, or set")


def _covered(first: int, last: int, spans: list[tuple[int, int]]) -> bool:
    """Whether every year that ``first..last`` touches is touched by a span (a set on part of a year fills it in)."""
    years = {year for begin, end in spans for year in range(_year(begin), _year(end) + 1)}
    return all(year in years for year in range(_year(first), _year(last) + 1))


def _year(ordinal: int) -> int:
    return date.fromordinal(ordinal).year


def _key_problems(compiled: CompiledLevers, changes: TableChanges, places: Places) -> Iterator[Problem]:
    """Inserted rows whose key a base row has, or another inserted row of the same days."""
    inserted = changes.inserted
    if not len(inserted.rows):
        return
    names = _key_names(changes)
    base = {name: row for row, name in enumerate(names[: len(names) - len(inserted.rows)])}
    for at, row in enumerate(inserted.rows.tolist()):
        place, value = places[int(inserted.levers[at])], ", ".join(names[row])
        if names[row] in base and not _dropped_meanwhile(changes, base[names[row]], at):
            yield place.problem("key stands already", "value", value, f"a key that {changes.schema.name} lacks")
        for other in range(at):
            overlap = inserted.first[at] <= inserted.last[other] and inserted.first[other] <= inserted.last[at]
            if names[inserted.rows[other]] == names[row] and overlap:
                twin = compiled.levers[int(inserted.levers[other])]
                yield place.problem("key inserted twice", "value", value, f"another key than {twin.key} inserts")


def _key_names(changes: TableChanges) -> list[tuple[str, ...]]:
    keys = [changes.frame[name].astype("str").fillna("").tolist() for name in changes.schema.key]
    return list(zip(*keys, strict=True))


def _dropped_meanwhile(changes: TableChanges, row: int, inserted: int) -> bool:
    """Whether a base row is dropped on every day that an inserted one of its key stands."""
    day, last = int(changes.inserted.first[inserted]), int(changes.inserted.last[inserted])
    for at in np.flatnonzero(changes.dropped.rows == row).tolist():
        if changes.dropped.first[at] <= day <= changes.dropped.last[at]:
            day = int(changes.dropped.last[at]) + 1
    return day > last


def _reference_problems(compiled: CompiledLevers, places: Places) -> Iterator[Problem]:
    """Values set or inserted that name a row which the table they point to does not have."""
    known: dict[str, set[str]] = {}
    for at, lever in enumerate(compiled.levers):
        schema = compiled.tables[lever.table].schema
        cells = dict(lever.value) if isinstance(lever.value, tuple) else {lever.column: lever.value}
        if lever.operation not in ("set", "insert"):
            continue
        for name, value in cells.items():
            column = schema.column(name)
            if not column.references or (name == "source" and lever.owner == value):
                continue
            if column.references not in known:
                known[column.references] = _keys_of(compiled, column)
            yield from _unknown_keys(str(value or ""), column, known[column.references], places[at])


def _keys_of(compiled: CompiledLevers, column: ColumnSchema) -> set[str]:
    name, key = column.points_to
    frame = compiled.tables[name].frame if name in compiled.tables else compiled.corridor[name]
    return set(frame[key].tolist())


def _unknown_keys(text: str, column: ColumnSchema, known: set[str], place: LeverPlace) -> Iterator[Problem]:
    items = text.split("|") if column.type == "list" else [text]
    for item in items:
        if item and known and item not in known:
            expected = f"{column.name}: a key of {column.points_to[0]}"
            yield place.problem("unknown key", "value", item, expected, did_you_mean(item, sorted(known)))
