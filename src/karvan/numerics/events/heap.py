"""The event heap: keyed by time, priority and serial number, so that the order of events is never chance.

An item is (order, entity, ticket); ``order`` holds priority and serial in one whole number, the priority above.
"""

from __future__ import annotations

import numpy as np

from karvan.numerics.compiled import lean
from karvan.numerics.events.layout import Floats, Integers

ORDER, ENTITY, TICKET = 0, 1, 2
HEAP_COLUMNS = 3
PRIORITY_STEP = np.int64(1) << np.int64(44)


@lean
def _place(times: Floats, items: Integers, at: int, time: float, item: tuple[int, int, int]) -> None:
    """Write one event."""
    times[at] = time
    items[at, ORDER], items[at, ENTITY], items[at, TICKET] = item


@lean
def _move(times: Floats, items: Integers, to: int, at: int) -> None:
    """Copy one event to another position."""
    times[to] = times[at]
    items[to, ORDER], items[to, ENTITY], items[to, TICKET] = items[at, ORDER], items[at, ENTITY], items[at, TICKET]


@lean
def push(times: Floats, items: Integers, size: int, time: float, item: tuple[int, int, int]) -> int:
    """Put an event (order, entity, ticket) on the heap; returns the new size. The arrays must have room."""
    at = size
    while at > 0:
        parent = (at - 1) >> 1
        if times[parent] < time or (times[parent] == time and items[parent, ORDER] < item[0]):
            break
        _move(times, items, at, parent)
        at = parent
    _place(times, items, at, time, item)
    return size + 1


@lean
def drop_first(times: Floats, items: Integers, size: int) -> int:
    """Take the earliest event off the heap (read it at position 0 before); returns the new size."""
    size -= 1
    time, order = times[size], items[size, ORDER]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        other = child + 1
        if other < size and (
            times[other] < times[child] or (times[other] == times[child] and items[other, ORDER] < items[child, ORDER])
        ):
            child = other
        if times[child] > time or (times[child] == time and items[child, ORDER] > order):
            break
        _move(times, items, at, child)
        at = child
    _move(times, items, at, size)
    return size
