"""Back to freight: the year solved again with the simulated deviations, and what of its cargo moves.

Freight values the reliability of a route: ``reliability_ratio`` times the value of time, times the standard deviation
of its hours. The deviations of its table are estimates; a simulation gives others, as levers. One pass: routes, demand,
capacities and the formula of waits stay, and the year starts from the waits and prices that it had.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.outcome import Convergence, outcome_table
from karvan.corridor.state import State
from karvan.freight.assignment import Flow
from karvan.freight.empties import EMPTY_BOXES
from karvan.freight.network.supernetwork import HEADINGS
from karvan.freight.prepare import Prepared
from karvan.freight.solved import SolvedYear, solve_year
from karvan.study.spread import one_numeric_thread

Floats = NDArray[np.float64]
FLOWS, DEVIATIONS = "operations.feedback", "operations.deviations"
GATEWAY, SERVED, UNSERVED = "gateway", "served", "unserved"
_KEYS = ["what", "gateway_group", "heading", "handling_class"]
_AMOUNTS = ("kt", "teu")
_WHERE = "resource="


@dataclass(frozen=True)
class Feedback:
    """Freight solved again: the year, how it ended, and the tables that set it beside the year before."""

    year: SolvedYear
    convergence: Convergence
    tables: dict[str, pd.DataFrame]


@one_numeric_thread
def feedback(prepared: Prepared, before: SolvedYear, levers: pd.DataFrame) -> Feedback:
    """Solve a year again with the deviations of some levers, and tell what changes.

    Waits are not given back. Freight makes its own from loads, and a price keeps cargo off a full resource; a simulated
    wait beside them would count the same scarcity twice.

    Parameters
    ----------
    prepared, before
        Routes, and the year on them.
    levers
        ``coupling.levers`` of the year; those on ``resources.sd_hours`` are applied.

    Returns
    -------
    Feedback
        Tables ``operations.feedback`` and ``operations.deviations``. In each class of cargo served plus unserved is the
        same before and after.
    """
    state = with_deviations(before.flow.state, levers)
    after = solve_year(prepared, state, before.equilibrium.point, before.flow, with_far=False)
    tables = {
        FLOWS: flow_rows(prepared, before.flow, after.flow),
        DEVIATIONS: deviation_rows(before.flow, after.flow, set(_deviations(levers).index)),
    }
    part = f"freight {state.year} with simulated deviations"
    return Feedback(after, replace(after.equilibrium.convergence, part=part), tables)


def with_deviations(state: State, levers: pd.DataFrame) -> State:
    """The state with the deviations of ``coupling.levers``; all other cells and tables are as they were.

    They are set last: a scenario's factor on the deviation of the table does not apply to one that was simulated with
    that scenario.
    """
    resources = state["resources"]
    simulated = resources["resource"].map(_deviations(levers)).astype(float)
    changed = resources.assign(sd_hours=simulated.fillna(resources["sd_hours"]))
    return replace(state, tables={**state.tables, "resources": changed})


def _deviations(levers: pd.DataFrame) -> pd.Series:
    """Simulated deviations by resource."""
    own = levers.loc[(levers["table"] == "resources") & (levers["column"] == "sd_hours")]
    keys = [str(where).removeprefix(_WHERE) for where in own["where"]]
    return pd.Series(own["value"].to_numpy(dtype=np.float64), index=pd.Index(keys, dtype="str"))


def flow_rows(prepared: Prepared, before: Flow, after: Flow) -> pd.DataFrame:
    """``operations.feedback``: cargo by gateway group, heading and class, all that is served, and what is not.

    Parameters
    ----------
    prepared
        Routes of all pairs.
    before, after
        Two flows of one year on them.
    """
    first, second = (_amounts(prepared, flow) for flow in (before, after))
    rows = first.add_suffix("_before").join(second.add_suffix("_after"), how="outer")
    for name in _AMOUNTS:
        rows[[f"{name}_before", f"{name}_after"]] = rows[[f"{name}_before", f"{name}_after"]].fillna(0.0)
        rows[f"{name}_change"] = rows[f"{name}_after"] - rows[f"{name}_before"]
    return outcome_table(FLOWS, rows.reset_index().assign(year=before.state.year))


def _amounts(prepared: Prepared, flow: Flow) -> pd.DataFrame:
    """Cargo, loaded boxes, mean hours and deviation by what, group, heading and class; empty boxes are left out."""
    routes, passages = prepared.routes, prepared.passages
    pairs, pair = routes.pairs, routes.pair_of_route
    loaded = (pairs["commodity"] != EMPTY_BOXES).to_numpy()
    classes = pairs["handling_class"].to_numpy(dtype=object)
    groups, headings = np.array([*routes.network.groups], dtype=object), np.array(HEADINGS, dtype=object)
    every = np.flatnonzero(loaded[pair])
    passed = passages.route[loaded[pair[passages.route]]]
    at = loaded[pair[passages.route]]
    left = np.flatnonzero(loaded)
    nothing = np.full(left.size, np.nan)
    parts = (
        (GATEWAY, groups[passages.group[at]], headings[passages.heading[at]], classes[pair[passed]],
         flow.kt[passed], flow.teu[passed], flow.costs.hours[passed], flow.costs.sd_hours[passed]),
        (SERVED, "", "", classes[pair[every]],
         flow.kt[every], flow.teu[every], flow.costs.hours[every], flow.costs.sd_hours[every]),
        (UNSERVED, "", "", classes[left], flow.demand_kt[left] * flow.shares.outside[left],
         flow.demand_teu[left] * flow.shares.outside[left], nothing, nothing),
    )  # fmt: skip
    columns = [*_KEYS, *_AMOUNTS, "mean_hours", "sd_hours"]
    return pd.concat([_summed(pd.DataFrame(dict(zip(columns, part, strict=True)))) for part in parts])


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Sums of cargo and its mean hours and deviation, by key; keys without cargo are left out."""
    rows = rows.loc[rows["kt"] > 0.0]
    weighted = rows.assign(**{name: rows[name] * rows["kt"] for name in ("mean_hours", "sd_hours")})
    summed = weighted.groupby(_KEYS).sum(min_count=1)
    return summed.assign(**{name: summed[name] / summed["kt"] for name in ("mean_hours", "sd_hours")})


def deviation_rows(before: Flow, after: Flow, given: set[str]) -> pd.DataFrame:
    """``operations.deviations``: every deviation given back beside that of the table, with loads before and after."""
    resources = before.state["resources"]
    loads = [flow.taken.by_route.T @ flow.units for flow in (before, after)]
    rows = pd.DataFrame({
        "year": before.state.year, "resource": resources["resource"], "unit": resources["unit"],
        "sd_hours_before": resources["sd_hours"].fillna(0.0), "sd_hours_after": after.state["resources"]["sd_hours"],
        "load_before": loads[0], "load_after": loads[1], "load_change": loads[1] - loads[0],
    })  # fmt: skip
    return outcome_table(DEVIATIONS, rows.loc[rows["resource"].isin(given)])


def largest(rows: pd.DataFrame, column: str, most: int) -> pd.DataFrame:
    """The rows in which a column is furthest from 0, at most so many; none in which it is 0."""
    far = rows.assign(_far=rows[column].abs())
    return far.loc[far["_far"] > 0.0].nlargest(most, "_far").drop(columns="_far")


def moved_kt(rows: pd.DataFrame) -> float:
    """Cargo that leaves some gateway and heading, in kt: the sum of all losses of ``operations.feedback``."""
    change = rows.loc[rows["what"] == GATEWAY, "kt_change"]
    return float(-change.clip(upper=0.0).sum())
