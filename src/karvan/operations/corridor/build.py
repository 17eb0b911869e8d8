"""The network of operations that a corridor's services and journeys are: vehicles, queues, sources, calendars.

Every service is a number of vehicles that load what waits, work and let it go: a border post's track, a berth, a ship,
a block train. Consignments wait in queues and ride. Other traffic of a resource comes to its queue in whole services.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from karvan.corridor.state import State
from karvan.operations.corridor.journeys import (
    BORDER,
    HANDLING,
    MEASURE_OF_UNIT,
    MOVING,
    Journey,
    Plan,
    queue_of,
    room_in_measure,
)
from karvan.operations.corridor.loads import Passage
from karvan.operations.corridor.services import Service
from karvan.operations.distributions import Constant, Distribution, Erlang, Exponential, Lognormal, Uniform
from karvan.operations.network import (
    Calendar,
    Headway,
    Network,
    Opening,
    Process,
    Queue,
    Resource,
    Source,
    Start,
    Timetable,
)
from karvan.operations.steps import (
    Breakdown,
    Delay,
    Depart,
    Follow,
    Hold,
    Load,
    Loop,
    Mark,
    Release,
    Room,
    Seize,
    Size,
    Spawn,
    Step,
    Tally,
    Unload,
    WaitOpen,
    Work,
)
from karvan.units import HOURS_PER_YEAR

ROUND, RUN, STRETCH, LANDED = "round", "run", "stretch", "landed"


@dataclass(frozen=True)
class Built:
    """The network of a year and how its tallies are read.

    ``journeys`` have the tally ``str(position)``. ``scheduled_h`` is the time that each train's timetable gives it;
    ``stretches`` the tallies that run from boarding a train until a ship has landed.
    """

    network: Network
    services: tuple[Service, ...]
    journeys: tuple[Journey, ...]
    scheduled_h: dict[str, float]
    stretches: tuple[str, ...]


def build(
    state: State, services: Sequence[Service], passages: Sequence[Passage], made: Plan, warm_up_days: int = 42
) -> Built:
    """The network of a year, whose first day is ``warm_up_days`` before the first of January.

    Parameters
    ----------
    state, services, passages, made
        Of one year.
    warm_up_days
        Days that the network runs before the year begins.
    """
    fits = {service.key: _fit(service, passages, made) for service in services}
    trains = {service.key: service for service in services if service.is_train}
    processes: list[Process] = []
    starts: list[Start] = []
    for service in services:
        more, ready = _vehicles(state, service, services, fits[service.key])
        processes += more
        starts += ready
    stretches: dict[str, None] = {}
    sources = _background(services, made, fits)
    processes += [Process(f"other traffic of {source.process}", (Hold(source.process),)) for source in sources]
    sources = [_named(source) for source in sources]
    for number, journey in enumerate(made.journeys):
        processes.append(Process(f"journey {number}", _steps(number, journey, trains, stretches)))
        size = _size(journey, services)
        every = Exponential(HOURS_PER_YEAR / journey.per_year)
        sources.append(Source(_stream_name(journey), f"journey {number}", every, size=size))
    used = {service.calendar for service in services} - {""}
    headways = [s for s in services if s.departure == "headway" and not s.stands]
    return Built(
        Network(
            processes=tuple(processes), sources=tuple(sources), starts=tuple(starts),
            resources=tuple(Resource(s.key, s.vehicles) for s in services if s.is_berth),
            queues=tuple(Queue(key, MEASURE_OF_UNIT[s.unit]) for s in services for key in _queues(s)),
            calendars=_calendars(state["calendars"], used),
            timetables=tuple(_timetable(state, service) for service in trains.values()),
            headways=tuple(Headway(s.key, Constant(s.headway_h)) for s in headways),
            first_day=date(state.year, 1, 1) - timedelta(days=warm_up_days),
        ),
        tuple(services), made.journeys,
        {key: _scheduled(state, key) for key in trains}, tuple(stretches),
    )  # fmt: skip


def _queues(service: Service) -> list[str]:
    if service.is_berth:
        return []
    if service.stands or service.is_train:
        return [queue_of(service)]
    return [queue_of(service), queue_of(service, back=True)]


def _stream_name(journey: Journey) -> str:
    """The name of a source, alike in all scenarios, so that they meet the same luck."""
    ends = f"{journey.origin} {journey.destination} {journey.commodity} {journey.handling_class}"
    return f"{ends}: {', '.join(ride.queue for ride in journey.rides)}"


def distribution(kind: str, mean_h: float, sd_h: float) -> Distribution:
    """The distribution of a service's time from its mean and standard deviation, in hours.

    An Erlang time has the whole shape that comes nearest, a uniform one is as wide as its deviation says but never
    below 0.

    Examples
    --------
    >>> distribution("erlang", 6.0, 3.0)
    Erlang(mean_h=6.0, shape=4)
    """
    if kind == "exponential":
        return Exponential(mean_h)
    if kind == "constant" or not sd_h > 0.0 or not mean_h > 0.0:
        return Constant(mean_h)
    if kind == "erlang":
        return Erlang(mean_h, max(round((mean_h / sd_h) ** 2), 1))
    if kind == "uniform":
        half = min(sd_h * np.sqrt(3.0), mean_h)
        return Uniform(mean_h - half, mean_h + half)
    return Lognormal(mean_h, sd_h)


def _work(service: Service, part: str, mean_h: float, sd_h: float, purpose: str) -> Step:
    """Work of a service: while its calendar is open if it stands, with its failures."""
    time = distribution(service.distribution, mean_h, sd_h)
    if service.calendar and service.stands:
        return Work(time, service.calendar, part, purpose)
    fails = None
    if service.failures_h > 0.0:
        fails = Breakdown(service.failures_h, Exponential(max(service.repair_h, 1e-6)))
    return Delay(time, part, purpose, fails)


def _room(measure: str, units: float) -> Room:
    return Room(**{measure: units})


@dataclass(frozen=True)
class Fit:
    """The room of a vehicle in its measure, and how much longer than the service's own its work takes.

    Lots are not split, so a room that is no multiple of them would never be full. It is rounded to one of the lot that
    is most of its load; what stands then takes as much longer, so that it serves as many units a year.
    """

    room: float
    told: float

    @property
    def longer(self) -> float:
        """Factor on the time of what stands."""
        return self.room / self.told


def _fit(service: Service, passages: Sequence[Passage], made: Plan) -> Fit:
    """The fitted room of a service."""
    told = room_in_measure(service, passages)
    loads: dict[float, float] = {}
    for journey in made.journeys:
        for ride in journey.rides:
            if ride.service == service.key:
                lot = round(ride.weight * journey.lot, 6)
                loads[lot] = loads.get(lot, 0.0) + ride.weight * journey.units
    if not loads:
        return Fit(told, told)
    lot = max(loads, key=lambda size: (loads[size], size))
    return Fit(lot * max(int(np.floor(told / lot + 0.5)), 1), told)


def _vehicles(
    state: State, service: Service, services: Sequence[Service], fit: Fit
) -> tuple[list[Process], list[Start]]:
    """Processes of a service and those of it that stand ready; a berth is a resource that ships take."""
    if service.is_berth:
        return [], []
    takes = _room(MEASURE_OF_UNIT[service.unit], fit.room)
    least = service.least * fit.room / service.room
    if service.is_train:
        return _train(service, takes)
    if service.stands:
        load = Load(queue_of(service), takes, max(least, 1e-9), service.patience_h)
        mean_h, sd_h = service.mean_h * fit.longer, service.sd_h * fit.longer
        work = _work(service, service.part, mean_h, sd_h, service.key)
        process = Process(service.key, (Loop((load, work, Unload())),))
        return [process], [Start(service.key, service.vehicles, priority=service.priority)]
    process = Process(service.key, (Loop(tuple(_round(state, service, services, takes, least))),))
    gap = max(service.headway_h, 2.0 * (service.mean_h + service.loading_h) / service.vehicles)
    starts = [Start(service.key, 1, at_h=number * gap, priority=service.priority) for number in range(service.vehicles)]
    return [process], starts


def _round(
    state: State, service: Service, services: Sequence[Service], takes: Room, least: float
) -> list[Step]:  # fmt: skip
    """A ship's round: port, sea, port, sea."""
    rows = state["links"].drop_duplicates("link").set_index("link")
    ends = (str(rows["from_place"][service.links[0]]), str(rows["to_place"][service.links[0]]))
    berths = _berths_of(state, service, services)
    steps: list[Step] = [Mark(ROUND)]
    for place, back in zip(ends, (False, True), strict=True):
        steps += _port(service, berths.get(place), queue_of(service, back=back), takes, least)
        if service.calendar:
            steps.append(WaitOpen(service.calendar))
        steps.append(_work(service, "moving", service.mean_h, service.sd_h, f"{service.key} {back}"))
        if not back:
            steps.append(Mark(LANDED))
    return [*steps, Tally(f"{ROUND} {service.key}", ROUND)]


def _berths_of(state: State, service: Service, services: Sequence[Service]) -> dict[str, Service]:
    """Berths that ships of a service need, by place: those whose resource its link uses."""
    uses = state["uses"]
    named = set(uses.loc[uses["link"] == service.links[0], "resource"])
    return {other.place: other for other in services if other.is_berth and other.resource in named}


def _port(service: Service, berth: Service | None, queue: str, takes: Room, least: float) -> list[Step]:
    """A call: work at the berth or aside, what it brought let go, what waits taken when it leaves."""
    load = Load(queue, takes, least, service.patience_h if least > 0.0 else None)
    ready: list[Step] = [Follow(service.key)] if service.departure == "headway" and queue.endswith("forward") else []
    aside = Delay(Constant(service.loading_h), "handling", f"{queue} aside")
    if berth is None:
        return [aside, Unload(), *ready, load]
    call = _work(berth, "handling", berth.mean_h, berth.sd_h, f"{queue} call")
    return [Seize(berth.key), call, Unload(), Release(berth.key), aside, *ready, load]


def _train(service: Service, takes: Room) -> tuple[list[Process], list[Start]]:
    """A train for each departure of the timetable: loaded before, unloaded after its run."""
    dispatch = f"dispatch {service.key}"
    loading = Delay(Constant(service.loading_h), "handling", f"{service.key} loading")
    run = _work(service, "moving", service.mean_h, service.sd_h, service.key)
    steps: tuple[Step, ...] = (
        Load(queue_of(service), takes), loading, Mark(ROUND), run, Tally(f"{RUN} {service.key}", ROUND),
        Delay(Constant(service.loading_h), "handling", f"{service.key} unloading"), Unload(),
    )  # fmt: skip
    leaves = Process(dispatch, (Loop((Depart(service.key), Spawn(service.key))),))
    return [leaves, Process(service.key, steps)], [Start(dispatch)]


def _timetable(state: State, service: Service) -> Timetable:
    """Hours at which trains begin to load, so that they leave at the hours of the table."""
    rows = _departures(state, service.key)
    cycle = float(rows["cycle_h"].iloc[0])
    hours = sorted((float(hour) - service.loading_h) % cycle for hour in rows["hour"])
    return Timetable(service.key, tuple(hours), cycle)


def _departures(state: State, key: str) -> pd.DataFrame:
    rows = state["timetables"]
    return rows.loc[rows["service"] == key]


def _scheduled(state: State, key: str) -> float:
    """Hours from departure to arrival by the timetable, the mean of its departures; missing where it tells none."""
    rows = _departures(state, key)
    return float((rows["arrival_hour"] - rows["hour"]).mean())


def _background(services: Sequence[Service], made: Plan, fits: dict[str, Fit]) -> list[Source]:
    """Other traffic of each queue, in whole services; ``process`` is the queue until it is named."""
    found = []
    for service in services:
        if service.is_berth:
            continue
        fit = fits[service.key]
        load = made.unweighed.get(service.key, 0.0)
        if service.stands:
            load += service.background * fit.told / service.room
        if load > 0.0:
            size = _sized({MEASURE_OF_UNIT[service.unit]: fit.room})
            every = Exponential(HOURS_PER_YEAR * fit.room / load)
            found.append(Source(f"other traffic of {service.key}", queue_of(service), every, size=size))
    return found


def _named(source: Source) -> Source:
    return Source(source.source, f"other traffic of {source.process}", source.every, size=source.size)


def _sized(weights: dict[str, float]) -> Size:
    return Size(**weights)


def _size(journey: Journey, services: Sequence[Service]) -> Size:
    """What one consignment weighs in each measure."""
    unit = {service.key: service.unit for service in services}
    return _sized({MEASURE_OF_UNIT[unit[ride.service]]: ride.weight * journey.lot for ride in journey.rides})


def _steps(number: int, journey: Journey, trains: dict[str, Service], stretches: dict[str, None]) -> tuple[Step, ...]:
    """What a consignment does: rides, hours between them, a tally; one more where a ship lands it after a train."""
    steps: list[Step] = []
    train = ""
    for at, ride in enumerate(journey.rides):
        if at > 0:
            steps += _between(number, at, journey)
        if ride.service in trains and not train:
            train = ride.service
            steps.append(Mark(STRETCH))
        steps.append(Hold(ride.queue))
        if train and ride.queue != ride.service and ride.service not in trains:
            name = f"{STRETCH} {train} > {ride.service}"
            stretches.setdefault(name)
            steps.append(Tally(name, STRETCH))
            train = ""
    return (*steps, Tally(str(number)))


def _between(number: int, at: int, journey: Journey) -> list[Step]:
    """All fixed hours between two rides as one delay; readers know what part of it they are."""
    hours = float(journey.fixed_h[at].sum())
    return [Delay(Constant(hours), "moving", f"journey {number} {at}")] if hours > 0.0 else []


def added_hours(journey: Journey) -> tuple[float, float, float, float]:
    """What is added to a consignment's total, moving, handling and border hours as they are tallied.

    Nothing happens to cargo before its first ride and after its last, so those hours are added to what is simulated,
    and cargo that sets out at random meets its first queue at random; hours between rides are told as moving.
    """
    fixed = journey.fixed_h
    ends = float(fixed[0].sum() + fixed[-1].sum())
    between = float(fixed[1:-1].sum())
    return (
        ends,
        float(fixed[:, MOVING].sum()) - between,
        float(fixed[:, HANDLING].sum()),
        float(fixed[:, BORDER].sum()),
    )


def _calendars(rows: pd.DataFrame, used: set[str]) -> tuple[Calendar, ...]:
    """The calendars that services work by."""
    found = []
    for key in sorted(used):
        own = rows.loc[rows["calendar"] == key].sort_values("rule").to_dict("records")
        found.append(Calendar(key, tuple(_opening({str(name): cell for name, cell in row.items()}) for row in own)))
    return tuple(found)


def _opening(row: dict[str, object]) -> Opening:
    def numbers(name: str) -> tuple[int, ...]:
        return tuple(int(part) for part in str(row[name]).split("|")) if row[name] else ()

    def hours(name: str, otherwise: float) -> float:
        return otherwise if pd.isna(row[name]) else float(str(row[name]))  # type: ignore[call-overload]  # a scalar

    return Opening(
        kind=str(row["kind"]), months=numbers("months"), weekdays=numbers("weekdays"),
        open_from_h=hours("open_from_h", 0.0), open_to_h=hours("open_to_h", 24.0), open=bool(row["open"]),
        mean_open_h=hours("mean_open_h", 0.0), mean_closed_h=hours("mean_closed_h", 0.0),
        utc_offset_h=hours("utc_offset_h", 0.0),
    )  # fmt: skip
