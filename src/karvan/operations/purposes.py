"""Names for random streams: every step that draws gets the purpose it was given, or one by its place in its process.

The assembler and the twin read the same names, so that both meet the same luck.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from karvan.operations.network import Network
from karvan.operations.steps import Attempt, Choose, Delay, IfEmpty, Loop, Step, Work


def _named(steps: tuple[Step, ...], process: str, numbers: Iterator[int]) -> tuple[Step, ...]:
    return tuple(_name(step, process, numbers) for step in steps)


def _name(step: Step, process: str, numbers: Iterator[int]) -> Step:
    """A step with its purpose and those of the steps it holds, numbered as they are read."""
    if isinstance(step, Delay | Work | Choose | Loop):
        number = next(numbers)
        step = replace(step, purpose=step.purpose or f"{process}/{number}")
    if isinstance(step, Loop):
        return replace(step, steps=_named(step.steps, process, numbers))
    if isinstance(step, Choose | IfEmpty | Attempt):
        then = _named(step.then, process, numbers)
        return replace(step, then=then, otherwise=_named(step.otherwise, process, numbers))
    return step


def with_purposes(network: Network) -> Network:
    """The network with a purpose in every step that draws, or may.

    Examples
    --------
    >>> from karvan.operations.distributions import Constant
    >>> from karvan.operations.network import Process
    >>> steps = (Loop((Delay(Constant(1.0)), Delay(Constant(2.0), purpose="sailing"))),)
    >>> (loop,) = with_purposes(Network((Process("ship", steps),))).processes[0].steps
    >>> [loop.purpose, *(step.purpose for step in loop.steps)]
    ['ship/1', 'ship/2', 'sailing']
    """
    processes = [replace(each, steps=_named(each.steps, each.process, count(1))) for each in network.processes]
    return replace(network, processes=tuple(processes))


def of_source(source: str) -> str:
    """The purpose of the times between arrivals of a source."""
    return f"source {source}"


def of_thinning(source: str) -> str:
    """The purpose of accepting candidates of a source whose demand varies."""
    return f"source {source}: thinning"


def of_failures(purpose: str) -> str:
    """The purpose of the working times between failures of a step."""
    return f"{purpose}: failures"


def of_repairs(purpose: str) -> str:
    """The purpose of the repairs of a step."""
    return f"{purpose}: repairs"


def of_headway(headway: str) -> str:
    """The purpose of a headway."""
    return f"headway {headway}"


def of_section(line: str, number: int) -> str:
    """The purpose of the running times over a section of a line, both ways."""
    return f"line {line} section {number}"
