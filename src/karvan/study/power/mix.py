"""What a megawatt-hour taken from a zone emits, and freight's emission factors made of it.

A zone's mix holds its own plants and what neighbours send, so far as they in turn hold those of others: emissions of
the year follow energy (Bialek 1996, Tracing the flow of electricity, on the year's sums). Markets at a given price
have no emissions on record, and what they send counts neither way.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from karvan.corridor.lever import Lever
from karvan.corridor.state import State
from karvan.study.power.traction import OUTSIDE

OWNER = "model:power"
_MARKET = "price"
_G_PER_T = 1e6
_NOT_PLANTS = ("load", "exchange", "unserved")


def zone_factors(state: State, tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Tonnes of CO2 a MWh that each zone takes, by zone; missing where it has no energy.

    For zones z with own generation G, emissions E and energy S(i, z) sent from i, of which R(i, z) arrives:
    f(z) (G(z) + sum of R(i, z)) = E(z) + sum of f(i) S(i, z). What zones take, losses between them included, carries
    all emissions: the sum of f(z) (G(z) + sum R(i, z) - sum S(z, j)) is the sum of E.

    Parameters
    ----------
    state
        The year.
    tables
        ``power.balance`` and ``power.lines``; their rows of the year are read.
    """
    buses = state["power.buses"]
    zones = buses.loc[buses["kind"] != _MARKET, "name"].tolist()
    balance = tables["power.balance"].loc[lambda rows: rows["year"] == state.year]
    plants = balance.loc[~balance["carrier"].isin(_NOT_PLANTS)].assign(twh=lambda rows: rows["twh"].clip(lower=0.0))
    own = plants.groupby("bus")[["twh", "co2_mt"]].sum().reindex(zones, fill_value=0.0)
    sent, arrived = _between(state, tables["power.lines"], zones)
    through = own["twh"].to_numpy() + arrived.sum(axis=0)
    some = through > 0
    system = np.diag(np.where(some, through, 1.0)) - np.where(some[:, None], sent.T, 0.0)
    found = np.linalg.solve(system, np.where(some, own["co2_mt"].to_numpy(), 0.0))
    return pd.Series(np.where(some, found, np.nan), index=zones)


def _between(state: State, lines: pd.DataFrame, zones: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """TWh sent and arrived from each zone (row) to each (column); losses are shared by what is sent each way."""
    at = {zone: number for number, zone in enumerate(zones)}
    ends = pd.concat([state[name][["name", "bus0", "bus1"]] for name in ("power.links", "power.lines")])
    ways = lines.loc[lines["year"] == state.year].merge(ends, left_on="line", right_on="name")
    sent, arrived = np.zeros((len(zones), len(zones))), np.zeros((len(zones), len(zones)))
    for way in ways.to_dict("records"):
        start, end = at.get(way["bus0"]), at.get(way["bus1"])
        whole = way["forward_twh"] + way["back_twh"]
        if start is None or end is None or whole <= 0:
            continue
        kept = 1.0 - way["loss_twh"] / whole
        for origin, goal, twh in ((start, end, way["forward_twh"]), (end, start, way["back_twh"])):
            sent[origin, goal] += twh
            arrived[origin, goal] += twh * kept
    return sent, arrived


def factor_levers(state: State, energy: pd.DataFrame, factors: pd.Series) -> tuple[Lever, ...]:
    """One lever a mode and traction that draws from zones: its g/tkm from the factors of the zones it draws from.

    What it draws outside the zones, or in a zone without energy, keeps the factor of the table.

    Parameters
    ----------
    state
        The year.
    energy
        As :func:`karvan.study.power.traction.electric_mwh` gives it.
    factors
        As :func:`zone_factors` gives them.
    """
    year = str(state.year)
    levers = []
    for row in state["modes"].to_dict("records"):
        rows = energy.loc[(energy["mode"] == row["mode"]) & (energy["traction"] == row["traction"])]
        known = rows["bus"].map(factors)
        if known.notna().any():
            drawn, told = float(row["mwh_per_tkm"]), float(row["gco2e_per_tkm"])
            grams = known.mul(drawn * _G_PER_T).fillna(told)
            where = (("mode", (str(row["mode"]),)), ("traction", (str(row["traction"]),)))
            mean = float(np.average(grams, weights=rows["mwh"]))
            key = f"{year} {row['mode']} {row['traction']}"
            levers.append(Lever(OWNER, "modes", "set", "gco2e_per_tkm", mean, where, None, year, year, key=key))
    return tuple(levers)


def is_inside(energy: pd.DataFrame) -> pd.Series:
    """Which rows draw from a zone."""
    return energy["bus"] != OUTSIDE
