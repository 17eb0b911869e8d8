"""``karvan simulate``: door-to-door times, where they go, queues, ships, the record, and what a scenario changes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from rich.console import Console
from rich.table import Table

from karvan.cli import inputs
from karvan.cli.answers import tell
from karvan.cli.door import Door, answers_only, assumptions
from karvan.cli.screen import DIM, HEAD, add_figure, add_name, cell, console, figures_table, progress
from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report import numbers
from karvan.store.builtin import load
from karvan.store.outcomes import write_outcome
from karvan.store.runs.places import place
from karvan.study.simulate.simulate import SimulateOptions, simulate_year

LARGEST, SHOWN, DAY = "operations.queues", 12, 24.0
_PARTS = ("moving", "waiting", "handling", "border")


@dataclass(frozen=True)
class Request:
    """What was typed."""

    corridor: str
    scenarios: tuple[str, ...]
    year: int | None
    replications: int
    seed: int
    out: str


def show_simulation(door: Door, request: Request) -> int:
    """Simulate, write what is asked for, and show it."""
    with assumptions() as assumed:
        corridor = load(request.corridor)
        scenario = inputs.scenario(request.scenarios, corridor)
        options = SimulateOptions(request.year, request.replications, request.seed, logged=bool(request.out))
        with answers_only(door), progress(door) as report:
            answer = simulate_year(corridor, scenario, options, report)
    if request.out:
        write_outcome(answer, place(request.out))
        door.note(f"Written to {place(request.out).shown}")
    shown = Outcome(answer.name, _told(answer, request), answer.provenance, answer.convergence, answer.warnings)
    return tell(door, shown, assumed, lambda: _show(console(), corridor, answer))


def _told(answer: Outcome, request: Request) -> dict[str, pd.DataFrame]:
    """Tables of the JSON object: all but queues day by day and events, which are written where asked for."""
    return {name: frame for name, frame in answer.tables.items() if name not in (LARGEST, "operations.events")}


def _show(to: Console, corridor: Corridor, answer: Outcome) -> None:
    options = answer.provenance.options
    title = corridor.info.title or corridor.info.name
    to.print(cell(f"{title} · {answer.provenance.scenario} · services in {options['year']}", HEAD))
    basis = (
        f"{options['replications']} years of luck under seed {answer.provenance.seed}, each after "
        f"{options['warm_up_days']} days of warm-up; {float(options['events_per_replication']):,.0f} events a year drawn"
    )
    to.print(cell(basis, DIM))
    transits = answer["operations.transits"]
    to.print()
    to.print(_times(transits, ends=True))
    to.print()
    to.print(_times(transits, ends=False))
    to.print()
    to.print(_queues(answer["operations.resources"]))
    to.print()
    to.print(_ships(answer))
    if not answer["operations.record"].empty:
        to.print()
        to.print(_record(answer["operations.record"]))
    if not answer["operations.changes"].empty:
        to.print()
        to.print(_changes(answer["operations.changes"]))


def _times(transits: pd.DataFrame, *, ends: bool) -> Table:
    """Days between two ends for all cargo, or over chains of services, those with most consignments first."""
    total = transits.loc[(transits["part"] == "total") & ((transits["commodity"] == "all") == ends)]
    if ends:
        total = total.loc[total["service"].str.contains(" > ") & ~total["service"].str.startswith("stretch")]
    parts = transits.set_index(["service", "commodity", "part"])["mean_hours"].to_dict()
    made = figures_table("Days from door to door" if ends else "Days by services on the way and commodity")
    add_name(made, "from > to" if ends else "services", 34 if ends else 46)
    if not ends:
        add_name(made, "commodity", 18)
    for head in ("p50", "p80", "p95", "±", *_PARTS):
        add_figure(made, head)
    for row in total.nlargest(SHOWN, "consignments").to_dict("records"):
        named = [cell(row["service"])] if ends else [cell(row["service"]), cell(row["commodity"])]
        figures = [row["p50_hours"], row["p80_hours"], row["p95_hours"], row["half_width_hours"]]
        figures += [parts[row["service"], row["commodity"], part] for part in _PARTS]
        made.add_row(*named, *(cell(f"{value / DAY:.1f}") for value in figures))
    return made


def _queues(resources: pd.DataFrame) -> Table:
    """Queues with the most cargo-hours lost, beside the formula of freight."""
    made = figures_table("Waits in hours: simulated, and by freight's formula at the same load")
    add_name(made, "resource", 18)
    for head in ("used", "wait", "±", "formula", "ratio", "sd of hours"):
        add_figure(made, head)
    for row in resources.nlargest(2 * SHOWN, "wait_hours").to_dict("records"):
        figures = [f"{row[name]:.1f}" for name in ("wait_hours", "half_width_hours", "analytic_wait_hours", "ratio")]
        used, deviation = numbers.percent(row["utilisation"]), f"{row['sd_hours']:.1f}"
        made.add_row(cell(row["resource"]), cell(used), *map(cell, figures), cell(deviation))
    return made


def _ships(answer: Outcome) -> Table:
    """Round trips of ships, and how full they are."""
    made = figures_table("Ships")
    add_name(made, "resource", 18)
    for head in ("rounds a year", "load a year", "used"):
        add_figure(made, head)
    rows = answer["operations.resources"]
    for row in rows.loc[rows["cycles_per_year"].notna()].to_dict("records"):
        load = f"{numbers.figure(row['load'])} {row['unit']}"
        figures = (f"{row['cycles_per_year']:.1f}", load, numbers.percent(row["utilisation"]))
        made.add_row(cell(row["resource"]), *map(cell, figures))
    return made


def _record(rows: pd.DataFrame) -> Table:
    """What was published, beside the simulation."""
    made = figures_table("Beside the record: modelled / published, ~ an estimate, * a plan")
    add_name(made, "what", 62)
    for head in ("year", "modelled", "published", "unit"):
        add_figure(made, head)
    for row in rows.to_dict("records"):
        sign = {"estimate": "~", "plan": "*", "forecast": "*"}.get(str(row["status"]), "")
        figures = (row["year"], numbers.figure(row["modelled"]), sign + numbers.figure(row["observed"]), row["unit"])
        made.add_row(cell(row["name"]), *map(cell, figures))
    return made


def _changes(rows: pd.DataFrame) -> Table:
    """What the scenario changes, the surest first."""
    made = figures_table("What the scenario changes, hours, each year drawn beside the one of the same luck")
    add_name(made, "services or ends", 46)
    add_name(made, "commodity", 18)
    for head in ("measure", "without", "with", "change", "±"):
        add_figure(made, head)
    sure = rows.assign(weight=(rows["change_hours"].abs() / rows["half_width_hours"].clip(lower=1e-9)))
    for row in sure.loc[sure["change_hours"].abs() > 0].nlargest(SHOWN, "weight").to_dict("records"):
        figures = [f"{row[name]:.1f}" for name in ("base_hours", "plan_hours", "change_hours", "half_width_hours")]
        made.add_row(cell(row["service"]), cell(row["commodity"]), cell(row["measure"]), *map(cell, figures))
    return made
