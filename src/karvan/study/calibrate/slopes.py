"""What an indicator of gateways is at an equilibrium, and its exact derivative by every free lever."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from karvan.freight.assignment import Flow
from karvan.freight.empties import EMPTY_BOXES
from karvan.freight.equilibrium import Equilibrium
from karvan.freight.prepare import Prepared
from karvan.freight.tables import GatewayCells
from karvan.freight.worth.adjoint import Adjoint, Gradient
from karvan.freight.worth.cells import cell_derivatives, row_keys
from karvan.freight.year import Year
from karvan.scenario.where import matching, parse_where
from karvan.schema.tables import table
from karvan.study.calibrate.free import FreeLever, rows_of
from karvan.study.record import Indicator

Floats = NDArray[np.float64]
TABLE = "freight.gateways"
CHOICE_KEY = ["gateway_group", "handling_class", "direction", "kind", "from_year"]


def passes_of(prepared: Prepared, cells: GatewayCells, indicator: Indicator) -> Floats:
    """How often each route passes what the indicator counts, shape (routes,)."""
    size = prepared.routes.pair_of_route.size
    if not indicator.where:
        return np.bincount(prepared.passages.route, minlength=size).astype(np.float64)
    counted = matching(cells.key, parse_where(indicator.where), table(TABLE, "outcomes"))[cells.cell]
    return np.bincount(prepared.passages.route[counted], minlength=size).astype(np.float64)


def amount_of(prepared: Prepared, flow: Flow, column: str) -> Floats:
    """The demand of each pair in the unit of a column of ``freight.gateways``, shape (pairs,)."""
    amount = flow.demand_kt if column == "kt" else flow.demand_teu
    if column == "boxes_teu":
        return amount
    empty = (prepared.routes.pairs["commodity"] == EMPTY_BOXES).to_numpy()
    return np.where(empty, 0.0, amount)


def value_and_slopes(
    prepared: Prepared,
    year: Year,
    equilibrium: Equilibrium,
    measured: Sequence[tuple[Indicator, Floats]],
    levers: Sequence[FreeLever],
) -> tuple[Floats, Floats]:
    """Indicators at an equilibrium and their derivatives by a unit of each lever, through waits and prices.

    Parameters
    ----------
    prepared, year, equilibrium
        The solved year.
    measured
        Indicators of ``freight.gateways`` whose aggregate is a sum, with what :func:`passes_of` gives.
    levers
        Free levers.

    Returns
    -------
    values, slopes
        Shapes (indicators,) and (indicators, levers), in the unit of each indicator.
    """
    adjoint, choice = Adjoint(equilibrium), year.state["choice"]
    keys = row_keys(choice, CHOICE_KEY)
    of_lever = [set(keys[rows_of(choice, free)]) for free in levers]
    share, pair = equilibrium.choices.share, prepared.routes.pair_of_route
    values, slopes = np.zeros(len(measured)), np.zeros((len(measured), len(levers)))
    for number, (indicator, passes) in enumerate(measured):
        amount = amount_of(prepared, year.free, indicator.column)
        values[number] = indicator.scale * float((amount[pair] * share * passes).sum())
        by_cost = adjoint.share_gradient(passes, amount)
        gradient = Gradient(by_cost, np.zeros(equilibrium.load.size), adjoint.mean(passes))
        cells = cell_derivatives(prepared, year, adjoint.derivatives(gradient))
        by_row = cells.loc[cells["table"] == "choice"]
        for lever, rows in enumerate(of_lever):
            slopes[number, lever] = indicator.scale * by_row.loc[by_row["row"].isin(rows), "derivative"].sum()
    return values, slopes
