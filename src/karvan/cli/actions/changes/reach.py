"""``karvan reach``: the cheapest way to a target, or what stops it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from rich.console import Console

from karvan.cli import inputs
from karvan.cli.answers import tell
from karvan.cli.door import MODEL_SAYS_NO, Door, assumptions
from karvan.cli.screen import DIM, HEAD, add_figure, add_name, cell, console, figures_table, progress
from karvan.corridor.outcome import Outcome
from karvan.report import numbers
from karvan.store.builtin import load
from karvan.study.change.reach import reach

NAME_WIDTH = 52
LISTED = 10


@dataclass(frozen=True)
class Request:
    """What was typed."""

    target: str
    by: int
    corridor: str
    scenarios: tuple[str, ...]


def show_way(door: Door, request: Request) -> int:
    """Look for the way, and print what was found."""
    with assumptions() as assumed:
        corridor = load(request.corridor)
        scenario = inputs.scenario(request.scenarios, corridor)
        with progress(door) as report:
            answer = reach(corridor, request.target, request.by, scenario, report)
    code, row = tell(door, answer, assumed, lambda: _show(console(), answer)), answer["reach.answer"].iloc[0]
    return code if row["met"] or row["by_projects"] or row["by_one_lever"] else MODEL_SAYS_NO


def _show(to: Console, answer: Outcome) -> None:
    row = {str(name): value for name, value in answer["reach.answer"].iloc[0].to_dict().items()}
    sign = ">=" if row["at_least"] else "<="
    unit = str(row["unit"])
    goal = f"{row['indicator']} {sign} {numbers.figure(float(str(row['target'])))} {unit} by {row['year']}"
    to.print(cell(f"{goal} ({row['scope']}): {_verdict(row)}", HEAD))
    made = figures_table()
    add_name(made, f"the model's figure in {row['year']}", NAME_WIDTH)
    add_figure(made, unit)
    for words, name in (
        ("without further change", "base"),
        ("with every project that can stand together", "all_projects"),
        ("with ten times every capacity, nothing built", "unlimited"),
    ):
        made.add_row(cell(words), cell(numbers.figure(float(str(row[name])), 4)))
    to.print(made)
    _projects(to, answer["reach.projects"], unit)
    _levers(to, answer["reach.levers"], unit)
    if not (row["met"] or row["by_projects"]):
        _limits(to, answer["reach.limits"], unit)


def _verdict(row: dict[str, object]) -> str:
    if row["met"]:
        return "met without further change"
    ways = [words for words, on in (("projects reach it", row["by_projects"]), ("one lever does", row["by_one_lever"]))
            if on]  # fmt: skip
    return " and ".join(ways) if ways else "not reached by any project or single lever tried"


def _projects(to: Console, projects: pd.DataFrame, unit: str) -> None:
    """The chosen set, or what each brings alone where none is enough."""
    chosen = projects.loc[projects["chosen"]]
    moving = projects.loc[projects["alone"].abs() > 0].sort_values("alone", key=abs, ascending=False)
    rows = chosen if len(chosen) else moving.head(LISTED)
    if rows.empty:
        return
    known = float(chosen["capex_musd"].sum())
    missing = (
        f", {int(chosen['capex_musd'].isna().sum())} without a stated capex"
        if chosen["capex_musd"].isna().any()
        else ""
    )
    title = (
        f"A set of projects that reaches it: MUSD {numbers.figure(known)}{missing}; a good set, not a proven cheapest"
        if len(chosen)
        else f"What each project brings alone, {len(rows)} of {len(projects)}"
    )
    made = figures_table(title)
    add_name(made, "project", NAME_WIDTH)
    add_figure(made, "capex, MUSD")
    add_figure(made, f"alone, {unit}")
    for row in rows.to_dict("records"):
        figures = (cell(numbers.figure(float(row[name]))) for name in ("capex_musd", "alone"))
        made.add_row(cell(f"{row['project']} {row['name']}"), *figures)
    to.print()
    to.print(made)


def _levers(to: Console, levers: pd.DataFrame, unit: str) -> None:
    """Single levers, those that reach the target first."""
    if levers.empty:
        return
    made = figures_table("Single levers, each alone: what the cells must be multiplied by, else as far as was tried")
    add_name(made, "rows", NAME_WIDTH)
    add_name(made, "column", 24)
    add_figure(made, "times")
    add_figure(made, unit)
    made.add_column("reaches it", no_wrap=True)
    for row in levers.head(LISTED).to_dict("records"):
        figures = (cell(numbers.figure(float(row[name]))) for name in ("factor", "value"))
        said = cell("yes") if row["meets"] else cell("no", DIM)
        made.add_row(cell(f"{row['table']}: {row['where']}"), cell(row["column"]), *figures, said)
    to.print()
    to.print(made)


def _limits(to: Console, limits: pd.DataFrame, unit: str) -> None:
    """What stops it: full resources by what a tenth more would bring."""
    rows = limits.loc[limits["gain"] > 0].head(LISTED)
    if rows.empty:
        return
    made = figures_table("What stops it with every project built: full resources, by what a tenth more brings")
    add_name(made, "resource", NAME_WIDTH)
    add_figure(made, "price, USD a unit")
    add_figure(made, f"+10 % brings, {unit}")
    for row in rows.to_dict("records"):
        figures = (cell(numbers.figure(float(row[name]))) for name in ("price_usd_per_unit", "gain"))
        made.add_row(cell(row["name"]), *figures)
    to.print()
    to.print(made)
