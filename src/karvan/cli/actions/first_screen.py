"""The first screen of a run: the answer in four lines, what is full, the ways between regions, the record."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from karvan.cli.screen import DIM, HEAD, OVER_STYLE, add_figure, add_name, cell, figures_table, over_sign
from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report import numbers, tables
from karvan.report.answer import cautions, four_lines, when
from karvan.report.ways import Ways, main_ways, told_ways

RESOURCES_SHOWN, WAYS_SHOWN, INDICATORS_SHOWN = 10, 8, 6
_YEAR_WIDTH = 13
_WIDE = 100


def show_outcome(to: Console, corridor: Corridor, outcome: Outcome) -> None:
    """Print the first screen of an outcome; about 45 lines."""
    year = tables.last_year(outcome)
    years = [int(y) for y in sorted(outcome["freight.pairs"]["year"].dropna().unique())]
    title = f"{corridor.info.title or corridor.info.name} · {outcome.provenance.scenario} · {numbers.years(years)}"
    to.print(cell(title, HEAD))
    bound = bool(outcome["freight.resources"]["wait_hours"].notna().any())
    free = "" if bound else f", free flow: capacities do not bind yet, over capacity is red with {over_sign(to)}"
    to.print(cell(f"{year}, {when(corridor, year)}, US dollars of {corridor.info.price_year}{free}", DIM))
    for text in cautions(outcome, year):
        to.print(cell(f"{over_sign(to)} {text}", OVER_STYLE))
    to.print(_lines(four_lines(outcome, corridor, year)))
    to.print()
    _show_resources(to, tables.with_lines(tables.bottlenecks(outcome, corridor, year), outcome, corridor, year), year)
    ways = main_ways(outcome, corridor, year)
    if ways:
        to.print()
        to.print(_ways(to, ways, year))
    lines = tables.record_lines(tables.gateway_record(outcome, corridor))
    if lines:
        to.print()
        to.print(_record(lines, to.width))


def _lines(lines: list[tuple[str, str]]) -> Table:
    made = Table.grid(padding=(0, 2, 0, 0))
    made.add_column(no_wrap=True, style=DIM)
    made.add_column(overflow="fold")
    for label, text in lines:
        made.add_row(cell(label), cell(text))
    return made


def _ways(to: Console, ways: Ways, year: int) -> Table:
    """What each gateway takes of the boxes between two regions, the most used first."""
    told = told_ways(ways.table, WAYS_SHOWN)
    rest = f" ({len(told)} of {len(ways.table)} ways)" if len(told) < len(ways.table) else ""
    made = figures_table(f"Boxes {ways.origin} to {ways.destination} by gateway, {year}{rest}")
    add_name(made, "first sea, or last border by land", min(46, to.width - 47))
    for head in ("k TEU", "share", "days", "waiting", "USD/FEU", "scarcity"):
        add_figure(made, head)
    for row in told.to_dict("records"):
        made.add_row(
            cell(row["name"]),
            cell(numbers.figure(float(row["teu"]) / 1000.0)),
            cell(numbers.percent(float(row["share"]))),
            cell(f"{float(row['days']):.1f}"),
            cell(f"{float(row['wait_days']):.1f}"),
            cell(numbers.figure(float(row["usd_per_feu"]), 2)),
            cell(numbers.figure(float(row["scarcity_usd_per_feu"]), 2)),
        )
    return made


def _record(lines: list[tables.RecordLine], width: int) -> Table:
    """Modelled and published figures of the latest years that fit, of the indicators best told in them."""
    every = sorted({year for line in lines for year in (*line.modelled, *line.observed)})
    name_width = 27 if width < _WIDE else 40
    unit_width = 9
    shown = every[-max(2, (width - name_width - unit_width - 2) // (_YEAR_WIDTH + 1)) :]
    rest = f" ({INDICATORS_SHOWN} of {len(lines)}, all on the page)" if len(lines) > INDICATORS_SHOWN else ""
    made = figures_table(f"Beside the record: modelled / published, ~ an estimate{rest}")
    left = width - unit_width - (_YEAR_WIDTH + 1) * len(shown) - 2
    add_name(made, "whole years", max(name_width, min(left, 44)))
    add_name(made, "unit", unit_width)
    for year in shown:
        add_figure(made, str(year))
    for line in tables.best_told(lines, shown, INDICATORS_SHOWN):
        made.add_row(cell(line.name), cell(line.unit, DIM), *(cell(line.beside(year)) for year in shown))
    return made


def _show_resources(to: Console, ranked: pd.DataFrame, year: int) -> None:
    if not ranked["value_usd_per_percent"].notna().any():
        to.print(_fullest(to, ranked, year))
        return
    to.print(_valued(to, ranked.head(RESOURCES_SHOWN), year))
    for text in _remarks(to, ranked):
        to.print(cell(text, DIM))


def _fullest(to: Console, ranked: pd.DataFrame, year: int) -> Table:
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
    """The bottlenecks by what 1 % more of each is worth a year."""
    made = figures_table(f"Bottlenecks of {year} by worth of 1 % more capacity, million USD a year")
    add_figure(made, "#")
    made.add_column("resource", width=to.width - 48 if to.width < _WIDE else 50, overflow="fold")
    for head in ("used", "wait", "price, USD", "worth", "to users"):
        add_figure(made, head)
    for rank, row in enumerate(ranked.to_dict("records"), start=1):
        made.add_row(cell(rank), *_valued_cells(to, row))
    return made


def _valued_cells(to: Console, row: Mapping[Hashable, Any]) -> list[Text]:
    """Name, utilisation, wait, price and worth of one bottleneck."""
    figures = {name: float(row[name]) for name in ("utilisation", *tables.WORTH)}
    style, sign = (OVER_STYLE, f"{over_sign(to)} ") if row["full"] else ("", "")
    return [
        cell(row["name"], style),
        cell(sign + numbers.percent(figures["utilisation"]), style),
        cell(numbers.duration(figures["wait_hours"])),
        cell(numbers.per(figures["price_usd_per_unit"], str(row["unit"]))),
        cell(numbers.millions(figures["value_usd_per_percent"])),
        cell(numbers.millions(figures["users_usd_per_percent"])),
    ]


def _remarks(to: Console, ranked: pd.DataFrame) -> list[str]:
    """What the signs of the table mean, and the resource that is worth less than nothing, if there is one."""
    told = []
    if ranked["full"].any():
        told.append(
            f"{over_sign(to)} rationed: as full as it may get before service breaks down; the price is what one more"
            " unit of room would fetch. Users gain more than the whole where owners lose rent."
        )
    last = ranked.iloc[-1]
    if float(last["value_usd_per_percent"]) < 0:
        worth = numbers.millions(float(last["value_usd_per_percent"]))
        told.append(f"Worth less than nothing: {last['name']}, {worth}; more of it draws cargo into worse queues.")
    return told
