"""``karvan explain``: why a result is what it is, and which cells are worth measuring."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from rich.table import Table

from karvan.cli import inputs
from karvan.cli.answers import tell
from karvan.cli.door import Door, assumptions
from karvan.cli.screen import DIM, HEAD, add_figure, bar, cell, console, figures_table, progress
from karvan.corridor.outcome import Outcome
from karvan.report import numbers
from karvan.store.builtin import load
from karvan.study.explain.result import NOT_COVERED, WORTH_MEASURING, explain

SHOWN = 15
BAR_WIDTH = 8
NOTE = (
    "derivatives through waits and prices, times the range of each cell: its own, else 5, 15 or 40 % by confidence. "
    f"Ranges are taken as independent and small. Not covered: {', '.join(NOT_COVERED)}."
)


@dataclass(frozen=True)
class Request:
    """What was typed."""

    result: str
    corridor: str
    year: int
    scenarios: tuple[str, ...]


def show_explanation(door: Door, request: Request) -> int:
    """Explain a result."""
    with assumptions() as assumed:
        corridor = load(request.corridor)
        scenario = inputs.scenario(request.scenarios, corridor)
        with progress(door) as report:
            year = request.year or corridor.info.last_year
            answer = explain(corridor, request.result, scenario, year, report)
    return tell(door, answer, assumed, lambda: _show(answer))


def _show(answer: Outcome) -> None:
    to, (row,) = console(), answer["explain.result"].to_dict("records")
    unit, modelled = row["unit"], numbers.figure(float(row["modelled"]))
    record = numbers.estimated(float(row["observed"]), estimate=row["estimated"])
    off = numbers.figure(float(f"{row['half_range']:.2g}"))
    to.print(
        cell(f"{row['indicator']} ({row['scope']}), {row['year']}: {modelled} ± {off} {unit}; record {record}", HEAD)
    )
    to.print(cell(f"= {row['formula']}"))
    to.print(_tornado(answer["explain.cells"].head(SHOWN), str(unit)))
    low, first = numbers.percent(float(row["low_confidence_share"])), numbers.percent(float(row["first_share"]))
    to.print(
        cell(f"{low} of the uncertainty rests on cells of low confidence, {first} on the first {WORTH_MEASURING}:")
    )
    to.print(cell(f"these {WORTH_MEASURING} cells are worth measuring. {row['cells']} cells move the result."))
    to.print(cell(f"Their sources: {', '.join(str(row['sources']).split('|'))}"))
    to.print(cell(NOTE, DIM))


def _tornado(cells: pd.DataFrame, unit: str) -> Table:
    made = figures_table()
    made.add_column("cell", ratio=1, overflow="fold")
    for head in ("value (range)", f"result, {unit}", "share"):
        add_figure(made, head)
    for name in ("", "confidence"):
        made.add_column(name, no_wrap=True)
    largest, to = float(cells["share"].max()) if len(cells) else 1.0, console()
    for row in cells.to_dict("records"):
        value, low, high, down, up = (
            numbers.figure(float(row[name])) for name in ("value", "low", "high", "at_low", "at_high")
        )
        texts = (
            f"{row['table']} {row['row']} {row['column']}",
            f"{value} ({low}{numbers.DASH}{high})",
            f"{down} to {up}",
        )
        share = numbers.percent(float(row["share"]))
        drawn = bar(to, float(row["share"]) / largest, BAR_WIDTH)
        made.add_row(*(cell(text) for text in (*texts, share, drawn, row["confidence"])))
    return made
