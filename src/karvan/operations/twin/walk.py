"""The steps of a process as a generator of Python: it yields where an entity waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from karvan.operations.distributions import Exponential
from karvan.operations.network import Source
from karvan.operations.purposes import (
    of_failures,
    of_headway,
    of_repairs,
    of_section,
    of_source,
    of_thinning,
)
from karvan.operations.steps import (
    Alter,
    Attempt,
    Choose,
    Delay,
    Depart,
    Follow,
    Fork,
    Hold,
    IfEmpty,
    Load,
    Loop,
    Mark,
    Prioritise,
    Release,
    Seize,
    Spawn,
    Step,
    Tally,
    Travel,
    Unload,
    WaitOpen,
    Work,
)
from karvan.operations.twin.entities import Entity, Steps
from karvan.operations.twin.world import World


def start(world: World, entity: Entity, process: str) -> None:
    """Give an entity the steps of a process."""
    entity.steps = _whole(world, entity, process)


def _whole(world: World, entity: Entity, process: str) -> Steps:
    yield from walk(world, entity, world.processes[process])
    if entity.parent is not None:
        entity.parent.children -= 1
        if entity.parent.children == 0:
            world.wake(entity.parent)


def walk(world: World, entity: Entity, steps: tuple[Step, ...]) -> Steps:
    """Do steps one after another."""
    for step in steps:
        yield from WALKS[type(step)](world, entity, step)


def source(world: World, entity: Entity, given: Source) -> Steps:
    """Bring a process into the world again and again."""
    while True:
        world.wake_at(entity, world.clock.now + world.streams.draw(given.every, of_source(given.source)))
        yield
        if given.until_h is not None and world.clock.now > given.until_h:
            return
        if given.profile:
            at = int(world.clock.now / given.profile_step_h) % len(given.profile)
            if world.streams.uniform(of_thinning(given.source)) >= given.profile[at]:
                continue
        for _ in range(given.count):
            child = world.born(given.priority, given.size)
            start(world, child, given.process)
            world.wake(child)


def _delay(world: World, entity: Entity, step: Delay) -> Steps:
    hours = world.streams.draw(step.time, step.purpose)
    entity.parts[step.part] += hours
    whole = hours
    if step.breakdown is not None:
        life = Exponential(step.breakdown.mean_hours_between)
        rest = hours - world.streams.draw(life, of_failures(step.purpose))
        while rest > 0.0:
            whole += world.streams.draw(step.breakdown.repair, of_repairs(step.purpose))
            rest -= world.streams.draw(life, of_failures(step.purpose))
    world.wake_at(entity, world.clock.now + whole)
    yield


def _work(world: World, entity: Entity, step: Work) -> Steps:
    hours = world.streams.draw(step.time, step.purpose)
    entity.parts[step.part] += hours
    world.wake_at(entity, world.worked(step.calendar, hours))
    yield


def _until(world: World, entity: Entity, time: float) -> Steps:
    """Wait until a time, if it is not there."""
    if time > world.clock.now:
        world.wake_at(entity, time)
        yield


def _wait_open(world: World, entity: Entity, step: WaitOpen) -> Steps:
    yield from _until(world, entity, world.opened(step.calendar))


def _depart(world: World, entity: Entity, step: Depart) -> Steps:
    yield from _until(world, entity, world.departure(step.timetable))


def _follow(world: World, entity: Entity, step: Follow) -> Steps:
    (time,) = (each.time for each in world.network.headways if each.headway == step.headway)
    following = world.followed[step.headway] + world.streams.draw(time, of_headway(step.headway))
    world.followed[step.headway] = max(world.clock.now, following)
    yield from _until(world, entity, world.followed[step.headway])


def _seize(world: World, entity: Entity, step: Seize) -> Steps:
    place = world.places[step.resource]
    if not place.queue and place.used + step.units <= place.capacity:
        place.used += step.units
        return
    entity.need = step.units
    place.stand(entity, world.clock.now)
    yield


def _release(world: World, _entity: Entity, step: Release) -> Steps:
    place = world.places[step.resource]
    place.used -= step.units
    world.serve_queue(place)
    yield from ()


def _alter(world: World, _entity: Entity, step: Alter) -> Steps:
    place = world.places[step.resource]
    place.capacity += step.by
    world.serve_queue(place)
    yield from ()


def _attempt(world: World, entity: Entity, step: Attempt) -> Steps:
    place = world.places[step.resource]
    free = not place.queue and place.used + step.units <= place.capacity
    place.used += step.units if free else 0
    yield from walk(world, entity, step.then if free else step.otherwise)


def _hold(world: World, entity: Entity, step: Hold) -> Steps:
    place = world.places[step.queue]
    entity.lane = step.queue
    place.stand(entity, world.clock.now)
    place.content += entity.size[place.measure]
    world.call_vehicles(place)
    yield


def _load(world: World, entity: Entity, step: Load) -> Steps:
    place = world.places[step.queue]
    in_turn = step.least == 0.0 or not place.vehicles
    if not world.is_short(place, step) and in_turn:
        world.board(entity, place, step.room)
        return
    place.vehicles.append((entity, step))
    entity.waits_at = place
    if step.patience_h is not None:
        world.wake_at(entity, world.clock.now + step.patience_h)
    yield
    if entity.waits_at is place:
        place.vehicles.remove((entity, step))
        entity.waits_at = None
        world.board(entity, place, step.room)
        world.call_vehicles(place)


def _unload(world: World, entity: Entity, step: Unload) -> Steps:
    world.alight(entity, step.queue)
    yield from ()


def _travel(world: World, entity: Entity, step: Travel) -> Steps:
    blocks, direction = world.lines[step.line], int(step.back)
    order = range(len(blocks) - 1, -1, -1) if step.back else range(len(blocks))
    for at in order:
        place = world.places[blocks[at].key]
        entity.need = direction
        place.stand(entity, world.clock.now)
        world.settle(blocks, at)
        yield
        if at != order[0]:
            behind = at if step.back else at - 1
            world.standing[blocks[behind].key][direction] -= 1
            before = at + 1 if step.back else at - 1
            world.settle(blocks, before)
            world.settle(blocks, at)
        sections = blocks[at].sections[::-1] if step.back else blocks[at].sections
        for number, section in sections:
            hours = world.streams.draw(section.time, of_section(step.line, number))
            entity.parts["moving"] += hours
            world.wake_at(entity, world.clock.now + hours)
            yield
        place.used -= 1
        world.settle(blocks, at)


def _spawn(world: World, entity: Entity, step: Spawn) -> Steps:
    for _ in range(step.count):
        child = world.born(step.priority, step.size)
        child.born = entity.born if step.heirs else child.born
        start(world, child, step.process)
        world.wake(child)
    yield from ()


def _fork(world: World, entity: Entity, step: Fork) -> Steps:
    for _ in range(step.count):
        child = world.born(step.priority, step.size)
        child.born, child.parent = entity.born, entity
        start(world, child, step.process)
        world.wake(child)
    entity.children = step.count
    yield


def _prioritise(_world: World, entity: Entity, step: Prioritise) -> Steps:
    entity.priority = step.priority
    yield from ()


def _mark(world: World, entity: Entity, step: Mark) -> Steps:
    entity.marks[step.mark] = world.clock.now
    yield from ()


def _tally(world: World, entity: Entity, step: Tally) -> Steps:
    since = entity.marks.get(step.since, 0.0) if step.since else entity.born
    world.rows.append((step.name, entity.serial, (since, world.clock.now, *entity.parts.values())))
    yield from ()


def _loop(world: World, entity: Entity, step: Loop) -> Steps:
    while True:
        yield from walk(world, entity, step.steps)
        if step.again < 1.0 and world.streams.uniform(step.purpose) >= step.again:
            return


def _choose(world: World, entity: Entity, step: Choose) -> Steps:
    then = world.streams.uniform(step.purpose) < step.probability
    yield from walk(world, entity, step.then if then else step.otherwise)


def _if_empty(world: World, entity: Entity, step: IfEmpty) -> Steps:
    yield from walk(world, entity, step.otherwise if world.places[step.queue].queue else step.then)


WALKS: Mapping[type, Callable[[World, Entity, Any], Steps]] = {
    Delay: _delay, Work: _work, WaitOpen: _wait_open, Depart: _depart, Follow: _follow, Seize: _seize,
    Release: _release, Alter: _alter, Hold: _hold, Load: _load, Unload: _unload, Travel: _travel, Spawn: _spawn,
    Fork: _fork, Prioritise: _prioritise, Mark: _mark, Tally: _tally, Loop: _loop, Choose: _choose, IfEmpty: _if_empty,
    Attempt: _attempt,
}  # fmt: skip
