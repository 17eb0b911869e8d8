"""The corridor of eight stations in SimPy, Ciw and salabim: (timed events, mean transit time) of one replication."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable, Generator
from datetime import date
from typing import Any

import simpy

from benchmarks.stations import PAR, RAIL_EAST, RAIL_WEST, eight_stations
from karvan.operations.opening import open_intervals

WARM_UP_H = 720.0
Steps = Generator[Any, Any, None]


def _calm(seed: int, hours: float) -> tuple[list[float], list[float]]:
    """When the sea is calm: beginnings and ends."""
    intervals = open_intervals(eight_stations().calendars[0], date(2024, 1, 1), hours, seed, 0)
    return intervals[:, 0].tolist(), intervals[:, 1].tolist()


def _mean(transits: list[tuple[float, float]]) -> float:
    kept = [hours for born, hours in transits if born >= WARM_UP_H]
    return sum(kept) / len(kept)


def _times(seed: int) -> dict[str, Callable[[], float]]:
    """What each station draws."""
    draw = random.Random(seed)  # noqa: S311  # no secret
    return {
        "arrival": lambda: draw.expovariate(PAR["rate"]),
        "west": lambda: draw.uniform(*RAIL_WEST),
        "east": lambda: draw.uniform(*RAIL_EAST),
        "border": lambda: draw.expovariate(1.0 / PAR["inspect_h"]),
        "crane": lambda: draw.expovariate(1.0 / PAR["crane_h"]),
        "gauge": lambda: PAR["gauge_h"],
    }


class _InSimpy:
    """Processes as generators, resources, events for those aboard."""

    def __init__(self, seed: int, hours: float) -> None:
        self.env, self.times, self.count = simpy.Environment(), _times(seed), 0
        self.opens, self.closes = _calm(seed, hours)
        self.transits: list[tuple[float, float]] = []
        self.yard: list[simpy.Event] = []
        self.quay: list[simpy.Event] = []
        west, gauge, crane, self.last = (
            simpy.Resource(self.env, int(PAR[servers])) for servers in ("inspectors", "gauges", "cranes", "inspectors")
        )
        self.stations = ((west, "border"), (gauge, "gauge"), (crane, "crane"))
        for process in (self.demand, self.trains, self.ferries):
            self.env.process(process())

    def wait(self, delay: float) -> Steps:
        yield self.env.timeout(delay)
        self.count += 1

    def use(self, resource: simpy.Resource, time: str) -> Steps:
        with resource.request() as request:
            yield request
            yield from self.wait(self.times[time]())

    def aboard(self, queue: list[simpy.Event]) -> simpy.Event:
        queue.append(self.env.event())
        return queue[-1]

    def consignment(self) -> Steps:
        born = self.env.now
        yield self.aboard(self.yard)
        for resource, time in self.stations:
            yield from self.use(resource, time)
        yield self.aboard(self.quay)
        yield from self.wait(self.times["east"]())
        yield from self.use(self.last, "border")
        self.transits.append((born, self.env.now - born))

    def vehicle(self, queue: list[simpy.Event], room: int, time: float) -> Steps:
        load, queue[:room] = queue[:room], []
        yield from self.wait(time)
        for event in load:
            event.succeed()

    def demand(self) -> Steps:
        while True:
            yield from self.wait(self.times["arrival"]())
            self.env.process(self.consignment())

    def trains(self) -> Steps:
        while True:
            yield from self.wait(PAR["train_h"])
            self.env.process(self.vehicle(self.yard, int(PAR["train_room"]), self.times["west"]()))

    def ferry(self) -> Steps:
        at = bisect_right(self.closes, self.env.now)
        if self.opens[at] > self.env.now:
            yield from self.wait(self.opens[at] - self.env.now)
        yield from self.vehicle(self.quay, int(PAR["ferry_room"]), PAR["sail_h"])

    def ferries(self) -> Steps:
        while True:
            yield from self.wait(PAR["ferry_h"])
            self.env.process(self.ferry())


def in_simpy(seed: int, hours: float) -> tuple[int, float]:
    """SimPy: processes as generators, resources, events for those aboard."""
    world = _InSimpy(seed, hours)
    world.env.run(hours)
    return world.count, _mean(world.transits)


def in_ciw(seed: int, hours: float) -> tuple[int, float]:
    """Ciw: nodes in a row, trains and ferries as slots of services that begin together."""
    import ciw  # type: ignore[import-not-found]  # of the extra [bench]

    ciw.seed(seed)
    opens, closes = _calm(seed, hours)
    sailings: dict[float, int] = {}
    for number in range(1, int(hours / PAR["ferry_h"]) + 1):
        time = number * PAR["ferry_h"]
        time = max(time, opens[bisect_right(closes, time)])
        sailings[time] = sailings.get(time, 0) + int(PAR["ferry_room"])
    departures = [number * PAR["train_h"] for number in range(1, int(hours / PAR["train_h"]) + 1)]
    exponential, uniform, constant = ciw.dists.Exponential, ciw.dists.Uniform, ciw.dists.Deterministic
    inspect = exponential(1.0 / PAR["inspect_h"])
    network = ciw.create_network(
        arrival_distributions=[exponential(PAR["rate"]), *[None] * 6],
        service_distributions=[
            uniform(*RAIL_WEST), inspect, constant(PAR["gauge_h"]), exponential(1.0 / PAR["crane_h"]),
            constant(PAR["sail_h"]), uniform(*RAIL_EAST), exponential(1.0 / PAR["inspect_h"]),
        ],
        number_of_servers=[
            ciw.Slotted(slots=departures, slot_sizes=[int(PAR["train_room"])] * len(departures)),
            int(PAR["inspectors"]), int(PAR["gauges"]), int(PAR["cranes"]),
            ciw.Slotted(slots=sorted(sailings), slot_sizes=[sailings[time] for time in sorted(sailings)]),
            float("inf"), int(PAR["inspectors"]),
        ],
        routing=ciw.routing.NetworkRouting([*[ciw.routing.Direct(to=to) for to in range(2, 8)], ciw.routing.Leave()]),
    )  # fmt: skip
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(hours)
    records = simulation.get_all_records()
    born = {record.id_number: record.arrival_date for record in records if record.node == 1}
    ended = [record for record in records if record.node == 7]
    return len(records) + len(born), _mean([(born[r.id_number], r.exit_date - born[r.id_number]) for r in ended])


class _InSalabim:
    """What the components of salabim share."""

    def __init__(self, seed: int, hours: float) -> None:
        import salabim  # type: ignore[import-not-found]  # of the extra [bench]

        salabim.yieldless(False)
        self.env, self.times, self.count = salabim.Environment(trace=False, random_seed=None), _times(seed), 0
        self.opens, self.closes = _calm(seed, hours)
        self.transits: list[tuple[float, float]] = []
        self.yard: list[Any] = []
        self.quay: list[Any] = []
        self.border, self.gauge, self.crane, self.last = (
            salabim.Resource(capacity=int(PAR[servers])) for servers in ("inspectors", "gauges", "cranes", "inspectors")
        )
        for resource in (self.border, self.gauge, self.crane, self.last):
            _unwatched(resource)


def _unwatched(resource: Any) -> None:  # noqa: ANN401  # salabim ships no types
    """Without the monitors of salabim, which cost time."""
    for queue in (resource.requesters(), resource.claimers()):
        queue.length.monitor(value=False)
        queue.length_of_stay.monitor(value=False)
    for monitor in (resource.occupancy, resource.available_quantity, resource.claimed_quantity, resource.capacity):
        monitor.monitor(value=False)


def _components(world: _InSalabim) -> tuple[type, type, type]:
    """The components of salabim: a consignment, a vehicle, and what makes one again and again."""
    import salabim

    class Consignment(salabim.Component):  # type: ignore[misc]  # untyped parent
        def process(self) -> Steps:
            born = world.env.now()
            world.yard.append(self)
            yield self.passivate()
            for resource, time in ((world.border, "border"), (world.gauge, "gauge"), (world.crane, "crane")):
                yield self.request(resource)
                yield self.hold(world.times[time]())
                world.count += 1
                self.release(resource)
            world.quay.append(self)
            yield self.passivate()
            yield self.hold(world.times["east"]())
            yield self.request(world.last)
            yield self.hold(world.times["border"]())
            world.count += 2
            self.release(world.last)
            world.transits.append((born, world.env.now() - born))

    class Vehicle(salabim.Component):  # type: ignore[misc]  # untyped parent
        def process(self, queue: list[Any], room: int, time: float, sea: int) -> Steps:
            at = bisect_right(world.closes, world.env.now())
            if sea and world.opens[at] > world.env.now():
                yield self.hold(till=world.opens[at])
                world.count += 1
            load, queue[:room] = queue[:room], []
            yield self.hold(time)
            world.count += 1
            for component in load:
                component.activate()

    class Every(salabim.Component):  # type: ignore[misc]  # untyped parent
        def process(self, gap: Callable[[], float], make: Callable[[], object]) -> Steps:
            while True:
                yield self.hold(gap())
                world.count += 1
                make()

    return Consignment, Vehicle, Every


def in_salabim(seed: int, hours: float) -> tuple[int, float]:
    """salabim: components with processes as generators, resources, passivate and activate for those aboard."""
    world = _InSalabim(seed, hours)
    consignment, vehicle, every = _components(world)
    west, train, ferry = world.times["west"], int(PAR["train_room"]), int(PAR["ferry_room"])
    every(gap=world.times["arrival"], make=consignment)
    every(gap=lambda: PAR["train_h"], make=lambda: vehicle(queue=world.yard, room=train, time=west(), sea=0))
    every(gap=lambda: PAR["ferry_h"], make=lambda: vehicle(queue=world.quay, room=ferry, time=PAR["sail_h"], sea=1))
    world.env.run(till=hours)
    return world.count, _mean(world.transits)
