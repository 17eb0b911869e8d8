"""``karvan simulate``: door-to-door times, where they go, queues, ships, the record, and what a scenario changes."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from karvan.cli import inputs
from karvan.cli.actions.simulated_changes import NAME_WIDTH, change_tables, feedback_tables, resource_names, shortened
from karvan.cli.answers import tell
from karvan.cli.door import Door, answers_only, assumptions
from karvan.cli.screen import DIM, HEAD, add_figure, add_name, cell, console, figures_table, progress
from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.operations.corridor.replicate import DAYS, Days
from karvan.operations.corridor.rounds import tracks
from karvan.report import numbers
from karvan.report.diagrams.page import ships_page
from karvan.report.diagrams.space_time import Line, Window
from karvan.store.builtin import load
from karvan.store.outcomes import write_outcome
from karvan.store.runs.places import place
from karvan.study.simulate.simulate import MOST_UNTIL_ENOUGH, REPLICATIONS, SimulateOptions, simulate_year

LARGEST, SHOWN, DAY = "operations.queues", 12, 24.0
PAGE, WEEKS_SHOWN, DAYS_PER_WEEK = "ships.html", 9, 7
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

    def options(self, *, logged: bool, back_to_freight: bool) -> SimulateOptions:
        """As the study takes it; without a number of replications the usual one, or the most where enough is asked."""
        usual = MOST_UNTIL_ENOUGH if self.until_enough else REPLICATIONS
        count = self.replications if self.replications is not None else usual
        days = Days(before=self.warm_up)
        return SimulateOptions(self.year, count, self.seed, self.until_enough, days, logged, back_to_freight)


@dataclass(frozen=True)
class Request:
    """What was typed."""

    corridor: str
    scenarios: tuple[str, ...]
    drawing: Drawing
    out: str
    back_to_freight: bool = False


def show_simulation(door: Door, request: Request) -> int:
    """Simulate, write what is asked for, and show it."""
    with assumptions() as assumed:
        corridor = load(request.corridor)
        scenario = inputs.scenario(request.scenarios, corridor)
        options = request.drawing.options(logged=bool(request.out), back_to_freight=request.back_to_freight)
        with answers_only(door), progress(door) as report:
            answer = simulate_year(corridor, scenario, options, report)
    if request.out:
        write_outcome(answer, place(request.out), {PAGE: _ships_page(corridor, answer)})
        door.note(f"Written to {place(request.out).shown}")
    shown = Outcome(answer.name, _told(answer), answer.provenance, answer.convergence, answer.warnings)
    return tell(door, shown, assumed, lambda: _show(console(), corridor, answer))


def _ships_page(corridor: Corridor, answer: Outcome) -> str:
    """Ships of every line in the last weeks of the first year drawn, as a page."""
    names = dict(zip(corridor["places"]["place"], corridor["places"]["name"], strict=True))
    ends = corridor["links"].drop_duplicates("link").set_index("link")[["from_place", "to_place"]]
    closures, lines = answer["operations.closures"], []
    for row in corridor["services"].to_dict("records"):
        ships = tracks(answer["operations.events"], str(row["service"]))
        if ships and row["links"] in ends.index:
            first, second = (str(names[place]) for place in ends.loc[str(row["links"])])
            shut = closures.loc[closures["calendar"] == row["calendar"], ["from_hour", "to_hour"]]
            closed = tuple((float(begin), float(end)) for begin, end in shut.to_numpy())
            tracked = tuple((one.hours, one.places) for one in ships)
            lines.append(Line(str(row["name"]), (first, second), tracked, closed))
    options, shown = answer.provenance.options, WEEKS_SHOWN * DAYS_PER_WEEK
    before = int(options["warm_up_days"]) + DAYS - shown
    first_day = date(int(options["year"]), 1, 1) + timedelta(days=DAYS - shown)
    return ships_page(lines, Window(before * DAY, shown, first_day), corridor.info, answer.provenance)


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
    for made in _tables(corridor, answer):
        if made.row_count:
            to.print()
            to.print(made)


def _tables(corridor: Corridor, answer: Outcome) -> list[Table]:
    """All tables of the screen, some of them without rows."""
    transits, resources = answer["operations.transits"], answer["operations.resources"]
    places = dict(zip(corridor["places"]["place"], corridor["places"]["name"], strict=True))
    names = resource_names(corridor)
    return [
        _ends(transits, places),
        _chains(transits, answer["operations.services"]),
        _queues(resources, names),
        _ships(resources, names),
        _record(answer["operations.record"]),
        *change_tables(answer, places),
        *feedback_tables(answer, corridor),
    ]


def _ends(transits: pd.DataFrame, names: dict[str, str]) -> Table:
    """Days between two ends over all cargo that meets services, those with most consignments first."""
    total = transits.loc[(transits["part"] == "total") & (transits["commodity"] == "all")]
    ends = [service.split(" > ") for service in total["service"]]
    both = [len(pair) == 2 and pair[0] in names and pair[1] in names for pair in ends]
    made = figures_table("Days from door to door")
    add_name(made, "from > to", 62)
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
    add_name(made, "services", 44)
    add_name(made, "commodity", 13)
    _heads(made)
    add_figure(made, "on time")
    for row in total.loc[chosen].nlargest(2 * SHOWN, "consignments").to_dict("records"):
        on_time = numbers.percent(row["on_time_share"])
        name = str(row["service"]).removeprefix("stretch ")
        made.add_row(cell(name), cell(row["commodity"]), *_days(transits, row), cell(on_time))
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


def _queues(resources: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """The longest waits, beside the formula of freight."""
    made = figures_table("Waits in hours: simulated, and by freight's formula at the same load")
    add_name(made, "resource", NAME_WIDTH)
    for head in ("used", "wait", "±", "formula", "ratio", "sd of hours"):
        add_figure(made, head)
    for row in resources.nlargest(2 * SHOWN, "wait_hours").to_dict("records"):
        names_told = ("wait_hours", "half_width_hours", "analytic_wait_hours", "ratio")
        figures = [numbers.MISSING if math.isnan(row[name]) else f"{row[name]:.1f}" for name in names_told]
        used, deviation = numbers.percent(row["utilisation"]), f"{row['sd_hours']:.1f}"
        name = shortened(names.get(row["resource"], row["resource"]), NAME_WIDTH)
        made.add_row(cell(name), cell(used), *map(cell, figures), cell(deviation))
    return made


def _ships(rows: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Round trips of ships, and how full they are."""
    made = figures_table("Ships")
    add_name(made, "line and direction", NAME_WIDTH)
    for head in ("rounds a year", "load a year", "used"):
        add_figure(made, head)
    for row in rows.loc[rows["cycles_per_year"].notna()].to_dict("records"):
        load = f"{numbers.figure(row['load'])} {row['unit']}"
        figures = (f"{row['cycles_per_year']:.1f}", load, numbers.percent(row["utilisation"]))
        name = shortened(names.get(row["resource"], row["resource"]), NAME_WIDTH)
        made.add_row(cell(name), *map(cell, figures))
    return made


def _record(rows: pd.DataFrame) -> Table:
    """What was published, beside the simulation."""
    made = figures_table("Beside the record: modelled / published, ~ an estimate, * a plan")
    add_name(made, "what", 76)
    for head in ("year", "modelled", "published", "unit"):
        add_figure(made, head)
    for row in rows.to_dict("records"):
        sign = {"estimate": "~", "plan": "*", "forecast": "*"}.get(str(row["status"]), "")
        figures = (row["year"], numbers.figure(row["modelled"]), sign + numbers.figure(row["observed"]), row["unit"])
        made.add_row(cell(row["name"]), *map(cell, figures))
    return made
