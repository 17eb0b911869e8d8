"""What indicators are at an equilibrium, and their exact derivatives by every free lever, through waits and prices.

An indicator that is a sum over routes is, for one year, scale x sum over routes of demand x share x weight, the weight
being how often a route passes what is counted. Others (means, largest values, tables no route adds to) are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor
from karvan.corridor.state import State
from karvan.freight.assignment import Flow, gateway_constants
from karvan.freight.empties import EMPTY_BOXES
from karvan.freight.equilibrium import Equilibrium
from karvan.freight.network.costs import arc_costs
from karvan.freight.network.supernetwork import HANDLING_CLASSES
from karvan.freight.prepare import Prepared
from karvan.freight.tables import gateway_cells
from karvan.freight.worth.adjoint import Adjoint, Gradient
from karvan.freight.worth.service import resource_slopes
from karvan.freight.year import Year
from karvan.scenario.where import matching, parse_where
from karvan.schema.tables import table
from karvan.study.calibrate.free import FreeLever, rows_of, with_table
from karvan.study.record import Indicator, indicators

Floats = NDArray[np.float64]
BOXES_TOO = "boxes_teu"


@dataclass(frozen=True)
class Measured:
    """An indicator and its weight on every route, shape (routes,); None where the state's uses of resources say it."""

    indicator: Indicator
    weight: Floats | None


def measured(corridor: Corridor, prepared: Prepared) -> tuple[Measured, ...]:
    """The indicators of a corridor that are sums over routes, in the order of their table."""
    cells, network = gateway_cells(prepared), prepared.routes.network
    route, size = prepared.passages.route, prepared.routes.pair_of_route.size
    links = network.links["link"].to_numpy()[np.where(network.is_link, network.row, 0)]
    arcs = pd.DataFrame(
        {
            "link": links,
            "direction": np.where(network.back, "back", "forward"),
            "handling_class": np.array(HANDLING_CLASSES)[network.arc_class],
        }
    )
    made = []
    for each in (one for one in indicators(corridor) if one.aggregate == "sum"):
        if each.table == "freight.gateways":
            counted = _rows(cells.key, each)[cells.cell]
            made.append(Measured(each, np.bincount(route[counted], minlength=size).astype(np.float64)))
        elif each.table == "freight.flows":
            made.append(Measured(each, prepared.incidence @ (_rows(arcs, each) & network.is_link).astype(float)))
        elif each.table == "freight.resources" and each.column == "load":
            made.append(Measured(each, None))
    return tuple(made)


def _rows(frame: pd.DataFrame, indicator: Indicator) -> NDArray[np.bool_]:
    if not indicator.where:
        return np.ones(len(frame), dtype=bool)
    return matching(frame, parse_where(indicator.where), table(indicator.table, "outcomes"))


def weight_of(each: Measured, year: Year) -> Floats:
    """The weight of an indicator on every route in a year, shape (routes,)."""
    if each.weight is not None:
        return each.weight
    chosen = _rows(pd.DataFrame({"resource": year.state["resources"]["resource"]}), each.indicator)
    return np.asarray(year.taken.by_route @ chosen.astype(float), dtype=np.float64)


def amount_of(prepared: Prepared, flow: Flow, column: str) -> Floats:
    """The demand of each pair in the unit of a column, shape (pairs,); empty boxes only where the column holds them."""
    if column == "load":
        return flow.demand_units
    amount = flow.demand_kt if column == "kt" else flow.demand_teu
    if column == BOXES_TOO:
        return amount
    empty = (prepared.routes.pairs["commodity"] == EMPTY_BOXES).to_numpy()
    return np.where(empty, 0.0, amount)


def values_at(prepared: Prepared, year: Year, equilibrium: Equilibrium, chosen: Sequence[Measured]) -> Floats:
    """Indicators at an equilibrium, shape (indicators,), each in its unit."""
    share, pair = equilibrium.choices.share, prepared.routes.pair_of_route
    columns = {each.indicator.column for each in chosen}
    on_route = {column: amount_of(prepared, year.free, column)[pair] * share for column in columns}
    sums = [(on_route[each.indicator.column] * weight_of(each, year)).sum() for each in chosen]
    return np.array([each.indicator.scale for each in chosen]) * np.array(sums, dtype=np.float64)


def unit_costs(prepared: Prepared, state: State, levers: Sequence[FreeLever]) -> Floats:
    """What a unit of each lever adds to the cost of each route in a state, USD/t; shape (routes, levers).

    Constants and hours of borders and transfers add to costs in proportion. Those of resources change a wait or a risk;
    :func:`slopes_at` sees to them and they are 0 here.
    """
    made = {"choice": _by_constant, "borders": _by_hours, "transfers": _by_hours}
    columns = np.zeros((prepared.routes.pair_of_route.size, len(levers)))
    for number, free in enumerate(levers):
        if free.table in made and rows_of(state, free).any():
            columns[:, number] = made[free.table](prepared, state, free)
    return columns


def _by_constant(prepared: Prepared, state: State, free: FreeLever) -> Floats:
    """Constants of routes where a lever's rows are 1 and all others 0."""
    choice = state["choice"]
    unit = {name: np.zeros(len(choice)) for name in ("constant_usd_per_teu", "constant_usd_per_t")}
    unit[free.column] = rows_of(state, free).astype(float)
    return gateway_constants(prepared, with_table(state, "choice", choice.assign(**unit)))


def _by_hours(prepared: Prepared, state: State, free: FreeLever) -> Floats:
    """Worth of the hours that one hour more on a lever's rows takes on each route."""
    frame = state[free.table]
    longer = frame.assign(**{free.column: frame[free.column] + rows_of(state, free)})
    network, pair = prepared.routes.network, prepared.routes.pair_of_route
    more = arc_costs(network, with_table(state, free.table, longer)).hours - arc_costs(network, state).hours
    hours: Floats = prepared.incidence @ more
    return hours * prepared.usd_per_t_hour[pair]


def gradient_of(prepared: Prepared, year: Year, adjoint: Adjoint, each: Measured) -> Gradient:
    """The gradient of an indicator before its scale, waits and prices held fixed."""
    weight, amount = weight_of(each, year), amount_of(prepared, year.free, each.indicator.column)
    units = year.free.demand_units
    per_unit = np.divide(amount, units, out=np.zeros(units.size), where=units > 0)
    nothing = np.zeros(adjoint.equilibrium.load.size)
    return Gradient(adjoint.share_gradient(weight, amount), nothing, adjoint.mean(weight) * per_unit)


class Moving(NamedTuple):
    """Levers, and what a unit of each adds to the cost of each route, as :func:`unit_costs` gives it."""

    levers: Sequence[FreeLever]
    unit_costs: Floats


def slopes_at(
    prepared: Prepared, year: Year, equilibrium: Equilibrium, chosen: Sequence[Measured], moving: Moving
) -> Floats:
    """Derivatives of indicators by a unit of each lever, waits and prices adjusting.

    Parameters
    ----------
    prepared, year, equilibrium
        The solved year.
    chosen
        What :func:`measured` gives.
    moving
        The levers and their unit costs in the state of the year.

    Returns
    -------
    numpy.ndarray
        Shape (indicators, levers), in the unit of each indicator a unit of each lever. Not defined where a limit's
        price and slack are both zero.
    """
    adjoint, rows = Adjoint(equilibrium), []
    of_resources = [n for n, free in enumerate(moving.levers) if free.table == "resources"]
    for each in chosen:
        derivatives = adjoint.derivatives(gradient_of(prepared, year, adjoint, each))
        row = derivatives.by_route_cost @ moving.unit_costs
        for number in of_resources:
            free = moving.levers[number]
            by_row = resource_slopes(prepared, year, equilibrium, derivatives, free.column)
            row[number] = by_row[rows_of(year.state, free)].sum()
        rows.append(each.indicator.scale * row)
    return np.array(rows, dtype=np.float64).reshape(len(chosen), len(moving.levers))
