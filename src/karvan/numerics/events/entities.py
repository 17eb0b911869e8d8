"""Entities: born from a pool, woken at once or at a time, ended; what they tell on their way.

Whoever is woken goes to the end of the line of those that are ready, first come first served within one instant. An
event on the heap carries a ticket; only the last ticket of an entity is good, so that what was overtaken is void.
"""

from __future__ import annotations

import math

from karvan.numerics.compiled import called, inlined
from karvan.numerics.events.heap import push
from karvan.numerics.events.layout import (
    ALIVE,
    BIRTHS,
    BORN,
    CHILD_HEIRS,
    CHILD_PRIORITY,
    CHILD_SIZE,
    CHILDREN,
    ENTITY_CELLS,
    FORK,
    FREE,
    GO_ON,
    HEAP_ROOM,
    HEAP_SIZE,
    INSTRUCTION,
    MARKS,
    MEASURES,
    MOST_ALIVE,
    MOVING,
    NEXT,
    NOBODY,
    NOW,
    PARENT,
    PARTS_TOLD,
    PC,
    PRIORITY,
    READY,
    READY_FIRST,
    READY_LAST,
    READY_NEXT,
    SERIAL,
    SIZE,
    STATUS,
    TALLIES,
    TALLIES_AT,
    TALLIES_ROOM,
    TALLY_AT,
    TALLY_CELLS,
    TALLY_NAME,
    TALLY_PARTS,
    TALLY_SERIAL,
    TALLY_SINCE,
    TICKET,
    TICKETS,
    WAIT,
    WARM_UP,
    Memory,
    Status,
)

_ENTITIES_FULL, _HEAP_FULL, _TALLIES_FULL = int(Status.ENTITIES_FULL), int(Status.HEAP_FULL), int(Status.TALLIES_FULL)


@inlined
def make_ready(memory: Memory, entity: int) -> None:
    """Put an entity at the end of those that are ready, if it is not among them."""
    whole = memory.whole
    if whole[entity + READY] == 1:
        return
    whole[entity + READY] = 1
    whole[entity + READY_NEXT] = NOBODY
    if whole[READY_LAST] == NOBODY:
        whole[READY_FIRST] = entity
    else:
        whole[whole[READY_LAST] + READY_NEXT] = entity
    whole[READY_LAST] = entity


@inlined
def wake(memory: Memory, entity: int) -> None:
    """Let an entity go on in this instant, after those who were woken before it; its events to come are void."""
    memory.whole[entity + TICKET] = 0
    make_ready(memory, entity)


@inlined
def wake_at(memory: Memory, entity: int, time: float) -> None:
    """Let an entity go on at a time; in this instant where that is not later than now; never where it is infinite."""
    whole = memory.whole
    if time <= memory.real[NOW]:
        wake(memory, entity)
    elif math.isinf(time):
        whole[entity + TICKET] = 0
    elif whole[HEAP_SIZE] >= whole[HEAP_ROOM]:
        whole[STATUS] = _HEAP_FULL
    else:
        ticket = whole[TICKETS] + 1
        whole[TICKETS] = ticket
        whole[entity + TICKET] = ticket
        push(memory, time, entity, ticket)


@called
def born(memory: Memory, pc: int, priority: int) -> int:
    """A new entity at an instruction, not yet woken; NOBODY (and the status says so) where the pool is empty."""
    whole = memory.whole
    entity = whole[FREE]
    if entity == NOBODY:
        whole[STATUS] = _ENTITIES_FULL
        return NOBODY
    whole[FREE] = whole[entity + NEXT]
    whole[BIRTHS] += 1
    whole[ALIVE] += 1
    whole[MOST_ALIVE] = max(whole[MOST_ALIVE], whole[ALIVE])
    for cell in range(ENTITY_CELLS):
        whole[entity + cell] = 0
    whole[entity + PC], whole[entity + PRIORITY], whole[entity + SERIAL] = pc, priority, whole[BIRTHS]
    memory.real[entity + BORN] = memory.real[NOW]
    memory.real[entity + SIZE] = 1.0
    return entity


@called
def spawn(memory: Memory, entity: int, pc: int) -> int:
    """SPAWN or FORK process count row: start new entities; after a fork, wait until they have ended."""
    whole, real = memory.whole, memory.real
    count, row, fork = whole[pc + 2], whole[pc + 3], whole[pc] == FORK
    for _ in range(count):
        child = born(memory, whole[pc + 1], whole[row + CHILD_PRIORITY])
        if child == NOBODY:
            return WAIT
        for measure in range(MEASURES - 1):
            real[child + SIZE + 1 + measure] = real[row + CHILD_SIZE + measure]
        if whole[row + CHILD_HEIRS] == 1:
            real[child + BORN] = real[entity + BORN]
        if fork:
            whole[child + PARENT] = entity
        wake(memory, child)
    whole[entity + PC] = pc + INSTRUCTION
    if fork:
        whole[entity + CHILDREN] = count
        return WAIT
    return GO_ON


@called
def end(memory: Memory, entity: int) -> None:
    """Give an entity back to the pool; its parent goes on once the last of a fork has ended."""
    whole = memory.whole
    parent = whole[entity + PARENT]
    whole[entity + TICKET] = 0
    whole[entity + NEXT] = whole[FREE]
    whole[FREE] = entity
    whole[ALIVE] -= 1
    if parent != NOBODY:
        whole[parent + CHILDREN] -= 1
        if whole[parent + CHILDREN] == 0:
            wake(memory, parent)


@called
def tally(memory: Memory, entity: int, name: int, mark: int) -> None:
    """Write a row: the time of a mark (or of birth where it is -1), the time now, and the parts, if after warm-up."""
    whole, real = memory.whole, memory.real
    since = real[entity + BORN] if mark < 0 else real[entity + MARKS + mark]
    if since < real[WARM_UP]:
        return
    if whole[TALLIES] >= whole[TALLIES_ROOM]:
        whole[STATUS] = _TALLIES_FULL
        return
    row = whole[TALLIES_AT] + TALLY_CELLS * whole[TALLIES]
    whole[TALLIES] += 1
    whole[row + TALLY_NAME], whole[row + TALLY_SERIAL] = name, whole[entity + SERIAL]
    real[row + TALLY_SINCE], real[row + TALLY_AT] = since, real[NOW]
    for part in range(PARTS_TOLD):
        real[row + TALLY_PARTS + part] = real[entity + MOVING + part]
