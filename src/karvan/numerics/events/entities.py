"""Entities: born from a pool, woken at once or at a time, ended; what they tell on their way.

Whoever is woken goes to the end of a ring, first come first served within one instant. A wake-up carries a ticket; only
the last ticket of an entity is good, so that a wake-up which another one overtook is void.
"""

from __future__ import annotations

import math

import numpy as np

from karvan.numerics.compiled import lean
from karvan.numerics.events.heap import PRIORITY_STEP, push
from karvan.numerics.events.layout import (
    ALIVE,
    BIRTHS,
    BORN,
    CHILDREN,
    ENTITY_FLOATS,
    FREE,
    GO_ON,
    HEAD,
    HEAP_SIZE,
    LANE,
    LIVES,
    MARKS,
    MEASURES,
    MOST_ALIVE,
    MOVING,
    NEED,
    NEXT,
    NEXT_TICKET,
    NOW,
    PARENT,
    PARTS_TOLD,
    PC,
    PRIORITY,
    RING_FROM,
    RING_SIZE,
    SERIAL,
    STATUS,
    TAIL,
    TALLIES,
    TICKET,
    SIZE,
    WAIT,
    WAITS_AT,
    WARM_UP,
    State,
    Status,
    Tables,
)

NOBODY = -1
_ENTITIES_FULL, _HEAP_FULL, _TALLIES_FULL = int(Status.ENTITIES_FULL), int(Status.HEAP_FULL), int(Status.TALLIES_FULL)
# Columns of a row of the tally.
TALLY_NAME, TALLY_SERIAL = 0, 1
TALLY_SINCE, TALLY_AT, TALLY_PARTS = 0, 1, 2
TALLY_INTEGERS, TALLY_FLOATS = 2, 5


@lean
def _ticket(state: State, entity: int) -> int:
    """Give an entity a new ticket, which makes every earlier one void."""
    state.counts[NEXT_TICKET] += 1
    state.entities[entity, TICKET] = state.counts[NEXT_TICKET]
    return state.counts[NEXT_TICKET]


@lean
def to_ring(state: State, entity: int, ticket: int) -> None:
    """Put a wake-up at the end of the ring, which has room for two of each entity."""
    counts, ring = state.counts, state.ring
    at = counts[RING_FROM] + counts[RING_SIZE]
    if at >= ring.shape[0]:
        at -= ring.shape[0]
    ring[at, 0], ring[at, 1] = entity, ticket
    counts[RING_SIZE] += 1


@lean
def wake(state: State, entity: int) -> None:
    """Let an entity go on in this instant, after those who were woken before it."""
    to_ring(state, entity, _ticket(state, entity))


@lean
def wake_at(state: State, entity: int, time: float) -> None:
    """Let an entity go on at a time; in this instant where that is not later than now; never where it is infinite."""
    if time <= state.clock[NOW]:
        wake(state, entity)
        return
    counts = state.counts
    if math.isinf(time):
        return
    if counts[HEAP_SIZE] >= state.heap_times.size:
        counts[STATUS] = _HEAP_FULL
        return
    ticket = _ticket(state, entity)
    order = state.entities[entity, PRIORITY] * PRIORITY_STEP + ticket
    counts[HEAP_SIZE] = push(state.heap_times, state.heap_items, counts[HEAP_SIZE], time, (order, entity, ticket))


@lean
def born(state: State, pc: int, priority: int) -> int:
    """A new entity at an instruction, not yet woken; NOBODY (and the status says so) where the pool is empty."""
    counts = state.counts
    if counts[FREE] == 0:
        counts[STATUS] = _ENTITIES_FULL
        return NOBODY
    counts[FREE] -= 1
    entity = state.free[counts[FREE]]
    counts[BIRTHS] += 1
    counts[ALIVE] += 1
    counts[MOST_ALIVE] = max(counts[MOST_ALIVE], counts[ALIVE])
    one = state.entities[entity]
    one[PC], one[PRIORITY], one[SERIAL] = pc, priority, counts[BIRTHS]
    one[NEXT], one[HEAD], one[TAIL], one[PARENT] = NOBODY, NOBODY, NOBODY, NOBODY
    one[LANE], one[WAITS_AT], one[NEED], one[CHILDREN] = NOBODY, NOBODY, 0, 0
    one[LIVES] = 1
    for column in range(ENTITY_FLOATS):
        state.times[entity, column] = 0.0
    state.times[entity, BORN] = state.clock[NOW]
    state.times[entity, SIZE] = 1.0
    return entity


@lean
def spawn(tables: Tables, state: State, entity: int, pc: int, fork: bool) -> int:
    """Start new entities as an instruction says: operands where, how many, a row of numbers (priority, heir, sizes)."""
    code, numbers = tables.code, tables.numbers
    row, count = code[pc, 3], code[pc, 2]
    for _ in range(count):
        child = born(state, code[pc, 1], np.int64(numbers[row]))
        if child == NOBODY:
            return WAIT
        for measure in range(1, MEASURES):
            state.times[child, SIZE + measure] = numbers[row + 1 + measure]
        if numbers[row + 1] > 0.0:
            state.times[child, BORN] = state.times[entity, BORN]
        if fork:
            state.entities[child, PARENT] = entity
        wake(state, child)
    state.entities[entity, PC] = pc + 1
    if fork and count > 0:
        state.entities[entity, CHILDREN] = count
        return WAIT
    return GO_ON


@lean
def end(state: State, entity: int) -> None:
    """Give an entity back to the pool; its parent goes on once the last of a fork has ended."""
    counts, entities = state.counts, state.entities
    entities[entity, LIVES] = 0
    entities[entity, TICKET] = 0
    state.free[counts[FREE]] = entity
    counts[FREE] += 1
    counts[ALIVE] -= 1
    parent = entities[entity, PARENT]
    if parent != NOBODY:
        entities[parent, CHILDREN] -= 1
        if entities[parent, CHILDREN] == 0:
            wake(state, parent)


@lean
def tally(state: State, entity: int, name: int, mark: int) -> None:
    """Write a row: the time of a mark (or of birth where it is -1), the time now, and the parts, if after warm-up."""
    counts, times = state.counts, state.times
    since = times[entity, BORN] if mark < 0 else times[entity, MARKS + mark]
    if since < state.clock[WARM_UP]:
        return
    row = counts[TALLIES]
    if row >= state.tally_items.shape[0]:
        counts[STATUS] = _TALLIES_FULL
        return
    state.tally_items[row, TALLY_NAME] = name
    state.tally_items[row, TALLY_SERIAL] = state.entities[entity, SERIAL]
    state.tally_times[row, TALLY_SINCE] = since
    state.tally_times[row, TALLY_AT] = state.clock[NOW]
    for part in range(PARTS_TOLD):
        state.tally_times[row, TALLY_PARTS + part] = times[entity, MOVING + part]
    counts[TALLIES] = row + 1
