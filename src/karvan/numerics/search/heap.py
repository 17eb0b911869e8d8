"""A binary heap on two arrays, for kernels: keys to sort by, items to carry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from karvan.numerics.compiled import lean


@lean
def push(keys: NDArray[np.float64], items: NDArray[np.int64], size: int, key: float, item: int) -> int:
    """Put an item on the heap; returns the new size. The arrays must have room."""
    keys[size] = key
    items[size] = item
    child = size
    while child > 0:
        parent = (child - 1) // 2
        if keys[parent] <= keys[child]:
            break
        keys[parent], keys[child] = keys[child], keys[parent]
        items[parent], items[child] = items[child], items[parent]
        child = parent
    return size + 1


@lean
def drop_first(keys: NDArray[np.float64], items: NDArray[np.int64], size: int) -> int:
    """Take the smallest key off the heap (read it at position 0 before); returns the new size."""
    size -= 1
    keys[0] = keys[size]
    items[0] = items[size]
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[parent] <= keys[child]:
            break
        keys[parent], keys[child] = keys[child], keys[parent]
        items[parent], items[child] = items[child], items[parent]
        parent = child
    return size
