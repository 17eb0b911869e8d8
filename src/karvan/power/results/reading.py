"""A solved network read once: plants, loads, prices and ways between zones, hour by hour.

A link that runs both ways with a loss stands in the network as two (``NAME`` and ``NAME:back``); here it is one way
again, whose flow is positive from its first zone to its second. Everything is in MW, hours and US dollars of the price
year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pypsa
from numpy.typing import NDArray

from karvan.power.build import UNSERVED
from karvan.power.parts import BACK

Floats = NDArray[np.float64]
_PLANTS = {"Generator": "p", "StorageUnit": "p"}
_NEAR = 1e-6


@dataclass(frozen=True)
class Reading:
    """One solved year.

    ``hours`` are the hours of the year that each step stands for, shape (steps,). ``prices`` and ``load`` have a column
    a zone, ``output`` and ``unused`` a column a plant (kind, name), ``sent`` and ``received`` a column a way; rows are
    the steps. ``plants`` names bus, country, carrier, capacity_mw, running_usd_per_mwh, co2_t_per_mwh,
    fuel_mwh_per_mwh, renewable, gas, new_usd_per_year; ``ways`` names bus0, bus1, country0, country1, owner, project,
    capacity_mw, value_usd_per_mw and full_hours. ``charges`` are what using each way costs, USD an hour, shape as
    ``sent``.
    """

    year: int
    hours: Floats
    prices: pd.DataFrame
    load: pd.DataFrame
    plants: pd.DataFrame
    output: pd.DataFrame
    unused: pd.DataFrame
    ways: pd.DataFrame
    sent: pd.DataFrame
    received: pd.DataFrame
    charges: pd.DataFrame
    countries: pd.Series

    @property
    def rents(self) -> pd.DataFrame:
        """What each way earns in each step, USD an hour: price received times power received less price paid for it."""
        at_end = self.prices[self.ways["bus1"]].to_numpy() * self.received.to_numpy()
        at_start = self.prices[self.ways["bus0"]].to_numpy() * self.sent.to_numpy()
        return pd.DataFrame(at_end - at_start, index=self.sent.index, columns=self.sent.columns)

    @property
    def revenue(self) -> pd.DataFrame:
        """What each plant sells in each step, USD an hour; storage pays for what it takes."""
        prices = self.prices[self.plants["bus"]].to_numpy()
        return pd.DataFrame(prices * self.output.to_numpy(), index=self.output.index, columns=self.output.columns)


def read(solved: pypsa.Network) -> Reading:
    """Read a dispatched network.

    Parameters
    ----------
    solved
        As :func:`karvan.power.solve.dispatch` gives it: every capacity fixed, prices those of the hour.
    """
    zones = solved.components["Bus"].static
    prices = solved.components["Bus"].dynamic["marginal_price"].reindex(columns=zones.index)
    loads = solved.components["Load"]
    taken = loads.dynamic["p_set"].T.groupby(loads.static["bus"]).sum().T
    plants, output, unused = _plants(solved)
    ways, sent, received, charges = _ways(solved, prices)
    return Reading(
        year=int(solved.meta["year"]),
        hours=solved.snapshot_weightings["objective"].to_numpy(dtype=np.float64),
        prices=prices,
        load=taken.reindex(columns=zones.index, fill_value=0.0),
        plants=plants,
        output=output,
        unused=unused,
        ways=ways,
        sent=sent,
        received=received,
        charges=charges,
        countries=zones["country"],
    )


def _plants(solved: pypsa.Network) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Plants and storage under one index (kind, name): what they are, put out and leave unused."""
    static = {kind: solved.components[kind].static for kind in _PLANTS}
    rows = pd.concat({kind: frame for kind, frame in static.items() if not frame.empty})
    output = pd.concat({kind: _flow(solved, kind, name) for kind, name in _PLANTS.items()}, axis=1)[rows.index]
    carriers = solved.components["Carrier"].static.reindex(rows["carrier"]).set_index(rows.index)
    burnt = 1.0 / rows.get("efficiency", pd.Series(1.0, rows.index)).fillna(1.0)
    plants = pd.DataFrame({
        "bus": rows["bus"], "country": rows["country"], "carrier": rows["carrier"], "capacity_mw": rows["p_nom"],
        "running_usd_per_mwh": rows["marginal_cost"], "fuel_mwh_per_mwh": burnt,
        "co2_t_per_mwh": carriers["co2_emissions"].fillna(0.0) * burnt,
        "renewable": carriers["renewable"].eq(True), "gas": carriers["gas"].eq(True),
        "new_usd_per_year": _new_capital(solved, rows),
    })  # fmt: skip
    return plants, output, _unused(solved, output)


def _new_capital(solved: pypsa.Network, rows: pd.DataFrame) -> pd.Series:
    """Yearly cost of the capacity that an expansion has added, USD."""
    kinds = [kind for kind in _PLANTS if not solved.components[kind].static.empty]
    yearly = pd.concat({kind: solved.components[kind].periodized_cost.to_series() for kind in kinds})
    added = rows.get("added", pd.Series(0.0, rows.index)).fillna(0.0)
    cost: pd.Series = yearly.reindex(rows.index).fillna(0.0) * added
    return cost


def _unused(solved: pypsa.Network, output: pd.DataFrame) -> pd.DataFrame:
    """What plants with a profile could have given, and what storage has spilt, MW."""
    left = pd.DataFrame(0.0, index=output.index, columns=output.columns)
    generators = solved.components["Generator"]
    for name, share in generators.dynamic["p_max_pu"].items():
        key = ("Generator", name)
        left[key] = (share * generators.static.loc[name, "p_nom"] - output[key]).clip(lower=0.0)
    for name, spilt in solved.components["StorageUnit"].dynamic["spill"].items():
        left["StorageUnit", name] = spilt
    return left


def _ways(
    solved: pypsa.Network, prices: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Links and lines as ways: what they are, power sent and received, and what using them costs."""
    links, lines = solved.components["Link"].static, solved.components["Line"].static
    start, end = _flow(solved, "Link", "p0"), -_flow(solved, "Link", "p1")
    charge = start.abs() * links["marginal_cost"]
    value, full = _worth_of_links(solved, start, prices)
    sent, received = start.copy(), end.copy()
    backs = [name for name in links.index if name.endswith(BACK) and name.removesuffix(BACK) in links.index]
    for back in backs:
        forward = back.removesuffix(BACK)
        sent[forward] -= end[back]
        received[forward] -= start[back]
        charge[forward] += charge[back]
        value[forward] += value[back]
        full[forward] |= full[back]
    rows = links.drop(index=backs).rename(columns={"p_nom": "capacity_mw"})
    rows = pd.concat([rows, lines.rename(columns={"s_nom": "capacity_mw"})])
    flow = _flow(solved, "Line", "p0")
    hours = solved.snapshot_weightings["objective"]
    line_value, line_full = _worth_of_lines(solved, flow)
    value, full = (pd.concat(pair, axis=1)[rows.index] for pair in ((value, line_value), (full, line_full)))
    countries = solved.components["Bus"].static["country"]
    ways = rows[["bus0", "bus1", "owner", "project", "capacity_mw"]].fillna({"owner": "", "project": ""}).assign(
        country0=rows["bus0"].map(countries), country1=rows["bus1"].map(countries),
        value_usd_per_mw=hours.to_numpy() @ value.to_numpy(), full_hours=hours.to_numpy() @ full.to_numpy(),
    )  # fmt: skip
    return (
        ways,
        pd.concat([sent.drop(columns=backs), flow], axis=1)[rows.index],
        pd.concat([received.drop(columns=backs), -_flow(solved, "Line", "p1")], axis=1)[rows.index],
        charge.drop(columns=backs).reindex(columns=rows.index, fill_value=0.0),
    )


def _worth_of_links(
    solved: pypsa.Network, flow: pd.DataFrame, prices: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Worth of one more MW of each link, USD an hour, and whether it is full.

    What the last MW gains is the price it reaches times the efficiency less the price it leaves less the charge: the
    dual of the bound, times the share of the capacity that the bound is.
    """
    links = solved.components["Link"].static
    reached = prices[links["bus1"]].to_numpy() * links["efficiency"].to_numpy()
    gain = reached - prices[links["bus0"]].to_numpy() - links["marginal_cost"].to_numpy()
    most, least = links["p_max_pu"].to_numpy(), links["p_min_pu"].to_numpy()
    worth = np.maximum(gain, 0.0) * most - np.maximum(-gain, 0.0) * least
    share = flow.to_numpy() / np.where(links["p_nom"] > 0, links["p_nom"], np.nan)
    full = ((share >= most - _NEAR) & (most > 0)) | ((share <= least + _NEAR) & (least < 0))
    return (
        pd.DataFrame(worth, index=flow.index, columns=flow.columns),
        pd.DataFrame(full, index=flow.index, columns=flow.columns),
    )


def _worth_of_lines(solved: pypsa.Network, flow: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """As :func:`_worth_of_links`, from the duals of the bounds: a line's flow follows from its reactance."""
    lines = solved.components["Line"]
    bounds = (lines.dynamic[name] for name in ("mu_upper", "mu_lower"))
    duals = [bound.reindex(columns=flow.columns, fill_value=0.0).abs() for bound in bounds]
    most = lines.static["s_nom"] * lines.static["s_max_pu"]
    hours = solved.snapshot_weightings["objective"].to_numpy()[:, None]
    worth = (duals[0] + duals[1]) * lines.static["s_max_pu"] / hours
    return worth, flow.abs() >= most * (1 - _NEAR)



def _flow(solved: pypsa.Network, kind: str, attribute: str) -> pd.DataFrame:
    component = solved.components[kind]
    kept: pd.DataFrame = component.dynamic[attribute]
    return kept.reindex(index=solved.snapshots, columns=component.static.index, fill_value=0.0)


def is_unserved(reading: Reading) -> pd.Series:
    """Which of the plants stand for load left unserved."""
    return reading.plants["carrier"] == UNSERVED
