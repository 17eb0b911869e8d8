"""The state of a year: every lever applied, every date resolved.

Within a year levers act in the order insert, drop, set, multiply, add, over all owners together. Numbers are shared out
by days: a value set for a fifth of the year counts a fifth, a factor m becomes ``1 + (m - 1) * share``, an addend is
taken times its share. What cannot be shared out (text, truth values, dates, whole numbers, rows that come or go) holds
in a year when it is in force for at least half of its days. No other code reads years and dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever
from karvan.corridor.state import State
from karvan.errors import ScenarioError
from karvan.scenario.cells import Cell
from karvan.scenario.compiled import ColumnChanges, CompiledLevers, Entries, TableChanges, compile_levers
from karvan.scenario.dates import days_in_force, days_of, in_force, most_of_year
from karvan.scenario.growth import background_in, demand_in
from karvan.schema.dates import Days
from karvan.schema.tables import ColumnSchema, dtype_of

Floats = NDArray[np.float64]


def state(corridor: Corridor, levers: Iterable[Lever] | CompiledLevers, year: int) -> State:
    """The corridor in one year.

    Parameters
    ----------
    corridor
        The tables; they are not written to.
    levers
        Levers that :func:`karvan.scenario.resolve.resolve` has accepted, or the same compiled for this corridor, which
        is faster over many years.
    year
        Calendar year, 1 to 9999.

    Returns
    -------
    State
        Every table a lever changes in that year, and always ``demand``, ``choice`` and ``tariffs`` (the rows of the
        year; after the last year of the demand table its rows are grown by the table ``growth``, and so is the
        background load; a year without demand rows or rates has none) and ``links`` (with the bool column ``open``).
        Rows keep their order, index 0..n-1. The order of the levers makes no difference.

    Raises
    ------
    ScenarioError
        If a lever cannot be compiled, or was compiled for another corridor.

    Examples
    --------
    A capacity of 10 that is set to 20 from 1 July 2023 on, 184 of 365 days, counts as 10 + 10 * 184 / 365 = 15.04.
    """
    compiled = levers if isinstance(levers, CompiledLevers) else compile_levers(corridor, levers)
    if compiled.corridor is not corridor:
        raise ScenarioError("these levers were compiled for another corridor; compile them for this one")
    frames: dict[str, pd.DataFrame] = {}
    for name, changes in compiled.tables.items():
        frame = _table_in(changes, year)
        if frame is not None:
            frames[name] = frame
    frames["links"] = _with_open(frames.get("links", corridor["links"]), year)
    demand, growth = (frames.get(name, corridor[name]) for name in ("demand", "growth"))
    resources = frames.get("resources", corridor["resources"])
    grown = background_in(resources, demand, growth, year)
    if grown is not resources:
        frames["resources"] = grown
    frames["demand"] = demand_in(demand, growth, year)
    frames["choice"] = _rows_of(frames.get("choice", corridor["choice"]), ("from_year", "to_year"), year)
    if "tariffs" in corridor:
        frames["tariffs"] = _rows_of(frames.get("tariffs", corridor["tariffs"]), ("from", "to"), year)
    return State(year, corridor, frames)


def _with_open(links: pd.DataFrame, year: int) -> pd.DataFrame:
    is_open = in_force(links["open_from"].tolist(), links["open_to"].tolist(), year)
    return links.assign(open=is_open)


def _rows_of(frame: pd.DataFrame, span: tuple[str, str], year: int) -> pd.DataFrame:
    """The rows that hold in the year, by the columns of their first and last day."""
    rows = in_force(frame[span[0]].tolist(), frame[span[1]].tolist(), year)
    return frame.loc[rows].reset_index(drop=True)


def _table_in(changes: TableChanges, year: int) -> pd.DataFrame | None:
    """The table of the year, or None where no lever changes it."""
    kept = np.ones(len(changes.frame), dtype=bool)
    base_rows = changes.base_rows
    kept[base_rows:] = False
    kept[changes.inserted.rows] = _holds(changes.inserted, year)
    kept[changes.dropped.rows[_holds(changes.dropped, year)]] = False
    columns = {}
    for name, column in changes.columns.items():
        values = column_in(changes.frame[name], changes.schema.column(name), column, year)
        if values is not None:
            columns[name] = values
    if not columns and kept[:base_rows].all() and not kept[base_rows:].any():
        return None
    frame = changes.frame.assign(**columns)
    return frame if kept.all() else frame.loc[kept].reset_index(drop=True)


def column_in(cells: pd.Series, column: ColumnSchema, changes: ColumnChanges, year: int) -> pd.Series | None:
    """The cells of a column in a year, or None where no lever changes it then; rows that come or go are all there."""
    active = [_active(entries, year) for entries in (changes.sets, changes.multiplies, changes.adds)]
    if not any(len(days) for _, days in active):
        return None
    if column.type == "float":
        values = cells.to_numpy(dtype=np.float64, copy=True)
        _share_sets(values, *active[0], year)
        _share_factors(values, *active[1], days_of(year))
        _share_addends(values, *active[2], days_of(year))
        return pd.Series(values, index=cells.index, name=cells.name)
    whole = cells.to_numpy(dtype=object, copy=True)
    _whole_sets(whole, *active[0], year)
    for (entries, days), factor in ((active[1], True), (active[2], False)):
        for at in np.flatnonzero(most_of_year(days, year)):
            row = entries.rows[at]
            if not pd.isna(whole[row]):
                whole[row] = whole[row] * entries.cells[at] if factor else whole[row] + entries.cells[at]
    return pd.Series(whole, index=cells.index, name=cells.name, dtype=dtype_of(column))


def _active(entries: Entries, year: int) -> tuple[Entries, Days]:
    days = days_in_force(entries.first, entries.last, year)
    on = days > 0
    rows, cells, levers = entries.rows[on], entries.cells[on], entries.levers[on]
    return Entries(rows, cells, entries.first[on], entries.last[on], levers), days[on]


def _holds(entries: Entries, year: int) -> NDArray[np.bool_]:
    return most_of_year(days_in_force(entries.first, entries.last, year), year)


def _share_sets(values: Floats, sets: Entries, days: Days, year: int) -> None:
    alone, several = _by_cell(sets)
    rows, new, share = sets.rows[alone], sets.cells[alone].astype(np.float64), days[alone] / days_of(year)
    old = values[rows]
    blended = np.where((share == 1.0) | np.isnan(old), new, old + share * (new - old))
    values[rows] = np.where(np.isnan(new), np.where(share >= 0.5, np.nan, old), blended)
    for row, entries in several.items():
        values[row] = _blend(float(values[row]), _days_by_value(sets, entries, year), days_of(year))


def _blend(old: float, held: dict[Cell, int], year_days: int) -> float:
    """The mean over the days of the year of the values set, and of the old one on the days that no set covers."""
    filled = {float(value): days for value, days in held.items() if value is not None}
    if 2 * held.get(None, 0) >= year_days or not filled:
        return old if 2 * held.get(None, 0) < year_days else float("nan")
    covered = sum(filled.values())
    if np.isnan(old):
        old, year_days = 0.0, covered
    if len(filled) == 1 and covered == year_days:
        return next(iter(filled))
    return (sum(value * days for value, days in filled.items()) + old * (year_days - covered)) / year_days


def _days_by_value(sets: Entries, entries: list[int], year: int) -> dict[Cell, int]:
    """Days of the year that each value of one cell holds, in order of time; the later beginning has the day."""
    start, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    spans = [(max(int(sets.first[at]), start), min(int(sets.last[at]), end) + 1, at) for at in entries]
    cuts = sorted({day for begin, until, _ in spans for day in (begin, until)})
    held: dict[Cell, int] = {}
    for begin, until in pairwise(cuts):
        owners = [at for first, last, at in spans if first <= begin < last]
        if owners:
            value = sets.cells[max(owners)]
            key = None if pd.isna(value) else value
            held[key] = held.pop(key, 0) + until - begin
    return held


def _share_factors(values: Floats, factors: Entries, days: Days, year_days: int) -> None:
    share, factor = days / year_days, factors.cells.astype(np.float64)
    np.multiply.at(values, factors.rows, np.where(share == 1.0, factor, 1.0 + (factor - 1.0) * share))


def _share_addends(values: Floats, addends: Entries, days: Days, year_days: int) -> None:
    np.add.at(values, addends.rows, addends.cells.astype(np.float64) * (days / year_days))


def _whole_sets(values: NDArray[np.object_], sets: Entries, days: Days, year: int) -> None:
    alone, several = _by_cell(sets)
    held = alone[most_of_year(days[alone], year)]
    values[sets.rows[held]] = sets.cells[held]
    for row, entries in several.items():
        for value, held_days in _days_by_value(sets, entries, year).items():
            if 2 * held_days >= days_of(year):
                values[row] = value


def _by_cell(sets: Entries) -> tuple[NDArray[np.intp], dict[int, list[int]]]:
    """Entries that are alone on their row, and by row those that are not; entries are sorted by row."""
    _, start, count = np.unique(sets.rows, return_index=True, return_counts=True)
    crowded = zip(start[count > 1].tolist(), count[count > 1].tolist(), strict=True)
    several = {int(sets.rows[begin]): list(range(begin, begin + length)) for begin, length in crowded}
    return start[count == 1], several
