"""Keys: each stands once, and whatever a step or source names stands somewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from karvan.errors import Problem
from karvan.operations.instructions import blocks_of
from karvan.operations.network import Network
from karvan.operations.review.walk import Placed, noun_problem
from karvan.operations.steps import (
    Alter,
    Attempt,
    Depart,
    Follow,
    Fork,
    Hold,
    IfEmpty,
    Load,
    Mark,
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

# The kinds of steps that name something, what they name it in, and what kind of noun that is.
_NAMES: dict[type, tuple[str, str]] = {
    Work: ("calendar", "calendar"), WaitOpen: ("calendar", "calendar"), Depart: ("timetable", "timetable"),
    Follow: ("headway", "headway"), Seize: ("resource", "resource"), Release: ("resource", "resource"),
    Alter: ("resource", "resource"), Attempt: ("resource", "resource"), Hold: ("queue", "queue"),
    Load: ("queue", "queue"), Unload: ("queue", "queue"), IfEmpty: ("queue", "queue"), Travel: ("line", "line"),
    Spawn: ("process", "process"), Fork: ("process", "process"),
}  # fmt: skip


def nouns(network: Network) -> dict[str, list[str]]:
    """The keys of each kind of noun, in order."""
    return {
        "process": [each.process for each in network.processes],
        "source": [each.source for each in network.sources],
        "resource": [each.resource for each in network.resources],
        "queue": [each.queue for each in network.queues],
        "calendar": [each.calendar for each in network.calendars],
        "timetable": [each.timetable for each in network.timetables],
        "headway": [each.headway for each in network.headways],
        "line": [each.line for each in network.lines],
    }


def double_keys(network: Network) -> Iterator[Problem]:
    """Keys that stand twice among nouns of one kind, or among the places where somebody waits."""
    for noun, keys in nouns(network).items():
        for key, count in Counter(keys).items():
            if count > 1:
                yield noun_problem(noun, key, "duplicate key", noun, key, "one of the name", "rename one of them")
    blocks = [block.key for line in network.lines for block in blocks_of(line)]
    places = Counter([*{*nouns(network)["resource"]}, *{*nouns(network)["queue"]}, *{*blocks}])
    for key, count in places.items():
        if count > 1:
            expected = "one name among resources, queues and blocks of lines"
            yield noun_problem("place", key, "duplicate key", "name", key, expected, "rename one of them")


def _named(step: Step) -> tuple[str, str, str] | None:
    """The column, the kind of noun and the key that a step names, if it names one."""
    if type(step) not in _NAMES:
        return None
    column, noun = _NAMES[type(step)]
    key = str(getattr(step, column))
    return None if isinstance(step, Unload) and not key else (column, noun, key)


def unknown_keys(network: Network, steps: list[Placed]) -> Iterator[Problem]:
    """Names that stand nowhere: in steps, sources, starts, and marks that no process sets."""
    known = {noun: set(keys) for noun, keys in nouns(network).items()}
    for each in steps:
        named = _named(each.step)
        if named and named[2] not in known[named[1]]:
            remedy = f"add the {named[1]}, or mend the name"
            yield each.problem("unknown key", named[0], named[2], remedy=remedy)
    callers = [("source", each.source, each.process) for each in network.sources]
    callers += [("start", each.process, each.process) for each in network.starts]
    for noun, key, process in callers:
        if process not in known["process"]:
            yield noun_problem(noun, key, "unknown key", "process", process, "a process", "add it, or mend the name")
    marks = {each.step.mark for each in steps if isinstance(each.step, Mark)}
    for each in steps:
        if isinstance(each.step, Tally) and each.step.since and each.step.since not in marks:
            yield each.problem("unknown key", "since", each.step.since, "a mark", "add a Mark before it")
