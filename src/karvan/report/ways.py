"""The ways between two regions: what each gateway takes of their boxes, in how many days and for how much.

The two regions are the pair that exchanges the most boxes, regions as the table of countries groups them; a way is
called after the first sea it crosses between two countries, or after the last border where it crosses none, so that
every box is counted once.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report import tables
from karvan.units import HOURS_PER_DAY, T_PER_KT, TEU_PER_FEU

DIRECT = "by no gateway"


@dataclass(frozen=True)
class Ways:
    """Boxes from one region to another by way.

    ``table`` has way, name, headline (bool: always told), teu, share, days, wait_days, usd_per_feu,
    scarcity_usd_per_feu and co2e_kg_per_feu, means over the boxes that use the way, the most used first.
    """

    origin: str
    destination: str
    table: pd.DataFrame


def main_ways(outcome: Outcome, corridor: Corridor, year: int) -> Ways | None:
    """The ways of the largest flow of boxes from one region to another; None where none crosses regions.

    Parameters
    ----------
    outcome
        Gives ``freight.routes``: hours include waits; scarcity prices are beside the money, not in it.
    corridor
        Gives regions, gateways and their names. A place whose country has no row is a region of its own country.
    year
        Calendar year.

    Returns
    -------
    Ways or None
        Shares add up to 1.
    """
    rows = tables.of_year(outcome["freight.routes"], year)
    rows = rows.loc[(rows["handling_class"] == tables.CONTAINER) & (rows["kt"] > 0) & (rows["usd_per_t"] > 0)]
    region = _regions(corridor)
    rows = rows.assign(start=rows["origin"].map(region), end=rows["destination"].map(region))
    rows = rows.loc[(rows["start"] != rows["end"]) & rows["usd_per_feu"].notna()]
    if rows.empty:
        return None
    t_per_feu = rows["usd_per_feu"] / rows["usd_per_t"]
    rows = rows.assign(feu=T_PER_KT * rows["kt"] / t_per_feu, scarcity=rows["scarcity_usd_per_t"] * t_per_feu)
    boxes = rows.groupby(["start", "end"], as_index=False)["feu"].sum()
    origin, destination = (str(text) for text in boxes.loc[boxes["feu"].idxmax(), ["start", "end"]])
    chosen = rows.loc[(rows["start"] == origin) & (rows["end"] == destination)]
    return Ways(origin, destination, _by_way(chosen, corridor))


def told_ways(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """The ways worth telling, in their order: the most used, the last of them given up for headlines further down.

    Parameters
    ----------
    table
        As :class:`Ways` holds it.
    most
        How many to tell; headlines are told even where they are more.
    """
    used = (~table["headline"]).cumsum() <= max(most - int(table["headline"].sum()), 0)
    return table.loc[table["headline"] | used]


def _by_way(rows: pd.DataFrame, corridor: Corridor) -> pd.DataFrame:
    """Sums and means of routes by their way."""
    sea, across = tables.sea_gateways(corridor), tables.border_gateways(corridor)
    means = {
        "days": rows["hours"] / HOURS_PER_DAY,
        "wait_days": rows["wait_hours"] / HOURS_PER_DAY,
        "usd_per_feu": rows["usd_per_feu"],
        "scarcity_usd_per_feu": rows["scarcity"],
        "co2e_kg_per_feu": rows["co2e_kg_per_feu"],
    }
    weighted = pd.DataFrame({name: figures * rows["feu"] for name, figures in means.items()})
    weighted["way"] = [_way(str(passed), sea, across) for passed in rows["gateways"]]
    weighted["feu"] = rows["feu"]
    table = weighted.groupby("way", as_index=False).sum()
    for name in means:
        table[name] = table[name] / table["feu"]
    names = tables.gateway_names(corridor)
    table.insert(1, "name", [names.get(way, tables.gateway_name(way)) if way else DIRECT for way in table["way"]])
    named = corridor["gateways"]
    table.insert(2, "headline", table["way"].isin(named.loc[named["headline"].astype(bool), "gateway_group"]))
    table.insert(3, "teu", table["feu"] * TEU_PER_FEU)
    table.insert(4, "share", table["feu"] / table["feu"].sum())
    return table.drop(columns="feu").sort_values(["teu", "way"], ascending=[False, True]).reset_index(drop=True)


def _way(passed: str, sea: set[str], across: set[str]) -> str:
    """The gateway that names a route.

    >>> _way("border>strait>tunnel", {"strait"}, {"border", "strait", "tunnel"}), _way("a>b", set(), {"a", "b"})
    ('strait', 'b')
    """
    groups = [key.strip() for key in passed.split(">") if key.strip()]
    at_sea = [key for key in groups if key in sea]
    between = [key for key in groups if key in across]
    return at_sea[0] if at_sea else between[-1] if between else ""


def _regions(corridor: Corridor) -> dict[str, str]:
    """The region of every place."""
    countries = corridor["countries"]
    region = dict(zip(countries["country"].astype(str), countries["region"].astype(str), strict=True))
    places = corridor["places"]
    at = zip(places["place"].astype(str), places["country"].astype(str), strict=True)
    return {place: region.get(country, country) for place, country in at}
