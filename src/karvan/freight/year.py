"""One year as a problem to solve, and its answer as flows: the prepared routes with a state's costs and resources."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.state import State
from karvan.freight.assignment import Flow, Taken, free_flow
from karvan.freight.choice import shares
from karvan.freight.equilibrium import Equilibrium, Point, Problem
from karvan.freight.network.costs import arc_costs
from karvan.freight.prepare import Prepared
from karvan.freight.resources import Resources, resources_of
from karvan.numerics.loading import Demand, Paths
from karvan.units import T_PER_KT

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Year:
    """A state's free flow and resources."""

    free: Flow
    resources: Resources

    @property
    def state(self) -> State:
        """The state of the year."""
        return self.free.state

    @property
    def taken(self) -> Taken:
        """What each route takes of the resources."""
        return self.free.taken


def year_of(prepared: Prepared, state: State, known: Flow | None = None) -> Year:
    """The year of a state: costs of all routes, demand, and resources; routes over closed resources are closed.

    ``known`` is the flow of another year or state, whose parts are used again where their tables are the same.
    """
    return Year(free_flow(prepared, state, known), resources_of(state["resources"]))


def problem_of(prepared: Prepared, year: Year) -> Problem:
    """The arrays that :func:`karvan.freight.equilibrium.solve` takes."""
    free = year.free
    taken = year.taken
    closed = (taken.by_route @ year.resources.closed.astype(float)) > 0
    base = np.where(free.costs.open & ~closed, free.costs.generalised_usd_per_t, np.inf)
    units = free.demand_units
    tonnes = free.demand_kt * T_PER_KT
    per_t = np.divide(units, tonnes, out=prepared.units_per_t.copy(), where=tonnes > 0)
    demand = Demand(
        start=prepared.routes.pair_start,
        theta=_floats(prepared.choice.theta),
        outside=_floats(prepared.choice.outside_usd_per_t),
        units=_floats(units),
        hour=_floats(prepared.usd_per_t_hour),
        per_t=_floats(per_t),
    )
    paths = Paths(
        base=_floats(base),
        log_size=_floats(prepared.choice.log_path_size),
        start=taken.by_route.indptr.astype(np.int64),
        resource=taken.by_route.indices.astype(np.int32),
        use=_floats(taken.by_route.data),
        passes=_floats(taken.passes.data),
    )
    return Problem(demand, paths, year.resources)


def _floats(values: Floats) -> Floats:
    """The values as a kernel wants them: contiguous and of one type, also where there are none."""
    return np.ascontiguousarray(values, dtype=np.float64)


def flow_at(prepared: Prepared, year: Year, point: Point) -> Flow:
    """The flow of a year at given waits and prices: hours include waits, the choice sees prices too."""
    free = year.free
    problem = problem_of(prepared, year)
    pair = prepared.routes.pair_of_route
    waits = year.taken.passes @ point.wait
    scarcity = (year.taken.by_route @ point.price) * problem.demand.per_t[pair]
    is_open = np.isfinite(problem.paths.base)
    cost = free.costs.generalised_usd_per_t + prepared.usd_per_t_hour[pair] * waits + scarcity
    costs = replace(
        free.costs,
        hours=free.costs.hours + waits,
        generalised_usd_per_t=cost,
        wait_hours=waits,
        scarcity_usd_per_t=scarcity,
        open=is_open,
    )
    split = shares(prepared.choice, cost, is_open)
    return replace(
        free,
        arcs=replace(free.arcs, hours_waiting=arc_waits(year, point)),
        costs=costs,
        shares=split,
        kt=split.route * free.demand_kt[pair],
        teu=split.route * free.demand_teu[pair],
        units=split.route * free.demand_units[pair],
    )


def arc_waits(year: Year, point: Point) -> Floats:
    """Hours of wait on each arc, shape (arcs,)."""
    once = year.taken.by_arc.copy()
    once.data = (once.data > 0).astype(float)
    return np.asarray(once @ point.wait)


def flow_of(prepared: Prepared, year: Year, equilibrium: Equilibrium) -> Flow:
    """The flow of an equilibrium."""
    return flow_at(prepared, year, equilibrium.point)


def with_emissions(prepared: Prepared, flow: Flow, modes: pd.DataFrame) -> Flow:
    """The flow with the emission factors of another table ``modes``; cargo stays where it is.

    Parameters
    ----------
    prepared
        Routes of all pairs.
    flow
        A year on them.
    modes
        As the input table.
    """
    emitting = replace(flow.state, tables={**flow.state.tables, "modes": modes})
    per_arc = arc_costs(prepared.routes.network, emitting).co2e_kg_per_t
    return replace(
        flow,
        state=emitting,
        arcs=replace(flow.arcs, co2e_kg_per_t=per_arc),
        costs=replace(flow.costs, co2e_kg_per_t=prepared.incidence @ per_arc),
    )
