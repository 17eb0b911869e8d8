"""One hour without a line: what load the failure leaves unserved, hour by hour.

Nobody saw it come: storage holds what it held before that hour and gives at most that, it stops charging, and plants
may fall below their least output; all else may be run anew within the hour. Every hour fails by itself, so that the
hours of a horizon are one problem without a tie between them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pypsa

from karvan.power.build import UNSERVED
from karvan.power.parts import BACK
from karvan.power.solve import dispatch

COLUMNS = ("snapshot", "bus", "weight_h", "carried_mw", "unserved_mw")
_LEAST_MW = 1e-3
_WAYS = (("Link", "p0"), ("Line", "p0"))


def failures(solved: pypsa.Network, names: tuple[str, ...]) -> pd.DataFrame:
    """Load left unserved where lines fail in one hour, for every hour of a solved network.

    Parameters
    ----------
    solved
        A dispatched network in which the lines stand.
    names
        Lines that fail together, either way.

    Returns
    -------
    DataFrame
        snapshot (ISO 8601), bus, weight_h, carried_mw (all lines together), unserved_mw more than before; only hours
        and zones that lack a kilowatt or more. What a line did not carry is never missed.
    """
    carried = _carried(solved, names)
    missing = _unserved(dispatch(_without_foresight(solved, names))) - _unserved(solved)
    rows = []
    for bus, lacking in missing.items():
        short = lacking.index[(lacking > _LEAST_MW) & (carried > _LEAST_MW)]
        rows.append(pd.DataFrame({
            "snapshot": [f"{time:%Y-%m-%dT%H:%MZ}" for time in pd.DatetimeIndex(short)], "bus": bus,
            "weight_h": solved.snapshot_weightings["objective"].loc[short].to_numpy(),
            "carried_mw": carried.loc[short].to_numpy(), "unserved_mw": lacking.loc[short].to_numpy(),
        }))  # fmt: skip
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=COLUMNS)


def without_lines(network: pypsa.Network, names: tuple[str, ...]) -> pypsa.Network:
    """A copy without the lines of those names, either way."""
    with pypsa.option_context("general.allow_network_requests", False, "api.legacy_string_dtype", False):
        failed = network.copy()
        for kind in ("Link", "Line"):
            standing = failed.components[kind].static.index
            failed.remove(kind, [name for name in standing if name.removesuffix(BACK) in names])
    return failed


def _without_foresight(solved: pypsa.Network, names: tuple[str, ...]) -> pypsa.Network:
    """The network without the lines, every hour alone: storage as plants that give at most what they held."""
    stores = solved.components["StorageUnit"]
    given = _could_give(solved)
    failed = without_lines(solved, names)
    failed.components["Generator"].static["p_min_pu"] = 0.0
    with pypsa.option_context("general.allow_network_requests", False, "api.legacy_string_dtype", False):
        kept = stores.static.loc[stores.static["p_nom"] > 0]
        failed.remove("StorageUnit", stores.static.index)
        if len(kept):
            share = given[kept.index] / kept["p_nom"]
            failed.add("Generator", kept.index, bus=kept["bus"], carrier=kept["carrier"], p_nom=kept["p_nom"],
                       marginal_cost=kept["marginal_cost"], country=kept["country"], p_max_pu=share)  # fmt: skip
    return failed


def _could_give(solved: pypsa.Network) -> pd.DataFrame:
    """MW that each store could give in each step from what it held before it and what flows in meanwhile."""
    stores = solved.components["StorageUnit"]
    level = stores.dynamic["state_of_charge"].reindex(columns=stores.static.index, fill_value=0.0)
    held = level.shift(1).fillna(level.iloc[-1]).clip(lower=0.0)
    inflow = stores.dynamic["inflow"].reindex(columns=stores.static.index, fill_value=0.0)
    hours = solved.snapshot_weightings["stores"].to_numpy()[:, None]
    able = (held / hours + inflow) * stores.static["efficiency_dispatch"]
    most = (stores.static["p_nom"] * stores.static["p_max_pu"]).to_numpy()[None, :]
    return pd.DataFrame(np.minimum(able.to_numpy(), most), index=level.index, columns=level.columns)


def _unserved(solved: pypsa.Network) -> pd.DataFrame:
    """Load left unserved by zone."""
    plants = solved.components["Generator"]
    lost = plants.static.index[plants.static["carrier"] == UNSERVED]
    output: pd.DataFrame = plants.dynamic["p"].reindex(columns=lost, fill_value=0.0)
    return output.set_axis(plants.static.loc[lost, "bus"].to_numpy(), axis=1)


def _carried(solved: pypsa.Network, names: tuple[str, ...]) -> pd.Series:
    """What the lines carry in each step, either way, together."""
    total = pd.Series(0.0, index=solved.snapshots)
    for kind, attribute in _WAYS:
        flow = solved.components[kind].dynamic[attribute]
        for name in flow:
            if str(name).removesuffix(BACK) in names:
                total += flow[name].abs()
    return total
