"""The first screen of a run: the answer, the record beside it, what is full, what is left out."""

from __future__ import annotations

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from karvan.cli.screen import DIM, HEAD, OVER_STYLE, add_figure, add_name, cell, figures_table, over_sign
from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report import numbers, tables

RESOURCES_SHOWN, INDICATORS_SHOWN = 10, 8
LEFT_OUT = "power, trade, agreements, appraisal, calibration, uncertainty"
_YEAR_WIDTH = 13
_WIDE = 100


def show_outcome(to: Console, corridor: Corridor, outcome: Outcome) -> None:
    """Print the first screen of an outcome; about 36 lines."""
    year = tables.last_year(outcome)
    years = [int(y) for y in sorted(outcome["freight.pairs"]["year"].dropna().unique())]
    title = f"{corridor.info.title or corridor.info.name} · {outcome.provenance.scenario} · {numbers.years(years)}"
    to.print(cell(title, HEAD))
    bound = bool(outcome["freight.resources"]["wait_hours"].notna().any())
    free = "" if bound else f", free flow: capacities do not bind yet, over capacity is red with {over_sign(to)}"
    to.print(cell(f"{year}{free}", DIM))
    to.print(_answer(tables.answer(outcome, corridor, year)))
    lines = tables.record_lines(tables.gateway_record(outcome, corridor))
    if lines:
        to.print()
        to.print(_record(lines, to.width))
    to.print()
    to.print(_resources(to, outcome, corridor, year))
    to.print()
    to.print(cell("Not in this answer yet: " + LEFT_OUT, DIM))


def _answer(lines: list[tuple[str, str]]) -> Table:
    made = Table.grid(padding=(0, 2, 0, 0))
    made.add_column(no_wrap=True, style=DIM)
    made.add_column(overflow="fold")
    for label, text in lines:
        made.add_row(cell(label), cell(text))
    return made


def _record(lines: list[tables.RecordLine], width: int) -> Table:
    """Modelled and published figures of the latest years that fit, of the indicators best told in them."""
    every = sorted({year for line in lines for year in (*line.modelled, *line.observed)})
    name_width = 27 if width < _WIDE else 40
    unit_width = 9
    shown = every[-max(2, (width - name_width - unit_width - 2) // (_YEAR_WIDTH + 1)) :]
    rest = f" ({INDICATORS_SHOWN} of {len(lines)}, all on the page)" if len(lines) > INDICATORS_SHOWN else ""
    made = figures_table(f"Beside the record: modelled / published{rest}")
    add_name(made, "whole years", name_width)
    add_name(made, "unit", unit_width)
    for year in shown:
        add_figure(made, str(year))
    for line in tables.best_told(lines, shown, INDICATORS_SHOWN):
        made.add_row(cell(line.name), cell(line.unit, DIM), *(_beside(line, year) for year in shown))
    return made


def _beside(line: tables.RecordLine, year: int) -> Text:
    if year not in line.modelled and year not in line.observed:
        return Text()
    return cell(f"{numbers.figure(line.modelled.get(year))} / {numbers.figure(line.observed.get(year))}")


def _resources(to: Console, outcome: Outcome, corridor: Corridor, year: int) -> Table:
    ranked = tables.bottlenecks(outcome, corridor, year)
    if ranked["value_usd_per_percent"].notna().any():
        return _valued(to, tables.most_valuable(ranked), year)
    wide = to.width >= _WIDE
    made = figures_table(f"The {min(RESOURCES_SHOWN, len(ranked))} fullest of {len(ranked)} resources, {year}")
    add_name(made, "resource", min(46, to.width - 70) if wide else to.width - 53)
    add_name(made, "owner", 18 if wide else 10)
    for head in ("load", "other", "capacity"):
        add_figure(made, head)
    add_name(made, "a year", 14 if wide else 8)
    add_figure(made, "used", 8)
    for row in ranked.head(RESOURCES_SHOWN).to_dict("records"):
        figures = [float(row[column]) for column in ("load", "background", "capacity")]
        divisor, unit = numbers.scale(figures, str(row["unit"]))
        style = OVER_STYLE if row["over"] else ""
        sign = f"{over_sign(to)} " if row["over"] else ""
        used = cell(sign + numbers.percent(float(row["utilisation"])), style)
        names = (cell(row["name"], style), cell(row["owner"]))
        shown = (cell(numbers.figure(value / divisor)) for value in figures)
        made.add_row(*names, *shown, cell(unit.replace("_", " "), DIM), used)
    return made


def _valued(to: Console, ranked: pd.DataFrame, year: int) -> Table:
    """The bottlenecks by what 1 % more of each is worth a year, and the worst negative one if there is one."""
    made = figures_table(f"Bottlenecks of {year} by what 1 % more capacity is worth a year")
    add_name(made, "resource", to.width - 53 if to.width < _WIDE else 46)
    for head in ("used", "wait, h", "USD a unit", "k USD/1 %", "to users"):
        add_figure(made, head)
    shown = ranked.head(RESOURCES_SHOWN)
    if float(ranked["value_usd_per_percent"].iloc[-1]) < 0:
        shown = pd.concat([shown.head(RESOURCES_SHOWN - 1), ranked.tail(1)])
    for row in shown.to_dict("records"):
        worth, users = (float(row[name]) / 1000.0 for name in ("value_usd_per_percent", "users_usd_per_percent"))
        style = OVER_STYLE if float(row["price_usd_per_unit"]) > 0 else ""
        sign = f"{over_sign(to)} " if style else ""
        made.add_row(
            cell(row["name"], style),
            cell(sign + numbers.percent(float(row["utilisation"])), style),
            cell(numbers.figure(float(row["wait_hours"]))),
            cell(numbers.figure(float(row["price_usd_per_unit"]))),
            cell(numbers.figure(worth)),
            cell(numbers.figure(users)),
        )
    return made
