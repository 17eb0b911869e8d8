"""The event loop: one replication, from the first wake-up to the horizon, compiled once for every network.

All who have an event in an instant become ready in the order of the heap, then those they wake, first come first
served; a wake-up without delay never passes the heap. The loop allocates nothing and holds no lock of the interpreter.
"""

from __future__ import annotations

import math

from karvan.numerics.compiled import called, cells, inlined, lean_without_gil
from karvan.numerics.events.batches import hold, load, unload
from karvan.numerics.events.entities import born, end, make_ready, spawn, tally, wake_at
from karvan.numerics.events.heap import TICKET_MASK, drop_first
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
    EVENT_ENTITY,
    EVENT_ORDER,
    EVENT_TIME,
    EVENTS,
    FOLLOW,
    FORK,
    GO_ON,
    HEAP_AT,
    HEAP_SIZE,
    HOLD,
    HORIZON,
    IF_EMPTY,
    INSTRUCTION,
    INSTRUCTIONS,
    JUMP,
    LEAVE,
    LENGTH,
    LOAD,
    LOG_AT,
    LOG_CELLS,
    LOG_ROOM,
    LOGGED,
    LOGGED_AT,
    LOGGED_PC,
    LOGGED_SERIAL,
    MARK,
    MARKS,
    MOST_INSTRUCTIONS_AT_ONCE,
    NOBODY,
    NOW,
    PC,
    PLACE_CELLS,
    PLACES,
    PLACES_AT,
    PRIORITY,
    READY,
    READY_FIRST,
    READY_LAST,
    READY_NEXT,
    SERIAL,
    START_CELLS,
    START_PC,
    START_PRIORITY,
    START_TIME,
    STARTS,
    STARTS_AT,
    STATUS,
    TALLY,
    THIN,
    TICKET,
    UNLOAD,
    WAIT,
    Memory,
    Status,
)
from karvan.numerics.events.places import book, give, take
from karvan.numerics.events.tracks import clear, enter, leave
from karvan.numerics.streams import uniform

_LOG_FULL, _STUCK = int(Status.LOG_FULL), int(Status.STUCK)


@called
def _branch(memory: Memory, pc: int) -> int:
    """Where JUMP, CHANCE, IF_EMPTY, THIN and AFTER go on: elsewhere, or with the next instruction."""
    code, what, row, elsewhere = memory.whole[pc], memory.whole[pc + 1], memory.whole[pc + 2], memory.whole[pc + 3]
    aside = True
    if code == CHANCE:
        aside = uniform(memory.whole, what) < memory.real[row]
    elif code == IF_EMPTY:
        aside = memory.whole[what + LENGTH] == 0
    elif code == THIN:
        aside = not accepted(memory, what, row)
    elif code != JUMP:
        aside = memory.real[NOW] > memory.real[what]
    return elsewhere if aside else pc + INSTRUCTION


@called
def _note(memory: Memory, entity: int, pc: int) -> int:
    """PRIORITISE, MARK, TALLY, END: what an entity notes about itself, and its end."""
    code, what = memory.whole[pc], memory.whole[pc + 1]
    if code == END:
        end(memory, entity)
        return WAIT
    if code == TALLY:
        tally(memory, entity, what, memory.whole[pc + 2])
    elif code == MARK:
        memory.real[entity + MARKS + what] = memory.real[NOW]
    else:
        memory.whole[entity + PRIORITY] = what
    memory.whole[entity + PC] = pc + INSTRUCTION
    return GO_ON


@called
def _carry(memory: Memory, entity: int, pc: int) -> int:
    """HOLD, LOAD, UNLOAD, ENTER, CLEAR, LEAVE."""
    code = memory.whole[pc]
    if code == HOLD:
        return hold(memory, entity, pc)
    if code == LOAD:
        return load(memory, entity, pc)
    if code == UNLOAD:
        return unload(memory, entity, pc)
    if code == ENTER:
        return enter(memory, entity, pc)
    return clear(memory, entity, pc) if code == CLEAR else leave(memory, entity, pc)


@inlined
def _serve(memory: Memory, entity: int, pc: int) -> int:
    """SEIZE, ATTEMPT, RELEASE, ALTER."""
    return take(memory, entity, pc) if memory.whole[pc] <= ATTEMPT else give(memory, entity, pc)


@inlined
def _decide(memory: Memory, entity: int, pc: int) -> int:
    """JUMP, CHANCE, IF_EMPTY, THIN, AFTER; SPAWN, FORK."""
    if memory.whole[pc] > AFTER:
        return spawn(memory, entity, pc)
    memory.whole[entity + PC] = _branch(memory, pc)
    return GO_ON


@inlined
def _step(memory: Memory, entity: int, pc: int) -> int:
    """Do the instruction at which an entity stands."""
    code = memory.whole[pc]
    if code <= FOLLOW:
        return pass_time(memory, entity, pc)
    if code <= ALTER:
        return _serve(memory, entity, pc)
    if code <= LEAVE:
        return _carry(memory, entity, pc)
    return _decide(memory, entity, pc) if code <= FORK else _note(memory, entity, pc)


@called
def _write_log(memory: Memory, entity: int) -> None:
    """Write down who goes on, where there is a log."""
    whole = memory.whole
    if whole[LOGGED] >= whole[LOG_ROOM]:
        whole[STATUS] = _LOG_FULL
        return
    row = whole[LOG_AT] + LOG_CELLS * whole[LOGGED]
    whole[LOGGED] += 1
    memory.real[row + LOGGED_AT] = memory.real[NOW]
    whole[row + LOGGED_SERIAL], whole[row + LOGGED_PC] = whole[entity + SERIAL], whole[entity + PC]


@inlined
def _go_on(memory: Memory) -> None:
    """Let everybody who is ready go on, and those they wake, until nobody is left in this instant."""
    whole, done = memory.whole, 0
    while whole[READY_FIRST] != NOBODY and whole[STATUS] == 0:
        entity = whole[READY_FIRST]
        whole[READY_FIRST] = whole[entity + READY_NEXT]
        if whole[READY_FIRST] == NOBODY:
            whole[READY_LAST] = NOBODY
        whole[entity + READY] = 0
        if whole[LOG_ROOM] > 0:
            _write_log(memory, entity)
        answer = GO_ON
        while answer == GO_ON and whole[STATUS] == 0:
            answer = _step(memory, entity, whole[entity + PC])
            done += 1
            if done > MOST_INSTRUCTIONS_AT_ONCE:
                whole[STATUS] = _STUCK
    whole[INSTRUCTIONS] += done


@inlined
def _next_instant(memory: Memory) -> bool:
    """Move the clock to the next event and make all who have one then ready; whether there is one in time."""
    whole, real, first = memory.whole, memory.real, memory.whole[HEAP_AT]
    now = real[first + EVENT_TIME]
    if whole[HEAP_SIZE] == 0 or now > real[HORIZON]:
        return False
    real[NOW] = now
    while whole[HEAP_SIZE] > 0 and real[first + EVENT_TIME] == now:
        entity, ticket = whole[first + EVENT_ENTITY], whole[first + EVENT_ORDER] & TICKET_MASK
        drop_first(memory)
        if whole[entity + TICKET] == ticket:
            whole[EVENTS] += 1
            make_ready(memory, entity)
    return True


@called
def _begin(memory: Memory) -> None:
    """Let those who are there from the beginning wait for their hour."""
    whole = memory.whole
    for number in range(whole[STARTS]):
        row = whole[STARTS_AT] + START_CELLS * number
        entity = born(memory, whole[row + START_PC], whole[row + START_PRIORITY])
        if entity == NOBODY:
            return
        memory.real[entity + BORN] = memory.real[row + START_TIME]
        wake_at(memory, entity, memory.real[row + START_TIME])


@lean_without_gil
def run(given: Memory) -> None:
    """Run one replication to its horizon, or until nothing is left to happen; the header says how it ended."""
    memory = Memory(cells(given.whole), cells(given.real))
    whole = memory.whole
    _begin(memory)
    more = True
    # One place in the program where steps are done: a second would double the compiled code, past what a cache holds.
    while more:
        _go_on(memory)
        more = whole[STATUS] == 0 and _next_instant(memory)
    if whole[STATUS] != 0:
        return
    if not math.isinf(memory.real[HORIZON]):
        memory.real[NOW] = memory.real[HORIZON]
    for number in range(whole[PLACES]):
        book(memory, whole[PLACES_AT] + PLACE_CELLS * number)
