"""The assembler: a network of operations as the one table of instructions and the arrays that the event loop reads.

No table is compiled: a new network is new numbers. Compiled code checks no bounds, so whatever is wrong is refused here
(:func:`karvan.operations.review.review`), every problem at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from karvan.errors import DataError
from karvan.numerics.events import layout
from karvan.numerics.events.replication import Image
from karvan.numerics.streams import Words, stream_key
from karvan.operations.instructions import NONE, Block, Label, Writer, blocks_of, sizes
from karvan.operations.network import MEASURES, Network, Source
from karvan.operations.purposes import of_source, of_thinning, with_purposes
from karvan.operations.review import review

_JUMPING = {layout.JUMP, layout.CHANCE, layout.IF_EMPTY, layout.THIN, layout.AFTER, layout.ATTEMPT}


@dataclass(frozen=True)
class Program:
    """A network that can be run.

    ``places`` are resources, then queues, then blocks of lines (``line/1``), as the rows of what a run leaves;
    ``purposes`` the streams, ``tallies`` the names of tallies, ``labels`` what each instruction belongs to.
    """

    network: Network
    image: Image
    places: tuple[str, ...]
    purposes: tuple[str, ...]
    tallies: tuple[str, ...]
    labels: tuple[Label, ...]

    def label(self, pc: int) -> Label:
        """What the instruction at an address of the memory belongs to."""
        return self.labels[(pc - int(self.image.cells[layout.CODE_AT])) // layout.INSTRUCTION]

    def keys(self, seed: int) -> Words:
        """The keys of all streams under a seed, shape (streams, 2)."""
        return _keys(self.purposes, seed)


@lru_cache(maxsize=8)
def _keys(purposes: tuple[str, ...], seed: int) -> Words:
    """Keys of streams, made once for all replications; not to be written to."""
    keys = np.array([stream_key(seed, purpose) for purpose in purposes], dtype=np.uint64).reshape(-1, 2)
    keys.flags.writeable = False
    return keys


def _put_places(w: Writer, blocks: list[Block]) -> None:
    """Write down every place at rest: resources, queues, blocks."""
    network = w.network
    w.cells[layout.PLACES_AT] = len(w.cells)
    kept = [(each.resource, each.capacity, "units") for each in network.resources]
    kept += [(each.queue, 0, each.measure) for each in network.queues]
    kept += [(block.key, block.tracks, "units") for block in blocks]
    for number, (key, capacity, measure) in enumerate(kept):
        row = w.put(*[0] * layout.PLACE_CELLS)
        w.cells[row + layout.CAPACITY], w.cells[row + layout.NUMBER] = capacity, number
        w.cells[row + layout.MEASURE] = MEASURES.index(measure)
        w.rows["place", key] = row
    w.cells[layout.PLACES] = len(kept)


def _put_lines(w: Writer, blocks: list[Block]) -> None:
    """Write down loops, and beside each block those at its ends."""
    for block in blocks:
        if block.loop_tracks:
            w.rows["loop", block.key] = w.put(block.loop_tracks, 0, 0)
    for block in blocks:
        row = w.rows["place", block.key]
        before = f"{block.line}/{block.number - 1}"
        w.cells[row + layout.LOOP_BEFORE] = w.rows.get(("loop", before), layout.NOBODY)
        w.cells[row + layout.LOOP_AFTER] = w.rows.get(("loop", block.key), layout.NOBODY)
        w.cells[row + layout.GAP] = float(block.gap_h)
        w.cells[row + layout.ENTERED] = w.cells[row + layout.ENTERED + 1] = -np.inf


def _put_times(w: Writer) -> None:
    """Write down timetables, headways, and rows for calendars and profiles."""
    network = w.network
    for table in network.timetables:
        at = w.put(*map(float, table.hours))
        w.rows["timetable", table.timetable] = w.put(at, len(table.hours), float(table.cycle_h or 0.0), -np.inf)
    for headway in network.headways:
        w.rows["headway", headway.headway] = w.put(-np.inf)
    for calendar in network.calendars:
        w.rows["calendar", calendar.calendar] = w.put(*[0] * layout.LISTED_CELLS)
    for source in network.sources:
        if source.profile:
            at = w.put(*map(float, source.profile))
            w.rows["profile", source.source] = w.put(at, len(source.profile), float(source.profile_step_h), 0.0)


def _write_source(w: Writer, source: Source) -> int:
    """A source as instructions: a time, whether it is over, whether the candidate is accepted, the spawn, again."""
    w.process = source.source
    what = w.distribution(source.every, of_source(source.source))
    first = w.row(layout.DELAY, "Source", what, NONE, names=source.process)
    over = w.row(layout.AFTER, "Source", w.put(float(source.until_h))) if source.until_h is not None else NONE
    if source.profile:
        stream = w.stream(of_thinning(source.source))
        w.row(layout.THIN, "Source", w.rows["profile", source.source], stream, first)
    row = w.put(source.priority, 0, *sizes(source.size))
    w.call(w.row(layout.SPAWN, "Source", 0, source.count, row, names=source.process), source.process)
    w.row(layout.JUMP, "Source", 0, 0, first)
    if over != NONE:
        w.code[over][3] = w.row(layout.END, "Source")
    return first


def _write_code(w: Writer) -> None:
    """All processes and sources as instructions, and who is there from the beginning."""
    beginnings = {}
    for process in w.network.processes:
        w.process = process.process
        beginnings[process.process] = len(w.code)
        w.write(process.steps)
        w.row(layout.END, "End")
    sources = [_write_source(w, source) for source in w.network.sources]
    for row, process_called in w.calls:
        w.code[row][1] = beginnings[process_called]
    starts = [(first, 0, 0.0) for first in sources]
    for start in w.network.starts:
        starts.extend([(beginnings[start.process], start.priority, float(start.at_h))] * start.count)
    _put_code(w, starts)


def _put_code(w: Writer, starts: list[tuple[int, int, float]]) -> None:
    """Write instructions into memory, and who is there from the beginning; from here on an address, not a number."""
    base = len(w.cells)
    w.cells[layout.CODE_AT] = base
    for code, *operands in w.code:
        if code in _JUMPING:
            operands[2] = base + layout.INSTRUCTION * operands[2]
        elif code in (layout.SPAWN, layout.FORK):
            operands[0] = base + layout.INSTRUCTION * operands[0]
        w.put(code, *operands)
    w.cells[layout.STARTS_AT], w.cells[layout.STARTS] = len(w.cells), len(starts)
    for first, priority, at_h in starts:
        w.put(base + layout.INSTRUCTION * first, priority, at_h)


def _image(w: Writer) -> Image:
    """What was written, as arrays."""
    cells = np.zeros(len(w.cells), dtype=np.int64)
    real = cells.view(np.float64)
    for at, value in enumerate(w.cells):
        if isinstance(value, float):
            real[at] = value
        else:
            cells[at] = value
    calendars = [w.rows["calendar", each.calendar] for each in w.network.calendars]
    return Image(
        cells=cells,
        streams=np.array(list(w.streams.values()), dtype=np.int64),
        calendars=np.array(calendars, dtype=np.int64),
    )


def assemble(network: Network) -> Program:
    """Make a network runnable.

    Parameters
    ----------
    network
        What is simulated.

    Returns
    -------
    Program
        For :func:`karvan.operations.simulate.simulate`; the network is not changed.

    Raises
    ------
    DataError
        With every problem found: unknown or double keys, times below 0, loops in which no time passes, capacity 0,
        loads that no vehicle can take, and the like.

    Examples
    --------
    >>> from karvan.operations.network import Process
    >>> from karvan.operations.steps import Seize
    >>> assemble(Network((Process("train", (Seize("crane"),)),)))
    Traceback (most recent call last):
    ...
    karvan.errors.DataError: process train step 1 resource: unknown key: 'crane'; add the resource, or mend the name
    """
    problems = review(network)
    if problems:
        raise DataError(problems=problems)
    blocks = [block for line in network.lines for block in blocks_of(line)]
    w = Writer(with_purposes(network))
    _put_places(w, blocks)
    _put_lines(w, blocks)
    _put_times(w)
    _write_code(w)
    places = tuple(key for kind, key in w.rows if kind == "place")
    return Program(network, _image(w), places, tuple(w.streams), tuple(w.tallies), tuple(w.labels))
