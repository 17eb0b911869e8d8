"""Replications of a corridor's year, each run and read at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from karvan.errors import InfeasibleError
from karvan.numerics.events import layout
from karvan.numerics.events.layout import Status
from karvan.numerics.events.replication import Left, Luck, Rooms, Span, replicate
from karvan.operations.assemble import Program, assemble
from karvan.operations.corridor.build import Built
from karvan.operations.corridor.readout import (
    Groups,
    Reading,
    Tallied,
    daily_of,
    groups,
    on_time,
    queues,
    rounds,
    times_of,
)
from karvan.operations.opening import Intervals, open_intervals, open_share_by_day
from karvan.units import HOURS_PER_DAY

DAYS = 365
ENTITIES, TALLIES, LOG = 1 << 15, 1 << 19, 1 << 23
_SUMS = (layout.SERVED, layout.WAITED, layout.SQUARED, layout.WEIGHED, layout.DELAYED)


@dataclass(frozen=True)
class Days:
    """Days before the year, and after it, in which those who set out in it may arrive."""

    before: int = 42
    after: int = 42

    @property
    def span(self) -> Span:
        """The span of a replication, with sums by day."""
        hours = (self.before + DAYS + self.after) * HOURS_PER_DAY
        return Span(hours, warm_up=self.before * HOURS_PER_DAY, period_h=HOURS_PER_DAY)


@dataclass(frozen=True)
class Year:
    """A year that can be run: its program, what it was built from and how its tallies are grouped."""

    program: Program
    built: Built
    groups: Groups
    days: Days


def year_of(built: Built, days: Days) -> Year:
    """The year of a network, assembled.

    Raises
    ------
    DataError
        If the network is wrong; with every problem.
    """
    program = assemble(built.network)
    return Year(program, built, groups(built, program.tallies), days)


def reading(year: Year, seed: int, number: int) -> Reading:
    """One replication, run and read; the same alone and among others."""
    opened = openings(year, seed, number)
    return _read(year, _run(year, seed, number, opened, logged=False), opened)


def run(year: Year, seed: int, number: int, *, logged: bool = False) -> Left:
    """What one replication leaves.

    Raises
    ------
    InfeasibleError
        Where it does not get past one instant.
    """
    return _run(year, seed, number, openings(year, seed, number), logged=logged)


def openings(year: Year, seed: int, number: int) -> list[Intervals]:
    """When each calendar of the network is open in one replication, its own storms drawn."""
    network, hours = year.program.network, year.days.span.hours
    return [open_intervals(each, network.first_day, hours, seed, number) for each in network.calendars]


def _run(year: Year, seed: int, number: int, opened: list[Intervals], *, logged: bool) -> Left:
    span = replace(year.days.span, logged=logged)
    room = Rooms(ENTITIES, TALLIES, LOG if logged else 0)
    status, left = replicate(year.program.image, Luck(number, year.program.keys(seed), opened), span, room)
    if status == Status.STUCK:
        raise InfeasibleError(f"replication {number} does not get past hour {left.last:g}")
    return left


def _read(year: Year, left: Left, opened: list[Intervals]) -> Reading:
    begin = year.days.before * HOURS_PER_DAY
    end = begin + DAYS * HOURS_PER_DAY
    items, times = left.tally_items, left.tally_times
    tallied = Tallied(items[:, 0], times[:, 0], times[:, 1], times[:, 2:5])
    places = [year.program.places.index(queue) for queue in queues(year.built)]
    served = left.sums[places][:, list(_SUMS)]
    names = year.program.tallies
    return Reading(
        times=times_of(tallied, year.groups, begin, end),
        on_time=on_time(tallied, year.built, names),
        rounds_h=rounds(tallied, year.built, names),
        queues=served,
        daily=daily_of(left.periods[places], year.days.before + DAYS),
        open_share=np.array([open_share_by_day(each, begin, DAYS) for each in opened]).reshape(len(opened), DAYS),
        events=left.events,
    )
