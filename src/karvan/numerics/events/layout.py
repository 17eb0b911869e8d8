"""What the event loop reads and writes: codes of instructions, columns of its arrays, the tables and the state.

Every active thing is an entity with a place in one table of instructions; all else is numbers in arrays. Nothing here
checks bounds: what is assembled must be right (:mod:`karvan.operations.assemble`).
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from karvan.numerics.streams import Words

Integers = NDArray[np.int64]
Codes = NDArray[np.int32]
Floats = NDArray[np.float64]

# Instructions: code, then four operands. Those of one family stand together, since the loop looks for the family first.
DELAY, BREAKING, WORK, WAIT_OPEN, DEPART, FOLLOW = 0, 1, 2, 3, 4, 5
SEIZE, ATTEMPT, RELEASE, ALTER = 6, 7, 8, 9
HOLD, LOAD, UNLOAD = 10, 11, 12
ENTER, CLEAR, LEAVE = 13, 14, 15
JUMP, CHANCE, IF_EMPTY, THIN, AFTER = 16, 17, 18, 19, 20
SPAWN, FORK, PRIORITISE, MARK, TALLY, END = 21, 22, 23, 24, 25, 26

CONSTANT, EXPONENTIAL, UNIFORM, ERLANG, HYPEREXPONENTIAL, LOGNORMAL, QUANTILES = 0, 1, 2, 3, 4, 5, 6


class Status(IntEnum):
    """How a replication ended: done, too little room somewhere (enlarge it and run again), or stuck."""

    DONE = 0
    ENTITIES_FULL = 1
    HEAP_FULL = 2
    TALLIES_FULL = 3
    LOG_FULL = 4
    STUCK = 5


# What a step leaves the loop to do: go on with the next instruction, or with another entity.
GO_ON, WAIT = 0, 1
MOST_INSTRUCTIONS_AT_ONCE = 20_000_000

# Columns of an entity: integers.
PC, NEXT, PRIORITY, TICKET, NEED, HEAD, TAIL, LANE = 0, 1, 2, 3, 4, 5, 6, 7
PARENT, CHILDREN, SERIAL, WAITS_AT, LIVES = 8, 9, 10, 11, 12
ENTITY_INTEGERS = 13
# Columns of an entity: times and weights. Sizes stand behind one another as measures do: units, TEU, wagons, trucks.
SINCE, BORN, MOVING, MARKS, SIZE, LOADED = 0, 1, 2, 5, 9, 13
PARTS_TOLD, MOST_MARKS, MEASURES = 3, 4, 4
ENTITY_FLOATS = 17

# Columns of a place where entities wait: a resource, a batch queue or a block of track.
CAPACITY, USED, FIRST, LAST, LENGTH, VEHICLE_FIRST, VEHICLE_LAST, LONGEST, MEASURE = 0, 1, 2, 3, 4, 5, 6, 7, 8
PLACE_INTEGERS = 9
BOOKED, CONTENT, SERVED, WAITED, SQUARED, DELAYED, BUSY, QUEUED, OFFERED = 0, 1, 2, 3, 4, 5, 6, 7, 8
WEIGHED, HELD = 9, 10
PLACE_FLOATS = 11
# Sums of a place by period: integral of the queue, those who came, their waits.
PERIOD_QUEUE, PERIOD_CAME, PERIOD_WAITED = 0, 1, 2
PERIOD_SUMS = 3

# Columns of a block of track (its waiting line is a place, ENTERED counts in ``taken``) and of a loop between blocks.
WAITING, LOOP_BEFORE, LOOP_AFTER, TRACKS, ENTERED = 0, 1, 2, 3, 4
BLOCK_INTEGERS = 5
DIRECTION, RUNNING = 0, 1
LOOP_TRACKS, STANDING = 0, 1
FORWARD, BACK = 0, 1

# Columns of clock, counts, tallies and log.
NOW, WARM_UP, HORIZON, PERIOD_H = 0, 1, 2, 3
STATUS, NEXT_TICKET, HEAP_SIZE, RING_FROM, RING_SIZE, FREE, EVENTS, INSTRUCTIONS = 0, 1, 2, 3, 4, 5, 6, 7
TALLIES, BIRTHS, ALIVE, MOST_ALIVE, LOGGED = 8, 9, 10, 11, 12
COUNTS = 13


class Tables(NamedTuple):
    """What is run, never written by the loop.

    ``code`` (instructions, 5) int32; ``numbers`` (n,) floats that instructions point to; ``kinds`` (distributions, 4)
    kind, stream, first and last quantile; ``shapes`` (distributions, 3) parameters; ``quantiles`` (n,).
    ``intervals_from`` (calendars + 1,), ``opens`` and ``closes`` (n,) hours, ascending; ``departures_from`` (timetables
    + 1,), ``departures`` (n,) hours, ``cycles`` (timetables,) hours, 0 where there is none; ``profiles_from`` and
    ``profiles`` the same, first the hours of a step; ``blocks`` (blocks, BLOCK_INTEGERS), ``gaps`` (blocks,) hours. ``starts`` (n, 2) instruction
    and priority of those who are there from the beginning, ``start_times`` (n,) their hours.
    """

    code: Codes
    numbers: Floats
    kinds: Integers
    shapes: Floats
    quantiles: Floats
    intervals_from: Integers
    opens: Floats
    closes: Floats
    departures_from: Integers
    departures: Floats
    cycles: Floats
    profiles_from: Integers
    profiles: Floats
    blocks: Integers
    gaps: Floats
    starts: Integers
    start_times: Floats


class State(NamedTuple):
    """What one replication changes: entities, events, places, streams, clock, and what it writes down."""

    entities: Integers
    times: Floats
    free: Integers
    heap_times: Floats
    heap_items: Integers
    ring: Integers
    places: Integers
    sums: Floats
    periods: Floats
    streams: Words
    taken: Floats
    running: Integers
    loops: Integers
    clock: Floats
    counts: Integers
    tally_items: Integers
    tally_times: Floats
    log: Floats
