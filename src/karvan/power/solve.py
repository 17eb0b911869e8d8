"""Solving a network: which capacities to add, and how to run those that stand.

HiGHS solves; nothing is sent over a net. Every verb leaves the network it is given as it was and answers a copy.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
import pypsa

from karvan.errors import InfeasibleError, RangeError
from karvan.power.parts import BACK

WINDOW_H, OVERLAP_H = 168, 24
_SOLVER: dict[str, Any] = {
    "solver_name": "highs", "io_api": "direct", "include_objective_constant": False, "assign_all_duals": True,
    "log_to_console": False, "solver_options": {"output_flag": False, "threads": 1, "random_seed": 1},
    "progress": False,
}  # fmt: skip
_CAPACITIES = (("Generator", "p_nom"), ("StorageUnit", "p_nom"), ("Link", "p_nom"), ("Line", "s_nom"))


def expand(network: pypsa.Network) -> pypsa.Network:
    """The network with the capacities and the dispatch that cost the least in all.

    Both ways of a link that runs both ways are the same size. Capacities stand in ``p_nom_opt`` and ``s_nom_opt``.

    Raises
    ------
    InfeasibleError
        If no dispatch keeps all bounds (least output above load, for instance).
    """
    return _solved(network.copy())


def fixed(network: pypsa.Network) -> pypsa.Network:
    """The network with every capacity fixed: at what an expansion has found, else at what stands.

    What an expansion has added stands in the column ``added``, MW.

    Prices of a dispatch with fixed capacities are those of the hour; prices of an expansion hold investment too.
    """
    held = network.copy()
    for kind, capacity in _CAPACITIES:
        static = held.components[kind].static
        if static.empty:
            continue
        if getattr(network, "is_solved", False):
            free = static[f"{capacity}_extendable"]
            if free.any():
                static["added"] = (static[f"{capacity}_opt"] - static[capacity]).where(free, 0.0)
            static[capacity] = static[f"{capacity}_opt"].where(free, static[capacity])
        static[f"{capacity}_extendable"] = False
    return held


def dispatch(network: pypsa.Network) -> pypsa.Network:
    """The network run at the least cost with the capacities that stand, all hours at once.

    Raises
    ------
    InfeasibleError
        As :func:`expand`.
    """
    return _solved(fixed(network))


def dispatch_in_windows(network: pypsa.Network, window_h: int = WINDOW_H, overlap_h: int = OVERLAP_H) -> pypsa.Network:
    """As :func:`dispatch`, window after window: for a year, in little memory.

    Windows look ``overlap_h`` hours ahead, and a store begins where the last one left it; none need end as it began.
    PyPSA's own ``objective`` holds the last window only: ask :func:`running_cost`.

    Raises
    ------
    RangeError
        If a plant is bound to an energy of the year, which no window can see.
    InfeasibleError
        As :func:`expand`.
    """
    held = fixed(network)
    plants, stores = held.components["Generator"].static, held.components["StorageUnit"].static
    bound = plants.index[np.isfinite(plants["e_sum_max"]) | np.isfinite(plants["e_sum_min"])]
    if len(bound):
        raise RangeError(
            f"{bound[0]} is bound to an energy of the year, which windows do not see; use all hours at once"
        )
    stores["cyclic_state_of_charge"] = False
    stores["state_of_charge_initial"] = stores["p_nom"] * stores["max_hours"] / 2
    steps = len(held.snapshots)
    for start in range(0, steps, window_h):
        seen = held.snapshots[start : min(start + window_h + overlap_h, steps)]
        if start:
            before = held.snapshots[start - 1]
            stores["state_of_charge_initial"] = held.components["StorageUnit"].dynamic["state_of_charge"].loc[before]
        _optimise(held, seen.tolist())
    return held


def running_cost(network: pypsa.Network) -> float:
    """What running a solved network costs, USD a year: marginal costs times output, over all snapshots."""
    weights = network.snapshot_weightings["objective"].to_numpy()
    total = 0.0
    for kind, flow in (("Generator", "p"), ("StorageUnit", "p_dispatch"), ("Link", "p0")):
        component = network.components[kind]
        if component.static.empty:
            continue
        output = component.dynamic[flow].reindex(columns=component.static.index, fill_value=0.0).to_numpy()
        total += float(weights @ output @ component.static["marginal_cost"].to_numpy())
    return total


def _solved(network: pypsa.Network) -> pypsa.Network:
    _optimise(network)
    return network


@contextmanager
def _in_silence() -> Iterator[None]:
    """Let the libraries tell of each solve only what went wrong."""
    loggers = [logging.getLogger(name) for name in ("linopy", "pypsa")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _optimise(network: pypsa.Network, snapshots: list[pd.Timestamp] | None = None) -> None:
    options = pypsa.option_context("general.allow_network_requests", False, "api.legacy_string_dtype", False)
    with options, _in_silence():
        status, condition = network.optimize(snapshots, extra_functionality=_same_size_both_ways, **_SOLVER)
    # A model that holds its solver cannot be copied, and a solved network is to be taken away.
    network.model.solver_model = None
    if status != "ok":
        least = network.components["Generator"].static
        forced = (least["p_nom"] * least["p_min_pu"]).clip(lower=0).groupby(least["bus"]).sum().idxmax()
        said = f"no dispatch keeps all bounds ({condition}): load may go unserved, so least outputs are too high"
        raise InfeasibleError(f"{said}; the most is forced in {forced}, lower p_min_pu there or give it a way out")


def _same_size_both_ways(network: pypsa.Network, _: object) -> None:
    """Bind the size of every way back to that of its way forward."""
    links = network.components["Link"].static
    backs = [name for name in links.index[links["p_nom_extendable"].astype(bool)] if name.endswith(BACK)]
    if backs:
        size = network.model["Link-p_nom"]
        for back in backs:
            forward = back.removesuffix(BACK)
            network.model.add_constraints(
                size.sel(name=back, drop=True) - size.sel(name=forward, drop=True) == 0, name=f"both ways {forward}"
            )
