"""A year of a corridor's services, simulated under the cargo of that year, with or without a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from karvan import __version__
from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Convergence, Outcome, Provenance
from karvan.corridor.state import State, needed
from karvan.errors import DataError, Problem
from karvan.operations.corridor.build import build
from karvan.operations.corridor.events import event_rows
from karvan.operations.corridor.journeys import Lots, Plan, plan
from karvan.operations.corridor.loads import Loads
from karvan.operations.corridor.readout import COUNT, MEAN, P95, Reading
from karvan.operations.corridor.replicate import Days, Year, reading, year_of
from karvan.operations.corridor.services import Service, services_of
from karvan.operations.corridor.tables import queue_rows, resource_rows, service_rows, transit_rows
from karvan.operations.statistics import Rule, add_until, half_width
from karvan.study.resume import input_fingerprints
from karvan.study.simulate.changes import change_rows
from karvan.study.simulate.closures import closure_rows
from karvan.study.simulate.feedback import Feedback, feedback
from karvan.study.simulate.levers import lever_rows
from karvan.study.simulate.loads import loads_of
from karvan.study.simulate.record import record_rows
from karvan.study.simulate.wait_changes import wait_change_rows
from karvan.study.solve import Progress, SolvedYears, silent, solve_years
from karvan.study.spread import on_threads
from karvan.study.states import BASE, recorded_years, states
from karvan.units import HOURS_PER_DAY

REPLICATIONS, SEED = 20, 1
ENOUGH = Rule()
PREPARING = 0.3
MOST_UNTIL_ENOUGH = 500
ONE_YEAR = Days()
LONG_WAIT_H, FAR_FROM_FORMULA = 168.0, 3.0


@dataclass(frozen=True)
class SimulateOptions:
    """Year (None: the last of the record), replications, seed, days before and after the year; events of the first.

    ``until_enough``: as many replications as the stopping rule asks for, ``replications`` at most. ``back_to_freight``:
    freight is solved again with the simulated deviations.
    """

    year: int | None = None
    replications: int = REPLICATIONS
    seed: int = SEED
    until_enough: bool = False
    days: Days = ONE_YEAR
    logged: bool = False
    back_to_freight: bool = False


@dataclass(frozen=True)
class Ready:
    """A year ready to run: its state, cargo, services and network, and freight as it was solved."""

    state: State
    loads: Loads
    services: tuple[Service, ...]
    plan: Plan
    year: Year
    freight: Convergence
    solved: SolvedYears


def simulate_year(
    corridor: Corridor,
    scenario: Scenario = BASE,
    options: SimulateOptions | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Simulate a year of services; with a scenario also without it, under the same luck.

    Parameters
    ----------
    corridor, scenario
        What is simulated; freight of the year is solved first, and its flows are the cargo.
    options
        Year, replications, seed.
    progress
        Called with a text and the share done.

    Returns
    -------
    Outcome
        Tables ``operations.transits``, ``operations.resources``, ``operations.queues``, ``operations.services``,
        ``operations.record``, ``coupling.levers``; with a scenario ``operations.changes`` and
        ``operations.wait_changes``; where freight is asked again ``operations.feedback`` and
        ``operations.deviations``. Its convergence says whether the intervals of the mean and of the 95 % quantile,
        weighed by consignments, are within 1 % and 3 %, and whether freight converged.

    Raises
    ------
    DataError, ScenarioError
        If the corridor has no services, the year no demand, or a lever is wrong.
    """
    asked, tell = options or SimulateOptions(), progress or silent
    _refuse_without_services(corridor, asked)
    year = asked.year if asked.year is not None else recorded_years(corridor)[-1]
    runs = [BASE, scenario] if scenario != BASE else [BASE]
    ready = [prepared_year(corridor, each, year, asked.days, _part(tell, n, len(runs))) for n, each in enumerate(runs)]
    readings = _replicated(ready, asked, tell)
    last, seen = ready[-1], readings[-1]
    hours = asked.days.span.hours - asked.days.span.warm_up
    tables = {
        "operations.transits": transit_rows(year, last.year.groups, seen, last.year.built),
        "operations.resources": resource_rows(last.state, last.year.built, last.loads.passages, seen, hours),
        "operations.queues": queue_rows(last.state, last.year.built, seen),
        "operations.services": service_rows(last.state, last.services),
    }
    tables["operations.record"] = record_rows(corridor, tables, year)
    tables["coupling.levers"] = lever_rows(last.state, tables["operations.resources"])
    again = _again(last, tables["coupling.levers"]) if asked.back_to_freight else ()
    for one in again:
        tables |= one.tables
    if asked.logged:
        tables["operations.events"] = event_rows(last.year, asked.seed, 0)
        tables["operations.closures"] = closure_rows(last.year, asked.seed, 0)
    if len(runs) > 1:
        groups = [one.year.groups.rows for one in ready]
        tables["operations.changes"] = change_rows(year, groups, readings)
        tables["operations.wait_changes"] = wait_change_rows(year, [one.year.built for one in ready], readings)
    tell("done", 1.0)
    told_options: dict[str, str | int | float | bool] = {
        "year": year, "replications": len(seen), "warm_up_days": asked.days.before,
        "days_after": asked.days.after, "journeys": len(last.plan.journeys),
        "events_per_replication": float(np.mean([one.events for one in seen])),
    }  # fmt: skip
    origin = Provenance(
        __version__, corridor.info.name, scenario.name, input_fingerprints(corridor, scenario), told_options, asked.seed
    )
    return Outcome(
        scenario.name, tables, origin, (last.freight, converged(seen, year), *(one.convergence for one in again)),
        warnings=_warnings(last, tables["operations.resources"], asked.days.before),
    )


def prepared_year(
    corridor: Corridor, scenario: Scenario, year: int, days: Days, progress: Progress | None = None
) -> Ready:
    """Solve freight of the year, and make the network that its cargo and services are."""
    solved = solve_years(states(corridor, scenario, (year,)), progress=progress)
    (one,) = solved.years
    state = one.flow.state
    loads, services = loads_of(solved.prepared, one), services_of(state)
    made = plan(loads, services, state, lots_of(state))
    network = build(state, services, loads.passages, made, days.before)
    return Ready(state, loads, services, made, year_of(network, days), one.equilibrium.convergence, solved)


def _again(ready: Ready, levers: pd.DataFrame) -> tuple[Feedback, ...]:
    """Freight of the year solved again with levers, in one pass."""
    return (feedback(ready.solved.prepared, ready.solved.years[0], levers),)


def lots_of(state: State) -> Lots:
    """Units in one consignment, from the parameters.

    Raises
    ------
    DataError
        If one of them is missing.
    """
    return Lots(needed(state, "group_teu"), needed(state, "group_wagon_t"), needed(state, "group_truck_t"))


def _part(tell: Progress, number: int, runs: int) -> Progress:
    """Progress of preparing one run of several, as a share of all work."""
    return lambda text, done: tell(text, PREPARING * (number + done) / runs)


def _replicated(ready: Sequence[Ready], asked: SimulateOptions, tell: Progress) -> list[list[Reading]]:
    """Replications of every run under the same luck, several at a time, in order: as many as asked for, or enough."""
    most = asked.replications
    rule = replace(ENOUGH, least=min(ENOUGH.least, most) if asked.until_enough else most, most=most)
    readings: list[list[Reading]] = [[] for _ in ready]

    def add(numbers: range) -> None:
        for run, found in zip(ready, readings, strict=True):
            for one in on_threads(partial(reading, run.year, asked.seed), numbers):
                found.append(one)
                done = sum(map(len, readings)) / (most * len(ready))
                tell(f"replication {len(found)}", PREPARING + (1.0 - PREPARING) * done)

    add_until(rule, add, lambda: all(converged(found, ready[0].state.year).converged for found in readings))
    return readings


def converged(readings: Sequence[Reading], year: int) -> Convergence:
    """Whether mean and 95 % quantile are known well enough: half-widths over values, weighed by consignments."""
    every = np.stack([one.times[:, 0] for one in readings], dtype=np.float64)
    weight = every[:, :, COUNT].sum(axis=0)
    within = []
    for statistic in (MEAN, P95):
        half = half_width(every[:, :, statistic])
        known = np.isfinite(half) & (weight > 0)
        value = np.nansum(every[:, :, statistic], axis=0) / np.maximum((every[:, :, COUNT] > 0).sum(axis=0), 1)
        within.append(float(half[known] @ weight[known] / (value[known] @ weight[known])) if known.any() else np.inf)
    done = ENOUGH.is_met(len(readings), *within)
    told = f"half-widths: mean {within[0]:.2%}, 95 % quantile {within[1]:.2%}; more replications narrow them"
    return Convergence(f"operations {year}", done, len(readings), within[0], "" if done else told)


def _refuse_without_services(corridor: Corridor, asked: SimulateOptions) -> None:
    """Say what a simulation needs."""
    problems = []
    if "services" not in corridor:
        remedy = "write services, with fleet, calendars and timetables as they need them"
        problems.append(Problem("no services", "services.csv", "services", remedy=remedy))
    if asked.replications < 1:
        told = str(asked.replications)
        problems.append(Problem("bad value", column="--replications", value=told, expected="1 or more"))
    if problems:
        raise DataError(problems=problems)


def _warnings(ready: Ready, resources: pd.DataFrame, before: int) -> tuple[str, ...]:
    """Queues that wait for days where freight sees hours or do not settle, cargo that is not simulated as itself."""
    rows = resources.loc[(resources["wait_hours"] > LONG_WAIT_H) & ~(resources["ratio"] <= FAR_FROM_FORMULA)]
    told = [
        f"{ready.state.year}: {row['resource']} takes no more: its queue waits {row['wait_hours'] / HOURS_PER_DAY:.0f} "
        f"days, freight's formula says {row['analytic_wait_hours'] / HOURS_PER_DAY:.1f}"
        for row in rows.to_dict("records")
    ]
    unsettled = resources.loc[resources["transient_days"] > before].nlargest(3, "wait_hours")["resource"]
    if len(unsettled):
        count = int((resources["transient_days"] > before).sum())
        told.append(
            f"{ready.state.year}: after {before} days of warm-up {count} of {len(resources)} queues still fill or have "
            f"a season (MSER-5), {', '.join(unsettled)} the longest: see what another warm-up tells"
        )
    other = [f"{units:,.0f} at {key}" for key, units in sorted(ready.plan.unweighed.items()) if units >= 1000.0]
    if other:
        told.append(f"cargo whose lots have another unit comes to some services as other traffic: {', '.join(other)}")
    return tuple(told)
