"""Trade within blocs: what the members of organisations sell each other, before and after, and how far it is known.

Blocs are organisations of the register whose full members, on the last day of a year, are two or more of the countries
of a matrix of trade, yet not more than half of them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import outcome_table
from karvan.register.compiled import moment, register_of
from karvan.register.members import full_members
from karvan.trade.counterfactual import Counterfactual, Draws, World, within_share

Blocs = dict[str, list[str]]


def blocs_on(corridor: Corridor, world: World, year: int) -> Blocs:
    """Members by organisation at the end of a year, in the order of their keys."""
    if "memberships" not in corridor:
        return {}
    rows = full_members(register_of(corridor), moment(f"{year}-12-31"))
    found = {
        str(name): sorted({str(party) for party in own} & set(world.countries))
        for name, own in rows.groupby("organisation")["party"]
    }
    most = len(world.countries) / 2
    return {name: members for name, members in sorted(found.items()) if 2 <= len(members) <= most}


def mask_of(world: World, members: list[str]) -> NDArray[np.bool_]:
    """Pairs of two different members, shape (N, N)."""
    inside = np.isin(world.countries, members)
    mask: NDArray[np.bool_] = inside[:, None] & inside[None, :] & ~np.eye(len(inside), dtype=bool)
    return mask


def blocs_table(
    found: Counterfactual, blocs: Blocs, year: int, reported: NDArray[np.float64], draws: Draws | None
) -> pd.DataFrame:
    """``trade.blocs``.

    Parameters
    ----------
    found
        The new equilibrium.
    blocs
        Members by organisation.
    year
        As told in the table.
    reported
        Shape (N, N): base trade of pairs in cells whose report can be looked up, the rest 0.
    draws
        Of which ``trade`` holds each bloc by its name; None: no ends are told.
    """
    base, after = found.base, found.world
    net, now = base.net.sum(axis=0), after.net.sum(axis=0)
    revenue = after.revenue - base.revenue
    welfare = (found.welfare - 1.0) * base.expenditure
    rows = []
    for name, members in blocs.items():
        mask, inside = mask_of(base, members), np.isin(base.countries, members)
        low, high = draws.band(draws.trade[name]) if draws is not None else (np.nan, np.nan)
        before = float(net[mask].sum())
        row = {"year": year, "organisation": name, "members": len(members), "base_within_musd": before}
        row |= {"within_musd": float(now[mask].sum()), "low_within_musd": low, "high_within_musd": high}
        row |= {"base_within_share": within_share(base, members), "within_share": within_share(after, members)}
        row["reported_share"] = float(reported[mask].sum()) / before if before > 0.0 else 0.0
        row |= {"revenue_change_musd": float(revenue[inside].sum()), "welfare_musd": float(welfare[inside].sum())}
        rows.append(row)
    columns = ["year", "organisation", "members", "base_within_musd", "within_musd", "low_within_musd",
               "high_within_musd", "base_within_share", "within_share", "reported_share", "revenue_change_musd",
               "welfare_musd"]  # fmt: skip
    return outcome_table("trade.blocs", pd.DataFrame(rows, columns=columns))
