"""The event loop: one replication, from the first wake-up to the horizon, compiled once for every network.

All events of one instant go to the ring in the order of the heap, then those they wake, first come first served; a
wake-up without delay never passes the heap. The loop allocates nothing and holds no lock of the interpreter.
"""

from __future__ import annotations

import math

from karvan.numerics.compiled import lean, lean_without_gil
from karvan.numerics.events.batches import hold, load, unload
from karvan.numerics.events.entities import NOBODY, born, end, spawn, tally, to_ring, wake_at
from karvan.numerics.events.heap import ENTITY, drop_first
from karvan.numerics.events.heap import TICKET as HEAP_TICKET
from karvan.numerics.events.hours import accepted, pass_time
from karvan.numerics.events.layout import (
    AFTER,
    ALTER,
    ATTEMPT,
    BORN,
    CHANCE,
    CLEAR,
    END,
    ENTER,
    EVENTS,
    FOLLOW,
    FORK,
    GO_ON,
    HEAP_SIZE,
    HOLD,
    HORIZON,
    IF_EMPTY,
    INSTRUCTIONS,
    JUMP,
    LEAVE,
    LENGTH,
    LOAD,
    LOGGED,
    MARK,
    MARKS,
    MOST_INSTRUCTIONS_AT_ONCE,
    NOW,
    PC,
    PRIORITY,
    RING_FROM,
    RING_SIZE,
    SERIAL,
    STATUS,
    TALLY,
    THIN,
    TICKET,
    UNLOAD,
    WAIT,
    State,
    Status,
    Tables,
)
from karvan.numerics.events.places import book, give, take
from karvan.numerics.streams import uniform
from karvan.numerics.events.tracks import clear, enter, leave

_LOG_FULL, _STUCK = int(Status.LOG_FULL), int(Status.STUCK)
# Columns of the log: when an entity went on, which, and at what instruction.
LOG_AT, LOG_SERIAL, LOG_PC = 0, 1, 2
LOG_COLUMNS = 3


@lean
def _branch(tables: Tables, state: State, pc: int) -> int:
    """Where JUMP, CHANCE, IF_EMPTY, THIN and AFTER go on."""
    row = tables.code[pc]
    code, elsewhere = row[0], row[3]
    if code == JUMP:
        return elsewhere
    if code == CHANCE:
        return elsewhere if uniform(state.streams, row[1]) < tables.numbers[row[2]] else pc + 1
    if code == IF_EMPTY:
        return elsewhere if state.places[row[1], LENGTH] == 0 else pc + 1
    if code == THIN:
        return pc + 1 if accepted(tables, state, pc) else elsewhere
    return elsewhere if state.clock[NOW] > tables.numbers[row[1]] else pc + 1


@lean
def _note(tables: Tables, state: State, entity: int, pc: int) -> int:
    """PRIORITISE, MARK, TALLY, END: what an entity notes about itself, and its end."""
    code, what = tables.code[pc, 0], tables.code[pc, 1]
    if code == END:
        end(state, entity)
        return WAIT
    if code == TALLY:
        tally(state, entity, what, tables.code[pc, 2])
    elif code == MARK:
        state.times[entity, MARKS + what] = state.clock[NOW]
    else:
        state.entities[entity, PRIORITY] = what
    state.entities[entity, PC] = pc + 1
    return GO_ON


@lean
def _move(tables: Tables, state: State, entity: int, pc: int) -> int:
    """HOLD, LOAD, UNLOAD, ENTER, CLEAR, LEAVE."""
    code = tables.code[pc, 0]
    if code == HOLD:
        return hold(tables, state, entity, pc)
    if code == LOAD:
        return load(tables, state, entity, pc)
    if code == UNLOAD:
        return unload(tables, state, entity, pc)
    if code == ENTER:
        return enter(tables, state, entity, pc)
    return clear(tables, state, entity, pc) if code == CLEAR else leave(tables, state, entity, pc)


@lean
def _step(tables: Tables, state: State, entity: int, pc: int) -> int:
    """Do the instruction at which an entity stands."""
    code = tables.code[pc, 0]
    if code <= FOLLOW:
        return pass_time(tables, state, entity, pc)
    if code <= ATTEMPT:
        return take(tables, state, entity, pc, code == ATTEMPT)
    if code <= ALTER:
        return give(tables, state, entity, pc, code == ALTER)
    if code <= LEAVE:
        return _move(tables, state, entity, pc)
    if code <= AFTER:
        state.entities[entity, PC] = _branch(tables, state, pc)
        return GO_ON
    if code <= FORK:
        return spawn(tables, state, entity, pc, code == FORK)
    return _note(tables, state, entity, pc)


@lean
def _write_log(state: State, entity: int) -> None:
    """Write down who goes on, where there is a log."""
    row = state.counts[LOGGED]
    if row >= state.log.shape[0]:
        state.counts[STATUS] = _LOG_FULL
        return
    state.log[row, LOG_AT], state.log[row, LOG_SERIAL] = state.clock[NOW], state.entities[entity, SERIAL]
    state.log[row, LOG_PC] = state.entities[entity, PC]
    state.counts[LOGGED] = row + 1


@lean
def _run_ring(tables: Tables, state: State, logged: bool) -> None:
    """Let everybody on the ring go on, and those they wake, until nobody is left in this instant."""
    counts, ring = state.counts, state.ring
    done = 0
    while counts[RING_SIZE] > 0 and counts[STATUS] == 0:
        at = counts[RING_FROM]
        entity, ticket = ring[at, 0], ring[at, 1]
        counts[RING_FROM] = at + 1 if at + 1 < ring.shape[0] else 0
        counts[RING_SIZE] -= 1
        if state.entities[entity, TICKET] != ticket:
            continue
        if logged:
            _write_log(state, entity)
        answer = GO_ON
        while answer == GO_ON and counts[STATUS] == 0:
            answer = _step(tables, state, entity, state.entities[entity, PC])
            done += 1
            if done > MOST_INSTRUCTIONS_AT_ONCE:
                counts[STATUS] = _STUCK
    counts[INSTRUCTIONS] += done


@lean
def _next_instant(state: State) -> bool:
    """Move the clock to the next event and all events of that time to the ring; whether there is one in time."""
    counts = state.counts
    if counts[HEAP_SIZE] == 0 or state.heap_times[0] > state.clock[HORIZON]:
        return False
    now = state.heap_times[0]
    state.clock[NOW] = now
    while counts[HEAP_SIZE] > 0 and state.heap_times[0] == now:
        entity, ticket = state.heap_items[0, ENTITY], state.heap_items[0, HEAP_TICKET]
        counts[HEAP_SIZE] = drop_first(state.heap_times, state.heap_items, counts[HEAP_SIZE])
        if state.entities[entity, TICKET] == ticket:
            counts[EVENTS] += 1
            to_ring(state, entity, ticket)
    return True


@lean
def _begin(tables: Tables, state: State) -> None:
    """Let those who are there from the beginning wait for their hour."""
    for row in range(tables.starts.shape[0]):
        entity = born(state, tables.starts[row, 0], tables.starts[row, 1])
        if entity == NOBODY:
            return
        state.times[entity, BORN] = tables.start_times[row]
        wake_at(state, entity, tables.start_times[row])


@lean_without_gil
def run(tables: Tables, state: State, logged: bool) -> None:
    """Run one replication to its horizon, or until nothing is left to happen; ``state.counts`` says how it ended."""
    counts = state.counts
    _begin(tables, state)
    _run_ring(tables, state, logged)
    while counts[STATUS] == 0 and _next_instant(state):
        _run_ring(tables, state, logged)
    if counts[STATUS] == 0:
        if not math.isinf(state.clock[HORIZON]):
            state.clock[NOW] = state.clock[HORIZON]
        for place in range(state.places.shape[0]):
            book(state, place)
