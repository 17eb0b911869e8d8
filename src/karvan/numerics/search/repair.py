"""The cheapest route with given gateway arcs, where the shortest paths between them make no route.

Best-first search (A*; Hart, Nilsson and Raphael 1968, A formal basis for the heuristic determination of minimum cost
paths) over partial paths with the exact remaining cost as estimate: the first complete path it meets that keeps every
rule is the cheapest one. It stops at a cost limit or after a number of steps, and says which.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from karvan.numerics.compiled import lean
from karvan.numerics.search.heap import drop_first, push
from karvan.numerics.search.route_rules import Distances, Graph, Rule, stretched

FOUND, NONE, GIVEN_UP = 0, 1, 2
MOST_LABELS = 20_000


class Labels(NamedTuple):
    """Partial paths: where each ends, by which arc, how many gateways it has, its cost and what it continues.

    ``keys`` and ``items`` are room for a heap of those to continue.
    """

    node: NDArray[np.int32]
    arc: NDArray[np.int32]
    stage: NDArray[np.int32]
    parent: NDArray[np.int32]
    cost: NDArray[np.float64]
    keys: NDArray[np.float64]
    items: NDArray[np.int64]


class Stages(NamedTuple):
    """Where each stage leads: its gateway arc (-1 at the end), the node to reach and the cost from there on."""

    gate: NDArray[np.int32]
    goal: NDArray[np.int32]
    rest: NDArray[np.float64]


@njit(cache=True)
def _stages(graph: Graph, distances: Distances, sequence: NDArray[np.int32], target: int) -> Stages:
    """The stages of a sequence of gateway arcs (ended by -1 or the end of the array)."""
    count = 0
    while count < sequence.size and sequence[count] >= 0:
        count += 1
    gate = np.full(count + 1, -1, dtype=np.int32)
    goal = np.empty(count + 1, dtype=np.int32)
    rest = np.zeros(count + 1)
    goal[count] = target
    for stage in range(count - 1, -1, -1):
        arc = sequence[stage]
        gate[stage] = arc
        goal[stage] = graph.tail[arc]
        onward = distances.free[graph.head[arc], goal[stage + 1]]
        rest[stage] = graph.cost[arc] + onward + rest[stage + 1]
    return Stages(gate, goal, rest)


@lean
def _keeps_rules(
    graph: Graph, distances: Distances, rule: Rule, labels: Labels, label: int, arc: int, goal: int
) -> bool:
    """Whether a partial path continued by an arc enters nothing twice and need not be stretched up to its next goal."""
    node, before = graph.head[arc], labels.node[label]
    place, country = graph.place[node], graph.country[node]
    moved = place != graph.place[before]
    entered = country != graph.country[before] and not graph.zigzag[arc]
    cost = labels.cost[label] + graph.cost[arc]
    at_goal = cost + distances.free[node, goal]
    while label >= 0:
        passed = labels.node[label]
        if passed == node or (moved and graph.place[passed] == place):
            return False
        if entered and graph.country[passed] == country:
            return False
        if stretched(distances, rule, passed, node, cost - labels.cost[label]):
            return False
        if stretched(distances, rule, passed, goal, at_goal - labels.cost[label]):
            return False
        label = labels.parent[label]
    return True


@njit(cache=True)
def repair(
    graph: Graph,
    distances: Distances,
    rule: Rule,
    sequence: NDArray[np.int32],
    ends_of_pair: tuple[int, int],
    limit: float,
    path: NDArray[np.int32],
) -> tuple[int, float, int]:
    """Find the cheapest route with exactly these gateway arcs and write it into ``path``.

    Returns
    -------
    status
        FOUND, NONE (no route costs at most ``limit``) or GIVEN_UP (``rule.steps`` or the room for labels ran out).
    cost, length
        Of the route found.
    """
    origin, target = ends_of_pair
    integers, numbers = np.empty((4, MOST_LABELS), dtype=np.int32), np.empty((2, MOST_LABELS))
    items = np.empty(MOST_LABELS, dtype=np.int64)
    labels = Labels(integers[0], integers[1], integers[2], integers[3], numbers[0], numbers[1], items)
    labels.node[0], labels.arc[0], labels.stage[0], labels.parent[0], labels.cost[0] = origin, -1, 0, -1, 0.0
    return _search(graph, distances, rule, _stages(graph, distances, sequence, target), labels, limit, path)


@lean
def _search(
    graph: Graph,
    distances: Distances,
    rule: Rule,
    stages: Stages,
    labels: Labels,
    limit: float,
    path: NDArray[np.int32],
) -> tuple[int, float, int]:
    """The search of :func:`repair` from the first label."""
    keys, items, target = labels.keys, labels.items, stages.goal[-1]
    size = push(keys, items, 0, distances.free[labels.node[0], stages.goal[0]] + stages.rest[0], 0)
    count, steps = 1, 0
    while size > 0:
        label = items[0]
        if keys[0] > limit:
            return NONE, limit, 0
        size = drop_first(keys, items, size)
        stage, node = labels.stage[label], labels.node[label]
        if stages.gate[stage] < 0 and node == target:
            return _trace(labels, label, path)
        steps += 1
        if steps > rule.steps:
            return GIVEN_UP, limit, 0
        for position in range(graph.start[node], graph.start[node + 1]):
            arc = graph.arcs[position]
            following = stage
            if graph.group[arc] >= 0:
                if arc != stages.gate[stage]:
                    continue
                following = stage + 1
            cost = labels.cost[label] + graph.cost[arc]
            onward = distances.free[graph.head[arc], stages.goal[following]] + stages.rest[following]
            goal = stages.goal[following]
            if cost + onward > limit or not _keeps_rules(graph, distances, rule, labels, label, arc, goal):
                continue
            if count == MOST_LABELS:
                return GIVEN_UP, limit, 0
            labels.node[count], labels.arc[count] = graph.head[arc], arc
            labels.stage[count], labels.parent[count], labels.cost[count] = following, label, cost
            size = push(keys, items, size, cost + onward, count)
            count += 1
    return NONE, limit, 0


@lean
def _trace(labels: Labels, label: int, path: NDArray[np.int32]) -> tuple[int, float, int]:
    """Write the arcs of a complete path into ``path``; GIVEN_UP if there is no room."""
    cost = labels.cost[label]
    length = 0
    back = label
    while labels.parent[back] >= 0:
        length += 1
        back = labels.parent[back]
    if length > path.size:
        return GIVEN_UP, cost, 0
    for position in range(length - 1, -1, -1):
        path[position] = labels.arc[label]
        label = labels.parent[label]
    return FOUND, cost, length
