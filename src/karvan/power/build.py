"""A corridor's power system in one year as a PyPSA network that anybody can take away, plot and solve again.

In go the tables ``power.*`` of a state, the hours to solve and a seed; out comes a :class:`pypsa.Network` whose buses
are the zones. Costs are US dollars of the price year. Every zone with load may leave load unserved at the value of lost
load, so that a system that cannot serve says where and how much is missing instead of failing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pypsa

from karvan.corridor.state import State, needed
from karvan.errors import DataError, Problem
from karvan.power.horizon import Horizon, means_of_steps, snapshots_of, weeks
from karvan.power.parts import available, component, loads_of_year, one_way
from karvan.power.profiles.synthesis import hourly_profiles
from karvan.units import HOURS_PER_YEAR

UNSERVED = "unserved"
VALUE_OF_LOST_LOAD = "value_of_lost_load_usd_per_mwh"
_MWH_PER_TWH = 1e6
_CLASSES = {"power.generators": "Generator", "power.storage_units": "StorageUnit", "power.lines": "Line"}


def network(
    state: State, horizon: Horizon | None = None, *, seed: int = 1, measured: Mapping[str, pd.DataFrame] | None = None
) -> pypsa.Network:
    """The power system of a state, not yet solved.

    Parameters
    ----------
    state
        A corridor in one year, levers applied.
    horizon
        Hours to solve; four weeks in steps of three hours where none is given.
    seed
        Seed of the weather of all profiles.
    measured
        Hourly series by the name in column ``file`` of ``power.profiles``.

    Returns
    -------
    pypsa.Network
        Buses named as zones; generators, storage units, links and lines with the columns owner, country and project
        beside PyPSA's own; one generator ``ZONE:unserved`` a zone with load; objective and generator weightings that
        add up to 8,760 hours, store weightings of one step; ``meta`` with corridor, year and seed.

    Raises
    ------
    DataError
        If the corridor has no zones, no load in the year, or a profile is at fault.
    """
    if "power.buses" not in state.tables and "power.buses" not in state.corridor:
        raise DataError(
            "the corridor has no power system", [Problem("missing table", "power/buses.csv", "power.buses")]
        )
    horizon = horizon or weeks()
    hourly = hourly_profiles(state["power.profiles"], state.year, seed, measured)
    steps = means_of_steps(hourly, horizon)
    with pypsa.option_context("general.allow_network_requests", False, "api.legacy_string_dtype", False):
        made = _with_snapshots(state, horizon, seed)
        steps.index = made.snapshots
        _add_places(made, state)
        _add_plants(made, state, steps)
        _add_ways(made, state)
        _add_loads(made, state, steps)
    return made


def _with_snapshots(state: State, horizon: Horizon, seed: int) -> pypsa.Network:
    made = pypsa.Network(name=f"{state.info.name} {state.year}")
    made.set_snapshots(snapshots_of(horizon, state.year).tolist())
    year_share = HOURS_PER_YEAR / horizon.steps
    made.snapshot_weightings["objective"] = year_share
    made.snapshot_weightings["generators"] = year_share
    made.snapshot_weightings["stores"] = float(horizon.step_h)
    made.meta = {"corridor": state.info.name, "year": state.year, "seed": seed}
    return made


def _add_places(made: pypsa.Network, state: State) -> None:
    carriers = state["power.carriers"].set_index("name")
    _add(made, "Carrier", carriers[["nice_name", "co2_emissions", "color", "renewable", "gas"]])
    made.add("Carrier", UNSERVED, nice_name="Unserved load", color="#cc0000")
    buses = state["power.buses"].set_index("name")
    _add(made, "Bus", buses[["country", "x", "y", "v_nom", "carrier", "kind"]])


def _add_plants(made: pypsa.Network, state: State, steps: pd.DataFrame) -> None:
    plants = component(state, "power.generators")
    profiled = plants.loc[plants["profile"] != ""]
    shares = steps[profiled["profile"]].clip(0.0, 1.0).set_axis(profiled.index, axis=1)
    _add(made, "Generator", plants.drop(columns="profile"), p_max_pu=shares)
    storage = component(state, "power.storage_units")
    fed = storage.loc[storage["inflow_twh_per_year"] > 0]
    mean_mw = fed["inflow_twh_per_year"].to_numpy() * _MWH_PER_TWH / HOURS_PER_YEAR
    shapes = [steps[p].to_numpy() if p else np.ones(len(steps)) for p in fed["profile"]]
    inflow = pd.DataFrame({n: s * mw for n, s, mw in zip(fed.index, shapes, mean_mw, strict=True)}, steps.index)
    _add(made, "StorageUnit", storage.drop(columns=["profile", "inflow_twh_per_year"]), inflow=inflow)


def _add_ways(made: pypsa.Network, state: State) -> None:
    _add(made, "Link", _links(state))
    _add(made, "Line", component(state, "power.lines"))


def put_in(standing: pypsa.Network, state: State) -> pypsa.Network:
    """A copy of a network with the links and lines of the state that it lacks; plants, loads and hours stay.

    Parameters
    ----------
    standing
        A network of the same corridor and year, solved or not.
    state
        The year with the levers of what is put in.
    """
    with pypsa.option_context("general.allow_network_requests", False, "api.legacy_string_dtype", False):
        made = standing.copy()
        for kind, rows in (("Link", _links(state)), ("Line", component(state, "power.lines"))):
            _add(made, kind, rows.loc[~rows.index.isin(made.components[kind].static.index)])
    return made


def _links(state: State) -> pd.DataFrame:
    return one_way(available(component(state, "power.links"))).drop(columns=["availability", "sea_share"])


def _add_loads(made: pypsa.Network, state: State, steps: pd.DataFrame) -> None:
    """Loads by hour, and for each zone the choice of leaving them unserved."""
    loads = loads_of_year(state)
    mean_mw = loads["twh"] * _MWH_PER_TWH / HOURS_PER_YEAR
    served = zip(loads.index, loads["profile"], loads["peak_mw"], mean_mw, strict=True)
    demand = pd.DataFrame(
        {name: mw * _stretched(steps[shape], peak / mw) for name, shape, peak, mw in served if mw > 0}
    )
    _add(made, "Load", loads[["bus", "carrier"]], p_set=demand)
    highest = demand.T.groupby(loads["bus"]).sum().T.max()
    worth = loads.groupby("bus")["value_of_lost_load_usd_per_mwh"].max()
    if worth.isna().any():
        worth = worth.fillna(needed(state, VALUE_OF_LOST_LOAD))
    lost = pd.DataFrame({"bus": highest.index, "carrier": UNSERVED, "p_nom": highest.to_numpy()})
    countries = state["power.buses"].set_index("name")["country"]
    lost = lost.assign(marginal_cost=lost["bus"].map(worth), country=lost["bus"].map(countries), owner="", project="")
    _add(made, "Generator", lost.set_index(lost["bus"] + f":{UNSERVED}"))


def _stretched(shape: pd.Series, peak: float) -> pd.Series:
    """The shape of mean 1 with its highest step at ``peak`` and the mean kept, where a peak is known."""
    highest = float(shape.max())
    return shape if np.isnan(peak) or highest <= 1 else 1 + (shape - 1) * ((peak - 1) / (highest - 1))


def _add(made: pypsa.Network, kind: str, rows: pd.DataFrame, **by_time: pd.DataFrame) -> None:
    """Add components with their attributes; cells that are empty keep PyPSA's defaults."""
    if rows.empty:
        return
    known = made.components[kind].defaults.index
    own = ("owner", "country", "project", "nice_name", "renewable", "gas", "kind")
    columns = [name for name in rows.columns if name in known or name in own]
    cells: dict[str, Any] = {name: rows[name] for name in columns if not rows[name].isna().all()}
    made.add(kind, rows.index.tolist(), **cells)
    for attribute, values in by_time.items():
        if not values.empty:
            made.components[kind].dynamic[attribute] = values
