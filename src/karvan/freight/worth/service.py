"""The derivative of an outcome by how services run: headways, what a queue or a delay is made of, and reliability.

Hours between departures cost a boarding half of them (times 1 + cv^2). What a queue is made of says at which
utilisation its wait is what it is; that utilisation is moved while the wait is held, and the equilibrium does the rest.
Not covered: cycle hours, ships and payloads of slots, which stand behind their capacity and are not read by a solve.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.freight.assignment import RELIABILITY_RATIO
from karvan.freight.equilibrium import Equilibrium
from karvan.freight.network.costs import boarding_hours, headway_cv
from karvan.freight.network.supernetwork import Supernetwork
from karvan.freight.prepare import Prepared
from karvan.freight.resources import resources_of
from karvan.freight.worth.adjoint import Derivatives
from karvan.freight.worth.cells import joined, part_of
from karvan.freight.year import Year

Floats = NDArray[np.float64]
OF_WAITS = ("servers", "units_per_service", "hours_open_per_year", "ca2_plus_cs2", "delay_h", "delay_power")
OF_RESOURCES = (*OF_WAITS, "max_utilisation", "sd_hours")
STEP = 1e-5
SAME_H = 1e-9


def service_cells(prepared: Prepared, year: Year, equilibrium: Equilibrium, derivatives: Derivatives) -> pd.DataFrame:
    """Derivatives by the cells of services.

    Parameters
    ----------
    prepared, year, equilibrium
        The solved year.
    derivatives
        Of the outcome, from :meth:`karvan.freight.worth.adjoint.Adjoint.derivatives`.

    Returns
    -------
    pandas.DataFrame
        Columns as :func:`karvan.freight.worth.cells.cell_derivatives` gives them. Links of one service that leave a
        platform equally often share what that headway does: what is told is all of them moved together.
    """
    links, resources = year.state["links"], year.state["resources"]
    parts = [part_of("links", links["link"], "headway_h", links["headway_h"], _headways(prepared, year, derivatives))]
    for column in OF_RESOURCES:
        slopes = resource_slopes(prepared, year, equilibrium, derivatives, column)
        parts.append(part_of("resources", resources["resource"], column, resources[column], slopes))
    return joined(parts)


def resource_slopes(
    prepared: Prepared, year: Year, equilibrium: Equilibrium, derivatives: Derivatives, column: str
) -> Floats:
    """Derivatives by a column of resources, one of ``OF_RESOURCES``; shape (resources,)."""
    if column == "max_utilisation":
        return derivatives.by_limit
    if column == "sd_hours":
        return _reliability(prepared, year, derivatives)
    return derivatives.by_filling * _filling_by(year.state["resources"], column, equilibrium.point.wait)


def _headways(prepared: Prepared, year: Year, derivatives: Derivatives) -> Floats:
    """By the headway of each link of the state: loose links board themselves, named services on their platform."""
    network, links = prepared.routes.network, year.state["links"]
    pair = prepared.routes.pair_of_route
    an_hour = boarding_hours(np.ones(1), headway_cv(year.state))[0] * (
        prepared.incidence.T @ (derivatives.by_route_cost * prepared.usd_per_t_hour[pair])
    )
    position = pd.Index(links["link"]).get_indexer(pd.Index(network.links["link"]))
    slopes = np.zeros(len(links))
    on_link = np.flatnonzero(network.is_link)
    row = position[network.row[on_link]]
    loose = (row >= 0) & (network.links["service"] == "").to_numpy()[network.row[on_link]]
    np.add.at(slopes, row[loose], an_hour[on_link[loose]])
    boarded = np.bincount(network.head, weights=np.where(network.is_link, 0.0, an_hour), minlength=_nodes(network))
    arcs, part = _shortest(network, position, links["headway_h"].to_numpy(dtype=float))
    np.add.at(slopes, position[network.row[arcs]], boarded[network.tail[arcs]] * part)
    return slopes


def _nodes(network: Supernetwork) -> int:
    return int(network.node_class.size)


def _shortest(network: Supernetwork, position: NDArray[np.intp], headway_h: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Arcs of named services whose headway is the shortest of their platform, and the share of each in it."""
    arcs = np.flatnonzero(network.is_link)
    row = position[network.row[arcs]]
    own = np.where(row >= 0, headway_h[np.maximum(row, 0)], np.nan)
    named = (network.links["service"] != "").to_numpy()[network.row[arcs]] & ~np.isnan(own)
    arcs, own = arcs[named], own[named]
    least = np.full(_nodes(network), np.inf)
    np.minimum.at(least, network.tail[arcs], own)
    first = own <= least[network.tail[arcs]] + SAME_H
    arcs = arcs[first]
    alike = np.bincount(network.tail[arcs], minlength=_nodes(network)).astype(np.float64)
    return arcs, 1.0 / alike[network.tail[arcs]]


def _filling_by(resources: pd.DataFrame, column: str, wait_h: Floats) -> Floats:
    """Derivative of the utilisation that belongs to each wait by a column, the wait held."""
    value = resources[column].to_numpy(dtype=float)
    sides = []
    for sign in (1.0, -1.0):
        table = resources.assign(**{column: value * (1.0 + sign * STEP)})
        sides.append(resources_of(table).utilisation(wait_h)[0])
    step = 2.0 * STEP * np.abs(value)
    slopes: Floats = np.divide(sides[0] - sides[1], step, out=np.zeros(step.size), where=step > 0)
    return slopes


def _reliability(prepared: Prepared, year: Year, derivatives: Derivatives) -> Floats:
    """By the standard deviation of the hours at each resource: independent, and each counts once on a route."""
    pair, sd = prepared.routes.pair_of_route, year.free.costs.sd_hours
    ratio = year.state.parameter("reliability_ratio", RELIABILITY_RATIO)
    slope = derivatives.by_route_cost * prepared.usd_per_t_hour[pair] * ratio
    used = year.taken.by_route.copy()
    used.data = (used.data > 0).astype(float)
    own = np.nan_to_num(year.state["resources"]["sd_hours"].to_numpy(dtype=float))
    slopes: Floats = (used.T @ np.divide(slope, sd, out=np.zeros(sd.size), where=sd > 0)) * own
    return slopes
