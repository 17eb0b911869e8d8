"""What can never end or never begin: loops in which no time passes, loads that nobody brings or takes."""

from __future__ import annotations

from collections.abc import Iterator

from karvan.errors import Problem
from karvan.operations.distributions import Constant, Distribution
from karvan.operations.network import MEASURES, Network
from karvan.operations.opening import open_intervals
from karvan.operations.review.walk import Placed, inner, noun_problem
from karvan.operations.steps import (
    Attempt,
    Delay,
    Depart,
    Follow,
    Fork,
    Hold,
    Load,
    Loop,
    Release,
    Room,
    Seize,
    Size,
    Spawn,
    Step,
    Travel,
    Work,
)

YEAR_H = 8784.0


def _passes(time: Distribution) -> bool:
    """Whether a time is more than nothing."""
    return not isinstance(time, Constant) or time.hours > 0.0


def _takes_time(network: Network, step: Step) -> bool:
    """Whether time passes in a step whatever happens; of waiting for others only that for cargo and carriers counts."""
    if isinstance(step, Delay | Work):
        return _passes(step.time)
    if isinstance(step, Follow):
        return any(_passes(each.time) for each in network.headways if each.headway == step.headway)
    if isinstance(step, Depart | Hold) or (isinstance(step, Load) and step.least > 0.0):
        return True
    if isinstance(step, Travel):
        sections = [each for line in network.lines if line.line == step.line for each in line.sections]
        return any(_passes(each.time) for each in sections)
    if isinstance(step, Fork):
        (steps,) = (each.steps for each in network.processes if each.process == step.process)
        return _take_time(network, tuple(each for each in steps if not isinstance(each, Fork)))
    held = inner(step)
    return bool(held) and all(_take_time(network, steps) for steps in held)


def _take_time(network: Network, steps: tuple[Step, ...]) -> bool:
    return any(_takes_time(network, step) for step in steps)


def endless_instants(network: Network, steps: list[Placed]) -> Iterator[Problem]:
    """Loops for ever in which no time passes, and processes that start each other without any."""
    for each in steps:
        if isinstance(each.step, Loop) and each.step.again >= 1.0 and not _take_time(network, each.step.steps):
            remedy = "add a Delay, a Depart or another step that takes time on every way through it"
            yield each.problem("loop without delay", "", remedy=remedy)
    at_once = {process.process: set(_started(network, process.steps)) for process in network.processes}
    for process, first in at_once.items():
        reached: set[str] = set()
        following = set(first)
        while following - reached:
            reached |= following
            following = set().union(*(at_once.get(name, set()) for name in reached))
        if process in reached:
            expected = "time between a process and the next of its kind"
            yield noun_problem("process", process, "loop without delay", "Spawn", process, expected, "add a Delay")


def _started(network: Network, steps: tuple[Step, ...]) -> Iterator[str]:
    """Processes that these steps start before any time passes."""
    for step in steps:
        if isinstance(step, Spawn | Fork):
            yield step.process
        for held in inner(step):
            yield from _started(network, held)
        if _takes_time(network, step):
            return


def _sizes(network: Network, steps: list[Placed]) -> dict[str, set[Size]]:
    """The sizes in which each process comes into the world."""
    found: dict[str, set[Size]] = {process.process: set() for process in network.processes}
    for source in network.sources:
        found[source.process].add(source.size)
    for each in steps:
        if isinstance(each.step, Spawn | Fork):
            found[each.step.process].add(each.step.size)
    for start in network.starts:
        found[start.process].add(Size())
    return found


def _fits(size: Size, room: Room) -> bool:
    wanted = {"units": 1.0, "teu": size.teu, "wagons": size.wagons, "trucks": size.trucks}
    return all(getattr(room, measure) is None or wanted[measure] <= getattr(room, measure) for measure in MEASURES)


def loads(network: Network, steps: list[Placed]) -> Iterator[Problem]:
    """Cargo that no vehicle takes or has room for, vehicles that wait for what nobody brings or cannot hold."""
    rooms: dict[str, list[Room]] = {queue.queue: [] for queue in network.queues}
    for each in steps:
        if isinstance(each.step, Load):
            rooms[each.step.queue].append(each.step.room)
    measures = {queue.queue: queue.measure for queue in network.queues}
    held = {each.step.queue for each in steps if isinstance(each.step, Hold)}
    sizes = _sizes(network, steps)
    for each in steps:
        if isinstance(each.step, Hold):
            yield from _untaken(each, rooms[each.step.queue], sizes[each.process])
        if isinstance(each.step, Load) and each.step.least > 0.0:
            most = getattr(each.step.room, measures[each.step.queue], None)
            if most is not None and each.step.least > most:
                yield each.problem("out of range", "least", each.step.least, f"at most the room of {most:g}")
            if each.step.queue not in held and each.step.patience_h is None:
                expected = "a process that holds in the queue"
                yield each.problem("nobody comes", "queue", each.step.queue, expected, "add a Hold, or patience")


def _untaken(held: Placed, rooms: list[Room], sizes: set[Size]) -> Iterator[Problem]:
    if not rooms:
        yield held.problem("nobody comes", "queue", "", "a process that loads from the queue", "add a Load")
        return
    for size in sorted(sizes, key=str):
        if not any(_fits(size, room) for room in rooms):
            expected = "a vehicle with room for it"
            yield held.problem("does not fit", "size", size, expected, "enlarge the room, or part it")


def shut_calendars(network: Network) -> Iterator[Problem]:
    """Calendars that are not open once in a year, storms apart."""
    for calendar in network.calendars:
        fixed = tuple(each for each in calendar.openings if each.kind != "storm")
        shut = type(calendar)(calendar.calendar, fixed)
        if not len(open_intervals(shut, network.first_day, YEAR_H, 0, 0)):
            remedy = "open it in some hours of the year"
            yield noun_problem("calendar", calendar.calendar, "never open", "openings", len(fixed), "an hour", remedy)


def resources_given_back(steps: list[Placed]) -> Iterator[Problem]:
    """Resources that are released and that nobody ever takes."""
    taken = {each.step.resource for each in steps if isinstance(each.step, Seize | Attempt)}
    for each in steps:
        if isinstance(each.step, Release) and each.step.resource not in taken:
            key = each.step.resource
            yield each.problem("never taken", "resource", key, "a process that seizes it", "add a Seize")

