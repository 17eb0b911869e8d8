"""Free flow: what each route costs in one year without queues, and how choice splits the demand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from karvan.corridor.state import State
from karvan.freight.choice import Shares, shares
from karvan.freight.network.costs import ArcCosts, arc_costs, usage
from karvan.freight.network.routes import PAIR_KEY
from karvan.freight.network.supernetwork import HANDLING_CLASSES, HEADINGS
from karvan.freight.prepare import Prepared
from karvan.units import T_PER_KT

RELIABILITY_RATIO = 0.3
MOST_T_PER_TEU = 30.0


@dataclass(frozen=True)
class RouteCosts:
    """Attributes of every route in one year; arrays of shape (routes,).

    ``hours`` include ``wait_hours`` in queues; ``generalised_usd_per_t`` is money, value of time, value of
    unreliability, gateway constants and the scarcity prices of full resources together. Waits and scarcity are 0 in
    free flow.
    """

    usd_per_t: NDArray[np.float64]
    hours: NDArray[np.float64]
    sd_hours: NDArray[np.float64]
    co2e_kg_per_t: NDArray[np.float64]
    constant_usd_per_t: NDArray[np.float64]
    generalised_usd_per_t: NDArray[np.float64]
    wait_hours: NDArray[np.float64]
    scarcity_usd_per_t: NDArray[np.float64]
    open: NDArray[np.bool_]


class Taken(NamedTuple):
    """What arcs and routes take of a state's resources.

    ``by_arc`` (arcs, resources) and ``by_route`` (routes, resources) are units a unit of cargo takes; ``passes``
    (routes, resources), in the pattern of ``by_route``, is how often a route waits there.
    """

    uses: pd.DataFrame
    resources: tuple[str, ...]
    by_arc: csr_matrix
    by_route: csr_matrix
    passes: csr_matrix


@dataclass(frozen=True)
class Flow:
    """Freight of one year.

    ``demand_kt`` and ``demand_teu`` have shape (pairs,), ``kt``, ``teu`` and ``units`` (TEU for containers, t
    elsewhere) shape (routes,).
    """

    state: State
    arcs: ArcCosts
    costs: RouteCosts
    shares: Shares
    taken: Taken
    demand_kt: NDArray[np.float64]
    demand_teu: NDArray[np.float64]
    demand_units: NDArray[np.float64]
    kt: NDArray[np.float64]
    teu: NDArray[np.float64]
    units: NDArray[np.float64]


def taken_in(prepared: Prepared, state: State, known: Taken | None = None) -> Taken:
    """What routes take of resources in a state; ``known`` where its table of uses and its resources are the same."""
    resources = tuple(state["resources"]["resource"])
    if known is not None and known.uses is state["uses"] and known.resources == resources:
        return known
    by_arc = usage(prepared.routes.network, state)
    once = by_arc.copy()
    once.data = (once.data > 0).astype(float)
    by_route, passes = ((prepared.incidence @ matrix).tocsr() for matrix in (by_arc, once))
    by_route.sort_indices()
    passes.sort_indices()
    return Taken(state["uses"], resources, by_arc, by_route, passes)


ARC_TABLES = ("links", "transfers", "borders", "modes", "parameters")


def arcs_in(prepared: Prepared, state: State, known: Flow | None = None) -> ArcCosts:
    """What arcs cost in a state without queues; those of a known flow where all tables they rest on are the same."""
    if known is not None and all(known.state[name] is state[name] for name in ARC_TABLES):
        return replace(known.arcs, hours_waiting=np.zeros(known.arcs.usd.size))
    return arc_costs(prepared.routes.network, state)


def free_flow(prepared: Prepared, state: State, known: Flow | None = None) -> Flow:
    """Split the demand of one year over the routes at free-flow costs.

    Parameters
    ----------
    prepared
        Routes of all pairs.
    state
        One of the states the routes were prepared for.
    known
        The flow of another year or state, whose parts are used again where the tables they rest on are the same.

    Returns
    -------
    Flow
        Served and unserved cargo of each pair add up to its demand.
    """
    arcs = arcs_in(prepared, state, known)
    taken = taken_in(prepared, state, known.taken if known is not None else None)
    costs = route_costs(prepared, state, arcs, taken, _constants_in(prepared, state, known))
    split = shares(prepared.choice, costs.generalised_usd_per_t, costs.open)
    demand = _demand_in(prepared, state, known)
    pair = prepared.routes.pair_of_route
    return Flow(
        state=state,
        arcs=arcs,
        costs=costs,
        shares=split,
        taken=taken,
        demand_kt=demand.kt,
        demand_teu=demand.teu,
        demand_units=demand.units,
        kt=split.route * demand.kt[pair],
        teu=split.route * demand.teu[pair],
        units=split.route * demand.units[pair],
    )


def _constants_in(prepared: Prepared, state: State, known: Flow | None) -> NDArray[np.float64]:
    """Constants of every route's gateways; those of a known flow where the table they rest on is the same."""
    if known is not None and known.state["choice"] is state["choice"]:
        return known.costs.constant_usd_per_t
    return gateway_constants(prepared, state)


def _demand_in(prepared: Prepared, state: State, known: Flow | None) -> Demand:
    """Demand of every pair; that of a known flow where the table it rests on is the same."""
    if known is not None and known.state["demand"] is state["demand"]:
        return Demand(known.demand_kt, known.demand_teu, known.demand_units)
    return pair_demand(prepared, state)


def route_costs(
    prepared: Prepared, state: State, arcs: ArcCosts, taken: Taken, constant: NDArray[np.float64]
) -> RouteCosts:
    """Attributes of every route in a state, by the costs and resource use of its arcs and its gateways' constants."""
    pair = prepared.routes.pair_of_route
    incidence = prepared.incidence
    usd = (incidence @ arcs.usd) * prepared.units_per_t[pair]
    hours = incidence @ arcs.hours
    sd = route_sd_hours(taken.by_route, state["resources"]["sd_hours"].to_numpy(float))
    hour = prepared.usd_per_t_hour[pair]
    ratio = state.parameter("reliability_ratio", RELIABILITY_RATIO)
    return RouteCosts(
        usd_per_t=usd,
        hours=hours,
        sd_hours=sd,
        co2e_kg_per_t=incidence @ arcs.co2e_kg_per_t,
        constant_usd_per_t=constant,
        generalised_usd_per_t=usd + hour * (hours + ratio * sd) + constant,
        wait_hours=np.zeros(usd.size),
        scarcity_usd_per_t=np.zeros(usd.size),
        open=incidence @ (~arcs.open).astype(float) == 0,
    )


def route_sd_hours(use: csr_matrix, sd_hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard deviation of each route's hours: resources are independent and each counts once."""
    used = csr_matrix(((use.data > 0).astype(float), use.indices, use.indptr), shape=use.shape)
    return np.asarray(np.sqrt(used @ np.nan_to_num(sd_hours) ** 2))


def gateway_constants(prepared: Prepared, state: State) -> NDArray[np.float64]:
    """Constants of the gateways each route passes, in USD/t; rows of one group add, each passage counts once."""
    network = prepared.routes.network
    number = {name: i for i, name in enumerate(network.groups)}
    constant = np.zeros((len(HANDLING_CLASSES), max(len(number), 1), len(HEADINGS)))
    choice = state["choice"]
    per_class_unit = np.where(
        choice["handling_class"] == "container", choice["constant_usd_per_teu"], choice["constant_usd_per_t"]
    )
    columns = zip(choice["gateway_group"], choice["handling_class"], choice["direction"], per_class_unit, strict=True)
    for group, handling_class, direction, value in columns:
        if group not in number or np.isnan(value):
            continue
        for heading in range(len(HEADINGS)) if direction == "both" else (HEADINGS.index(direction),):
            constant[HANDLING_CLASSES.index(handling_class), number[group], heading] += value
    passages = prepared.passages
    pair = prepared.routes.pair_of_route
    handling = prepared.class_of_pair[pair[passages.route]]
    per_unit = np.zeros(pair.size)
    np.add.at(per_unit, passages.route, constant[handling, passages.group, passages.heading])
    return per_unit * prepared.units_per_t[pair]


class Demand(NamedTuple):
    """Demand of each pair over all segments of a year, shape (pairs,).

    ``units`` is what loads a resource: TEU for containers, t elsewhere. ``teu`` are the boxes the table tells.
    """

    kt: NDArray[np.float64]
    teu: NDArray[np.float64]
    units: NDArray[np.float64]


def pair_demand(prepared: Prepared, state: State) -> Demand:
    """Demand of each pair in kt, TEU and units of its class.

    A row of boxes without TEU holds as many as its commodity's tonnes a TEU make. A row whose TEU would hold more than
    ``MOST_T_PER_TEU`` tonnes each tells the boxes of a part of its cargo only; all of it loads resources in boxes of
    the commodity's weight, so that loads are not understated.
    """
    pair, rows = row_demand(prepared, state["demand"])
    known = pair >= 0
    return Demand(*(_by_pair(prepared, pair[known], values[known]) for values in rows))


def row_demand(prepared: Prepared, demand: pd.DataFrame) -> tuple[NDArray[np.intp], Demand]:
    """The pair of each demand row (-1 where there is none) and its demand as :func:`pair_demand` counts it."""
    pair = pd.MultiIndex.from_frame(prepared.routes.pairs).get_indexer(pd.MultiIndex.from_frame(demand[PAIR_KEY]))
    kt, told = (np.nan_to_num(demand[name].to_numpy(float)) for name in ("kt", "teu"))
    container = (demand["handling_class"] == "container").to_numpy()
    filled = kt * T_PER_KT * prepared.units_per_t[pair]
    teu = np.where(container & (told == 0), filled, told)
    partly = kt * T_PER_KT > MOST_T_PER_TEU * teu
    return pair, Demand(kt, teu, np.where(container, np.where(partly, filled, teu), kt * T_PER_KT))


def _by_pair(prepared: Prepared, pair: NDArray[np.intp], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of values over each pair."""
    total = np.zeros(len(prepared.routes.pairs))
    np.add.at(total, pair, values)
    return total
