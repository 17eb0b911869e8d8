"""The derivative of an outcome by the cells of the tables, through the whole equilibrium.

Covered: prices and hours of links, borders and transfers, gateway constants, capacities and background loads, and
demand. How services run is told by :mod:`karvan.freight.worth.service`, what holds in every year by
:mod:`karvan.freight.worth.parameters`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.freight.assignment import row_demand
from karvan.freight.network.costs import CONTAINER
from karvan.freight.network.supernetwork import HANDLING_CLASSES, HEADINGS, TRANSFER_KEY
from karvan.freight.prepare import Prepared
from karvan.freight.worth.adjoint import Adjoint, Derivatives, Gradient
from karvan.freight.year import Year
from karvan.units import TEU_PER_FEU

Floats = NDArray[np.float64]


class _Slopes(NamedTuple):
    """Derivatives of the outcome by the money (USD a unit) and the hours of each arc, shape (arcs,)."""

    usd: Floats
    hours: Floats


def load_of(adjoint: Adjoint, resource: int) -> Gradient:
    """Gradient of the load of one resource, in its unit."""
    weight = np.zeros(adjoint.equilibrium.load.size)
    weight[resource] = 1.0
    return Gradient(adjoint.load_gradient(weight), np.zeros(weight.size), adjoint.mean(adjoint.used(weight)))


def gateway_kt(adjoint: Adjoint, prepared: Prepared, year: Year, group: str) -> Gradient:
    """Gradient of the cargo that passes a gateway group, in kt a year, each passage counted."""
    number = prepared.routes.network.groups.index(group)
    passes = np.bincount(
        prepared.passages.route[prepared.passages.group == number], minlength=adjoint.pair.size
    ).astype(float)
    kt, units = year.free.demand_kt, year.free.demand_units
    per_unit = np.divide(kt, units, out=np.zeros(kt.size), where=units > 0)
    nothing = np.zeros(adjoint.equilibrium.load.size)
    return Gradient(adjoint.share_gradient(passes, kt), nothing, adjoint.mean(passes) * per_unit)


def cell_derivatives(prepared: Prepared, year: Year, derivatives: Derivatives) -> pd.DataFrame:
    """The derivative of an outcome by every cell that the module covers.

    Parameters
    ----------
    prepared, year
        Routes and the year that was solved.
    derivatives
        Of the outcome, from :meth:`karvan.freight.worth.adjoint.Adjoint.derivatives`.

    Returns
    -------
    pandas.DataFrame
        Columns table, row (key of the row, parts joined by ``|``), column, value, derivative (outcome a unit of the
        cell) and elasticity (outcome a 100 % of the cell). A demand row's ``kt`` takes its TEU along in proportion; a
        queue's capacity grows by faster service.
    """
    pair = prepared.routes.pair_of_route
    slope = derivatives.by_route_cost
    arcs = _Slopes(
        usd=prepared.incidence.T @ (slope * prepared.units_per_t[pair]),
        hours=prepared.incidence.T @ (slope * prepared.usd_per_t_hour[pair]),
    )
    parts = [*_link_cells(prepared, year, arcs), *_transfer_cells(prepared, year, arcs)]
    parts += [_constant_cells(prepared, year, slope), _demand_cells(prepared, year, derivatives.by_demand)]
    resources = year.state["resources"]
    for column, values in (
        ("capacity_per_year", derivatives.by_capacity),
        ("background_per_year", derivatives.by_background),
    ):
        parts.append(part_of("resources", resources["resource"], column, resources[column], values))
    return joined(parts)


def joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Cells of several columns that have a value, with their elasticity: the outcome a 100 % of the cell."""
    table = pd.concat(parts, ignore_index=True)
    table = table.loc[table["value"].notna()].reset_index(drop=True)
    return table.assign(elasticity=table["derivative"] * table["value"])


def row_keys(frame: pd.DataFrame, names: list[str]) -> pd.Series:
    """The key of each row, its parts joined by ``|``, empty where missing."""
    parts = [frame[name].astype("str").fillna("").tolist() for name in names]
    return pd.Series(["|".join(cells) for cells in zip(*parts, strict=True)], index=frame.index, dtype="str")


def part_of(table: str, rows: pd.Series, column: str, values: pd.Series, slopes: Floats) -> pd.DataFrame:
    """The cells of one column of a table: columns table, row, column, value, derivative."""
    return pd.DataFrame(
        {
            "table": table,
            "row": rows.to_numpy(),
            "column": column,
            "value": values.to_numpy(dtype=float),
            "derivative": slopes,
        }
    )


def _link_cells(prepared: Prepared, year: Year, arcs: _Slopes) -> Iterator[pd.DataFrame]:
    """Prices and hours of links and borders of the state."""
    network = prepared.routes.network
    links, borders = year.state["links"], year.state["borders"]
    position = pd.Index(links["link"]).get_indexer(pd.Index(network.links["link"]))
    chosen = network.is_link & (position[np.where(network.is_link, network.row, 0)] >= 0)
    row = position[np.where(chosen, network.row, 0)]
    container, back = network.arc_class == CONTAINER, network.back
    own_back = links["usd_per_feu_back"].notna().to_numpy()[row]

    def total(slopes: Floats, where: NDArray[np.bool_]) -> Floats:
        kept = chosen & where
        return np.bincount(row[kept], weights=slopes[kept], minlength=len(links)).astype(np.float64)

    name = links["link"]
    forward_price = total(arcs.usd / TEU_PER_FEU, container & ~(back & own_back))
    yield part_of("links", name, "usd_per_feu", links["usd_per_feu"], forward_price)
    back_price = total(arcs.usd / TEU_PER_FEU, container & back & own_back)
    yield part_of("links", name, "usd_per_feu_back", links["usd_per_feu_back"], back_price)
    yield part_of("links", name, "usd_per_t", links["usd_per_t"], total(arcs.usd, ~container))
    yield part_of("links", name, "hours", links["hours"], total(arcs.hours, np.ones(row.size, dtype=bool)))
    crossed = pd.Index(name).get_indexer(pd.Index(borders["link"]))
    both = borders["hours_back"].notna().to_numpy()
    one_way = dict(zip(borders["link"], ~both, strict=True))
    shared = np.array([one_way.get(link, False) for link in name], dtype=bool)[row] if len(links) else back
    forward_hours = total(arcs.hours, ~back | shared)
    yield part_of("borders", borders["link"], "hours_forward", borders["hours_forward"], forward_hours[crossed])
    back_hours = total(arcs.hours, back & ~shared)
    yield part_of("borders", borders["link"], "hours_back", borders["hours_back"], back_hours[crossed])


def _transfer_cells(prepared: Prepared, year: Year, arcs: _Slopes) -> Iterator[pd.DataFrame]:
    """Prices and hours of transfers."""
    network, transfers = prepared.routes.network, year.state["transfers"]
    name = row_keys(transfers, TRANSFER_KEY)
    position = pd.Index(name).get_indexer(pd.Index(row_keys(network.transfers, TRANSFER_KEY)))
    handled = ~network.is_link & (network.row >= 0)
    if not handled.any():
        return
    row = position[np.where(handled, network.row, 0)]
    kept = handled & (row >= 0)
    container = (transfers["handling_class"] == "container").to_numpy()
    usd = np.bincount(row[kept], weights=arcs.usd[kept], minlength=len(transfers))
    hours = np.bincount(row[kept], weights=arcs.hours[kept], minlength=len(transfers)).astype(np.float64)
    yield part_of("transfers", name, "hours", transfers["hours"], hours)
    yield part_of("transfers", name, "usd_per_teu", transfers["usd_per_teu"], np.where(container, usd, 0.0))
    yield part_of("transfers", name, "usd_per_t", transfers["usd_per_t"], np.where(container, 0.0, usd))


def _constant_cells(prepared: Prepared, year: Year, slope: Floats) -> pd.DataFrame:
    """Gateway constants."""
    network, passages, choice = prepared.routes.network, prepared.passages, year.state["choice"]
    pair = prepared.routes.pair_of_route[passages.route]
    per_unit = slope[passages.route] * prepared.units_per_t[pair]
    shape = (len(HANDLING_CLASSES), max(len(network.groups), 1), len(HEADINGS))
    summed = np.zeros(shape)
    np.add.at(summed, (prepared.class_of_pair[pair], passages.group, passages.heading), per_unit)
    number = {name: i for i, name in enumerate(network.groups)}
    slopes = []
    for group, handling_class, direction in zip(
        choice["gateway_group"], choice["handling_class"], choice["direction"], strict=True
    ):
        of_class = summed[HANDLING_CLASSES.index(handling_class)]
        row = of_class[number[group]] if group in number else np.zeros(len(HEADINGS))
        slopes.append(float(row.sum() if direction == "both" else row[HEADINGS.index(direction)]))
    names = ["gateway_group", "handling_class", "direction", "kind", "from_year"]
    key = row_keys(choice, names)
    boxes = (choice["handling_class"] == "container").to_numpy()
    values = pd.Series(np.where(boxes, choice["constant_usd_per_teu"], choice["constant_usd_per_t"]))
    part = part_of("choice", key, "constant_usd_per_t", values, np.array(slopes, dtype=float))
    return part.assign(column=np.where(boxes, "constant_usd_per_teu", "constant_usd_per_t"))


def _demand_cells(prepared: Prepared, year: Year, by_demand: Floats) -> pd.DataFrame:
    """Demand rows, TEU in proportion to kt."""
    demand = year.state["demand"]
    pair, rows = row_demand(prepared, demand)
    per_kt = np.divide(rows.units, rows.kt, out=np.zeros(rows.kt.size), where=rows.kt > 0)
    names = ["segment", "origin", "destination", "commodity", "year"]
    key = row_keys(demand, names)
    return part_of("demand", key, "kt", demand["kt"], np.where(pair >= 0, by_demand[pair] * per_kt, 0.0))
