"""Electricity that freight draws, as load of the zones that feed its trains.

A tonne-kilometre on a link draws what its mode and traction draw (``mwh_per_tkm`` of ``modes``, nothing where that is
empty). Half of a link's energy is drawn at either end. A place draws from the zone that names it in ``places``, else
from the nearest zone of its country; in a country without zones the energy is told and added to no load.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan.corridor.lever import Lever
from karvan.corridor.state import State
from karvan.errors import DataError, Problem
from karvan.numerics.geodesy import great_circle_km
from karvan.units import T_PER_KT

OWNER, OUTSIDE = "model:freight", ""
TWH = 1e-6
_KEYS = ["mode", "traction", "bus"]


def electric_mwh(state: State, flows: pd.DataFrame) -> pd.DataFrame:
    """Electricity drawn in the year by mode, traction and zone.

    Parameters
    ----------
    state
        The year.
    flows
        ``freight.flows``; its rows of the year are read.

    Returns
    -------
    DataFrame
        mode, traction, bus (empty in a country without zones), mwh above 0; it sums to tonnes x km x MWh/tkm over all
        links.
    """
    links = state["links"].set_index("link")
    modes = state["modes"].set_index(["mode", "traction"])["mwh_per_tkm"]
    carried = flows.loc[flows["year"] == state.year].groupby("link")["kt"].sum() * T_PER_KT
    rows = links.loc[carried.index, ["mode", "traction", "length_km", "from_place", "to_place"]]
    drawn = modes.reindex(pd.MultiIndex.from_frame(rows[["mode", "traction"]])).fillna(0.0).to_numpy(dtype=np.float64)
    rows = rows.assign(mwh=carried.to_numpy() * rows["length_km"].to_numpy() * drawn / 2.0)
    zone = feeding_zones(state)
    halves = [rows.assign(bus=rows[end].map(zone)) for end in ("from_place", "to_place")]
    summed = pd.concat(halves).groupby(_KEYS)["mwh"].sum().reset_index()
    return summed.loc[summed["mwh"] > 0].reset_index(drop=True)


def feeding_zones(state: State) -> pd.Series:
    """The zone that feeds each place, by place; empty where its country has none."""
    zones = state["power.buses"].loc[lambda frame: frame["kind"] == "zone"]
    named = {place: bus for bus, listed in zip(zones["name"], zones["places"], strict=True)
             for place in str(listed).split("|") if place}  # fmt: skip
    places = state["places"]
    found = []
    for place, country, lon, lat in places[["place", "country", "lon_deg", "lat_deg"]].itertuples(index=False):
        own = zones.loc[zones["country"] == country]
        if place in named or own.empty:
            found.append(named.get(place, OUTSIDE))
        else:
            away = great_circle_km(own["x"].to_numpy(), own["y"].to_numpy(), lon, lat)
            found.append(str(own["name"].iloc[int(np.argmin(away))]))
    return pd.Series(found, index=places["place"].to_numpy(), dtype="str")


def load_levers(state: State, energy: pd.DataFrame) -> tuple[Lever, ...]:
    """One lever a zone: its trains' electricity added to the first of its loads, in TWh.

    Raises
    ------
    DataError
        If a zone that feeds trains has no load in the year.
    """
    loads = state["power.loads"]
    rows = loads.loc[loads["year"] == state.year].drop_duplicates("bus")
    first = dict(zip(rows["bus"], rows["name"], strict=True))
    by_zone = energy.loc[energy["bus"] != OUTSIDE].groupby("bus")["mwh"].sum()
    lacking = [zone for zone in by_zone.index if zone not in first]
    if lacking:
        expected, remedy = f"load of {state.year}, since it feeds trains", "add a row to power/loads.csv"
        at = ("zone without load", "power/loads.csv", "power.loads", 0, "bus", str(lacking[0]))
        problem = Problem(*at, expected, remedy)
        raise DataError(problems=[problem])
    return tuple(
        Lever(OWNER, "power.loads", "add", "twh", float(mwh) * TWH,
              (("name", (str(first[str(zone)]),)), ("year", (str(state.year),))), key=f"{state.year} {zone} trains")
        for zone, mwh in by_zone.items()
    )  # fmt: skip
