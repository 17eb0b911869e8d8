"""Shares by which trade is parted into sectors: of exports, of spending, and of the cargo of each pair.

In: the corridor's tables; out: arrays in the order of its countries and traded sectors. A traded sector is one that is
a part of the whole and has parts itself or stands alone; product groups below it name the commodity that carries them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor
from karvan.corridor.state import needed
from karvan.errors import DataError

Floats = NDArray[np.float64]

STATED = {"fuels": "fuel_share_of_exports", "ores_metals": "ore_share_of_exports"}
TOTAL = "total"


def traded_sectors(sectors: pd.DataFrame) -> tuple[str, ...]:
    """The sectors that are parts of the whole, the one without statistics of its own last.

    >>> tree = pd.DataFrame({"sector": ["total", "goods", "fuels", "oil"], "part_of": ["", "total", "total", "fuels"]})
    >>> traded_sectors(tree)
    ('fuels', 'goods')
    """
    named = sectors.loc[sectors["part_of"] == TOTAL, "sector"].tolist()
    stated = [name for name in named if name in STATED]
    others = [name for name in named if name not in STATED]
    if len(others) != 1:
        raise DataError(f"sectors.csv: one part of {TOTAL} must take what {', '.join(STATED)} leave; there are "
                        f"{', '.join(others) or 'none'}")  # fmt: skip
    return (*stated, others[0])


def sector_of_commodity(sectors: pd.DataFrame) -> dict[str, str]:
    """The traded sector that each commodity's cargo belongs to."""
    carried = sectors.loc[sectors["commodity"] != ""]
    return dict(zip(carried["commodity"], carried["part_of"], strict=True))


def export_shares(corridor: Corridor, names: Sequence[str], sectors: Sequence[str], year: int) -> Floats:
    """Shape (countries, sectors): of exports, each from the last year up to ``year`` that has a figure.

    Raises
    ------
    DataError
        If a country has no figure in any year.
    """
    economies = corridor["economies"]
    rows = economies.loc[economies["year"] <= year].sort_values("year", kind="stable")
    last = rows.groupby("country")[list(STATED.values())].last()  # the last that is not missing
    shares = last.reindex(list(names))[[STATED[name] for name in sectors[:-1]]]
    lost = shares.index[shares.isna().any(axis=1)]
    if len(lost):
        raise DataError(f"economies.csv has no shares of exports of {', '.join(lost)} in any year to {year}")
    values = shares.to_numpy(dtype=float)
    return np.column_stack([values, 1.0 - values.sum(axis=1)])


def expenditure_shares(corridor: Corridor, sectors: Sequence[str]) -> Floats:
    """Shape (sectors,): of spending, by the parameters ``expenditure_share_SECTOR``; the last takes the rest."""
    stated = [needed(corridor, f"expenditure_share_{name}") for name in sectors[:-1]]
    return np.array([*stated, 1.0 - sum(stated)])


def cargo_by_sector(corridor: Corridor, names: Sequence[str], sectors: Sequence[str], year: int) -> Floats:
    """Shape (countries, countries, sectors): value of the demand of a year, MUSD; 0 where there is no cargo.

    Where a report says what the trade of a pair mainly was in, that value stands instead, in that sector.
    """
    demand, places, goods = corridor["demand"], corridor["places"], corridor["commodities"]
    country = dict(zip(places["place"], places["country"], strict=True))
    value = dict(zip(goods["commodity"], goods["value_usd_per_t"], strict=True))
    part = sector_of_commodity(corridor["sectors"])
    at = {name: k for k, name in enumerate(names)}
    slot = {name: k for k, name in enumerate(sectors)}
    made = np.zeros((len(names), len(names), len(sectors)))
    for row in demand.loc[demand["year"] == year].to_dict("records"):
        a, b, s = country[row["origin"]], country[row["destination"]], part.get(row["commodity"], "")
        if a in at and b in at and a != b and s in slot:
            made[at[a], at[b], slot[s]] += row["kt"] * value[row["commodity"]] / 1e3
    reports = corridor["trade_reports"]
    for row in reports.loc[reports["mainly"].isin(sectors)].to_dict("records"):
        if row["exporter"] in at and row["importer"] in at:
            pair = at[row["exporter"]], at[row["importer"]]
            made[pair] = 0.0
            made[(*pair, slot[row["mainly"]])] = row["musd"]
    return made
