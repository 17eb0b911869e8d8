"""Shortest paths on directed graphs with non-negative arc costs.

Arrays in, arrays out: nodes are 0..n-1, arcs have a tail, a head and a cost; an arc of infinite cost is closed. The
method is Dijkstra's (1959, A note on two problems in connexion with graphs) on a binary heap.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from karvan.numerics.search.heap import drop_first, push


def outgoing(n: int, tail: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Arcs sorted by tail: ``arcs[start[v]:start[v + 1]]`` leave node v.

    >>> start, arcs = outgoing(3, np.array([1, 0, 1], dtype=np.int32))
    >>> start.tolist(), arcs.tolist()
    ([0, 1, 3, 3], [1, 0, 2])
    """
    start = np.zeros(n + 1, dtype=np.int64)
    np.add.at(start, tail.astype(np.int64) + 1, 1)
    return np.cumsum(start), np.argsort(tail, kind="stable").astype(np.int32)


@njit(cache=True)
def tree(
    start: NDArray[np.int64],
    arcs: NDArray[np.int32],
    head: NDArray[np.int32],
    cost: NDArray[np.float64],
    source: int,
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Distances from a source and the last arc of each shortest path.

    Parameters
    ----------
    start, arcs
        Arcs sorted by tail, as :func:`outgoing` gives them; shapes (n + 1,) and (m,).
    head, cost
        Head node and cost >= 0 of each arc, shape (m,); an infinite cost closes the arc.
    source
        Node to start from.

    Returns
    -------
    distance
        Shape (n,), infinite where no path leads. ``distance[head] <= distance[tail] + cost`` on every arc.
    last
        Last arc of the path, shape (n,), -1 at the source and where no path leads.
    """
    n = start.size - 1
    distance = np.full(n, np.inf)
    last = np.full(n, -1, dtype=np.int32)
    keys = np.empty(arcs.size + 1)
    items = np.empty(arcs.size + 1, dtype=np.int64)
    distance[source] = 0.0
    size = push(keys, items, 0, 0.0, source)
    while size > 0:
        key = keys[0]
        node = items[0]
        size = drop_first(keys, items, size)
        if key > distance[node]:
            continue
        for position in range(start[node], start[node + 1]):
            arc = arcs[position]
            reached = key + cost[arc]
            target = head[arc]
            if reached < distance[target]:
                distance[target] = reached
                last[target] = arc
                size = push(keys, items, size, reached, target)
    return distance, last


@njit(cache=True, nogil=True)
def all_pairs(
    start: NDArray[np.int64], arcs: NDArray[np.int32], head: NDArray[np.int32], cost: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """:func:`tree` from every node: distances and last arcs, both of shape (n, n), row = source."""
    n = start.size - 1
    distance = np.empty((n, n))
    last = np.empty((n, n), dtype=np.int32)
    for source in range(n):
        distance[source], last[source] = tree(start, arcs, head, cost, source)
    return distance, last


def arcs_to(target: int, last: NDArray[np.int32], tail: NDArray[np.int32]) -> list[int]:
    """Arcs of the shortest path to a target, in order; empty at the source.

    >>> tail, head = np.array([0, 1], dtype=np.int32), np.array([1, 2], dtype=np.int32)
    >>> distance, last = tree(*outgoing(3, tail), head, np.array([1.0, 2.0]), 0)
    >>> arcs_to(2, last, tail), distance.tolist()
    ([0, 1], [0.0, 1.0, 3.0])
    """
    path = []
    while last[target] >= 0:
        path.append(int(last[target]))
        target = int(tail[last[target]])
    return path[::-1]
