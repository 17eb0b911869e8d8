"""``karvan forecast``: the fitted model in years to come, with bands, beside what was planned or forecast."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from rich.table import Table

from karvan.cli import inputs
from karvan.cli.answers import tell
from karvan.cli.door import Door, assumptions
from karvan.cli.screen import DIM, HEAD, add_figure, cell, console, figures_table, progress
from karvan.corridor.outcome import Outcome
from karvan.report import numbers
from karvan.store.builtin import load
from karvan.study.backcast.outlook import outlook
from karvan.study.calibrate.told import usual_end

NOTE = (
    "bands of nine tenths: fitted levers, what the model missed of the record, low and high growth. Nothing is built "
    "or closed that the scenario does not name."
)


@dataclass(frozen=True)
class Request:
    """What was typed."""

    corridor: str
    years: str
    known: str
    scenarios: tuple[str, ...]


def show_outlook(door: Door, request: Request) -> int:
    """Tell the years to come."""
    known, years = inputs.day("--known", request.known), inputs.years(request.years) or ()
    with assumptions() as assumed:
        corridor = load(request.corridor)
        scenario = inputs.scenario(request.scenarios, corridor)
        with progress(door) as report:
            answer = outlook(corridor, years, known or usual_end(corridor), scenario, report)
    return tell(door, answer, assumed, lambda: _show(answer))


def _show(answer: Outcome) -> None:
    to = console()
    to.print(_outlook(answer["record.outlook"]))
    to.print(_said(answer["record.said"]))
    to.print(cell(NOTE, DIM))


def _outlook(rows: pd.DataFrame) -> Table:
    made = figures_table()
    made.title = cell("The fitted model in years to come", HEAD)
    made.title_justify = "left"
    made.add_column("indicator", ratio=1, overflow="fold")
    for head in ("year", "outlook", "slow growth", "fast growth", "unit"):
        add_figure(made, head)
    for row in rows.sort_values(["indicator", "scope", "year"], kind="stable").to_dict("records"):
        slow, fast = (numbers.figure(float(row[name])) for name in ("slow_growth", "fast_growth"))
        name = f"{row['indicator']} ({row['scope']})"
        made.add_row(*(cell(text) for text in (name, row["year"], banded(row), slow, fast, row["unit"])))
    return made


def banded(row: dict[object, object]) -> str:
    """A figure with its band in brackets, each with two digits: a band deserves no more."""
    middle, low, high = (float(f"{float(str(row[name])):.2g}") for name in ("outlook", "low", "high"))
    return f"{numbers.figure(middle)} ({numbers.figure(low)}{numbers.DASH}{numbers.figure(high)})"


def _said(rows: pd.DataFrame) -> Table:
    made = figures_table()
    made.title = cell("Beside what was planned or forecast", HEAD)
    made.title_justify = "left"
    made.add_column("indicator", ratio=1, overflow="fold")
    for head in ("year", "said", "outlook", "unit"):
        add_figure(made, head)
    made.add_column("to the band", no_wrap=True)
    for row in rows.to_dict("records"):
        name = f"{row['indicator']} ({row['scope']})" + ("" if row["scope"] == row["scope_told"] else " *")
        said = f"{row['status']} {numbers.figure(float(row['said']))}"
        made.add_row(*(cell(text) for text in (name, row["year"], said, banded(row), row["unit"], row["band"])))
    made.caption = cell("* told beside the perimeter observed last", DIM) if len(rows) else None
    return made
