"""The event heap: keyed by time, priority and serial number, so that the order of events is never chance.

It lies in the memory from ``HEAP_AT``; an event is (time, order, entity, ticket), and ``order`` holds priority and
serial in one whole number, the priority above.
"""

from __future__ import annotations

import numpy as np

from karvan.numerics.compiled import called, inlined
from karvan.numerics.events.layout import (
    EVENT_CELLS,
    EVENT_ENTITY,
    EVENT_ORDER,
    EVENT_TICKET,
    EVENT_TIME,
    HEAP_AT,
    HEAP_SIZE,
    PRIORITY,
    Memory,
)

PRIORITY_STEP = np.int64(1) << np.int64(44)


@inlined
def _move(memory: Memory, to: int, at: int) -> None:
    """Copy one event to another row."""
    for cell in range(EVENT_CELLS):
        memory.whole[to + cell] = memory.whole[at + cell]


@inlined
def _is_before(memory: Memory, row: int, time: float, order: int) -> bool:
    """Whether the event of a row comes before one of this time and order."""
    at = memory.real[row + EVENT_TIME]
    return at < time or (at == time and memory.whole[row + EVENT_ORDER] < order)


@called
def push(memory: Memory, time: float, entity: int, ticket: int) -> None:
    """Put an event on the heap, which must have room; the ticket is its serial number."""
    first = memory.whole[HEAP_AT]
    at = memory.whole[HEAP_SIZE]
    order = memory.whole[entity + PRIORITY] * PRIORITY_STEP + ticket
    memory.whole[HEAP_SIZE] = at + 1
    while at > 0:
        parent = (at - 1) >> 1
        row = first + EVENT_CELLS * parent
        if _is_before(memory, row, time, order):
            break
        _move(memory, first + EVENT_CELLS * at, row)
        at = parent
    row = first + EVENT_CELLS * at
    memory.real[row + EVENT_TIME] = time
    memory.whole[row + EVENT_ORDER] = order
    memory.whole[row + EVENT_ENTITY] = entity
    memory.whole[row + EVENT_TICKET] = ticket


@called
def drop_first(memory: Memory) -> None:
    """Take the earliest event off the heap; read it at its first row before."""
    first = memory.whole[HEAP_AT]
    size = memory.whole[HEAP_SIZE] - 1
    memory.whole[HEAP_SIZE] = size
    last = first + EVENT_CELLS * size
    time, order = memory.real[last + EVENT_TIME], memory.whole[last + EVENT_ORDER]
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        row = first + EVENT_CELLS * child
        if child + 1 < size:
            other = row + EVENT_CELLS
            if _is_before(memory, other, memory.real[row + EVENT_TIME], memory.whole[row + EVENT_ORDER]):
                child, row = child + 1, other
        if not _is_before(memory, row, time, order):
            break
        _move(memory, first + EVENT_CELLS * at, row)
        at = child
    _move(memory, first + EVENT_CELLS * at, last)
