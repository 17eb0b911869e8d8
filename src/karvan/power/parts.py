"""The tables of a state as PyPSA's components: rows of the year, its attributes, no empty cells.

PyPSA's links have pitfalls that are closed here: one that loses energy or charges for it and can run both ways would
give energy back, or pay, when it runs backwards. It becomes two one-way links, the second named ``NAME:back``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan.corridor.state import State, needed
from karvan.errors import DataError, Problem
from karvan.power.money import in_dollars

BACK = ":back"
KEPT = ("owner", "country", "project")
_UNBOUNDED = {"p_nom_max": np.inf, "s_nom_max": np.inf, "lifetime": np.inf, "e_sum_max": np.inf, "e_sum_min": -np.inf}
_PLAIN = {"capital_cost": 0.0, "fom_cost": 0.0, "build_year": 0, "p_nom_mod": 0.0, "length": 0.0}
_RAMPS = ("ramp_limit_up", "ramp_limit_down", "overnight_cost", "discount_rate", "x")


def in_service(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """The rows whose first year is not after the year and whose life has not ended before it."""
    first = frame["build_year"].fillna(0).astype(int)
    last = first + frame["lifetime"].fillna(np.inf)
    return frame.loc[(first <= year) & ((last > year) | (first == 0))]


def component(state: State, table: str) -> pd.DataFrame:
    """The rows of a table of plants, storage, links or lines that stand in the year, by name, ready for PyPSA.

    Costs are in dollars, bounds that are empty are infinite, a discount rate that is empty is the parameter
    ``discount_rate``; columns that PyPSA does not know are left out but for owner, country and project. The country of
    what joins two zones names both, joined by a bar.
    """
    frame = in_service(in_dollars(state, table, state[table]), state.year)
    frame = frame.fillna({k: v for k, v in (_UNBOUNDED | _PLAIN).items() if k in frame})
    if "discount_rate" in frame and (frame["discount_rate"].isna() & frame["overnight_cost"].notna()).any():
        frame = frame.assign(discount_rate=frame["discount_rate"].fillna(needed(state, "discount_rate")))
    countries = state["power.buses"].set_index("name")["country"]
    if "bus" in frame:
        frame = frame.assign(country=frame["bus"].map(countries))
    else:
        ends = zip(frame["bus0"].map(countries), frame["bus1"].map(countries), strict=True)
        frame = frame.assign(country=["|".join(dict.fromkeys(pair)) for pair in ends])
    return frame.set_index("name")


def one_way(links: pd.DataFrame) -> pd.DataFrame:
    """Links with those that run both ways with a loss or a charge as two, the second from bus1 to bus0.

    The way back is bounded by the share that ``p_min_pu`` names; its cost of capacity stands on the way forward.
    """
    both = (links["p_min_pu"] < 0) & ((links["efficiency"] < 1) | (links["marginal_cost"] != 0))
    back = links.loc[both]
    turned = back.assign(
        bus0=back["bus1"], bus1=back["bus0"], p_max_pu=-back["p_min_pu"], p_min_pu=0.0,
        capital_cost=0.0, overnight_cost=np.nan, fom_cost=0.0,
    ).rename(index=lambda name: f"{name}{BACK}")  # fmt: skip
    forward = links.assign(p_min_pu=links["p_min_pu"].where(~both, 0.0))
    return pd.concat([forward, turned])


def available(links: pd.DataFrame) -> pd.DataFrame:
    """Links whose bounds of flow count the share of the year they work."""
    working = links["availability"].fillna(1.0)
    return links.assign(p_max_pu=links["p_max_pu"] * working, p_min_pu=links["p_min_pu"] * working)


def loads_of_year(state: State) -> pd.DataFrame:
    """The loads of the state's year, by name.

    Raises
    ------
    DataError
        If the table has no row of that year.
    """
    loads = state["power.loads"]
    rows = loads.loc[loads["year"] == state.year]
    if rows.empty:
        years = ", ".join(str(year) for year in sorted(set(loads["year"].tolist()))) or "none"
        file, table = "power/loads.csv", "power.loads"
        problem = Problem("missing year", file, table, 0, "year", str(state.year), f"one of {years}", "add its rows")
        raise DataError(f"no load in {state.year}; the table has {years}", [problem])
    return rows.set_index("name")
