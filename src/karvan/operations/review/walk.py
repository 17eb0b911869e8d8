"""Every step of a network with its place, and problems told by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from karvan.errors import Problem
from karvan.operations.network import Network
from karvan.operations.steps import Attempt, Choose, IfEmpty, Loop, Step


@dataclass(frozen=True)
class Placed:
    """A step, the process it belongs to and where it stands there: ``2`` or, within the second step, ``2.1``."""

    process: str
    number: str
    step: Step

    def problem(self, kind: str, column: str, value: object = "", expected: str = "", remedy: str = "") -> Problem:
        """A problem of this step."""
        return Problem(
            kind, f"process {self.process}", "processes", 0, f"step {self.number} {column}".strip(),
            str(value), expected, remedy,
        )  # fmt: skip


def inner(step: Step) -> tuple[tuple[Step, ...], ...]:
    """The lists of steps that a step holds."""
    if isinstance(step, Loop):
        return (step.steps,)
    if isinstance(step, Choose | IfEmpty | Attempt):
        return (step.then, step.otherwise)
    return ()


def _walked(process: str, steps: tuple[Step, ...], before: str) -> Iterator[Placed]:
    for number, step in enumerate(steps, start=1):
        yield Placed(process, f"{before}{number}", step)
        held = tuple(each for steps_held in inner(step) for each in steps_held)
        yield from _walked(process, held, f"{before}{number}.")


def placed(network: Network) -> list[Placed]:
    """Every step of every process, those within others after them."""
    return [each for process in network.processes for each in _walked(process.process, process.steps, "")]


def noun_problem(
    noun: str, key: str, kind: str, column: str, value: object, expected: str, remedy: str = ""
) -> Problem:
    """A problem of one of the nouns beside processes: a resource, a timetable, a source."""
    return Problem(kind, f"{noun} {key}", f"{noun}s", 0, column, str(value), expected, remedy)
