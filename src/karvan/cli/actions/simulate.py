"""``karvan simulate``: door-to-door times, where they go, queues, ships, the record, and what a scenario changes."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from karvan.cli import inputs
from karvan.cli.answers import tell
from karvan.cli.door import Door, answers_only, assumptions
from karvan.cli.screen import DIM, HEAD, add_figure, add_name, cell, console, figures_table, progress
from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.operations.corridor.replicate import DAYS, Days
from karvan.operations.corridor.rounds import tracks
from karvan.report import numbers
from karvan.report.diagrams.space_time import Line, ships_page
from karvan.store.builtin import load
from karvan.store.outcomes import write_outcome
from karvan.store.runs.places import place
from karvan.study.simulate.simulate import MOST_UNTIL_ENOUGH, REPLICATIONS, SimulateOptions, simulate_year

LARGEST, SHOWN, DAY = "operations.queues", 12, 24.0
PAGE, WEEKS_SHOWN = "ships.html", 9
_PARTS = ("moving", "waiting", "handling", "border")
_MOVING = ("train", "ferry", "ro_ro", "feeder", "barge")


@dataclass(frozen=True)
class Drawing:
    """What year is drawn, how often, after how many days of warm-up, and under what seed."""

    year: int | None
    replications: int | None
    until_enough: bool
    warm_up: int
    seed: int

    def options(self, *, logged: bool) -> SimulateOptions:
        """As the study takes it; without a number of replications the usual one, or the most where enough is asked."""
        usual = MOST_UNTIL_ENOUGH if self.until_enough else REPLICATIONS
        count = self.replications if self.replications is not None else usual
        return SimulateOptions(self.year, count, self.seed, self.until_enough, Days(before=self.warm_up), logged)


@dataclass(frozen=True)
class Request:
    """What was typed."""

    corridor: str
    scenarios: tuple[str, ...]
    drawing: Drawing
    out: str


def show_simulation(door: Door, request: Request) -> int:
    """Simulate, write what is asked for, and show it."""
    with assumptions() as assumed:
        corridor = load(request.corridor)
        scenario = inputs.scenario(request.scenarios, corridor)
        with answers_only(door), progress(door) as report:
            answer = simulate_year(corridor, scenario, request.drawing.options(logged=bool(request.out)), report)
    if request.out:
        write_outcome(answer, place(request.out), {PAGE: _ships_page(corridor, answer)})
        door.note(f"Written to {place(request.out).shown}")
    shown = Outcome(answer.name, _told(answer), answer.provenance, answer.convergence, answer.warnings)
    return tell(door, shown, assumed, lambda: _show(console(), corridor, answer))


def _ships_page(corridor: Corridor, answer: Outcome) -> str:
    """Ships of every line in the last weeks of the first year drawn, as a page."""
    names = dict(zip(corridor["places"]["place"], corridor["places"]["name"], strict=True))
    ends = corridor["links"].drop_duplicates("link").set_index("link")[["from_place", "to_place"]]
    lines = []
    for row in corridor["services"].to_dict("records"):
        ships = tracks(answer["operations.events"], str(row["service"]))
        if ships and row["links"] in ends.index:
            first, second = (str(names[place]) for place in ends.loc[str(row["links"])])
            lines.append(Line(str(row["name"]), (first, second), tuple((one.hours, one.places) for one in ships)))
    year, before = answer.provenance.options["year"], int(answer.provenance.options["warm_up_days"])
    title = f"Ships in the last {WEEKS_SHOWN * 7} days of {year}, first year drawn under seed {answer.provenance.seed}"
    return ships_page(title, lines, (before + DAYS - WEEKS_SHOWN * 7) * DAY, WEEKS_SHOWN * 7)


def _told(answer: Outcome) -> dict[str, pd.DataFrame]:
    """Tables of the JSON object: all but queues day by day and events, which are written where asked for."""
    return {name: frame for name, frame in answer.tables.items() if name not in (LARGEST, "operations.events")}


def _show(to: Console, corridor: Corridor, answer: Outcome) -> None:
    options = answer.provenance.options
    title = corridor.info.title or corridor.info.name
    to.print(cell(f"{title} · {answer.provenance.scenario} · services in {options['year']}", HEAD))
    basis = (
        f"{options['replications']} years of luck under seed {answer.provenance.seed}, each after "
        f"{options['warm_up_days']} days of warm-up; {float(options['events_per_replication']):,.0f} events each"
    )
    to.print(cell(basis, DIM))
    transits = answer["operations.transits"]
    to.print()
    names = dict(zip(corridor["places"]["place"], corridor["places"]["name"], strict=True))
    to.print(_ends(transits, names))
    to.print()
    to.print(_chains(transits, answer["operations.services"]))
    to.print()
    to.print(_queues(answer["operations.resources"], corridor))
    to.print()
    to.print(_ships(answer))
    if not answer["operations.record"].empty:
        to.print()
        to.print(_record(answer["operations.record"]))
    if not answer["operations.changes"].empty:
        to.print()
        to.print(_changes(answer["operations.changes"]))


def _ends(transits: pd.DataFrame, names: dict[str, str]) -> Table:
    """Days between two ends over all cargo that meets services, those with most consignments first."""
    total = transits.loc[(transits["part"] == "total") & (transits["commodity"] == "all")]
    ends = [service.split(" > ") for service in total["service"]]
    both = [len(pair) == 2 and pair[0] in names and pair[1] in names for pair in ends]
    made = figures_table("Days from door to door")
    add_name(made, "from > to", 46)
    _heads(made)
    for row in total.loc[both].nlargest(SHOWN, "consignments").to_dict("records"):
        told = " > ".join(names[end] for end in str(row["service"]).split(" > "))
        made.add_row(cell(told), *_days(transits, row))
    return made


def _chains(transits: pd.DataFrame, services: pd.DataFrame) -> Table:
    """Days over chains of services with a ship or a train, and what trains keep of their timetable."""
    moving = set(services.loc[services["kind"].isin(_MOVING), "service"])
    total = transits.loc[transits["part"] == "total"]
    chosen = [bool(moving & {part.removeprefix("stretch ") for part in name.split(" > ")}) for name in total["service"]]
    made = figures_table("Days over ships and trains, by the services on the way")
    add_name(made, "services", 52)
    add_name(made, "commodity", 12)
    _heads(made)
    add_figure(made, "on time")
    for row in total.loc[chosen].nlargest(2 * SHOWN, "consignments").to_dict("records"):
        on_time = numbers.percent(row["on_time_share"])
        made.add_row(cell(row["service"]), cell(row["commodity"]), *_days(transits, row), cell(on_time))
    return made


def _heads(made: Table) -> None:
    for head in ("p50", "p80", "p95", "±", *_PARTS):
        add_figure(made, head)


def _days(transits: pd.DataFrame, row: dict[Hashable, Any]) -> list[Text]:
    """Quantiles, half-width and where the time goes, in days."""
    same = (transits["service"] == row["service"]) & (transits["commodity"] == row["commodity"])
    parts = transits.loc[same].set_index("part")["mean_hours"].to_dict()
    figures = [row["p50_hours"], row["p80_hours"], row["p95_hours"], row["half_width_hours"]]
    return [cell(_day(value)) for value in (*figures, *(parts[part] for part in _PARTS))]


def _day(hours: float) -> str:
    return numbers.MISSING if math.isnan(hours) else f"{hours / DAY:.1f}"


def _queues(resources: pd.DataFrame, corridor: Corridor) -> Table:
    """The longest waits, beside the formula of freight."""
    names = dict(zip(corridor["resources"]["resource"], corridor["resources"]["name"], strict=True))
    made = figures_table("Waits in hours: simulated, and by freight's formula at the same load")
    add_name(made, "resource", 46)
    for head in ("used", "wait", "±", "formula", "ratio", "sd of hours"):
        add_figure(made, head)
    for row in resources.nlargest(2 * SHOWN, "wait_hours").to_dict("records"):
        names_told = ("wait_hours", "half_width_hours", "analytic_wait_hours", "ratio")
        figures = [numbers.MISSING if math.isnan(row[name]) else f"{row[name]:.1f}" for name in names_told]
        used, deviation = numbers.percent(row["utilisation"]), f"{row['sd_hours']:.1f}"
        name = names.get(row["resource"], row["resource"])
        made.add_row(cell(name), cell(used), *map(cell, figures), cell(deviation))
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
