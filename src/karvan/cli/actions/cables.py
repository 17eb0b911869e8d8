"""``karvan cables``: what each cable brings by year, what it comes to, and who gains."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from rich.console import Console
from rich.table import Table

from karvan.cli import inputs
from karvan.cli.answers import tell
from karvan.cli.door import Door, answers_only, assumptions
from karvan.cli.screen import DIM, HEAD, add_figure, cell, console, figures_table, progress
from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report import numbers
from karvan.report.cables.page import cable_pages
from karvan.store.builtin import load
from karvan.store.outcomes import run_name, write_outcome
from karvan.store.runs.places import place
from karvan.study.power.sheets import YEARS, SheetOptions, cable_sheets

TESTS = {"put_in": "put in alone", "take_out": "taken out of all", "plants_follow": "with plants anew"}
_FIGURES = {
    "capacity_mw": "MW", "forward_twh": "TWh on", "back_twh": "TWh back", "utilisation": "used",
    "benefit_musd": "gain", "rent_musd": "rent", "gas_freed_bcm": "gas freed", "unserved_gwh": "unserved",
}  # fmt: skip
_NEAR_NOTHING = 5e-4
_SUMS = {"npv_musd": "NPV", "eirr": "EIRR", "bcr": "benefit/cost", "switching_value": "break-even capex"}


@dataclass(frozen=True)
class Request:
    """What was typed."""

    corridor: str
    scenarios: tuple[str, ...]
    cables: tuple[str, ...]
    years: str
    follow: bool
    out: str = ""


def show_cables(door: Door, request: Request) -> int:
    """Try cables and print what they bring."""
    years = inputs.years(request.years) or YEARS
    with assumptions() as assumed:
        corridor = load(request.corridor)
        scenario = inputs.scenario(request.scenarios, corridor)
        options = SheetOptions(request.cables, years, request.follow)
        with answers_only(door), progress(door) as report:
            answer = cable_sheets(corridor, scenario, options, report)
            if request.out:
                _write(request, corridor, answer)
    return tell(door, answer, assumed, lambda: _show(console(), corridor, answer))


def _write(request: Request, corridor: Corridor, answer: Outcome) -> None:
    """A stored run of the answer, with a page for each project."""
    pages = {f"{key}.html": page for key, page in cable_pages(corridor, answer).items()}
    name = run_name(f"{corridor.info.name}-{answer.name}-cables")
    write_outcome(answer, place(request.out).inside(name), pages)


def _show(to: Console, corridor: Corridor, answer: Outcome) -> None:
    title = corridor.info.title or corridor.info.name
    to.print(cell(f"{title} · {answer.provenance.scenario} · cables", HEAD))
    basis = f"modelled on four weeks a year; million USD of {corridor.info.price_year} a year, real; bcm; GWh"
    to.print(cell(basis, DIM))
    if answer["power.cables"].empty:
        to.print("No cable stands in these years.")
        return
    to.print(_by_year(answer["power.cables"]))
    to.print(_sums(answer["appraisal.indicators"]))
    to.print(_gainers(answer["appraisal.indicators"]))


def _by_year(rows: pd.DataFrame) -> Table:
    made = figures_table("What each cable brings")
    for head in ("cable", "year", "test"):
        made.add_column(head, no_wrap=True)
    for head in _FIGURES.values():
        add_figure(made, head)
    for row in rows.to_dict("records"):
        figures = (_figure(name, float(row[name])) for name in _FIGURES)
        made.add_row(cell(row["project"]), cell(row["year"]), cell(TESTS[row["test"]]), *(cell(f) for f in figures))
    return made


def _sums(rows: pd.DataFrame) -> Table:
    """Each cable over its life; every rate of return, joined by a semicolon."""
    made = figures_table("Over their lives, put in alone with plants held")
    made.add_column("cable", no_wrap=True)
    for head in _SUMS.values():
        add_figure(made, head)
    whole = rows.loc[rows["party"] == "all"]
    for key, own in whole.groupby("project", sort=False):
        told = [own.loc[own["indicator"] == name, "value"].dropna().tolist() for name in _SUMS]
        named = zip(_SUMS, told, strict=True)
        texts = ("; ".join(_figure(name, value) for value in found) or "none" for name, found in named)
        made.add_row(cell(key), *(cell(text) for text in texts))
    return made


def _gainers(rows: pd.DataFrame) -> Table:
    """Present value by party, the most first."""
    made = figures_table("Present value by party, million USD")
    made.add_column("cable", no_wrap=True)
    made.add_column("party", overflow="fold")
    add_figure(made, "NPV")
    parties = rows.loc[(rows["party"] != "all") & (rows["value"].abs() >= 1.0)]
    for key, own in parties.groupby("project", sort=False):
        for row in own.sort_values("value", ascending=False).to_dict("records"):
            made.add_row(cell(key), cell(row["party"]), cell(numbers.figure(float(row["value"]))))
    return made


def _figure(name: str, value: float) -> str:
    if name in ("utilisation", "eirr"):
        return f"{value:.1%}"
    value = 0.0 if abs(value) < _NEAR_NOTHING else value
    return f"{value:.2f}" if name in ("bcr", "switching_value", "gas_freed_bcm") else numbers.figure(value)
