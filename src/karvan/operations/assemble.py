"""The assembler: a network of operations as the one table of instructions and the arrays that the event loop reads.

No table is compiled: a new network is new numbers. Compiled code checks no bounds, so whatever is wrong is refused here
(:func:`karvan.operations.review.review`), every problem at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karvan.errors import DataError
from karvan.numerics.events import layout
from karvan.numerics.events.layout import Floats, Integers, Tables
from karvan.numerics.events.replication import Beginning
from karvan.numerics.streams import stream_key
from karvan.operations.instructions import MEASURE_NUMBERS, NONE, Block, Label, Writer, blocks_of, sizes
from karvan.operations.network import Network, Source
from karvan.operations.review import review


@dataclass(frozen=True)
class Program:
    """A network that can be run.

    ``places`` are resources, then queues, then blocks of lines (``line/1``), as the columns of what a run leaves;
    ``purposes`` the streams, ``tallies`` the names of tallies, ``labels`` what each instruction belongs to.
    """

    network: Network
    tables: Tables
    place_rows: Integers
    loops: Integers
    remembered: int
    places: tuple[str, ...]
    purposes: tuple[str, ...]
    tallies: tuple[str, ...]
    labels: tuple[Label, ...]

    def beginning(self, seed: int) -> Beginning:
        """What a replication begins with under a seed."""
        keys = [stream_key(seed, purpose) for purpose in self.purposes]
        return Beginning(self.place_rows, self.loops, np.array(keys, dtype=np.uint64).reshape(-1, 2), self.remembered)


def _place_rows(network: Network, blocks: list[Block]) -> Integers:
    """Every place at rest, shape (places, PLACE_INTEGERS)."""
    count = len(network.resources) + len(network.queues) + len(blocks)
    rows = np.zeros((max(count, 1), layout.PLACE_INTEGERS), dtype=np.int64)
    for column in (layout.FIRST, layout.LAST, layout.VEHICLE_FIRST, layout.VEHICLE_LAST):
        rows[:, column] = NONE
    capacities = [*(each.capacity for each in network.resources), *(0 for _ in network.queues)]
    for row, capacity in enumerate([*capacities, *(block.tracks for block in blocks)]):
        rows[row, layout.CAPACITY] = capacity
    for row, queue in enumerate(network.queues, start=len(network.resources)):
        rows[row, layout.MEASURE] = MEASURE_NUMBERS[queue.measure]
    return rows


def _write_source(w: Writer, source: Source) -> None:
    """A source as instructions: a time, whether it is over, whether the candidate is accepted, the spawn, again."""
    w.process, w.drawn = source.source, 0
    what = w.distribution(source.every, f"source {source.source}")
    first = w.row(layout.DELAY, "Source", what, NONE, names=source.process)
    over = w.row(layout.AFTER, "Source", w.number(source.until_h)) if source.until_h is not None else NONE
    if source.profile:
        number = [each.source for each in w.network.sources if each.profile].index(source.source)
        w.row(layout.THIN, "Source", number, w.stream(f"source {source.source}: thinning"), first)
    numbers = w.number(float(source.priority), 0.0, *sizes(source.size))
    w.call(w.row(layout.SPAWN, "Source", 0, source.count, numbers, names=source.process), source.process)
    w.row(layout.JUMP, "Source", 0, 0, first)
    if over != NONE:
        w.code[over][3] = w.row(layout.END, "Source")


def _from(parts: list[int]) -> Integers:
    """Where parts of these lengths begin when they are laid end to end."""
    return np.concatenate([[0], np.cumsum(np.array(parts, dtype=np.int64))]).astype(np.int64)


def _block_tables(network: Network, every: list[Block], waiting_from: int) -> tuple[Integers, Floats, Integers]:
    """Blocks, their headways and the loops between them; ``waiting_from`` is the place of the first block."""
    rows = np.zeros((len(every), layout.BLOCK_INTEGERS), dtype=np.int64)
    remembered = len(network.timetables) + len(network.headways)
    loops: list[tuple[int, int, int]] = []
    for at, block in enumerate(every):
        before = len(loops) - 1 if block.number > 1 else NONE
        after = len(loops) if block.loop_tracks else NONE
        if block.loop_tracks:
            loops.append((block.loop_tracks, 0, 0))
        rows[at] = (waiting_from + at, before, after, block.tracks, remembered + 2 * at)
    gaps = np.array([block.gap_h for block in every], dtype=np.float64)
    return rows, gaps, np.array(loops, dtype=np.int64).reshape(-1, 3)


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
    karvan.errors.DataError: process train: unknown resource: 'crane', expected a resource; add it, or mend the name
    """
    problems = review(network)
    if problems:
        raise DataError(problems=problems)
    by_line = {line.line: blocks_of(line) for line in network.lines}
    every = [block for blocks in by_line.values() for block in blocks]
    keys = [*(r.resource for r in network.resources), *(q.queue for q in network.queues), *(b.key for b in every)]
    numbered = {name: [(every.index(block), block) for block in blocks] for name, blocks in by_line.items()}
    w = Writer(network, numbered, {key: at for at, key in enumerate(keys)})
    beginnings = {}
    for process in network.processes:
        w.process, w.drawn = process.process, 0
        beginnings[process.process] = len(w.code)
        w.write(process.steps)
        w.row(layout.END, "End")
    sources = []
    for source in network.sources:
        sources.append((len(w.code), 0, 0.0))
        _write_source(w, source)
    for row, process in w.calls:
        w.code[row][1] = beginnings[process]
    fleet = [
        (beginnings[start.process], start.priority, start.at_h) for start in network.starts for _ in range(start.count)
    ]
    blocks, gaps, loops = _block_tables(network, every, len(network.resources) + len(network.queues))
    tables = _tables(w, [*sources, *fleet], blocks, gaps)
    remembered = len(network.timetables) + len(network.headways) + 2 * len(every)
    return Program(
        network, tables, _place_rows(network, every), loops, remembered, tuple(keys), tuple(w.streams),
        tuple(w.tallies), tuple(w.labels),
    )  # fmt: skip


def _tables(w: Writer, starts: list[tuple[int, int, float]], blocks: Integers, gaps: Floats) -> Tables:
    """What was written, as arrays; opening hours are put in for each replication."""
    network = w.network
    profiles = [(each.profile_step_h, *each.profile) for each in network.sources if each.profile]
    none = np.zeros(0)
    return Tables(
        code=np.array(w.code, dtype=np.int32).reshape(-1, 5),
        numbers=np.array(w.numbers, dtype=np.float64),
        kinds=np.array(w.kinds, dtype=np.int64).reshape(-1, 4),
        shapes=np.array(w.shapes, dtype=np.float64).reshape(-1, 3),
        quantiles=np.array(w.quantiles, dtype=np.float64),
        intervals_from=np.zeros(1, dtype=np.int64),
        opens=none,
        closes=none,
        departures_from=_from([len(each.hours) for each in network.timetables]),
        departures=np.array([hour for each in network.timetables for hour in each.hours], dtype=np.float64),
        cycles=np.array([each.cycle_h or 0.0 for each in network.timetables], dtype=np.float64),
        profiles_from=_from([len(each) for each in profiles]),
        profiles=np.array([value for each in profiles for value in each], dtype=np.float64),
        blocks=blocks,
        gaps=gaps,
        starts=np.array([start[:2] for start in starts], dtype=np.int64).reshape(-1, 2),
        start_times=np.array([start[2] for start in starts], dtype=np.float64),
    )


