"""``karvan run``: the main job, its first screen and what it writes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

import pandas as pd

from karvan.cli import inputs
from karvan.cli.actions.first_screen import show_outcome
from karvan.cli.answers import note_warnings, print_answer
from karvan.cli.door import DONE, MODEL_SAYS_NO, Door, OptionError, answers_only, assumptions
from karvan.cli.screen import console, progress
from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Outcome
from karvan.errors import Problem
from karvan.freight.equilibrium import MOST_STEPS
from karvan.report.page import run_page
from karvan.store.builtin import load
from karvan.store.outcomes import run_name, write_outcome
from karvan.store.runs.places import Place, place
from karvan.store.runs.years import forget_years, keep_year, kept_year
from karvan.study.power.grid import WithTrains
from karvan.study.power.years import powered
from karvan.study.resume import Finished, run_key
from karvan.study.run import run

PAGE = "report.html"
LARGEST = ("freight.routes", "freight.gateways", "power.flows", "power.prices")


@dataclass(frozen=True)
class Request:
    """What was typed."""

    corridor: str
    scenarios: tuple[str, ...]
    years: str
    out: str
    name: str
    tables: str = ""
    most_steps: int | None = None
    power: str = ""
    traction: bool = False


def run_model(door: Door, request: Request) -> int:
    """Run, write the outcome with its page, show the first screen."""
    start = time.monotonic()
    years, wanted = inputs.years(request.years), inputs.outcome_tables(request.tables)
    choice = inputs.power_choice(request.power)
    with assumptions() as assumed:
        corridor = load(request.corridor)
        scenario = inputs.scenario(request.scenarios, corridor)
        folder = _folder(request, corridor, scenario)
        with answers_only(door), progress(door) as report:
            kept, most_steps = _finished(folder, corridor, scenario, years), request.most_steps or MOST_STEPS
            power = partial(powered, choice=choice, stored=folder.parent)
            electric = WithTrains(power) if request.traction else power
            outcome = run(corridor, scenario, years, report, kept, most_steps, electric)
            if report:
                report("writing", 1.0)
            write_outcome(outcome, folder, {PAGE: run_page(corridor, outcome)})
            forget_years(folder)
    seconds = time.monotonic() - start
    if door.as_json:
        shown, left_out = _told_tables(outcome, wanted)
        told = (*outcome.warnings, *assumed, *left_out)
        print_answer(door, shown, outcome.provenance, outcome.convergence, told)
        door.note(f"karvan: wrote {folder.shown}")
    else:
        _show(door, corridor, outcome, assumed)
        door.note(f"Written to {folder.shown} ({PAGE} is the page), {seconds:.1f} s")
    return DONE if outcome.converged else MODEL_SAYS_NO


def _told_tables(outcome: Outcome, wanted: tuple[str, ...] | None) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The tables that the JSON object holds, and a line that names those it leaves out unasked."""
    names = [name for name in outcome.tables if (name not in LARGEST if wanted is None else name in wanted)]
    left = [f"{name} ({len(outcome[name]):,} rows)" for name in outcome.tables if wanted is None and name in LARGEST]
    told = [f"left out of this object, written to the run: {', '.join(left)}; --tables all holds them"] if left else []
    return {name: outcome[name] for name in names}, told


def _show(door: Door, corridor: Corridor, outcome: Outcome, assumed: list[str]) -> None:
    show_outcome(console(), corridor, outcome)
    note_warnings(door, (*outcome.warnings, *assumed), outcome.convergence)


def _folder(request: Request, corridor: Corridor, scenario: Scenario) -> Place:
    """Where the run goes; refused before anything is computed if it cannot."""
    name = request.name or f"{corridor.info.name}-{scenario.name}" + (f"-{request.years}" if request.years else "")
    out = place(request.out)
    if out.path and out.path.exists() and not out.path.is_dir():
        raise OptionError(problems=[Problem("no folder", column="--out", value=request.out, expected="a folder")])
    return out.inside(run_name(name))


def _finished(folder: Place, corridor: Corridor, scenario: Scenario, years: tuple[int, ...] | None) -> Finished:
    """What an interrupted run of the same inputs left behind, and where this one leaves its years."""
    key = run_key(corridor, scenario, years)
    return Finished(partial(kept_year, folder, key), partial(keep_year, folder, key))
