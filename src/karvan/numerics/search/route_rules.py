"""What makes a path a route, for kernels.

A route enters no place twice (staying in a place is one visit) and no country twice except by a zigzag arc, and is
nowhere stretched: no part of it whose ends are at most ``near`` apart costs more than ``factor`` times that distance
plus ``slack``. Its cost is at most ``bound``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from karvan.numerics.compiled import lean

FEASIBLE, LOOP, COUNTRY, STRETCH = 0, 1, 2, 3


class Graph(NamedTuple):
    """A graph for the search: arcs by number, nodes by number.

    ``tail``, ``head`` (int32) and ``cost`` (float64 >= 0) have one entry an arc, as have ``group`` (int32, -1 where
    the arc is no gateway) and ``zigzag`` (bool). ``place`` and ``country`` (int32) have one entry a node. ``start``
    and ``arcs`` list the arcs that leave a node (see :func:`karvan.numerics.search.shortest.outgoing`).
    """

    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    cost: NDArray[np.float64]
    group: NDArray[np.int32]
    zigzag: NDArray[np.bool_]
    place: NDArray[np.int32]
    country: NDArray[np.int32]
    start: NDArray[np.int64]
    arcs: NDArray[np.int32]


class Distances(NamedTuple):
    """Shortest distances between all nodes, each of shape (nodes, nodes).

    ``free`` of gateways with the ``last`` arcs of these paths, row = where they begin; ``to`` over all arcs, row =
    where they lead, since the search asks for the distances of many nodes to one.
    """

    free: NDArray[np.float64]
    last: NDArray[np.int32]
    to: NDArray[np.float64]


class Rule(NamedTuple):
    """What a route of a pair must keep; money in the unit of the arc costs.

    ``steps`` bounds the best-first search for one sequence of gateway arcs.
    """

    bound: float
    near: float
    factor: float
    slack: float
    steps: int


@lean
def longer(rule: Rule, distance: float, cost: float) -> bool:
    """Whether a part of a route at this cost is longer than the rule allows for the distance of its ends."""
    return bool(distance <= rule.near and cost > rule.factor * distance + rule.slack + 1e-9)


@lean
def stretched(distances: Distances, rule: Rule, first: int, last: int, cost: float) -> bool:
    """Whether a part of a route from ``first`` to ``last`` at this cost is longer than the rule allows."""
    return bool(longer(rule, distances.to[last, first], cost))


@lean
def fault(
    graph: Graph,
    distances: Distances,
    rule: Rule,
    path: NDArray[np.int32],
    room: tuple[NDArray[np.int32], NDArray[np.float64]],
) -> int:
    """Why a path is no route: FEASIBLE, LOOP, COUNTRY or STRETCH. The bound is not looked at.

    ``room`` is overwritten with the path's nodes and the costs up to each, one more than it has arcs.
    """
    nodes, costs = room
    nodes[0], costs[0] = graph.tail[path[0]], 0.0
    for i in range(path.size):
        arc = path[i]
        nodes[i + 1] = graph.head[arc]
        costs[i + 1] = costs[i] + graph.cost[arc]
        problem = step_fault(graph, nodes, i + 1, arc)
        if problem != FEASIBLE:
            return problem
    for j in range(1, path.size + 1):
        for i in range(j):
            if stretched(distances, rule, nodes[i], nodes[j], costs[j] - costs[i]):
                return STRETCH
    return FEASIBLE


@lean
def step_fault(graph: Graph, nodes: NDArray[np.int32], count: int, arc: int) -> int:
    """Whether the step to ``nodes[count]`` by ``arc`` loops or re-enters a country, given the nodes before it."""
    node = nodes[count]
    place, country = graph.place[node], graph.country[node]
    moved = place != graph.place[nodes[count - 1]]
    entered = country != graph.country[nodes[count - 1]] and not graph.zigzag[arc]
    for i in range(count):
        if nodes[i] == node or (moved and graph.place[nodes[i]] == place):
            return LOOP
    if entered:
        for i in range(count):
            if graph.country[nodes[i]] == country:
                return COUNTRY
    return FEASIBLE
