"""``karvan scenario show``: every cell a scenario changes, before and after, by year."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from rich.console import Console
from rich.table import Table

from karvan import __version__
from karvan.cli import inputs
from karvan.cli.answers import note_warnings, print_answer
from karvan.cli.door import DONE, Door, OptionError, assumptions
from karvan.cli.screen import DIM, HEAD, cell, console, figures_table
from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Provenance
from karvan.errors import Problem
from karvan.report.changes import folded, shown_value
from karvan.scenario.dates import horizon
from karvan.scenario.difference import CELLS, PENDING, changed_cells, idle_levers, pending_changes
from karvan.scenario.where import parse_where
from karvan.store.builtin import load
from karvan.study.resume import input_fingerprints

NO_ROW = "no row"


@dataclass(frozen=True)
class Request:
    """What was typed."""

    scenarios: tuple[str, ...]
    corridor: str
    years: str


def show_scenario(door: Door, request: Request) -> int:
    """Find what changes and print it."""
    years = inputs.years(request.years)
    with assumptions() as assumed:
        corridor = load(request.corridor)
        scenario = inputs.scenario(request.scenarios, corridor)
        first, last = horizon(corridor)
        asked = years or tuple(range(first, last + 1))
        if not first <= asked[0] <= asked[-1] <= last:
            expected = f"years of {first}-{last}, those of the corridor"
            raise OptionError(problems=[Problem("bad value", column="--years", value=request.years, expected=expected)])
        cells = changed_cells(corridor, scenario, asked)
        pending = pending_changes(corridor, scenario)
        told = [f"{key} changes nothing in these years" for key in idle_levers(corridor, scenario, cells)]
    told += assumed
    if door.as_json:
        options = {"years": ",".join(str(year) for year in asked)}
        prints = input_fingerprints(corridor, scenario)
        provenance = Provenance(__version__, corridor.info.name, scenario.name, prints, options)
        print_answer(door, {CELLS: cells, PENDING: pending}, provenance, (), told)
        return DONE
    _show(console(), corridor, scenario, cells, request.years or f"{first}-{last}")
    _show_pending(console(), pending)
    note_warnings(door, told)
    return DONE


def _show(to: Console, corridor: Corridor, scenario: Scenario, cells: pd.DataFrame, years: str) -> None:
    to.print(cell(f"{scenario.name}: {scenario.title}" if scenario.title else scenario.name, HEAD))
    for word, named in (("with", scenario.include), ("without", scenario.exclude)):
        if named:
            to.print(cell(f"{word} {', '.join(named)}", DIM))
    if cells.empty:
        to.print(cell(f"changes nothing in {years}"))
        return
    rows = cells[["table", "row"]].drop_duplicates()
    counted = f"{len(cells):,} cells of {len(rows):,} rows in {rows['table'].nunique()} tables, {years}"
    to.print(cell(f"{counted}; before is the base of {corridor.info.name}", DIM))
    for name, of_table in folded(cells).groupby("table", sort=True):
        to.print()
        to.print(_table(str(name), of_table))


def _table(name: str, of_table: pd.DataFrame) -> Table:
    made = figures_table(name)
    made.expand = True
    made.add_column("row", ratio=4, overflow="fold")
    made.add_column("column", ratio=3, overflow="fold")
    made.add_column("years", no_wrap=True)
    made.add_column("before", ratio=2, justify="right", overflow="fold")
    made.add_column("after", ratio=2, justify="right", overflow="fold")
    made.add_column("unit", overflow="fold")
    made.add_column("by", ratio=4, overflow="fold")
    last_row = ""
    for line in of_table.to_dict("records"):
        row = "" if line["row"] == last_row else _label(str(line["row"]))
        last_row = str(line["row"])
        before = NO_ROW if line["change"] == "inserted" else shown_value(str(line["before"]))
        after = NO_ROW if line["change"] == "dropped" else shown_value(str(line["after"]))
        by = f"{line['owners']} {line['levers']}".replace("|", ", ").strip()
        unit = line["unit"]
        made.add_row(*(cell(part) for part in (row, line["column"], line["years"], before, after, unit)), cell(by, DIM))
    return made


def _show_pending(to: Console, pending: pd.DataFrame) -> None:
    """Levers that are set down and not applied, by the table they wait for."""
    for name, waiting in pending.groupby("table", sort=True):
        to.print()
        made = figures_table(f"pending: waits for table {name}, which no model reads yet")
        made.expand = True
        for head in ("row", "column", "change", "from", "by"):
            made.add_column(head, overflow="fold")
        for line in waiting.to_dict("records"):
            change = f"{line['operation']} {shown_value(str(line['value']))}"
            by = f"{line['owner']} {line['lever']}"
            told = (_label(str(line["where"])), line["column"], change, line["from"])
            made.add_row(*(cell(part) for part in told), cell(by, DIM))
        to.print(made)


def _label(row: str) -> str:
    """The key of a row without the names of its columns."""
    return ", ".join("|".join(values) for _, values in parse_where(row))
