"""One replication: its memory laid out, run, enlarged and run again where room was short, and what it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from karvan.numerics.events import layout
from karvan.numerics.events.layout import Floats, Integers, Memory, Status
from karvan.numerics.events.loop import run
from karvan.numerics.streams import Words, stream_words

_GROWTH = 4


@dataclass(frozen=True)
class Image:
    """The part of the memory that is the same for every replication: header, tables, places, streams.

    ``cells`` (n,) int64 begins at 0; ``streams`` and ``calendars`` say where the rows of these begin in it.
    """

    cells: Integers
    streams: Integers
    calendars: Integers


@dataclass(frozen=True)
class Span:
    """How long: hours, warm-up (hours whose arrivals are not counted), hours of a period (0: no sums by period).

    ``logged`` keeps who went on when. Infinite ``hours`` run until nothing is left to happen.
    """

    hours: float
    warm_up: float = 0.0
    period_h: float = 0.0
    logged: bool = False

    @property
    def periods(self) -> int:
        """How many periods there are."""
        return int(np.ceil(self.hours / self.period_h)) if self.period_h > 0.0 else 0


@dataclass(frozen=True)
class Luck:
    """What a replication has of its own: its number, the keys of its streams, when its calendars are open."""

    replication: int
    keys: Words
    intervals: Sequence[Floats]


@dataclass(frozen=True)
class Rooms:
    """Room in the memory: entities at once, rows of the tally, rows of the log."""

    entities: int = 1024
    tallies: int = 4096
    log: int = 0


@dataclass(frozen=True)
class Left:
    """What a replication leaves.

    ``tally_items`` (n, 2) name and serial; ``tally_times`` (n, 5) since, at, and three parts, hours; ``places`` and
    ``sums`` (places, PLACE_CELLS), the same cells as whole and as real numbers; ``periods`` (places, periods, 3);
    ``log_times`` (n,) and ``log_items`` (n, 2) serial and instruction; ``oldest`` (places,) since when the first in the
    queue of a place waits, not a number where nobody does. ``last`` is the hour of the last event.
    """

    tally_items: Integers
    tally_times: Floats
    places: Integers
    sums: Floats
    periods: Floats
    log_times: Floats
    log_items: Integers
    oldest: Floats
    last: float
    drained: bool
    events: int
    instructions: int
    most_alive: int
    rooms: Rooms


class _Regions:
    """Regions of the memory, laid one behind the other, each from the beginning of a line."""

    def __init__(self, first: int) -> None:
        self.end = first

    def add(self, cells: int) -> int:
        """Where a region of so many cells begins."""
        begin = -(-self.end // layout.LINE_CELLS) * layout.LINE_CELLS
        self.end = begin + cells
        return begin


def _aligned(count: int) -> Integers:
    """So many cells of 0, the first at the beginning of a line."""
    cells = np.zeros(count + layout.LINE_CELLS, dtype=np.int64)
    begin = -(cells.ctypes.data // cells.itemsize) % layout.LINE_CELLS
    return cells[begin : begin + count]


def _entities(whole: Integers, first: int, count: int) -> None:
    """Chain all entities into the pool."""
    rows = first + layout.ENTITY_CELLS * np.arange(count)
    whole[rows + layout.NEXT] = np.append(rows[1:], layout.NOBODY)
    whole[layout.FREE] = rows[0]


def _calendars(memory: Memory, image: Image, begins: Sequence[int], luck: Luck) -> None:
    """Write down when each calendar is open: its openings, then its closings."""
    for row, begin, open_ in zip(image.calendars.tolist(), begins, luck.intervals, strict=True):
        memory.whole[row + layout.VALUES_AT], memory.whole[row + layout.VALUES] = begin, len(open_)
        memory.real[begin : begin + 2 * len(open_)] = open_.T.ravel()


def _memory(image: Image, luck: Luck, span: Span, rooms: Rooms) -> Memory:
    """A memory at hour 0, with nobody in it."""
    regions = _Regions(len(image.cells))
    calendars = [regions.add(2 * len(open_)) for open_ in luck.intervals]
    entities = regions.add(layout.ENTITY_CELLS * rooms.entities)
    header = {
        layout.PERIODS: span.periods,
        layout.PERIODS_AT: regions.add(layout.PERIOD_CELLS * span.periods * int(image.cells[layout.PLACES])),
        layout.HEAP_ROOM: 2 * rooms.entities,
        layout.HEAP_AT: regions.add(layout.EVENT_CELLS * 2 * rooms.entities),
        layout.TALLIES_ROOM: rooms.tallies,
        layout.TALLIES_AT: regions.add(layout.TALLY_CELLS * rooms.tallies),
        layout.LOG_ROOM: rooms.log,
        layout.LOG_AT: regions.add(layout.LOG_CELLS * rooms.log),
    }
    whole = _aligned(regions.end)
    whole[: len(image.cells)] = image.cells
    memory = Memory(whole, whole.view(np.float64))
    for cell, value in header.items():
        whole[cell] = value
    memory.real[[layout.WARM_UP, layout.HORIZON, layout.PERIOD_H]] = span.warm_up, span.hours, span.period_h
    words = stream_words(luck.keys, luck.replication)
    whole[image.streams[:, None] + np.arange(words.shape[1])] = words.view(np.int64)
    _entities(whole, entities, rooms.entities)
    _calendars(memory, image, calendars, luck)
    return memory


def _enlarged(rooms: Rooms, status: Status) -> Rooms:
    """Four times the room where it was short."""
    if status == Status.TALLIES_FULL:
        return replace(rooms, tallies=rooms.tallies * _GROWTH)
    if status == Status.LOG_FULL:
        return replace(rooms, log=rooms.log * _GROWTH)
    return replace(rooms, entities=rooms.entities * _GROWTH)


def _oldest(memory: Memory, places: Integers) -> NDArray[np.float64]:
    """Since when the first in each queue waits."""
    first = places[:, layout.FIRST]
    return np.where(first != layout.NOBODY, memory.real[first + layout.SINCE], np.nan)


def _left(memory: Memory, span: Span, rooms: Rooms, last: float) -> Left:
    """What a memory holds at the end, copied."""
    whole, real = memory.whole, memory.real
    tallies, log = int(whole[layout.TALLIES]), int(whole[layout.LOGGED])
    count = int(whole[layout.PLACES])

    def rows(at: int, count: int, cells: int) -> slice:
        begin = int(whole[at])
        return slice(begin, begin + count * cells)

    tally = rows(layout.TALLIES_AT, tallies, layout.TALLY_CELLS)
    logged = rows(layout.LOG_AT, log, layout.LOG_CELLS)
    place = rows(layout.PLACES_AT, count, layout.PLACE_CELLS)
    period = rows(layout.PERIODS_AT, count * span.periods, layout.PERIOD_CELLS)
    places = whole[place].reshape(count, layout.PLACE_CELLS).copy()
    return Left(
        tally_items=whole[tally].reshape(tallies, layout.TALLY_CELLS)[:, : layout.TALLY_SINCE].copy(),
        tally_times=real[tally].reshape(tallies, layout.TALLY_CELLS)[:, layout.TALLY_SINCE :].copy(),
        places=places,
        sums=real[place].reshape(count, layout.PLACE_CELLS).copy(),
        periods=real[period].reshape(count, span.periods, layout.PERIOD_CELLS).copy(),
        log_times=real[logged].reshape(log, layout.LOG_CELLS)[:, layout.LOGGED_AT].copy(),
        log_items=whole[logged].reshape(log, layout.LOG_CELLS)[:, layout.LOGGED_SERIAL :].copy(),
        oldest=_oldest(memory, places),
        last=last,
        drained=int(whole[layout.HEAP_SIZE]) == 0,
        events=int(whole[layout.EVENTS]),
        instructions=int(whole[layout.INSTRUCTIONS]),
        most_alive=int(whole[layout.MOST_ALIVE]),
        rooms=rooms,
    )


def replicate(image: Image, luck: Luck, span: Span, rooms: Rooms) -> tuple[Status, Left]:
    """Run one replication; the same whatever ran before it, and on whatever thread.

    Returns
    -------
    status
        DONE, or STUCK where more instructions were done in one instant than any network needs.
    left
        What it leaves, with the rooms that it took.
    """
    rooms = replace(rooms, log=max(rooms.log, 4096) if span.logged else 0)
    while True:
        memory = _memory(image, luck, span, rooms)
        run(memory)
        status = Status(int(memory.whole[layout.STATUS]))
        if status in (Status.DONE, Status.STUCK):
            return status, _left(memory, span, rooms, float(memory.real[layout.NOW]))
        rooms = _enlarged(rooms, status)


