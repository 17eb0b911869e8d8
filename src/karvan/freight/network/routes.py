"""The route set of every pair: for each ordered sequence of gateway groups, its cheapest route.

Routes are found once on the union of all links that any state may open, at the costs of each reference state, and kept
for all states compared. A pair is an origin, a destination, a commodity and a handling class. The rules (bound,
stretch, no place and no country twice) are those of :mod:`karvan.numerics.search.route_rules`, in USD/t of generalised
cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from karvan.corridor.state import State
from karvan.freight.network.costs import ArcCosts, arc_costs, generalised, usd_per_t_hour
from karvan.freight.network.supernetwork import HANDLING_CLASSES, Supernetwork, build
from karvan.numerics.search.route_rules import Distances, Graph, Rule
from karvan.numerics.search.sequences import routes_of_pair
from karvan.numerics.search.shortest import all_pairs, outgoing

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


class Ways(NamedTuple):
    """Ways between the ends of a pair: arcs of way r are ``arcs[start[r]:start[r + 1]]``, searches cut off counted."""

    pair: int
    arcs: NDArray[np.int32]
    start: NDArray[np.int64]
    given_up: int


Spread = Callable[[Callable[[Task], list[Ways]], Iterable[Task]], Iterable[list[Ways]]]
Sequences = dict[tuple[int, ...], NDArray[np.int32]]


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
    found: list[Sequences] = [{} for _ in pairs]
    given_up = 0
    tasks = _by_weights(pairs)
    costs = [arc_costs(network, reference) for reference in references]
    shared = np.logical_or.reduce([arc_costs(network, states[0]).open, *(each.open for each in costs)])
    passes = [(more, *each) for more in _passes(shared) for each in zip(references, costs, strict=True)]
    for count, (more, reference, each) in enumerate(passes):
        usable = shared if more is None else np.ones(shared.size, dtype=bool)
        serve = partial(_serve, partial(Search, network, each, reference, usable), ends, more)
        answers: list[Ways] = []
        for position, (task, ways) in enumerate(zip(tasks, spread(serve, tasks), strict=True)):
            answers += ways
            if progress is not None:
                share = (count + position / len(tasks)) / len(passes)
                progress(f"routes of {task.commodity} by {task.handling_class}", share)
        given_up += _added(found, network.group, answers)
    return _collected(network, pairs, found, given_up)


def _passes(shared: NDArray[np.bool_]) -> list[NDArray[np.bool_] | None]:
    """A search over the links that are shared, and where there are more of them one for the ways that take those."""
    return [None] if shared.all() else [None, ~shared]


def _serve(
    search_of: Callable[[tuple[str, str], Sequence[tuple[int, int]]], Search],
    ends: Sequence[tuple[int, int]],
    over: NDArray[np.bool_] | None,
    task: Task,
) -> list[Ways]:
    """The ways of the pairs of one task.

    Where arcs to go ``over`` are named, only pairs are served whose cheapest way over one of them is within the bound.
    """
    served = [p for p in task.members if min(ends[p]) >= 0]
    search = search_of((task.handling_class, task.commodity), [ends[p] for p in served])
    taken = None if over is None else np.flatnonzero(over[search.first_arc : search.first_arc + search.graph.cost.size])
    if taken is not None:
        served = [p for p in served if search.detour_over(*ends[p], taken) <= search.one.bound]
    return [search.ways(p, *ends[p]) for p in served]


def _added(found: list[Sequences], group: NDArray[np.int32], answers: Sequence[Ways]) -> int:
    """Add the ways of new sequences to what was found of each pair; returns how many searches were cut off."""
    if not answers:
        return 0
    arcs = np.concatenate([ways.arcs for ways in answers])
    size = np.concatenate([np.diff(ways.start) for ways in answers])
    start = np.concatenate(([0], np.cumsum(size)))
    pair = np.repeat([ways.pair for ways in answers], [ways.start.size - 1 for ways in answers])
    paths = zip(pair.tolist(), group_sequences(group, arcs, start), pairwise(start.tolist()), strict=True)
    for number, sequence, (begin, end) in paths:
        found[number].setdefault(sequence, arcs[begin:end])
    return sum(ways.given_up for ways in answers)


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
    found: list[Sequences] = [{} for _ in pairs]
    search_of = partial(Search, network, costs, state, costs.open, bound=within)
    serve = partial(_serve, search_of, _ends(network, pairs), None)
    new = [ways for task in spread(serve, _by_weights(pairs)) for ways in task]
    return _collected(network, pairs, found, routes.given_up + _added(found, network.group, [*_held(routes), *new]))


def _ends(network: Supernetwork, pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    """Source of each pair's origin and sink of its destination, -1 where there is none."""
    nodes, none = zone_nodes(network), (-1, -1)
    return [
        (nodes.get((p.origin, p.handling_class), none)[0], nodes.get((p.destination, p.handling_class), none)[1])
        for p in pairs
    ]


def _held(routes: RouteSet) -> list[Ways]:
    """The ways of each pair in a route set."""
    ways = []
    for pair, (first, last) in enumerate(pairwise(routes.pair_start.tolist())):
        start = routes.path_start[first : last + 1]
        ways.append(Ways(pair, routes.path_arcs[start[0] : start[-1]], start - start[0], 0))
    return ways


def group_sequences(
    group: NDArray[np.int32], arcs: NDArray[np.int32], start: NDArray[np.int64]
) -> list[tuple[int, ...]]:
    """Gateway groups of paths in order, arcs that are no gateway left out, runs of one group counted once.

    Parameters
    ----------
    group
        Gateway group of each arc of the network, -1 where it is none.
    arcs, start
        Arcs of path r are ``arcs[start[r]:start[r + 1]]``.

    >>> group_sequences(np.array([-1, 3, 5]), np.array([0, 1, 0, 1, 2, 1, 0]), np.array([0, 6, 7]))
    [(3, 5, 3), ()]
    """
    path = np.repeat(np.arange(start.size - 1), np.diff(start))
    gate = group[arcs] >= 0
    path, passed = path[gate], group[arcs[gate]]
    first, cuts = runs(path, passed, start.size - 1)
    words = passed[first].tolist()
    return [tuple(words[begin:end]) for begin, end in pairwise(cuts)]


def runs(path: NDArray[np.intp], item: NDArray[np.integer], count: int) -> tuple[NDArray[np.bool_], list[int]]:
    """Where runs of one item begin within each of ``count`` paths, and which of these runs are whose.

    ``path`` is sorted and has one entry an item; runs of path r are ``cuts[r]:cuts[r + 1]``.
    """
    first = np.ones(path.size, dtype=bool)
    first[1:] = (path[1:] != path[:-1]) | (item[1:] != item[:-1])
    return first, np.searchsorted(path[first], np.arange(count + 1)).tolist()


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
    """The graph of one handling class with the weights of one commodity in one state, for the pairs of some ends.

    It takes the arcs that are ``usable``, shape (arcs of the network,), and without a bound of its own the detour bound
    of the state.
    """

    def __init__(
        self,
        network: Supernetwork,
        costs: ArcCosts,
        state: State,
        usable: NDArray[np.bool_],
        kind: tuple[str, str],
        ends: Sequence[tuple[int, int]],
        bound: float | None = None,
    ) -> None:
        handling_class, commodity = kind
        number = HANDLING_CLASSES.index(handling_class)
        self.first_arc, last_arc = network.first_arc[number : number + 2]
        self.first_node, last_node = network.first_node[number : number + 2]
        arcs = slice(self.first_arc, last_arc)
        hour = usd_per_t_hour(state["commodities"])[commodity]
        cost = generalised(costs, units_per_t(state, commodity, handling_class), hour)[arcs]
        weights = np.where(usable[arcs], cost, np.inf)
        tail, head = network.tail[arcs] - self.first_node, network.head[arcs] - self.first_node
        size = int(last_node - self.first_node)
        taken = np.isfinite(weights) & _leads_on(tail, head, size, np.array(ends, dtype=np.int64) - self.first_node)
        places = network.node_place[self.first_node : last_node]
        countries = pd.factorize(network.places["country"])[0].astype(np.int32)[places]
        group = network.group[arcs]
        start, order = _outgoing(size, tail, taken)
        self.graph = Graph(tail, head, weights, group, network.zigzag[arcs], places, countries, start, order)
        free, last = all_pairs(*_outgoing(size, tail, taken & (group < 0)), head, weights)
        self.distances = Distances(free, last, np.ascontiguousarray(all_pairs(start, order, head, weights)[0].T))
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
        to, graph = self.distances.to, self.graph
        origin, target = source - int(self.first_node), sink - int(self.first_node)
        through = to[graph.tail[arcs], origin] + graph.cost[arcs] + to[target, graph.head[arcs]]
        cheapest = float(np.min(through, initial=np.inf))
        return cheapest / float(to[target, origin]) if np.isfinite(cheapest) else np.inf

    def ways(self, pair: int, source: int, sink: int) -> Ways:
        """The ways of a pair from a source to a sink: the cheapest of every sequence of gateway groups."""
        origin, target = source - int(self.first_node), sink - int(self.first_node)
        cheapest = self.distances.to[target, origin]
        if not np.isfinite(cheapest):
            return Ways(pair, np.empty(0, dtype=np.int32), np.zeros(1, dtype=np.int64), 0)
        rule = self.one._replace(bound=cheapest * self.one.bound, near=cheapest * self.one.near)
        arcs, start, _, given_up = routes_of_pair(self.graph, self.distances, rule, origin, target)
        return Ways(pair, arcs + np.int32(self.first_arc), start, int(given_up))


def _leads_on(
    tail: NDArray[np.int32], head: NDArray[np.int32], size: int, ends: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which arcs a way between some ends may take: those that touch no node that is a dead end and not among them."""
    leads = (np.bincount(tail, minlength=size) > 0) & (np.bincount(head, minlength=size) > 0)
    leads[ends.ravel()] = True
    return np.asarray(leads[tail] & leads[head])


def _outgoing(
    size: int, tail: NDArray[np.int32], taken: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The arcs taken sorted by tail, as :func:`karvan.numerics.search.shortest.outgoing` sorts all of them."""
    arcs = np.flatnonzero(taken).astype(np.int32)
    start, order = outgoing(size, tail[arcs])
    return start, arcs[order]


def _collected(network: Supernetwork, pairs: Sequence[Pair], found: list[Sequences], given_up: int) -> RouteSet:
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
