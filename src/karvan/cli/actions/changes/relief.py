"""``karvan relief``: widen the bottleneck that is worth most, see which is next, and so on."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from rich.console import Console
from rich.text import Text

from karvan.cli import inputs
from karvan.cli.answers import tell
from karvan.cli.door import Door, OptionError, assumptions
from karvan.cli.screen import DIM, HEAD, add_figure, bar, cell, console, figures_table, progress
from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.errors import Problem
from karvan.report import numbers
from karvan.store.builtin import load
from karvan.study.relief import ReliefOptions, relief

WIDEST, WIDE_CURVE, NARROW_CURVE = 120, 20, 8
MOST_PERCENT = 1000.0
_WIDE = 100


@dataclass(frozen=True)
class Request:
    """What was typed."""

    corridor: str
    scenarios: tuple[str, ...]
    year: int | None
    steps: int
    percent: float


def show_relief(door: Door, request: Request) -> int:
    """Widen one bottleneck after another, and print the curve."""
    if not 0 < request.percent <= MOST_PERCENT:
        expected = f"a number above 0 and at most {MOST_PERCENT:g}"
        raise OptionError(
            problems=[Problem("bad value", column="--percent", value=str(request.percent), expected=expected)]
        )
    with assumptions() as assumed:
        corridor = load(request.corridor)
        scenario = inputs.scenario(request.scenarios, corridor)
        with progress(door) as report:
            answer = relief(corridor, scenario, ReliefOptions(request.year, request.steps, request.percent), report)
    return tell(door, answer, assumed, lambda: _show(console(), corridor, answer))


def _show(to: Console, corridor: Corridor, answer: Outcome) -> None:
    rows, settings = answer["freight.relief"], answer.provenance.options
    title = corridor.info.title or corridor.info.name
    to.print(cell(f"{title} · {answer.provenance.scenario} · {settings['year']}", HEAD))
    widened = f"each step widens what is worth most per 1 % by {settings['percent']:g} %"
    to.print(cell(f"modelled; {widened}; million USD of {corridor.info.price_year} a year, without its costs", DIM))
    if rows.empty and not answer.converged:
        return
    if rows.empty:
        to.print("No resource is worth anything more: nothing is full enough to cost time or a price.")
        return
    _curve(to, rows)
    last = rows.iloc[-1]
    nothing = "nothing more: no other resource is worth anything"
    to.print(cell(f"Next: {_names(corridor).get(str(last['next_resource']), nothing)}"))
    fallen = rows.loc[rows["gain_usd"] < 0]
    if len(fallen):
        told = ", ".join(str(step) for step in fallen["step"])
        to.print(cell(f"Step {told} loses: so much more of it draws cargo into worse queues.", DIM))


def _curve(to: Console, rows: pd.DataFrame) -> None:
    """The steps, a row each, with the sum so far as a bar."""
    wide = to.width >= _WIDE
    columns = WIDE_CURVE if wide else NARROW_CURVE
    made = figures_table()
    made.width = min(to.width, WIDEST)
    add_figure(made, "#")
    made.add_column("resource", ratio=1, overflow="fold")
    for head in ("capacity", "then"):
        add_figure(made, head)
    made.add_column("a year", no_wrap=True)
    for head in ("gain", "to users", "in all"):
        add_figure(made, head)
    made.add_column("", no_wrap=True, width=columns)
    most = float(rows["cumulative_gain_usd"].max())
    for row in rows.to_dict("records"):
        share = float(row["cumulative_gain_usd"]) / most if most > 0 else 0.0
        made.add_row(*_cells(row), cell(bar(to, share, columns)))
    to.print(made)


def _cells(row: Mapping[Hashable, Any]) -> list[Text]:
    """Step, name, both capacities with their unit, gains and their sum so far."""
    capacities = [float(row[f"capacity_{when}"]) for when in ("before", "after")]
    divisor, unit = numbers.scale(capacities, str(row["unit"]))
    gains = (numbers.millions(float(row[name])) for name in ("gain_usd", "users_gain_usd", "cumulative_gain_usd"))
    return [
        cell(row["step"]),
        cell(row["name"]),
        *(cell(numbers.figure(value / divisor)) for value in capacities),
        cell(unit.replace("_", " "), DIM),
        *(cell(text) for text in gains),
    ]


def _names(corridor: Corridor) -> dict[str, str]:
    resources = corridor["resources"]
    return dict(zip(resources["resource"].astype(str), resources["name"].astype(str), strict=True))
