"""A network of operations, as a caller writes it: processes, what they meet, and what brings them into the world.

All times are hours from the beginning of the first day, 0 its midnight in UTC. Nothing here knows of tables: who reads
services and fleets makes these nouns from them, and :func:`karvan.operations.assemble.assemble` refuses what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from karvan.operations.distributions import Distribution
from karvan.operations.steps import ONE_UNIT, Size, Step

MEASURES = ("units", "teu", "wagons", "trucks")


@dataclass(frozen=True)
class Process:
    """What one kind of thing does, from its birth to the end of its steps."""

    process: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Source:
    """Brings a process into the world again and again, ``count`` at a time, until ``until_h`` (None: for ever).

    ``profile`` makes the demand vary in time: factors of the greatest rate in [0, 1], each for ``profile_step_h``
    hours, over and over; ``every`` must then be exponential and is the mean time at the greatest rate (thinning; Lewis
    and Shedler 1979, Simulation of nonhomogeneous Poisson processes by thinning).
    """

    source: str
    process: str
    every: Distribution
    count: int = 1
    size: Size = ONE_UNIT
    priority: int = 0
    until_h: float | None = None
    profile: tuple[float, ...] = ()
    profile_step_h: float = 1.0


@dataclass(frozen=True)
class Start:
    """So many of a process that stand ready at hour ``at_h``: a fleet, a shift, a timetable's dispatcher."""

    process: str
    count: int = 1
    at_h: float = 0.0
    priority: int = 0


@dataclass(frozen=True)
class Resource:
    """So many equal servers, tracks or cranes; capacity >= 1, or 0 where an ``Alter`` opens it."""

    resource: str
    capacity: int


@dataclass(frozen=True)
class Queue:
    """A batch queue: what waits for a vehicle. ``measure`` is what its content and least loads are told in."""

    queue: str
    measure: str = "units"


@dataclass(frozen=True)
class Opening:
    """A rule of a calendar; a later rule overrides an earlier one.

    ``hours``: on the days of these months and weekdays (1 Monday) open from one hour of the local day to another and
    closed else, or, with ``open`` false, closed between them and else as before. ``season``: open, or closed, on whole
    days. ``storm``: in these months closed by storms that come and go at random, drawn anew for each replication, with
    exponential times between (``mean_open_h``) and of (``mean_closed_h``) storms.
    """

    kind: str
    months: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    open_from_h: float = 0.0
    open_to_h: float = 24.0
    open: bool = True
    mean_open_h: float = 0.0
    mean_closed_h: float = 0.0
    utc_offset_h: float = 0.0


@dataclass(frozen=True)
class Calendar:
    """When something works: open where no rule closes it."""

    calendar: str
    openings: tuple[Opening, ...]


@dataclass(frozen=True)
class Timetable:
    """Departures at these hours of a cycle, over and over; ``cycle_h`` None: once, at these hours."""

    timetable: str
    hours: tuple[float, ...]
    cycle_h: float | None = None


@dataclass(frozen=True)
class Headway:
    """The time that must pass between two who follow each other, drawn for each."""

    headway: str
    time: Distribution


@dataclass(frozen=True)
class Section:
    """Track between two places where trains can pass, and the place at its end.

    One track serves both directions, two or more one each. ``loop_tracks`` at its end (without meaning at a line's last
    section, where there is room enough). ``headway_h`` is the time between two trains of one direction.
    """

    tracks: int
    time: Distribution
    loop_tracks: int = 2
    headway_h: float = 0.0


@dataclass(frozen=True)
class Line:
    """Sections one after another. A place with one track is no place to pass: the sections about it are one block."""

    line: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Network:
    """Everything that a simulation runs on. ``first_day`` is the day at whose midnight hour 0 stands."""

    processes: tuple[Process, ...]
    sources: tuple[Source, ...] = ()
    starts: tuple[Start, ...] = ()
    resources: tuple[Resource, ...] = ()
    queues: tuple[Queue, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    timetables: tuple[Timetable, ...] = ()
    headways: tuple[Headway, ...] = ()
    lines: tuple[Line, ...] = ()
    first_day: date = date(2024, 1, 1)
