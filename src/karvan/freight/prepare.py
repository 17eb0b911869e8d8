"""What freight needs for many solves, compiled once: network, routes, path sizes, scales."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from karvan.corridor.state import State
from karvan.freight.choice import Choice, log_path_sizes
from karvan.freight.network.costs import ArcCosts, arc_costs, usd_per_t_hour
from karvan.freight.network.routes import Pair, RouteSet, Spread, find_routes, runs, units_per_t
from karvan.freight.network.supernetwork import HANDLING_CLASSES

PATH_SIZE_EXPONENT = 1.0
OUTSIDE_FACTOR = 2.5


@dataclass(frozen=True)
class Passages:
    """Every passage of a route through a gateway group: route, group and heading of its first arc, in order."""

    route: NDArray[np.int64]
    group: NDArray[np.int32]
    heading: NDArray[np.int8]


@dataclass(frozen=True)
class Prepared:
    """Routes and everything about them that no year changes.

    ``units_per_t`` (pairs,) is TEU per tonne for containers and 1 elsewhere, ``usd_per_t_hour`` (pairs,) the choice
    value of time, ``cheapest_usd_per_t`` (pairs,) the cheapest free-flow cost in the base year, on which the scale of
    choice and the outside option rest.
    """

    routes: RouteSet
    incidence: csr_matrix
    choice: Choice
    passages: Passages
    units_per_t: NDArray[np.float64]
    usd_per_t_hour: NDArray[np.float64]
    cheapest_usd_per_t: NDArray[np.float64]

    @property
    def pairs(self) -> list[Pair]:
        """The pairs as tuples, in order."""
        return [Pair(*row) for row in self.routes.pairs.itertuples(index=False)]

    @property
    def class_of_pair(self) -> NDArray[np.int64]:
        """Handling class of each pair, index into HANDLING_CLASSES."""
        return np.array([HANDLING_CLASSES.index(c) for c in self.routes.pairs["handling_class"]], dtype=np.int64)


def prepare(
    states: Sequence[State],
    base: State,
    references: Sequence[State],
    pairs: Sequence[Pair],
    stops: Sequence[str] = (),
    progress: Callable[[str, float], None] | None = None,
    spread: Spread = map,
) -> Prepared:
    """Find the routes and compile what every solve needs.

    Parameters
    ----------
    states
        All states that will be compared.
    base
        State of the corridor's base year: its free-flow costs scale choice and weigh path sizes.
    references
        States at whose costs routes are generated.
    pairs
        Pairs to serve, as :func:`karvan.freight.network.routes.demand_pairs` gives them.
    stops
        Places where cargo may begin and end without loading or unloading.
    progress
        Called with a text and the share done.
    spread
        Does the searches for routes, as in :func:`karvan.freight.network.routes.find_routes`.
    """
    return compiled(find_routes([base, *states], references, pairs, stops, progress, spread), base, pairs)


def compiled(routes: RouteSet, base: State, pairs: Sequence[Pair]) -> Prepared:
    """Everything about a route set that no year changes; parameters as in :func:`prepare`."""
    kinds = [(pair.commodity, pair.handling_class) for pair in pairs]
    unit = {kind: units_per_t(base, *kind) for kind in sorted(set(kinds))}
    units = np.array([unit[kind] for kind in kinds])
    hour = usd_per_t_hour(base["commodities"])
    value_of_time = np.array([hour[p.commodity] for p in pairs])
    incidence = routes.incidence()
    costs = arc_costs(routes.network, base)
    weighted = _route_arc_costs(routes, costs, units, value_of_time, incidence)
    route_cost = np.asarray(weighted.sum(axis=1), dtype=np.float64).ravel()
    is_open = incidence @ (~costs.open).astype(float) == 0
    cheapest = _cheapest(routes, route_cost, is_open)
    return Prepared(
        routes=routes,
        incidence=incidence,
        choice=_choice(base, routes, weighted, cheapest, is_open),
        passages=_passages(routes),
        units_per_t=units,
        usd_per_t_hour=value_of_time,
        cheapest_usd_per_t=cheapest,
    )


def _route_arc_costs(
    routes: RouteSet,
    costs: ArcCosts,
    units: NDArray[np.float64],
    value_of_time: NDArray[np.float64],
    incidence: csr_matrix,
) -> csr_matrix:
    """Generalised cost of each arc of each route, in the pattern of the incidence matrix."""
    pair = np.repeat(routes.pair_of_route, np.diff(incidence.indptr))
    arc = incidence.indices
    data = costs.usd[arc] * units[pair] + costs.hours[arc] * value_of_time[pair]
    return csr_matrix((data, arc, incidence.indptr), shape=incidence.shape)


def _cheapest(routes: RouteSet, route_cost: NDArray[np.float64], is_open: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Cheapest open route of each pair, the cheapest of all where none is open, NaN where there is none."""
    result = np.full(len(routes.pairs), np.nan)
    for pair in range(result.size):
        rows = slice(routes.pair_start[pair], routes.pair_start[pair + 1])
        usable = route_cost[rows][is_open[rows]] if is_open[rows].any() else route_cost[rows]
        if usable.size:
            result[pair] = usable.min()
    return result


def _choice(
    base: State,
    routes: RouteSet,
    weighted: csr_matrix,
    cheapest: NDArray[np.float64],
    is_open: NDArray[np.bool_],
) -> Choice:
    """Scales, outside costs and path sizes; a pair without routes gets a scale of 1, which nothing uses."""
    commodities = base["commodities"]
    dispersion = dict(zip(commodities["commodity"], commodities["dispersion"], strict=True))
    scale = np.array([dispersion[c] for c in routes.pairs["commodity"]])
    known = np.where(np.isnan(cheapest), scale, cheapest)
    beta = base.parameter("path_size_exponent", PATH_SIZE_EXPONENT)
    route_cost = np.asarray(weighted.sum(axis=1), dtype=np.float64).ravel()
    return Choice(
        pair_start=routes.pair_start,
        theta=scale / known,
        outside_usd_per_t=known * base.parameter("outside_factor", OUTSIDE_FACTOR),
        log_path_size=beta * log_path_sizes(routes.pair_start, weighted, route_cost, is_open),
    )


def _passages(routes: RouteSet) -> Passages:
    """Gateway groups of every route in order, runs of one group counted once."""
    network, count = routes.network, routes.path_start.size - 1
    route = np.repeat(np.arange(count), np.diff(routes.path_start))
    gate = network.group[routes.path_arcs] >= 0
    route, arc = route[gate], routes.path_arcs[gate]
    new, _ = runs(route, network.group[arc], count)
    return Passages(route[new], network.group[arc[new]], network.heading[arc[new]])
