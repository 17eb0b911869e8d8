"""What the twin's entities meet: clock, streams, places, tracks, hours, and the rules of dispatch."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import simpy

from karvan.operations.instructions import Block, blocks_of
from karvan.operations.network import MEASURES, Network
from karvan.operations.opening import open_intervals
from karvan.operations.purposes import with_purposes
from karvan.operations.steps import Load, Room, Size
from karvan.operations.twin.clock import WOKEN, Clock
from karvan.operations.twin.draws import Streams
from karvan.operations.twin.entities import Entity, Place, weights

SLACK = 1e-9


def in_order(waiting: Sequence[Entity]) -> Sequence[Entity]:
    """As they stand."""
    return waiting


def not_the_last(tracks: int, standing: Sequence[int], direction: int) -> bool:
    """Whether a train may take a track of a loop: one is free, and its direction leaves one to the other."""
    return sum(standing) < tracks and standing[direction] < tracks - 1


@dataclass(frozen=True)
class Rules:
    """What a dispatcher decides, as functions that may be replaced.

    ``cargo`` and ``queue`` put those who wait in the order in which they are looked at, for a vehicle and for free
    units of a resource; ``takes_track`` says whether a train may take a track of a loop (tracks, standing by direction,
    direction). The compiled loop knows only what stands here.
    """

    cargo: Callable[[Sequence[Entity]], Sequence[Entity]] = in_order
    queue: Callable[[Sequence[Entity]], Sequence[Entity]] = in_order
    takes_track: Callable[[int, Sequence[int], int], bool] = not_the_last


@dataclass
class World:
    """One replication of the twin."""

    network: Network
    streams: Streams
    hours: float
    rules: Rules
    clock: Clock = field(default_factory=Clock)
    rows: list[tuple[str, int, tuple[float, ...]]] = field(default_factory=list)
    births: int = 0

    def __post_init__(self) -> None:
        self.network = with_purposes(self.network)
        network = self.network
        self.processes = {each.process: each.steps for each in network.processes}
        self.places = {each.resource: Place(each.resource, each.capacity) for each in network.resources}
        for queue in network.queues:
            self.places[queue.queue] = Place(queue.queue, measure=MEASURES.index(queue.measure))
        self.lines: dict[str, list[Block]] = {line.line: blocks_of(line) for line in network.lines}
        self.standing: dict[str, list[int]] = {}
        for block in (each for blocks in self.lines.values() for each in blocks):
            self.places[block.key] = Place(block.key, block.tracks)
            if block.loop_tracks:
                self.standing[block.key] = [0, 0]
        seed, number = self.streams.seed, self.streams.replication
        self.open: dict[str, list[list[float]]] = {
            each.calendar: open_intervals(each, network.first_day, self.hours, seed, number).tolist()
            for each in network.calendars
        }
        self.taken = {each.timetable: -math.inf for each in network.timetables}
        self.followed = {each.headway: -math.inf for each in network.headways}

    def born(self, priority: int, size: Size | None = None) -> Entity:
        """A new entity, not yet woken."""
        self.births += 1
        return Entity(self.births, priority, self.clock.now, weights(size or Size()))

    def go_on(self, entity: Entity) -> None:
        """Let an entity do its next steps, up to the next wait."""
        entity.is_ready, entity.due = False, -1.0
        assert entity.steps is not None  # noqa: S101  # whoever is woken has steps
        next(entity.steps, None)

    def wake(self, entity: Entity) -> None:
        """Let an entity go on in this instant, after those woken before; if it is about to, it keeps its turn."""
        if entity.is_ready or entity.due == self.clock.now:
            return
        entity.ticket += 1
        entity.is_ready, entity.due = True, -1.0
        self.clock.at(self.clock.now, WOKEN, lambda _: self.go_on(entity))

    def wake_at(self, entity: Entity, time: float) -> None:
        """Let an entity go on at a time, in this instant where that is past, never where it is infinite."""
        if time <= self.clock.now:
            self.wake(entity)
        elif not math.isinf(time):
            entity.ticket += 1
            entity.due, ticket = time, entity.ticket

            def fire(_: simpy.Event) -> None:
                if entity.ticket == ticket:
                    self.go_on(entity)

            self.clock.at(time, entity.priority, fire)

    # ---- resources and batches -------------------------------------------------------------------------------------

    def serve_queue(self, place: Place) -> None:
        """Give free units to those who wait, as far as they go."""
        while place.queue:
            entity = self.rules.queue(place.queue)[0]
            if place.used + entity.need > place.capacity:
                return
            place.step_out(entity)
            place.used += entity.need
            self.wake(entity)

    def board(self, vehicle: Entity, place: Place, room: Room) -> None:
        """Load what waits and fits, in the order of the rule."""
        most = [math.inf if getattr(room, measure) is None else getattr(room, measure) for measure in MEASURES]
        for entity in list(self.rules.cargo(place.queue)):
            full = [loaded >= limit - SLACK for loaded, limit in zip(vehicle.loaded, most, strict=True)]
            limited = [not math.isinf(limit) for limit in most[1:]]
            if full[0] or (any(limited) and full[1:] == limited):
                return
            left = [limit - loaded + SLACK for loaded, limit in zip(vehicle.loaded, most, strict=True)]
            if any(size > rest for size, rest in zip(entity.size, left, strict=True)):
                continue
            place.step_out(entity)
            place.content -= entity.size[place.measure]
            vehicle.cargo.append(entity)
            vehicle.loaded = [a + b for a, b in zip(vehicle.loaded, entity.size, strict=True)]
            entity.parts = {part: entity.parts[part] - vehicle.parts[part] for part in entity.parts}

    def is_short(self, place: Place, step: Load) -> bool:
        """Whether less waits than a load needs."""
        return place.content < step.least - SLACK

    def call_vehicles(self, place: Place) -> None:
        """Load the vehicles that wait and now find their least load, in order."""
        while place.vehicles and not self.is_short(place, place.vehicles[0][1]):
            vehicle, step = place.vehicles.pop(0)
            vehicle.waits_at = None
            self.board(vehicle, place, step.room)
            self.wake(vehicle)

    def alight(self, vehicle: Entity, queue: str) -> None:
        """Let cargo go on: all, or what was held in one queue."""
        for entity in [each for each in vehicle.cargo if not queue or each.lane == queue]:
            vehicle.cargo.remove(entity)
            entity.parts = {part: entity.parts[part] + vehicle.parts[part] for part in entity.parts}
            vehicle.loaded = [a - b for a, b in zip(vehicle.loaded, entity.size, strict=True)]
            self.wake(entity)
        if not vehicle.cargo:
            vehicle.loaded = [0.0] * len(MEASURES)

    # ---- hours -----------------------------------------------------------------------------------------------------

    def _interval(self, calendar: str) -> int:
        return bisect_right(self.open[calendar], self.clock.now, key=lambda interval: interval[1])

    def opened(self, calendar: str) -> float:
        """When a calendar is next open."""
        at = self._interval(calendar)
        return math.inf if at == len(self.open[calendar]) else max(self.clock.now, self.open[calendar][at][0])

    def worked(self, calendar: str, hours: float) -> float:
        """When work that goes on only while a calendar is open ends."""
        for opens, closes in self.open[calendar][self._interval(calendar) :]:
            begin = max(self.clock.now, opens)
            if begin + hours <= closes:
                return begin + hours
            hours -= closes - begin
        return math.inf

    def departure(self, timetable: str) -> float:
        """The next departure that nobody has taken, taken by this."""
        (table,) = (each for each in self.network.timetables if each.timetable == timetable)
        now, taken, cycle = self.clock.now, self.taken[timetable], table.cycle_h or 0.0
        begin = math.floor(max(now, taken) / cycle) * cycle if cycle else 0.0
        left = [begin + hour for hour in table.hours if begin + hour >= now and begin + hour > taken]
        later = [begin + cycle + table.hours[0]] if cycle else [math.inf]
        self.taken[timetable] = (left or later)[0]
        return self.taken[timetable]

    # ---- tracks ----------------------------------------------------------------------------------------------------

    def has_track(self, blocks: list[Block], at: int, direction: int) -> bool:
        """Whether a train that runs over a block finds a track where it ends."""
        loop = at if direction == 0 else at - 1
        if not 0 <= loop < len(blocks) - 1:
            return True
        standing = self.standing[blocks[loop].key]
        return self.rules.takes_track(blocks[loop].loop_tracks, standing, direction)

    def settle(self, blocks: list[Block], at: int) -> None:
        """Let in who may enter a block, in order of waiting."""
        block, place = blocks[at], self.places[blocks[at].key]
        for entity in list(place.queue):
            direction = entity.need
            if not self.has_track(blocks, at, direction):
                continue
            if place.capacity == 1 and place.used and place.direction != direction:
                return
            place.step_out(entity)
            loop = at if direction == 0 else at - 1
            if 0 <= loop < len(blocks) - 1:
                self.standing[blocks[loop].key][direction] += 1
            place.direction = direction
            place.used += 1
            time = max(self.clock.now, place.entered[direction] + block.gap_h)
            place.entered[direction] = time
            self.wake_at(entity, time)
