"""``karvan compare``: two scenarios or two stored runs, what differs, for whom and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from rich.console import Console

from karvan.cli import inputs
from karvan.cli.answers import tell
from karvan.cli.door import Door, OptionError, assumptions
from karvan.cli.screen import DIM, HEAD, add_figure, add_name, cell, console, figures_table, progress
from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.errors import Problem
from karvan.report import numbers
from karvan.store.builtin import load
from karvan.store.outcomes import read_outcome
from karvan.study.change.compare import CompareOptions, compare, compare_runs
from karvan.study.change.measures import UNITS

LISTED = 6
NAME_WIDTH = 44
WORDS = {
    "welfare": "welfare: users and rents",
    "users": "of it users",
    "rents": "of it rents of owners",
    "served": "cargo carried",
    "unserved": "cargo that stays away",
    "freight": "paid for freight",
    "time": "time under way",
    "emissions": "emissions",
}
METHODS = {
    "shapley": "Shapley's value: exact, parts add up",
    "first and last": "mean of coming first and coming last; the remainder is what that leaves",
}


@dataclass(frozen=True)
class Request:
    """What was typed."""

    base: str
    plan: str
    corridor: str
    years: str
    why: bool


def show_comparison(door: Door, request: Request) -> int:
    """Compare, and print the answer."""
    years = inputs.years(request.years)
    with assumptions() as assumed:
        corridor = load(request.corridor)
        stored = [Path(text).is_dir() for text in (request.base, request.plan)]
        if all(stored):
            answer = compare_runs(corridor, read_outcome(request.base), read_outcome(request.plan))
        elif any(stored):
            raise OptionError(problems=[_mixed(request)])
        else:
            base, plan = (inputs.scenario((text,), corridor) for text in (request.base, request.plan))
            with progress(door) as report:
                answer = compare(corridor, base, plan, CompareOptions(years or (), request.why), report)
    return tell(door, answer, assumed, lambda: _show(console(), corridor, answer))


def _mixed(request: Request) -> Problem:
    value = f"{request.base}, {request.plan}"
    return Problem("a run and a scenario", value=value, expected="two scenarios, or the folders of two stored runs")


def _show(to: Console, corridor: Corridor, answer: Outcome) -> None:
    totals = answer["compare.totals"]
    years = sorted(int(year) for year in totals["year"].unique())
    to.print(cell(f"{answer.name} · {numbers.years(years)}", HEAD))
    to.print(cell(f"plan less base; money in MUSD of {corridor.info.price_year} a year, real, undiscounted", DIM))
    _differences(to, totals, years)
    _why(to, answer["compare.why"], years)
    for dimension, names in (("country", _countries(corridor)), ("commodity", {})):
        _for_whom(to, totals, dimension, names, years[-1])
    _resources(to, corridor, answer["compare.resources"], years[-1])
    _indicators(to, corridor, answer["compare.indicators"], years[-1])


def _differences(to: Console, totals: pd.DataFrame, years: list[int]) -> None:
    """Differences of all measures by year, with base and plan of the last."""
    rows = totals.loc[totals["dimension"] == "total"]
    sides = {side: rows.pivot_table(index="measure", columns="year", values=side) for side in ("base", "plan")}
    made = figures_table()
    add_name(made, "in all", 26)
    add_name(made, "unit", 8)
    for year in years:
        add_figure(made, str(year))
    add_figure(made, f"base {years[-1]}")
    add_figure(made, f"plan {years[-1]}")
    for measure, words in WORDS.items():
        base, plan = (sides[side].loc[measure].to_dict() for side in ("base", "plan"))
        differences = [cell(_signed(float(plan[year] - base[year]))) for year in years]
        levels = [cell(numbers.figure(float(side[years[-1]]), 4), DIM) for side in (base, plan)]
        made.add_row(cell(words), cell(UNITS[measure], DIM), *differences, *levels)
    to.print(made)


def _why(to: Console, why: pd.DataFrame, years: list[int]) -> None:
    """Welfare by owner and year, the largest first."""
    rows = why.loc[(why["dimension"] == "total") & (why["measure"] == "welfare")]
    if rows.empty:
        return
    summed = rows.pivot_table(index="owner", columns="year", values="part", aggfunc="sum")
    table = summed.reindex(columns=years).fillna(0.0)
    order = table.abs().max(axis=1).sort_values(ascending=False).index
    methods = "; ".join(METHODS[name] for name in sorted(set(rows["method"])))
    made = figures_table(f"Who brought which part of the welfare, MUSD a year ({methods})")
    add_name(made, "owner", NAME_WIDTH)
    for year in years:
        add_figure(made, str(year))
    for owner in order:
        made.add_row(cell(owner), *(cell(_signed(float(value))) for value in table.loc[owner]))
    to.print()
    to.print(made)


def _for_whom(to: Console, totals: pd.DataFrame, dimension: str, names: dict[str, str], year: int) -> None:
    """Users' gains by country or commodity, the largest first."""
    rows = totals.loc[(totals["dimension"] == dimension) & (totals["year"] == year)]
    table = rows.pivot_table(index="key", columns="measure", values="difference", aggfunc="sum")
    order = table["users"].abs().sort_values(ascending=False).index[:LISTED]
    head = "half a pair's gain to each end" if dimension == "country" else "all pairs"
    made = figures_table(f"For whom, {year}: users by {dimension} ({head}), {len(order)} of {len(table)}")
    add_name(made, dimension, NAME_WIDTH)
    for measure in ("users", "served", "emissions"):
        add_figure(made, f"{measure}, {UNITS[measure]}")
    for key in order:
        figures = (cell(_signed(float(table[m][key]))) for m in ("users", "served", "emissions"))
        made.add_row(cell(names.get(str(key), str(key)).replace("_", " ")), *figures)
    to.print()
    to.print(made)


def _resources(to: Console, corridor: Corridor, resources: pd.DataFrame, year: int) -> None:
    """Resources whose use, wait or price changes most."""
    rows = resources.loc[resources["year"] == year].fillna({"price_usd_per_unit_base": 0, "price_usd_per_unit_plan": 0})
    change = (rows["utilisation_plan"] - rows["utilisation_base"]).abs().fillna(1.0)
    shown = rows.loc[change.sort_values(ascending=False).index[:LISTED]].loc[lambda frame: change[frame.index] > 0]
    if shown.empty:
        return
    name = dict(zip(corridor["resources"]["resource"], corridor["resources"]["name"], strict=True))
    made = figures_table(f"Resources that change most, {year}: base > plan")
    add_name(made, "resource", NAME_WIDTH)
    for head in ("used", "wait, h", "price, USD a unit"):
        add_figure(made, head)
    for row in shown.to_dict("records"):
        used = (numbers.percent(float(row[f"utilisation_{side}"])) for side in ("base", "plan"))
        others = (
            [numbers.figure(float(row[f"{column}_{side}"])) for side in ("base", "plan")]
            for column in ("wait_hours", "price_usd_per_unit")
        )
        title = name.get(str(row["resource"]), str(row["resource"]))
        made.add_row(cell(title), cell(" > ".join(used)), *(cell(" > ".join(pair)) for pair in others))
    to.print()
    to.print(made)


def _indicators(to: Console, corridor: Corridor, indicators: pd.DataFrame, year: int) -> None:
    """The headline indicators of both sides."""
    key = ["indicator", "subject", "scope"]
    told = corridor["indicators"].loc[corridor["indicators"]["headline"], [*key, "name"]]
    rows = indicators.loc[indicators["year"] == year].merge(told, on=key)
    if rows.empty:
        return
    made = figures_table(f"Indicators, {year}")
    add_name(made, "indicator", NAME_WIDTH)
    add_name(made, "unit", 6)
    for head in ("base", "plan", "difference"):
        add_figure(made, head)
    for row in rows.to_dict("records"):
        figures = (cell(numbers.figure(float(row[side]))) for side in ("base", "plan"))
        made.add_row(cell(row["name"]), cell(row["unit"], DIM), *figures, cell(_signed(float(row["difference"]))))
    to.print()
    to.print(made)


def _signed(value: float) -> str:
    """A difference with its sign."""
    text = numbers.figure(value)
    return f"+{text}" if value > 0 and text != "0" else text


def _countries(corridor: Corridor) -> dict[str, str]:
    return dict(zip(corridor["countries"]["country"], corridor["countries"]["name"], strict=True))
