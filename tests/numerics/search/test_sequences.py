"""Route sets against brute force: every ordered sequence of gateway groups, its cheapest route, and no other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from karvan.numerics.search.route_rules import Distances, Graph, Rule
from karvan.numerics.search.sequences import routes_of_pair
from karvan.numerics.search.shortest import all_pairs, outgoing

Arc = tuple[int, int, int, int, bool]
Path = NDArray[np.int32]


class Made(NamedTuple):
    """A random network: tail, head, cost, group and zigzag of each arc, place and country of each node, and a rule."""

    nodes: int
    arcs: list[Arc]
    places: list[int]
    countries: list[int]
    detour: float
    near_share: float
    slack: float


def make_graph(n: int, arcs: Sequence[Arc], places: Sequence[int], countries: Sequence[int]) -> Graph:
    tail, head, cost, group, zigzag = (np.array(column) for column in zip(*arcs, strict=True))
    start, order = outgoing(n, tail.astype(np.int32))
    return Graph(
        tail.astype(np.int32), head.astype(np.int32), cost.astype(float), group.astype(np.int32), zigzag.astype(bool),
        np.array(places, dtype=np.int32), np.array(countries, dtype=np.int32), start, order,
    )  # fmt: skip


def distances_of(graph: Graph) -> Distances:
    free_cost = np.where(graph.group >= 0, np.inf, graph.cost)
    free, last = all_pairs(graph.start, graph.arcs, graph.head, free_cost)
    everything, _ = all_pairs(graph.start, graph.arcs, graph.head, graph.cost)
    return Distances(free, last, np.ascontiguousarray(everything.T))


def collapsed(graph: Graph, path: Path) -> tuple[int, ...]:
    groups = [int(graph.group[a]) for a in path if graph.group[a] >= 0]
    return tuple(g for i, g in enumerate(groups) if i == 0 or g != groups[i - 1])


def is_route(graph: Graph, distances: Distances, rule: Rule, path: Path) -> bool:
    nodes = [int(graph.tail[path[0]])] + [int(graph.head[a]) for a in path]
    costs = np.concatenate(([0.0], np.cumsum(graph.cost[path])))
    if costs[-1] > rule.bound:
        return False
    for i in range(len(nodes)):
        for j in range(i + 1, len(nodes)):
            gap = distances.to[nodes[j], nodes[i]]
            if gap <= rule.near and costs[j] - costs[i] > rule.factor * gap + rule.slack + 1e-9:
                return False
    visited = [graph.place[nodes[0]]]
    seen = {graph.country[nodes[0]]}
    for arc, node, before in zip(path, nodes[1:], nodes, strict=False):
        if graph.place[node] != visited[-1]:
            visited.append(graph.place[node])
        country = graph.country[node]
        if country != graph.country[before] and not graph.zigzag[arc] and country in seen:
            return False
        seen.add(country)
    return len(set(visited)) == len(visited) and len(set(nodes)) == len(nodes)


def brute_force(
    graph: Graph, distances: Distances, rule: Rule, origin: int, target: int
) -> dict[tuple[int, ...], float]:
    best: dict[tuple[int, ...], float] = {}
    stack: list[tuple[int, list[int]]] = [(origin, [])]
    while stack:
        node, arcs = stack.pop()
        path = np.array(arcs, dtype=np.int32)
        if node == target:
            if is_route(graph, distances, rule, path):
                key = collapsed(graph, path)
                best[key] = min(best.get(key, np.inf), float(graph.cost[path].sum()))
            continue
        for arc in graph.arcs[graph.start[node] : graph.start[node + 1]]:
            head = int(graph.head[arc])
            if head != origin and all(int(graph.head[a]) != head for a in arcs):
                stack.append((head, [*arcs, int(arc)]))
    return best


@st.composite
def networks(draw: st.DrawFn) -> Made:
    n = draw(st.integers(3, 8))
    node = st.integers(0, n - 1)
    arcs = draw(
        st.lists(
            st.tuples(node, node, st.integers(0, 12), st.sampled_from([-1, -1, -1, 0, 1, 2, 3]), st.booleans())
            .filter(lambda a: a[0] != a[1]),
            min_size=n, max_size=22,
        )
    )  # fmt: skip
    places = draw(st.lists(st.integers(0, n - 1), min_size=n, max_size=n))
    # a gateway is a link, and a link joins two places
    arcs = [(t, h, c, -1 if places[t] == places[h] else g, z) for t, h, c, g, z in arcs]
    countries_of_place = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    detour, near = draw(st.sampled_from([1.2, 2.0, 3.0])), draw(st.sampled_from([0.5, 0.8, 2.0]))
    slack = draw(st.sampled_from([0.0, 3.0]))
    return Made(n, arcs, places, [countries_of_place[p] for p in places], detour, near, slack)


@settings(max_examples=20 * settings().max_examples)
@given(networks())
def test_every_sequence_with_a_route_holds_its_cheapest_and_no_other(network: Made) -> None:
    n = network.nodes
    graph = make_graph(n, network.arcs, network.places, network.countries)
    distances = distances_of(graph)
    best = float(distances.to[n - 1, 0])
    if not np.isfinite(best) or best == 0:
        return
    rule = Rule(network.detour * best, network.near_share * best, 1.3, network.slack, 100_000)
    routes, start, cost, given_up = routes_of_pair(graph, distances, rule, 0, n - 1)
    paths = [routes[start[i] : start[i + 1]] for i in range(cost.size)]
    held = {collapsed(graph, path): float(c) for path, c in zip(paths, cost, strict=True)}
    assert given_up == 0
    assert len(held) == cost.size
    assert held == pytest.approx(brute_force(graph, distances, rule, 0, n - 1))
    assert all(is_route(graph, distances, rule, path) for path in paths)


def test_a_loop_on_the_shortest_path_is_repaired_not_lost() -> None:
    # 0 -> 1 -> 2 by shortest paths goes back through place 0; the dearer way round by node 3 is a route
    arcs = [(0, 1, 1, 0, False), (1, 4, 1, -1, False), (4, 2, 1, -1, False), (1, 3, 4, -1, False), (3, 2, 4, -1, False)]
    graph = make_graph(5, arcs, [0, 1, 2, 3, 0], [0, 0, 0, 0, 0])
    distances = distances_of(graph)
    routes, _, cost, _ = routes_of_pair(graph, distances, Rule(100.0, 0.0, 1.3, 0.0, 1000), 0, 2)
    assert cost.tolist() == [9.0]
    assert routes.tolist() == [0, 3, 4]
