"""One replication: its state made, run, enlarged and run again where room was short, and what it leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from karvan.numerics.events.entities import TALLY_FLOATS, TALLY_INTEGERS
from karvan.numerics.events.heap import HEAP_COLUMNS
from karvan.numerics.events.layout import (
    COUNTS,
    ENTITY_FLOATS,
    ENTITY_INTEGERS,
    EVENTS,
    FIRST,
    FREE,
    INSTRUCTIONS,
    LOGGED,
    MOST_ALIVE,
    NOW,
    PERIOD_SUMS,
    PLACE_FLOATS,
    SINCE,
    STATUS,
    TALLIES,
    Floats,
    Integers,
    State,
    Status,
    Tables,
)
from karvan.numerics.events.loop import LOG_COLUMNS, run
from karvan.numerics.streams import Words, stream_words

_GROWTH = 4


@dataclass(frozen=True)
class Beginning:
    """What a replication begins with and changes, beside its tables.

    ``places`` (places, PLACE_INTEGERS), ``loops`` (loops, 3) and ``keys`` (streams, 2) are copied; ``taken`` is the
    number of timetables, headways and block entries that remember a time.
    """

    places: Integers
    loops: Integers
    keys: Words
    taken: int


@dataclass(frozen=True)
class Span:
    """How long: hours, warm-up (hours whose arrivals are not counted), hours of a period (0: no sums by period)."""

    hours: float
    warm_up: float = 0.0
    period_h: float = 0.0
    logged: bool = False


@dataclass(frozen=True)
class Buffers:
    """Rooms of the arrays: entities at once, rows of the tally, rows of the log."""

    entities: int = 1024
    tallies: int = 4096
    log: int = 0


@dataclass(frozen=True)
class Left:
    """What a replication leaves.

    ``tally_items`` (n, 2) name and serial; ``tally_times`` (n, 5) since, at, and three parts in hours; ``sums`` and
    ``places`` by place; ``periods`` (places, periods, 3); ``log`` (n, 3); ``oldest`` (places,) since when the first in
    the queue of a place waits, not a number where nobody does. ``ended`` is the hour of the last event where nothing
    was left to happen, else the horizon.
    """

    tally_items: Integers
    tally_times: Floats
    places: Integers
    sums: Floats
    periods: Floats
    log: Floats
    oldest: Floats
    ended: float
    events: int
    instructions: int
    most_alive: int
    buffers: Buffers


def _state(tables: Tables, beginning: Beginning, replication: int, span: Span, buffers: Buffers) -> State:
    """A state at hour 0, with nobody in it."""
    most, places = buffers.entities, len(beginning.places)
    periods = int(np.ceil(span.hours / span.period_h)) if span.period_h > 0.0 else 0
    counts = np.zeros(COUNTS, dtype=np.int64)
    counts[FREE] = most
    return State(
        entities=np.zeros((most, ENTITY_INTEGERS), dtype=np.int64),
        times=np.zeros((most, ENTITY_FLOATS)),
        free=np.arange(most - 1, -1, -1, dtype=np.int64),
        heap_times=np.zeros(2 * most),
        heap_items=np.zeros((2 * most, HEAP_COLUMNS), dtype=np.int64),
        ring=np.zeros((4 * most, 2), dtype=np.int64),
        places=beginning.places.copy(),
        sums=np.zeros((places, PLACE_FLOATS)),
        periods=np.zeros((places, periods, PERIOD_SUMS)),
        streams=stream_words(beginning.keys, replication),
        taken=np.full(beginning.taken, -np.inf),
        running=np.zeros((len(tables.blocks), 2), dtype=np.int64),
        loops=beginning.loops.copy(),
        clock=np.array([0.0, span.warm_up, span.hours, max(span.period_h, 0.0)]),
        counts=counts,
        tally_items=np.zeros((buffers.tallies, TALLY_INTEGERS), dtype=np.int64),
        tally_times=np.zeros((buffers.tallies, TALLY_FLOATS)),
        log=np.zeros((buffers.log, LOG_COLUMNS)),
    )


def _enlarged(buffers: Buffers, status: Status) -> Buffers:
    """Four times the room where it was short."""
    if status == Status.TALLIES_FULL:
        return replace(buffers, tallies=buffers.tallies * _GROWTH)
    if status == Status.LOG_FULL:
        return replace(buffers, log=buffers.log * _GROWTH)
    return replace(buffers, entities=buffers.entities * _GROWTH)


def _oldest(state: State) -> NDArray[np.float64]:
    """Since when the first in each queue waits."""
    first = state.places[:, FIRST]
    return np.where(first >= 0, state.times[np.maximum(first, 0), SINCE], np.nan)


def replicate(
    tables: Tables, beginning: Beginning, replication: int, span: Span, buffers: Buffers
) -> tuple[Status, Left]:
    """Run one replication; the same whatever ran before it, and on whatever thread.

    Returns
    -------
    status
        DONE, or STUCK where more instructions were done in one instant than any network needs.
    left
        What it leaves, with the buffers that it took.
    """
    buffers = replace(buffers, log=max(buffers.log, 4096) if span.logged else 0)
    while True:
        state = _state(tables, beginning, replication, span, buffers)
        run(tables, state, span.logged)
        status = Status(int(state.counts[STATUS]))
        if status in (Status.DONE, Status.STUCK):
            break
        buffers = _enlarged(buffers, status)
    counts = state.counts
    tallied = int(counts[TALLIES])
    left = Left(
        tally_items=state.tally_items[:tallied].copy(),
        tally_times=state.tally_times[:tallied].copy(),
        places=state.places,
        sums=state.sums,
        periods=state.periods,
        log=state.log[: int(counts[LOGGED])].copy(),
        oldest=_oldest(state),
        ended=float(state.clock[NOW]),
        events=int(counts[EVENTS]),
        instructions=int(counts[INSTRUCTIONS]),
        most_alive=int(counts[MOST_ALIVE]),
        buffers=buffers,
    )
    return status, left
