"""For every ordered sequence of gateway groups, the cheapest route that has it.

The sequence of a route is the groups of its gateway arcs, runs of one group counted once. Method: depth-first search
over gateway arcs, joined by shortest paths free of gateways. The joined cost bounds the cost of every route with these
gateway arcs from below, and stretch grows with cost, so cutting a branch loses nothing. Where the joined path itself is
no route, :mod:`karvan.numerics.search.repair` looks for the cheapest that is, up to a number of steps; what was given
up is counted and returned.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from karvan.numerics.compiled import lean
from karvan.numerics.search.repair import FOUND, GIVEN_UP, repair
from karvan.numerics.search.route_rules import FEASIBLE, Distances, Graph, Rule, fault, longer, stretched

MOST_ARCS = 256
MOST_GATEWAYS = 64
MOST_SEQUENCES = 40_000


@lean
def _unstretched_end(
    distances: Distances, rule: Rule, ends: NDArray[np.int32], costs: NDArray[np.float64], count: int
) -> bool:
    """Whether no part that ends at the last of ``ends`` is stretched, by lower bounds of its cost."""
    node = ends[count - 1]
    cost = costs[count - 1]
    for i in range(count - 1):  # noqa: SIM110  # a kernel has no generators
        if stretched(distances, rule, ends[i], node, cost - costs[i]):
            return False
    return True


@njit(cache=True)
def _successors(
    graph: Graph, distances: Distances, rule: Rule, gates: NDArray[np.int32], ends_of_pair: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Gates that may come next without another between, after each gate and (last row) after the origin."""
    origin, target = ends_of_pair
    start = np.zeros(gates.size + 2, dtype=np.int64)
    following = np.empty((gates.size + 1) * gates.size, dtype=np.int32)
    count = 0
    for i in range(gates.size + 1):
        gate = gates[i] if i < gates.size else -1
        here = graph.head[gate] if gate >= 0 else origin
        before = graph.cost[gate] if gate >= 0 else 0.0
        least = distances.to[graph.tail[gate], origin] + before if gate >= 0 else 0.0
        for j in range(gates.size):
            arc = gates[j]
            tail, head = graph.tail[arc], graph.head[arc]
            gap = distances.free[here, tail]
            if least + gap + graph.cost[arc] + distances.to[target, head] > rule.bound:
                continue
            if stretched(distances, rule, here, tail, gap) or stretched(
                distances, rule, here, head, gap + graph.cost[arc]
            ):
                continue
            if gate >= 0 and (
                stretched(distances, rule, graph.tail[gate], tail, before + gap)
                or stretched(distances, rule, graph.tail[gate], head, before + gap + graph.cost[arc])
            ):
                continue
            following[count] = j
            count += 1
        start[i + 1] = count
    return start, following[:count]


@njit(cache=True)
def _gateway_sequences(
    graph: Graph, distances: Distances, rule: Rule, gates: NDArray[np.int32], ends_of_pair: tuple[int, int]
) -> tuple[NDArray[np.int32], NDArray[np.float64], bool]:
    """Every sequence of gateway arcs that a route could have, with the lower bound of its cost."""
    origin, target = ends_of_pair
    first, following = _successors(graph, distances, rule, gates, ends_of_pair)
    found = np.full((64, MOST_GATEWAYS), -1, dtype=np.int32)
    bounds = np.empty(64)
    count = 0
    ends = np.empty(2 * MOST_GATEWAYS + 4, dtype=np.int32)
    costs = np.zeros(2 * MOST_GATEWAYS + 4)
    chosen = np.empty(MOST_GATEWAYS + 1, dtype=np.int32)
    position = np.full(MOST_GATEWAYS + 1, -1, dtype=np.int64)
    ends[0] = origin
    depth = 0
    while depth >= 0:
        last = chosen[depth - 1] if depth > 0 else gates.size
        if position[depth] < 0:
            position[depth] = first[last]
            ends[2 * depth + 1] = target
            costs[2 * depth + 1] = costs[2 * depth] + distances.free[ends[2 * depth], target]
            if costs[2 * depth + 1] <= rule.bound and _unstretched_end(distances, rule, ends, costs, 2 * depth + 2):
                if count == MOST_SEQUENCES:
                    return found[:count], bounds[:count], True
                if count == bounds.size:
                    found = _twice(found)
                    bounds = np.concatenate((bounds, np.empty(bounds.size)))
                found[count, :depth] = gates[chosen[:depth]]
                bounds[count] = costs[2 * depth + 1]
                count += 1
        if position[depth] == first[last + 1] or depth == MOST_GATEWAYS - 1:
            position[depth] = -1
            depth -= 1
            continue
        chosen[depth] = following[position[depth]]
        position[depth] += 1
        if _step(graph, distances, rule, ends, costs, 2 * depth, (gates[chosen[depth]], target)):
            depth += 1
    return found[:count], bounds[:count], False


@lean
def _step(
    graph: Graph,
    distances: Distances,
    rule: Rule,
    ends: NDArray[np.int32],
    costs: NDArray[np.float64],
    at: int,
    gate_and_target: tuple[int, int],
) -> bool:
    """Write a gateway arc's ends after position ``at`` and say whether the sequence may still become a route.

    It may not where it passes the bound, enters a place or a country again, or where a part that ends at the arc's
    tail, its head or (by the shortest way from there) the target is stretched.
    """
    arc, target = gate_and_target
    tail, head = graph.tail[arc], graph.head[arc]
    to_tail, to_head, to_target = distances.to[tail], distances.to[head], distances.to[target]
    before = costs[at] + distances.free[ends[at], tail]
    after = before + graph.cost[arc]
    whole = after + to_target[head]
    if whole > rule.bound:
        return False
    ends[at + 1], costs[at + 1] = tail, before
    ends[at + 2], costs[at + 2] = head, after
    ends[at + 3], costs[at + 3] = target, whole
    tail_place, head_place, here = graph.place[tail], graph.place[head], graph.place[ends[at]]
    country = -1 if graph.zigzag[arc] or graph.country[head] == graph.country[tail] else graph.country[head]
    for i in range(at, -1, -1):
        node, spent = ends[i], costs[i]
        place = graph.place[node]
        if place == head_place or (place == tail_place and place != here) or graph.country[node] == country:
            return False
        if longer(rule, to_tail[node], before - spent) or longer(rule, to_head[node], after - spent):
            return False
        if longer(rule, to_target[node], whole - spent):
            return False
    return not (longer(rule, to_head[tail], graph.cost[arc]) or longer(rule, to_target[tail], whole - before))


@njit(cache=True)
def _twice(table: NDArray[np.int32]) -> NDArray[np.int32]:
    """The table with room for twice as many rows."""
    larger = np.full((2 * table.shape[0], table.shape[1]), -1, dtype=np.int32)
    larger[: table.shape[0]] = table
    return larger


@lean
def _join(
    graph: Graph,
    distances: Distances,
    sequence: NDArray[np.int32],
    ends_of_pair: tuple[int, int],
    path: NDArray[np.int32],
) -> int:
    """Write the gateway arcs joined by gateway-free shortest paths into ``path``; its length, -1 if too long."""
    node, target = ends_of_pair
    length = 0
    for position in range(sequence.size + 1):
        gate = sequence[position] if position < sequence.size else -1
        goal = target if gate < 0 else graph.tail[gate]
        back = goal
        steps = 0
        while back != node:
            back = graph.tail[distances.last[node, back]]
            steps += 1
        if length + steps + 1 >= MOST_ARCS:
            return -1
        back = goal
        for step in range(steps):
            arc = distances.last[node, back]
            path[length + steps - 1 - step] = arc
            back = graph.tail[arc]
        length += steps
        if gate < 0:
            break
        path[length] = gate
        length += 1
        node = graph.head[gate]
    return length


@lean
def _fingerprint(graph: Graph, sequence: NDArray[np.int32]) -> int:
    """A hash of the groups of a sequence of gateway arcs, runs of one group counted once (FNV-1a, 62 bits)."""
    value = 1469598103934665603 & 0x3FFFFFFFFFFFFFFF
    previous = -1
    for gate in sequence:
        if gate < 0:
            break
        group = graph.group[gate]
        if group != previous:
            value = ((value ^ (group + 1)) * 1099511628211) & 0x3FFFFFFFFFFFFFFF
            previous = group
    return value


@njit(cache=True)
def _best_of_group(
    graph: Graph,
    distances: Distances,
    rule: Rule,
    ends_of_pair: tuple[int, int],
    ranked: tuple[NDArray[np.int32], NDArray[np.float64]],
    path: NDArray[np.int32],
    room: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]],
) -> tuple[float, int, int]:
    """The cheapest route among sequences of one group sequence, ranked by lower bound: cost, length, given up.

    It is written into ``path``; ``room`` for arcs, nodes and costs of a path is overwritten.
    """
    sequences, bounds = ranked
    joined, nodes, costs = room
    limit, length, given_up = rule.bound, 0, 0
    blocked = np.empty(bounds.size, dtype=np.int64)
    blocked_count = 0
    for i in range(bounds.size):
        size = _join(graph, distances, sequences[i], ends_of_pair, joined)
        if size > 0 and fault(graph, distances, rule, joined[:size], (nodes, costs)) == FEASIBLE:
            limit, length = bounds[i], size
            path[:size] = joined[:size]
            break
        blocked[blocked_count] = i
        blocked_count += 1
    for b in range(blocked_count):
        i = blocked[b]
        if bounds[i] >= limit and length > 0:
            break
        status, cost, size = repair(graph, distances, rule, sequences[i], ends_of_pair, limit, joined)
        if status == FOUND and (cost < limit or length == 0):
            limit, length = cost, size
            path[:size] = joined[:size]
        elif status == GIVEN_UP:
            given_up += 1
    return limit, length, given_up


@njit(cache=True, nogil=True)
def routes_of_pair(
    graph: Graph, distances: Distances, rule: Rule, origin: int, target: int
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.float64], int]:
    """The cheapest route of every ordered sequence of gateway groups of a pair.

    Parameters
    ----------
    graph, distances, rule
        See :mod:`karvan.numerics.search.route_rules`.
    origin, target
        Nodes. There must be a path between them.

    Returns
    -------
    arcs, start
        Arcs of route r: ``arcs[start[r]:start[r + 1]]``.
    cost
        Cost of each route, at most ``rule.bound``.
    given_up
        Sequences of gateway arcs whose search was cut off; 0 means that the set is exact.
    """
    gates = _gates_of_pair(graph, distances, rule, origin, target)
    sequences, bounds, overflow = _gateway_sequences(graph, distances, rule, gates, (origin, target))
    count = bounds.size
    prints = np.empty(count, dtype=np.int64)
    for i in range(count):
        prints[i] = _fingerprint(graph, sequences[i])
    by_cost = np.argsort(bounds, kind="mergesort")
    order = by_cost[np.argsort(prints[by_cost], kind="mergesort")]
    arcs = np.empty((count, MOST_ARCS), dtype=np.int32)
    sizes = np.zeros(count, dtype=np.int64)
    costs = np.empty(count)
    room = np.empty(MOST_ARCS, dtype=np.int32), np.empty(MOST_ARCS + 1, dtype=np.int32), np.empty(MOST_ARCS + 1)
    found, given_up, first = 0, 1 if overflow else 0, 0
    while first < count:
        last = first
        while last < count and prints[order[last]] == prints[order[first]]:
            last += 1
        members = order[first:last]
        ranked = (sequences[members], bounds[members])
        cost, size, lost = _best_of_group(graph, distances, rule, (origin, target), ranked, arcs[found], room)
        given_up += lost
        if size > 0:
            sizes[found], costs[found] = size, cost
            found += 1
        first = last
    packed, start, cost_of_route = _packed(arcs[:found], sizes[:found], costs[:found])
    return packed, start, cost_of_route, given_up


@njit(cache=True)
def _gates_of_pair(graph: Graph, distances: Distances, rule: Rule, origin: int, target: int) -> NDArray[np.int32]:
    """Gateway arcs that some path within the bound can take."""
    gates = np.empty(graph.group.size, dtype=np.int32)
    count = 0
    for arc in range(graph.group.size):
        if graph.group[arc] < 0:
            continue
        detour = distances.to[graph.tail[arc], origin] + graph.cost[arc] + distances.to[target, graph.head[arc]]
        if detour <= rule.bound:
            gates[count] = arc
            count += 1
    return gates[:count]


@njit(cache=True)
def _packed(
    arcs: NDArray[np.int32], sizes: NDArray[np.int64], costs: NDArray[np.float64]
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.float64]]:
    """Routes cheapest first, without gaps."""
    order = np.argsort(costs, kind="mergesort")
    start = np.zeros(sizes.size + 1, dtype=np.int64)
    start[1:] = np.cumsum(sizes[order])
    packed = np.empty(start[-1], dtype=np.int32)
    for i in range(order.size):
        packed[start[i] : start[i + 1]] = arcs[order[i], : sizes[order[i]]]
    return packed, start, costs[order]
