"""The event heap: keyed by time, priority and serial number, so that the order of events is never chance.

It lies in the memory from ``HEAP_AT``; an event is (time, order, entity), and ``order`` holds the priority and below it
the ticket, a serial number, in one whole number. Every node has four children: half as many levels as two would give.
"""

from __future__ import annotations

import numpy as np

from karvan.numerics.compiled import called, inlined
from karvan.numerics.events.layout import (
    EVENT_CELLS,
    EVENT_ENTITY,
    EVENT_ORDER,
    EVENT_TIME,
    HEAP_AT,
    HEAP_SIZE,
    PRIORITY,
    TICKET_BITS,
    Memory,
)

PRIORITY_STEP = np.int64(1) << np.int64(TICKET_BITS)
TICKET_MASK = PRIORITY_STEP - np.int64(1)


@inlined
def _is_before(memory: Memory, row: int, time: float, order: int) -> bool:
    """Whether the event of a row comes before one of this time and order."""
    at = memory.real[row + EVENT_TIME]
    # Both sides are worked out: what chance decides, no processor foresees.
    return (at < time) | ((at == time) & (memory.whole[row + EVENT_ORDER] < order))


@inlined
def _move(memory: Memory, to: int, at: int) -> None:
    """Copy one event to another row."""
    memory.real[to + EVENT_TIME] = memory.real[at + EVENT_TIME]
    memory.whole[to + EVENT_ORDER] = memory.whole[at + EVENT_ORDER]
    memory.whole[to + EVENT_ENTITY] = memory.whole[at + EVENT_ENTITY]


@called
def push(memory: Memory, time: float, entity: int, ticket: int) -> None:
    """Put an event on the heap, which must have room; the ticket is its serial number."""
    first = memory.whole[HEAP_AT]
    at = memory.whole[HEAP_SIZE]
    order = memory.whole[entity + PRIORITY] * PRIORITY_STEP + ticket
    memory.whole[HEAP_SIZE] = at + 1
    row = first + EVENT_CELLS * at
    while at > 0:
        at = (at - 1) >> 2
        parent = first + EVENT_CELLS * at
        if _is_before(memory, parent, time, order):
            break
        _move(memory, row, parent)
        row = parent
    memory.real[row + EVENT_TIME] = time
    memory.whole[row + EVENT_ORDER] = order
    memory.whole[row + EVENT_ENTITY] = entity


@inlined
def _earlier(memory: Memory, one: int, other: int) -> int:
    """The row of the earlier of two events."""
    time, order = memory.real[one + EVENT_TIME], memory.whole[one + EVENT_ORDER]
    return other if _is_before(memory, other, time, order) else one


@inlined
def _earliest(memory: Memory, row: int, end: int) -> int:
    """The row of the earliest of up to four events that lie behind one another from a row."""
    if row + 3 * EVENT_CELLS < end:
        first = _earlier(memory, row, row + EVENT_CELLS)
        return _earlier(memory, first, _earlier(memory, row + 2 * EVENT_CELLS, row + 3 * EVENT_CELLS))
    earliest = row
    for other in range(row + EVENT_CELLS, end, EVENT_CELLS):
        earliest = _earlier(memory, earliest, other)
    return earliest


@called
def drop_first(memory: Memory) -> None:
    """Take the earliest event off the heap; read it at its first row before."""
    first = memory.whole[HEAP_AT]
    size = memory.whole[HEAP_SIZE] - 1
    memory.whole[HEAP_SIZE] = size
    last = first + EVENT_CELLS * size
    time, order = memory.real[last + EVENT_TIME], memory.whole[last + EVENT_ORDER]
    row, child = first, first + EVENT_CELLS
    while child < last:
        child = _earliest(memory, child, last)
        if not _is_before(memory, child, time, order):
            break
        _move(memory, row, child)
        row = child
        child = first + 4 * (child - first) + EVENT_CELLS
    _move(memory, row, last)
