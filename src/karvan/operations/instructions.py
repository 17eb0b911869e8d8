"""Steps written out as instructions: what the assembler makes of each step, row by row.

The writer numbers whatever a step names (places, distributions, streams, tallies) as it meets it; what is wrong was
refused before (:mod:`karvan.operations.review`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from karvan.numerics.events import layout
from karvan.numerics.streams import STREAM_WORDS
from karvan.operations.distributions import (
    Constant,
    Distribution,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    Quantiles,
    Uniform,
)
from karvan.operations.network import Line, Network, Section
from karvan.operations.purposes import of_failures, of_headway, of_repairs, of_section
from karvan.operations.steps import (
    PARTS,
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
    Room,
    Seize,
    Size,
    Spawn,
    Step,
    Tally,
    Travel,
    Unload,
    WaitOpen,
    Work,
)

NONE = -1


@dataclass(frozen=True)
class Block:
    """Sections of a line that trains of one direction hold together, and the tracks of the loop behind (0: end)."""

    line: str
    number: int
    sections: tuple[tuple[int, Section], ...]
    loop_tracks: int

    @property
    def key(self) -> str:
        """Its name among the places, ``line/number`` from 1."""
        return f"{self.line}/{self.number}"

    @property
    def tracks(self) -> int:
        """Running tracks: those of its narrowest section."""
        return min(section.tracks for _, section in self.sections)

    @property
    def gap_h(self) -> float:
        """Hours between two trains of one direction: the longest of its sections."""
        return max(section.headway_h for _, section in self.sections)


def blocks_of(line: Line) -> list[Block]:
    """The blocks of a line: sections joined where the place between them has one track.

    Examples
    --------
    >>> from karvan.operations.distributions import Constant
    >>> one, two = Section(1, Constant(1.0), loop_tracks=1), Section(1, Constant(1.0), loop_tracks=2)
    >>> [len(block.sections) for block in blocks_of(Line("line", (two, one, two, one)))]
    [1, 2, 1]
    """
    blocks: list[Block] = []
    held: list[tuple[int, Section]] = []
    for number, section in enumerate(line.sections, start=1):
        held.append((number, section))
        last = number == len(line.sections)
        if last or section.loop_tracks > 1:
            blocks.append(Block(line.line, len(blocks) + 1, tuple(held), 0 if last else section.loop_tracks))
            held = []
    return blocks


@dataclass(frozen=True)
class Label:
    """What an instruction belongs to: a process (or source), the kind of step, and what the step names."""

    process: str
    step: str
    names: str = ""


@dataclass
class Writer:
    """Rows of instructions as they are written, and the cells of memory that they point to."""

    network: Network
    code: list[list[int]] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    cells: list[int | float] = field(default_factory=lambda: [0] * layout.HEADER)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    streams: dict[str, int] = field(default_factory=dict)
    tallies: dict[str, int] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    calls: list[tuple[int, str]] = field(default_factory=list)
    process: str = ""

    def row(self, code: int, step: Step | str, *operands: int, names: str = "") -> int:
        """Write an instruction; returns where it stands."""
        self.code.append([code, *operands, *[0] * (4 - len(operands))])
        kind = step if isinstance(step, str) else type(step).__name__
        self.labels.append(Label(self.process, kind, names))
        return len(self.code) - 1

    def put(self, *values: float) -> int:
        """Write values into memory, whole or real as they are; returns where the first stands."""
        self.cells.extend(values)
        return len(self.cells) - len(values)

    def stream(self, purpose: str) -> int:
        """The stream of a purpose."""
        if purpose not in self.streams:
            self.streams[purpose] = self.put(*[0] * STREAM_WORDS)
        return self.streams[purpose]

    def distribution(self, distribution: Distribution, purpose: str) -> int:
        """Write a distribution down; returns its row."""
        kind, shape = shape_of(distribution)
        at = count = 0
        if isinstance(distribution, Quantiles):
            at, count = self.put(*map(float, distribution.hours)), len(distribution.hours)
        stream = 0 if kind == layout.CONSTANT else self.stream(purpose)
        return self.put(kind, stream, *map(float, shape), at, count)

    def write(self, steps: Iterable[Step]) -> None:
        """Write steps one after another."""
        for step in steps:
            WRITERS[type(step)](self, step)

    def call(self, row: int, process: str) -> None:
        """Remember that an instruction starts a process, which may not be written yet."""
        self.calls.append((row, process))


def shape_of(distribution: Distribution) -> tuple[int, tuple[float, float, float]]:
    """The code of a distribution and its three parameters."""
    if isinstance(distribution, Lognormal):
        variance = math.log1p((distribution.sd_h / distribution.mean_h) ** 2)
        return layout.LOGNORMAL, (math.log(distribution.mean_h) - variance / 2.0, math.sqrt(variance), 0.0)
    return _SHAPES[type(distribution)](distribution)


_SHAPES: Mapping[type, Callable[[Any], tuple[int, tuple[float, float, float]]]] = {
    Constant: lambda d: (layout.CONSTANT, (d.hours, 0.0, 0.0)),
    Exponential: lambda d: (layout.EXPONENTIAL, (d.mean_h, 0.0, 0.0)),
    Uniform: lambda d: (layout.UNIFORM, (d.low_h, d.high_h, 0.0)),
    Erlang: lambda d: (layout.ERLANG, (d.mean_h / d.shape, d.shape, 0.0)),
    Hyperexponential: lambda d: (layout.HYPEREXPONENTIAL, (d.first_mean_h, d.second_mean_h, d.first_share)),
    Quantiles: lambda _: (layout.QUANTILES, (0.0, 0.0, 0.0)),
}


def sizes(size: Size) -> tuple[float, float, float]:
    """The sizes of a consignment beside the one unit that it is, in the order of the measures."""
    return float(size.teu), float(size.wagons), float(size.trucks)


def rooms(room: Room) -> list[float]:
    """The room of a vehicle by measure; infinite where there is no limit."""
    given = (room.units, room.teu, room.wagons, room.trucks)
    return [np.inf if value is None else float(value) for value in given]


def _delay(w: Writer, step: Delay) -> None:
    what, part = w.distribution(step.time, step.purpose), PARTS.index(step.part)
    if step.breakdown is None:
        w.row(layout.DELAY, step, what, part)
        return
    life = w.distribution(Exponential(step.breakdown.mean_hours_between), of_failures(step.purpose))
    repair = w.distribution(step.breakdown.repair, of_repairs(step.purpose))
    w.row(layout.BREAKING, step, what, part, life, repair)


def _work(w: Writer, step: Work) -> None:
    what, part = w.distribution(step.time, step.purpose), PARTS.index(step.part)
    w.row(layout.WORK, step, what, part, w.rows["calendar", step.calendar], names=step.calendar)


def _wait_open(w: Writer, step: WaitOpen) -> None:
    w.row(layout.WAIT_OPEN, step, w.rows["calendar", step.calendar], names=step.calendar)


def _depart(w: Writer, step: Depart) -> None:
    w.row(layout.DEPART, step, w.rows["timetable", step.timetable], names=step.timetable)


def _follow(w: Writer, step: Follow) -> None:
    (time,) = (each.time for each in w.network.headways if each.headway == step.headway)
    what = w.distribution(time, of_headway(step.headway))
    w.row(layout.FOLLOW, step, what, w.rows["headway", step.headway], names=step.headway)


def _seize(w: Writer, step: Seize) -> None:
    w.row(layout.SEIZE, step, w.rows["place", step.resource], step.units, names=step.resource)


def _release(w: Writer, step: Release) -> None:
    w.row(layout.RELEASE, step, w.rows["place", step.resource], step.units, names=step.resource)


def _alter(w: Writer, step: Alter) -> None:
    w.row(layout.ALTER, step, w.rows["place", step.resource], step.by, names=step.resource)


def _hold(w: Writer, step: Hold) -> None:
    w.row(layout.HOLD, step, w.rows["place", step.queue], names=step.queue)


def _load(w: Writer, step: Load) -> None:
    patience = -1.0 if step.patience_h is None else float(step.patience_h)
    row = w.put(*rooms(step.room), float(step.least), patience)
    w.row(layout.LOAD, step, w.rows["place", step.queue], row, names=step.queue)


def _unload(w: Writer, step: Unload) -> None:
    w.row(layout.UNLOAD, step, w.rows["place", step.queue] if step.queue else NONE, names=step.queue)


def _travel(w: Writer, step: Travel) -> None:
    """Each block: reserve it with the track where it ends, leave the track before it, run, let it go."""
    (line,) = (each for each in w.network.lines if each.line == step.line)
    blocks, direction = blocks_of(line), layout.BACK if step.back else layout.FORWARD
    order = blocks[::-1] if step.back else blocks
    before = 0
    for block in order:
        at = w.rows["place", block.key]
        w.row(layout.ENTER, step, at, direction, names=block.key)
        if before:
            loop = w.rows["loop", block.key if step.back else blocks[block.number - 2].key]
            w.row(layout.CLEAR, step, loop, direction, before, at, names=block.key)
        for number, section in reversed(block.sections) if step.back else block.sections:
            what = w.distribution(section.time, of_section(step.line, number))
            w.row(layout.DELAY, step, what, PARTS.index("moving"), names=f"{step.line} section {number}")
        w.row(layout.LEAVE, step, at, names=block.key)
        before = at


def _spawn(w: Writer, step: Spawn) -> None:
    row = w.put(step.priority, int(step.heirs), *sizes(step.size))
    w.call(w.row(layout.SPAWN, step, 0, step.count, row, names=step.process), step.process)


def _fork(w: Writer, step: Fork) -> None:
    row = w.put(step.priority, 1, *sizes(step.size))
    w.call(w.row(layout.FORK, step, 0, step.count, row, names=step.process), step.process)


def _prioritise(w: Writer, step: Prioritise) -> None:
    w.row(layout.PRIORITISE, step, step.priority)


def _mark(w: Writer, step: Mark) -> None:
    w.row(layout.MARK, step, w.marks.setdefault(step.mark, len(w.marks)), names=step.mark)


def _tally(w: Writer, step: Tally) -> None:
    mark = w.marks.setdefault(step.since, len(w.marks)) if step.since else NONE
    w.row(layout.TALLY, step, w.tallies.setdefault(step.name, len(w.tallies)), mark, names=step.name)


def _loop(w: Writer, step: Loop) -> None:
    first = len(w.code)
    w.write(step.steps)
    if step.again < 1.0:
        w.row(layout.CHANCE, step, w.stream(step.purpose), w.put(float(step.again)), first)
    else:
        w.row(layout.JUMP, step, 0, 0, first)


def _fork_in_the_way(w: Writer, branch: int, straight: tuple[Step, ...], aside: tuple[Step, ...]) -> None:
    """Write what follows a branch, what its jump leads to, and join them."""
    w.write(straight)
    joint = w.row(layout.JUMP, "Join")
    w.code[branch][3] = len(w.code)
    w.write(aside)
    w.code[joint][3] = len(w.code)


def _choose(w: Writer, step: Choose) -> None:
    stream = w.stream(step.purpose)
    branch = w.row(layout.CHANCE, step, stream, w.put(float(step.probability)))
    _fork_in_the_way(w, branch, step.otherwise, step.then)


def _if_empty(w: Writer, step: IfEmpty) -> None:
    branch = w.row(layout.IF_EMPTY, step, w.rows["place", step.queue], names=step.queue)
    _fork_in_the_way(w, branch, step.otherwise, step.then)


def _attempt(w: Writer, step: Attempt) -> None:
    branch = w.row(layout.ATTEMPT, step, w.rows["place", step.resource], step.units, names=step.resource)
    _fork_in_the_way(w, branch, step.then, step.otherwise)


WRITERS: Mapping[type, Callable[[Writer, Any], None]] = {
    Delay: _delay, Work: _work, WaitOpen: _wait_open, Depart: _depart, Follow: _follow, Seize: _seize,
    Release: _release, Alter: _alter, Hold: _hold, Load: _load, Unload: _unload, Travel: _travel, Spawn: _spawn,
    Fork: _fork, Prioritise: _prioritise, Mark: _mark, Tally: _tally, Loop: _loop, Choose: _choose, IfEmpty: _if_empty,
    Attempt: _attempt,
}  # fmt: skip
