"""``karvan backcast``: what the model makes of the record it has not seen, beside naive forecasts."""

from __future__ import annotations

import math

import pandas as pd
from rich.table import Table

from karvan.cli import inputs
from karvan.cli.actions.record.calibrate import levers_screen
from karvan.cli.answers import tell
from karvan.cli.door import Door
from karvan.cli.screen import DIM, HEAD, add_figure, cell, console, figures_table, progress
from karvan.corridor.outcome import Outcome
from karvan.report import numbers
from karvan.store.builtin import load
from karvan.study.backcast.judge import backcast
from karvan.study.calibrate.ground import ground_of
from karvan.study.calibrate.told import usual_day

ERRORS = ("known", "hindsight", "known_beside", "hindsight_beside", "naive")
SKILL_NOTE = (
    "mean |log| of model over record, 0.1 is about 10 %; n figures, in brackets those with a naive forecast, over "
    "which the last three columns are told. * with hindsight on drivers the model is nearer than the better naive."
)
ROWS_NOTE = (
    "known: model as it could have been run then; hindsight: with the drivers, programmes and demand of the year "
    "(90 % band); naive: last value, trend of the last two. ~ estimate, not observed. All rows: --json."
)
NOWCAST_NOTE = "the part over the mean past share of such parts, band of nine tenths; no model, no cause; ~ estimate"


def show_backcast(door: Door, corridor_name: str, known: str) -> int:
    """Fit to what was known and show how near the rest came."""
    corridor = load(corridor_name)
    by = inputs.day("--known", known) or usual_day(corridor)
    with progress(door) as report:
        outcome = backcast(ground_of(corridor, progress=report), by, report)
    return tell(door, outcome, (), lambda: _show(outcome, by))


def _show(outcome: Outcome, by: str) -> None:
    to = console()
    told = outcome.provenance.options
    title = f"Free levers, fitted to {told['observations']} figures known on {by}"
    to.print(levers_screen(outcome["record.levers"], title))
    to.print()
    to.print(skill_screen(outcome["record.skill"], f"How near the record the model comes, {by}"))
    to.print(cell(SKILL_NOTE, DIM))
    to.print()
    rows = outcome["record.backcast"]
    to.print(rows_screen(rows.loc[(rows["part"] == "holdout") & (rows["year"] >= int(by[:4]))], "Not seen by the fit"))
    to.print(cell(ROWS_NOTE, DIM))
    nowcast = outcome["record.nowcast"]
    nowcast = nowcast.loc[nowcast["year"] >= int(by[:4]) - 1]
    if len(nowcast):
        to.print()
        to.print(nowcast_screen(nowcast, f"Years of which a part was out on {by}"))
        to.print(cell(NOWCAST_NOTE, DIM))


def skill_screen(table: pd.DataFrame, title: str) -> Table:
    """Errors by indicator as a table of the terminal."""
    made = figures_table()
    made.title, made.title_justify = cell(title, HEAD), "left"
    made.add_column("indicator", ratio=1, overflow="fold")
    made.add_column("part", no_wrap=True)
    for head in ("n", "known", "hindsight", "| known", "hindsight", "naive"):
        add_figure(made, head)
    for row in table.to_dict("records"):
        errors = [_error(float(row[name])) for name in ERRORS]
        star = "*" if row["beats"] else ""
        name, count = f"{row['indicator']} ({row['scope']})", f"{row['n']} ({row['n_naive']})"
        texts = (name, row["part"], count, *errors[:-1], errors[-1] + star)
        made.add_row(*(cell(text) for text in texts))
    return made


def _error(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else numbers.MISSING


def rows_screen(rows: pd.DataFrame, title: str) -> Table:
    """Rows of the backcast as a table of the terminal."""
    made = figures_table()
    made.title, made.title_justify = cell(title, HEAD), "left"
    made.add_column("indicator", ratio=1, overflow="fold")
    for head in ("year", "record", "known", "hindsight", "last", "trend"):
        add_figure(made, head)
    for row in rows.to_dict("records"):
        known, later, low, high, last, trend = (
            numbers.figure(float(row[name]))
            for name in ("known", "hindsight", "low", "high", "naive_last", "naive_trend")
        )
        record = f"{numbers.estimated(row['observed'], estimate=row['status'] == 'estimate')} {row['unit']}"
        banded = f"{later} ({low}{numbers.DASH}{high})"
        texts = (f"{row['indicator']} ({row['scope']})", row["year"], record, known, banded, last, trend)
        made.add_row(*(cell(text) for text in texts))
    return made


def nowcast_screen(rows: pd.DataFrame, title: str) -> Table:
    """Nowcasts as a table of the terminal."""
    made = figures_table()
    made.title, made.title_justify = cell(title, HEAD), "left"
    made.add_column("indicator", ratio=1, overflow="fold")
    for head in ("year", "part", "the year by it", "came to"):
        add_figure(made, head)
    for row in rows.to_dict("records"):
        middle, low, high = (numbers.figure(float(row[name])) for name in ("nowcast", "low", "high"))
        came = numbers.estimated(float(row["observed"]), estimate=row["observed_estimated"])
        part = f"{row['period']} {numbers.estimated(float(row['part']), estimate=row['estimated'])} {row['unit']}"
        banded = f"{middle} ({low}{numbers.DASH}{high})"
        name = f"{row['indicator']} ({row['scope']})"
        made.add_row(*(cell(text) for text in (name, row["year"], part, banded, came)))
    return made
