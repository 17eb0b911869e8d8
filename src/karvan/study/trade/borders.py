"""Hours at common borders, for neighbours of whose trade the freight tables carry nothing.

In: the states of base and plan; out: the change of cost over value, by pair and sector: mean change of hours of the
open links between the two, at the sector's loss of value a day. Time alone, no money and no waiting in queues; where
freight carries goods of a pair and sector its own answer stands instead.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from karvan.corridor.state import State
from karvan.trade.counterfactual import World
from karvan.units import HOURS_PER_DAY

Floats = NDArray[np.float64]


def border_change(world: World, base: State, plan: State, carried: NDArray[np.bool_]) -> Floats:
    """Change of cost over value, shape (sectors, exporters, importers); 0 where ``carried`` or where no hours change.

    Parameters
    ----------
    world
        Countries and sectors, in order.
    base, plan
        States of one year.
    carried
        Same shape: cells of which freight knows the cost.
    """
    made = np.zeros_like(world.flows)
    sectors = base["sectors"]
    rates = dict(zip(sectors["sector"], sectors["ad_valorem_pct_per_day"].fillna(0.0), strict=True))
    daily = np.array([float(rates.get(sector, 0.0)) for sector in world.sectors]) / 100.0
    before, after = border_hours(base), border_hours(plan)
    for (a, b), hours in before.items():
        if a in world.countries and b in world.countries and (a, b) in after:
            made[:, world.at(a), world.at(b)] = daily * (after[a, b] - hours) / HOURS_PER_DAY
    return np.where(carried, 0.0, made)


def border_hours(state: State) -> dict[tuple[str, str], float]:
    """Mean hours from a country into its neighbour over the open links between them.

    A link that opens between two states moves the mean; a border that opens or closes as a whole tells no change.
    """
    places, links = state["places"], state["links"]
    country = dict(zip(places["place"], places["country"], strict=True))
    ends = links.set_index("link")[["from_place", "to_place", "both_ways", "open"]].to_dict("index")
    told: dict[tuple[str, str], list[float]] = {}
    for row in state["borders"].to_dict("records"):
        link = ends.get(row["link"])
        if link is None or not link["open"]:
            continue
        a, b = country[link["from_place"]], country[link["to_place"]]
        told.setdefault((a, b), []).append(float(row["hours_forward"]))
        if link["both_ways"]:
            told.setdefault((b, a), []).append(float(row["hours_back"]))
    return {pair: float(np.mean(hours)) for pair, hours in told.items()}
