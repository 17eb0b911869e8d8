"""The route set of every pair: for each ordered sequence of gateway groups, its cheapest route.

Routes are found once on the union of all links that any state may open, at the costs of each reference state, and kept
for all states compared. A pair is an origin, a destination, a commodity and a handling class. The rules (bound,
stretch, no place and no country twice) are those of :mod:`karvan.numerics.route_rules`, in USD/t of generalised cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from karvan.corridor.state import State
from karvan.freight.network.costs import ArcCosts, arc_costs, generalised, usd_per_t_hour
from karvan.freight.network.supernetwork import HANDLING_CLASSES, Supernetwork, build
from karvan.numerics.route_rules import Distances, Graph, Rule
from karvan.numerics.sequences import routes_of_pair
from karvan.numerics.shortest import all_pairs, outgoing

DETOUR_BOUND = 2.0
STRETCH_SHARE = 0.5
STRETCH_FACTOR = 1.25
STRETCH_SLACK_USD_PER_T = 0.0
MOST_STEPS = 400

PAIR_KEY = ["origin", "destination", "commodity", "handling_class"]


class Task(NamedTuple):
    """One search over a graph: a handling class, a commodity, and the pairs that share both."""

    handling_class: str
    commodity: str
    members: list[int]


Spread = Callable[[Callable[[Task], int], Iterable[Task]], Iterable[int]]


class Pair(NamedTuple):
    """Cargo of one commodity and handling class between two places."""

    origin: str
    destination: str
    commodity: str
    handling_class: str


@dataclass(frozen=True)
class RouteSet:
    """Routes of all pairs, frozen over all states compared.

    Attributes
    ----------
    pairs
        One row a pair, columns PAIR_KEY; pairs without a route have none.
    pair_start
        Routes of pair p: ``pair_start[p]:pair_start[p + 1]``; shape (pairs + 1,).
    path_start, path_arcs
        Arcs of route r in the order of travel: ``path_arcs[path_start[r]:path_start[r + 1]]``.
    given_up
        Sequences of gateway arcs whose search was cut off, over all pairs; 0 means that the set is exact.
    """

    network: Supernetwork
    pairs: pd.DataFrame
    pair_start: NDArray[np.int64]
    path_start: NDArray[np.int64]
    path_arcs: NDArray[np.int32]
    given_up: int

    @property
    def pair_of_route(self) -> NDArray[np.int64]:
        """Pair of each route, shape (routes,)."""
        return np.repeat(np.arange(len(self.pairs)), np.diff(self.pair_start))

    def path(self, route: int) -> NDArray[np.int32]:
        """Arcs of a route in the order of travel."""
        return self.path_arcs[self.path_start[route] : self.path_start[route + 1]]

    def incidence(self) -> csr_matrix:
        """Which arcs each route uses: ones, shape (routes, arcs)."""
        shape = (self.path_start.size - 1, self.network.tail.size)
        return csr_matrix((np.ones(self.path_arcs.size), self.path_arcs.copy(), self.path_start.copy()), shape=shape)


def demand_pairs(states: Iterable[State]) -> list[Pair]:
    """Every pair with a demand row in some state, sorted."""
    found: set[Pair] = set()
    for state in states:
        found.update(Pair(*row) for row in state["demand"][PAIR_KEY].itertuples(index=False))
    return sorted(found)


def find_routes(
    states: Sequence[State],
    references: Sequence[State],
    pairs: Sequence[Pair],
    stops: Sequence[str] = (),
    progress: Callable[[str, float], None] | None = None,
    spread: Spread = map,
) -> RouteSet:
    """The route set of the pairs.

    Parameters
    ----------
    states
        States to be compared; the network holds every link that one of them opens. Links that the first one or a
        reference opens are searched by themselves before all of them together, so that a plan that opens more links
        never loses a route that is found without them.
    references
        States whose costs rank and bound the routes; a sequence of gateway groups keeps the route of the first state
        in which it has one.
    pairs
        Pairs to serve.
    stops
        Places where cargo may begin and end without loading or unloading, see
        :func:`karvan.freight.network.supernetwork.build`.
    progress
        Called with a text and the share done.
    spread
        Does the searches, one after the other as ``map`` or at the same time; results come in order.

    Returns
    -------
    RouteSet
        Each route's cost in some reference state is at most the detour bound times the cheapest of its pair.
    """
    network = build([*references, *states], stops)
    ends = _ends(network, pairs)
    found: list[dict[tuple[int, ...], NDArray[np.int32]]] = [{} for _ in pairs]
    given_up = 0
    tasks = _by_weights(pairs)
    costs = [arc_costs(network, reference) for reference in references]
    shared = np.logical_or.reduce([arc_costs(network, states[0]).open, *(each.open for each in costs)])
    passes = [(more, *each) for more in _passes(shared) for each in zip(references, costs, strict=True)]
    for count, (more, reference, each) in enumerate(passes):
        usable = shared if more is None else np.ones(shared.size, dtype=bool)
        serve = partial(_serve, partial(Search, network, each, reference, usable), ends, found, more)
        answers = spread(serve, tasks)
        for position, (task, cut_off) in enumerate(zip(tasks, answers, strict=True)):
            given_up += cut_off
            if progress is not None:
                share = (count + position / len(tasks)) / len(passes)
                progress(f"routes of {task.commodity} by {task.handling_class}", share)
    return _collected(network, pairs, found, given_up)


def _passes(shared: NDArray[np.bool_]) -> list[NDArray[np.bool_] | None]:
    """A search over the links that are shared, and where there are more of them one for the ways that take those."""
    return [None] if shared.all() else [None, ~shared]


def _serve(
    search_of: Callable[[str, str], Search],
    ends: Sequence[tuple[int, int]],
    found: list[dict[tuple[int, ...], NDArray[np.int32]]],
    over: NDArray[np.bool_] | None,
    task: Task,
) -> int:
    """Add the routes of the pairs of one task; returns how many searches were cut off.

    Where arcs to go ``over`` are named, only pairs are served whose cheapest way over one of them is within the bound.
    """
    search = search_of(task.handling_class, task.commodity)
    taken = None if over is None else np.flatnonzero(over[search.first_arc : search.first_arc + search.graph.cost.size])
    served = [p for p in task.members if min(ends[p]) >= 0]
    if taken is not None:
        served = [p for p in served if search.detour_over(*ends[p], taken) <= search.one.bound]
    return sum(search.add_routes(*ends[p], found[p]) for p in served)


def extended(
    routes: RouteSet, state: State, costs: ArcCosts, pairs: Sequence[Pair], within: float, spread: Spread = map
) -> RouteSet:
    """The route set with every new sequence that costs at most ``within`` times the cheapest way at some costs.

    Parameters
    ----------
    routes, pairs
        A route set and its pairs.
    state, costs
        State and arc costs, queues and prices included; arcs that are not open are left out.
    within
        Multiple of the pair's cheapest way.
    spread
        As in :func:`find_routes`.
    """
    network = routes.network
    found = [_held(routes, pair) for pair in range(len(pairs))]
    search_of = partial(Search, network, costs, state, costs.open, bound=within)
    serve = partial(_serve, search_of, _ends(network, pairs), found, None)
    return _collected(network, pairs, found, routes.given_up + sum(spread(serve, _by_weights(pairs))))


def _ends(network: Supernetwork, pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    """Source of each pair's origin and sink of its destination, -1 where there is none."""
    nodes, none = zone_nodes(network), (-1, -1)
    return [
        (nodes.get((p.origin, p.handling_class), none)[0], nodes.get((p.destination, p.handling_class), none)[1])
        for p in pairs
    ]


def _held(routes: RouteSet, pair: int) -> dict[tuple[int, ...], NDArray[np.int32]]:
    """Routes of a pair by their sequence."""
    paths = [routes.path(r) for r in range(int(routes.pair_start[pair]), int(routes.pair_start[pair + 1]))]
    return {group_sequence(routes.network.group[path]): path for path in paths}


def group_sequence(groups: NDArray[np.int32]) -> tuple[int, ...]:
    """Gateway groups of a path in order, arcs that are no gateway left out, runs of one group counted once.

    >>> group_sequence(np.array([-1, 3, -1, 3, 5, 3], dtype=np.int32))
    (3, 5, 3)
    """
    gates = groups[groups >= 0]
    first = np.ones(gates.size, dtype=bool)
    first[1:] = gates[1:] != gates[:-1]
    return tuple(gates[first].tolist())


def zone_nodes(network: Supernetwork) -> dict[tuple[str, str], tuple[int, int]]:
    """Source and sink node of every (place, handling class), -1 where it has none."""
    nodes: dict[tuple[str, str], tuple[int, int]] = {}
    keys = network.places["place"].tolist()
    for node, platform in enumerate(network.platforms):
        if platform.mode in {"source", "sink"}:
            key = (keys[platform.place], HANDLING_CLASSES[network.node_class[node]])
            source, sink = nodes.get(key, (-1, -1))
            nodes[key] = (node, sink) if platform.mode == "source" else (source, node)
    return nodes


def units_per_t(state: State, commodity: str, handling_class: str) -> float:
    """Units of the class in a tonne of the commodity: TEU for containers, 1 elsewhere."""
    if handling_class != "container":
        return 1.0
    rows = state["commodities"]
    return 1.0 / float(rows.loc[rows["commodity"] == commodity, "t_per_teu"].iloc[0])


def _by_weights(pairs: Sequence[Pair]) -> list[Task]:
    """Pairs that share a handling class and commodity, and so the weights of their arcs."""
    groups: dict[tuple[str, str], list[int]] = {}
    for index, pair in enumerate(pairs):
        groups.setdefault((pair.handling_class, pair.commodity), []).append(index)
    return [Task(*key, members) for key, members in groups.items()]


class Search:
    """The graph of one handling class with the weights of one commodity in one state.

    It takes the arcs that are ``usable``, shape (arcs of the network,), and without a bound of its own the detour bound
    of the state.
    """

    def __init__(
        self,
        network: Supernetwork,
        costs: ArcCosts,
        state: State,
        usable: NDArray[np.bool_],
        handling_class: str,
        commodity: str,
        bound: float | None = None,
    ) -> None:
        number = HANDLING_CLASSES.index(handling_class)
        self.first_arc, last_arc = network.first_arc[number : number + 2]
        self.first_node, last_node = network.first_node[number : number + 2]
        arcs = slice(self.first_arc, last_arc)
        hour = usd_per_t_hour(state["commodities"])[commodity]
        cost = generalised(costs, units_per_t(state, commodity, handling_class), hour)[arcs]
        weights = np.where(usable[arcs], cost, np.inf)
        tail, head = network.tail[arcs] - self.first_node, network.head[arcs] - self.first_node
        start, order = outgoing(int(last_node - self.first_node), tail)
        places = network.node_place[self.first_node : last_node]
        countries = pd.factorize(network.places["country"])[0].astype(np.int32)[places]
        self.graph = Graph(
            tail, head, weights, network.group[arcs], network.zigzag[arcs], places, countries, start, order
        )
        free = np.where(network.group[arcs] >= 0, np.inf, weights)
        self.distances = Distances(*all_pairs(start, order, head, free), all_pairs(start, order, head, weights)[0])
        self.one = Rule(
            bound=state.parameter("detour_bound", DETOUR_BOUND) if bound is None else bound,
            near=state.parameter("stretch_share", STRETCH_SHARE),
            factor=state.parameter("stretch_factor", STRETCH_FACTOR),
            slack=state.parameter("stretch_sum_usd_per_t", STRETCH_SLACK_USD_PER_T),
            steps=MOST_STEPS,
        )

    def detour(self, source: int, sink: int, group: int | None) -> float:
        """Cost of the cheapest way through a gateway group over that of the cheapest way; infinite without one."""
        return 1.0 if group is None else self.detour_over(source, sink, np.flatnonzero(self.graph.group == group))

    def detour_over(self, source: int, sink: int, arcs: NDArray[np.intp]) -> float:
        """Cost of the cheapest way over one of some arcs of the graph over that of the cheapest way."""
        everything, graph = self.distances.all, self.graph
        origin, target = source - int(self.first_node), sink - int(self.first_node)
        through = everything[origin, graph.tail[arcs]] + graph.cost[arcs] + everything[graph.head[arcs], target]
        cheapest = float(np.min(through, initial=np.inf))
        return cheapest / float(everything[origin, target]) if np.isfinite(cheapest) else np.inf

    def add_routes(self, source: int, sink: int, found: dict[tuple[int, ...], NDArray[np.int32]]) -> int:
        """Add the routes of new sequences from a source to a sink; returns how many searches were cut off."""
        origin, target = source - int(self.first_node), sink - int(self.first_node)
        cheapest = self.distances.all[origin, target]
        if not np.isfinite(cheapest):
            return 0
        rule = self.one._replace(bound=cheapest * self.one.bound, near=cheapest * self.one.near)
        arcs, start, cost, given_up = routes_of_pair(self.graph, self.distances, rule, origin, target)
        for r in range(cost.size):
            path = arcs[start[r] : start[r + 1]]
            found.setdefault(group_sequence(self.graph.group[path]), path + self.first_arc)
        return int(given_up)


def _collected(
    network: Supernetwork, pairs: Sequence[Pair], found: list[dict[tuple[int, ...], NDArray[np.int32]]], given_up: int
) -> RouteSet:
    """The routes of all pairs in one matrix."""
    paths = [path for routes in found for path in routes.values()]
    start = np.concatenate(([0], np.cumsum([path.size for path in paths]))).astype(np.int64)
    indices = np.concatenate(paths) if paths else np.empty(0, dtype=np.int32)
    return RouteSet(
        network=network,
        pairs=pd.DataFrame(list(pairs), columns=PAIR_KEY),
        pair_start=np.concatenate(([0], np.cumsum([len(routes) for routes in found]))).astype(np.int64),
        path_start=start,
        path_arcs=indices.astype(np.int32),
        given_up=given_up,
    )
