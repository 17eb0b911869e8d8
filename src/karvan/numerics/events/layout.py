"""How the event loop's memory is laid out: codes of instructions, fields of the rows, the header.

All of a replication, instructions included, lies in one memory, seen as whole numbers and as real ones. A row (an
entity, a place, a distribution) is known by where it begins, its fields by their distance from there: ``whole[entity +
PC]``, ``real[entity + BORN]``. So the compiled loop takes one pair of arrays, whatever the network. It checks no
bounds: what is assembled must be right (:mod:`karvan.operations.assemble`).
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Memory(NamedTuple):
    """The same cells of 64 bits twice: as whole numbers and as real ones."""

    whole: Integers
    real: Floats


# Instructions: a code and four operands. Those of one family together, since the loop looks for the family first.
INSTRUCTION = 5
DELAY, BREAKING, WORK, WAIT_OPEN, DEPART, FOLLOW = 0, 1, 2, 3, 4, 5
SEIZE, ATTEMPT, RELEASE, ALTER = 6, 7, 8, 9
HOLD, LOAD, UNLOAD = 10, 11, 12
ENTER, CLEAR, LEAVE = 13, 14, 15
JUMP, CHANCE, IF_EMPTY, THIN, AFTER = 16, 17, 18, 19, 20
SPAWN, FORK, PRIORITISE, MARK, TALLY, END = 21, 22, 23, 24, 25, 26

CONSTANT, EXPONENTIAL, UNIFORM, ERLANG, HYPEREXPONENTIAL, LOGNORMAL, QUANTILES = 0, 1, 2, 3, 4, 5, 6


class Status(IntEnum):
    """How a replication ended: done, too little room somewhere (enlarge it and run again), or stuck in an instant."""

    DONE = 0
    ENTITIES_FULL = 1
    HEAP_FULL = 2
    TALLIES_FULL = 3
    LOG_FULL = 4
    STUCK = 5


# What a step leaves the loop to do: go on with the next instruction, or with another entity.
GO_ON, WAIT = 0, 1
NOBODY = 0  # the header stands at 0, so no row begins there
MOST_INSTRUCTIONS_AT_ONCE = 5_000_000

# The header. Whole numbers: how it went, counts, and where things lie.
STATUS, TICKETS, HEAP_SIZE, READY_FIRST, READY_LAST, FREE, EVENTS, INSTRUCTIONS = 0, 1, 2, 3, 4, 5, 6, 7
TALLIES, BIRTHS, ALIVE, MOST_ALIVE, LOGGED = 8, 9, 10, 11, 12
STARTS_AT, STARTS, PLACES_AT, PLACES, PERIODS_AT, PERIODS = 13, 14, 15, 16, 17, 18
HEAP_AT, HEAP_ROOM, TALLIES_AT, TALLIES_ROOM, LOG_AT, LOG_ROOM = 19, 20, 21, 22, 23, 24
# The header. Real numbers: the clock and the span.
NOW, WARM_UP, HORIZON, PERIOD_H = 25, 26, 27, 28
CODE_AT = 29
HEADER = 32

# An entity, in whole lines of a cache, of which the first holds what a wake-up reads. Sizes and loads stand behind one
# another as measures do: units, TEU, wagons, trucks.
PC, NEXT, PRIORITY, TICKET, READY, READY_NEXT, NEED, WAITS_AT = 0, 1, 2, 3, 4, 5, 6, 7
SIZE, LANE, SINCE, BORN, MOVING, MARKS = 8, 12, 13, 14, 15, 18
HEAD, TAIL, PARENT, CHILDREN, SERIAL, LOADED = 22, 23, 24, 25, 26, 27
PARTS_TOLD, MOST_MARKS, MEASURES = 3, 4, 4
ENTITY_CELLS = 32
LINE_CELLS = 8

# A place where entities wait: a resource, a batch queue or a block of track.
CAPACITY, USED, FIRST, LAST, LENGTH, VEHICLE_FIRST, VEHICLE_LAST, LONGEST, MEASURE = 0, 1, 2, 3, 4, 5, 6, 7, 8
DIRECTION, LOOP_BEFORE, LOOP_AFTER, GAP, ENTERED, NUMBER = 9, 10, 11, 12, 13, 15
BOOKED, CONTENT, SERVED, WAITED, SQUARED, DELAYED, BUSY, QUEUED, OFFERED, WEIGHED, LOADS, LIGHTEST = (
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
)  # fmt: skip
PLACE_CELLS = 28
# Sums of a place by period: integral of the queue, those who came, their waits.
PERIOD_QUEUE, PERIOD_CAME, PERIOD_WAITED, PERIOD_CELLS = 0, 1, 2, 3
# A loop between blocks, by direction.
LOOP_TRACKS, STANDING, LOOP_CELLS = 0, 1, 3
FORWARD, BACK = 0, 1

# A distribution; its quantiles lie elsewhere.
KIND, STREAM, SHAPE, QUANTILES_AT, QUANTILES_COUNT, DISTRIBUTION_CELLS = 0, 1, 2, 5, 6, 7
# Values elsewhere, as many: a calendar (openings, then closings), a timetable, a profile of demand.
VALUES_AT, VALUES, CYCLE, TAKEN, LISTED_CELLS = 0, 1, 2, 3, 4
STEP_H = CYCLE
# A load: room by measure, least load, patience (below 0: without end). A spawn: priority, heirs, sizes beside the unit.
ROOM, LEAST, PATIENCE, LOAD_CELLS = 0, 4, 5, 6
CHILD_PRIORITY, CHILD_HEIRS, CHILD_SIZE, SPAWN_CELLS = 0, 1, 2, 5
# Who is there from the beginning. A headway: when the last one went.
START_PC, START_PRIORITY, START_TIME, START_CELLS = 0, 1, 2, 3
HEADWAY_CELLS = 1
# An event: time, order (the priority above, the ticket below, in one number), entity.
EVENT_TIME, EVENT_ORDER, EVENT_ENTITY, EVENT_CELLS = 0, 1, 2, 3
TICKET_BITS = 44
# A row of the tally: name and serial, then since, at and parts. A row of the log: when, who, at what instruction.
TALLY_NAME, TALLY_SERIAL, TALLY_SINCE, TALLY_AT, TALLY_PARTS, TALLY_CELLS = 0, 1, 2, 3, 4, 7
LOGGED_AT, LOGGED_SERIAL, LOGGED_PC, LOG_CELLS = 0, 1, 2, 3
