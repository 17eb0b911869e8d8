"""``karvan monitor``: targets, their last figures, trends and whether they are on track."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from rich.table import Table
from rich.text import Text

from karvan.cli import inputs
from karvan.cli.actions.evidence import Request, model_of, provenance_of
from karvan.cli.answers import print_answer
from karvan.cli.door import DONE, Door
from karvan.cli.screen import DIM, add_figure, cell, console, figures_table
from karvan.report import numbers
from karvan.report.brief.sheet import band, modelled
from karvan.store.builtin import load
from karvan.study.brief.monitor import monitor

NOTE = "forecast: random walk with drift of the yearly figures, four fifths in brackets; * more than one perimeter"
STYLES = {"missed": "bold red", "off_track": "red", "at_risk": "yellow", "met": "green", "on_track": "green"}


def show_targets(door: Door, request: Request) -> int:
    """Show the targets of a corridor beside its record and, where a run is named, the model."""
    known = inputs.day("--known", request.known)
    corridor = load(request.corridor)
    outcome = model_of(door, corridor, request.run, known)
    told = monitor(corridor, known, outcome)
    if door.as_json:
        print_answer(door, {"record.monitor": told}, provenance_of(corridor, known, outcome))
    elif told.empty:
        console().print("no targets known in this corridor")
    else:
        console().print(screen(told, with_model=outcome is not None))
        console().print(cell(NOTE, DIM))
    return DONE


def screen(told: pd.DataFrame, *, with_model: bool) -> Table:
    """The targets as a table of the terminal."""
    made = figures_table()
    made.add_column("target", ratio=1, overflow="fold")
    for head in ("wanted", "by", "last", "of", "a year", "forecast", *(("model",) if with_model else ())):
        add_figure(made, head)
    made.add_column("", no_wrap=True)
    for row in told.to_dict("records"):
        made.add_row(*_cells(row, with_model=with_model))
    return made


def _cells(row: Mapping[Hashable, Any], *, with_model: bool) -> list[Text]:
    status = str(row["status"])
    sign = "max " if row["direction"] == "at_most" else ""
    texts = [
        str(row["name"]),
        f"{sign}{numbers.figure(row['wanted'])} {row['unit']}",
        numbers.MISSING if pd.isna(row["due"]) else str(row["due"]),
        numbers.estimated(row["last"], estimate=row["estimated"]),
        numbers.MISSING if pd.isna(row["last_year"]) else str(row["last_year"]),
        numbers.MISSING if pd.isna(row["trend_percent"]) else f"{row['trend_percent']:+.0f} %",
        band(row),
        *((modelled(row),) if with_model else ()),
    ]
    return [*(cell(text) for text in texts), cell(status.replace("_", " "), STYLES.get(status, DIM))]
