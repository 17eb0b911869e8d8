"""The derivative of an outcome of flows by what holds in every year: parameters, values of time, dispersion.

Each is moved a little up and down in the base year and in the year told, on the same routes; what that does to the
utility of every route at the waits and prices of the equilibrium is carried through it exactly. Commodities do not meet
in one pair, so a column of theirs is moved for all of them at once. The outcome must hang on flows alone, as volumes
do; welfare, which counts costs too, may not be asked here. Not covered: what fixes the routes (bounds and stretches),
the weight of cargo in a unit, and the empties' weight.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.state import State
from karvan.freight.empties import EMPTY_BOXES
from karvan.freight.equilibrium import Equilibrium
from karvan.freight.prepare import Prepared, compiled
from karvan.freight.worth.adjoint import Derivatives
from karvan.freight.worth.cells import joined, part_of
from karvan.freight.year import Year, flow_at, year_of

Floats = NDArray[np.float64]
OF_CHOICE = ("headway_cv", "path_size_exponent", "reliability_ratio", "outside_factor")
OF_COMMODITIES = ("choice_usd_per_t_day", "dispersion")
STEP = 1e-4
Move = Callable[[pd.DataFrame, float], pd.DataFrame]


class Utilities(NamedTuple):
    """What choice weighs, without unit: of routes, shape (routes,), and of the outside options, shape (pairs,)."""

    route: Floats
    outside: Floats


def parameter_cells(
    prepared: Prepared, base: State, year: Year, equilibrium: Equilibrium, derivatives: Derivatives
) -> pd.DataFrame:
    """Derivatives by parameters and by what commodities are taken to be.

    Parameters
    ----------
    prepared, year, equilibrium
        The solved year.
    base
        State of the base year with empties, which ``prepared`` was compiled with.
    derivatives
        Of an outcome of flows, from :meth:`karvan.freight.worth.adjoint.Adjoint.derivatives`.

    Returns
    -------
    pandas.DataFrame
        Columns table, row, column, value, derivative (outcome a unit of the cell, in every year at once) and
        elasticity; parameters that the corridor does not name have no row.
    """
    carried = _Carried(prepared, base, year, equilibrium, derivatives)
    parts = [_parameter(carried, name) for name in OF_CHOICE]
    parts += [_commodities(carried, column) for column in OF_COMMODITIES]
    return joined([part for part in parts if len(part)])


class _Carried:
    """An outcome's answer to utilities, pair by pair."""

    def __init__(
        self, prepared: Prepared, base: State, year: Year, equilibrium: Equilibrium, derivatives: Derivatives
    ) -> None:
        self.prepared, self.base, self.year, self.equilibrium = prepared, base, year, equilibrium
        self._pair = prepared.routes.pair_of_route
        self._by_utility = -derivatives.by_route_cost / prepared.choice.theta[self._pair]

    def by_pair(self, name: str, move: Move) -> Floats:
        """Change of the outcome through each pair as a table moves by its step in all years, shape (pairs,)."""
        higher, lower = (self._utilities(name, move, sign) for sign in (1.0, -1.0))
        outside = (higher.outside - lower.outside) / 2.0
        inside = np.where(self._by_utility != 0.0, (higher.route - lower.route) / 2.0 - outside[self._pair], 0.0)
        size = len(self.prepared.routes.pairs)
        return np.bincount(self._pair, weights=self._by_utility * inside, minlength=size).astype(np.float64)

    def _utilities(self, name: str, move: Move, sign: float) -> Utilities:
        """Utilities at the waits and prices of the equilibrium, one table moved in the base year and in the year."""
        base, state = (
            State(each.year, each.corridor, {**each.tables, name: move(each[name], sign)})
            for each in (self.base, self.year.state)
        )
        anew = compiled(self.prepared.routes, base, self.prepared.pairs)
        flow = flow_at(anew, year_of(anew, state, self.year.free), self.equilibrium.point)
        theta = anew.choice.theta
        return Utilities(
            route=anew.choice.log_path_size - theta[self._pair] * flow.costs.generalised_usd_per_t,
            outside=-theta * anew.choice.outside_usd_per_t,
        )


def _parameter(carried: _Carried, name: str) -> pd.DataFrame:
    """The row of one parameter."""
    frame = carried.year.state["parameters"]
    own = frame.loc[frame["parameter"] == name]
    if own.empty:
        return own
    step = STEP * max(abs(float(own["value"].iloc[0])), 1.0)

    def move(table: pd.DataFrame, sign: float) -> pd.DataFrame:
        return table.assign(value=table["value"] + sign * step * (table["parameter"] == name))

    slope = np.array([carried.by_pair("parameters", move).sum() / step])
    return part_of("parameters", own["parameter"], "value", own["value"], slope)


def _commodities(carried: _Carried, column: str) -> pd.DataFrame:
    """The rows of one column of commodities, but that of the empties, which is no row of a table."""

    def move(table: pd.DataFrame, sign: float) -> pd.DataFrame:
        return table.assign(**{column: table[column] * (1.0 + sign * STEP)})

    frame = carried.year.state["commodities"]
    number = pd.Index(frame["commodity"]).get_indexer(carried.prepared.routes.pairs["commodity"])
    moved = np.bincount(number, weights=carried.by_pair("commodities", move), minlength=len(frame))
    value = frame[column].to_numpy(dtype=float)
    slope = np.divide(moved, STEP * value, out=np.zeros(value.size), where=value > 0)
    told = part_of("commodities", frame["commodity"], column, frame[column], slope)
    return told.loc[told["row"] != EMPTY_BOXES]
