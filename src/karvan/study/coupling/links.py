"""What joins the tables of freight to those of trade: places to countries, commodities to sectors.

Freight moves commodities between places, trade moves sectors between countries. A pair of places that lies in no
economy, or a commodity that carries no sector, is not coupled: its demand stays as it was, and is named.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor
from karvan.corridor.state import State
from karvan.errors import DataError, Problem
from karvan.trade.counterfactual import World, world

Indices = NDArray[np.int64]
BASE_YEAR = "trade_base_year"
ELASTICITY = "trade_elasticity"


@dataclass(frozen=True)
class Cells:
    """The cell of trade of each row of a table: ``sector``, ``exporter``, ``importer`` (rows,), -1 where none."""

    sector: Indices
    exporter: Indices
    importer: Indices

    @property
    def linked(self) -> NDArray[np.bool_]:
        """Which rows belong to a cell."""
        return np.asarray((self.sector >= 0) & (self.exporter >= 0) & (self.importer >= 0))


@dataclass(frozen=True)
class Concordance:
    """Country of each place and sector of each commodity, as places in the arrays of a world."""

    country: dict[str, int]
    sector: dict[str, int]

    def cells(self, rows: pd.DataFrame) -> Cells:
        """The cells of rows with ``origin``, ``destination`` and ``commodity``."""
        found = [
            np.array([known.get(str(name), -1) for name in rows[column]], dtype=np.int64)
            for column, known in (("commodity", self.sector), ("origin", self.country), ("destination", self.country))
        ]
        return Cells(*found)

    def unlinked(self, rows: pd.DataFrame) -> tuple[str, ...]:
        """Places and commodities of some rows that trade does not know, sorted."""
        places = {*rows["origin"], *rows["destination"]} - set(self.country)
        return tuple(sorted(str(name) for name in places | (set(rows["commodity"]) - set(self.sector))))


def concordance(corridor: Corridor, of: World) -> Concordance:
    """Where places and commodities of a corridor stand in a world of trade.

    A commodity belongs to the traded sector that its row of ``sectors`` is, or is a part of.

    Raises
    ------
    DataError
        A commodity carries two traded sectors: its cargo would have two ratios of trade.
    """
    at = {name: place for place, name in enumerate(of.countries)}
    places = corridor["places"]
    country = {
        str(place): at[name] for place, name in zip(places["place"], places["country"], strict=True) if name in at
    }
    sectors = corridor["sectors"]
    above = dict(zip(sectors["sector"], sectors["part_of"], strict=True))
    sector: dict[str, int] = {}
    for name, commodity in zip(sectors["sector"], sectors["commodity"], strict=True):
        traded = _traded(str(name), above, of.sectors)
        if not commodity or traded not in of.sectors:
            continue
        if sector.setdefault(str(commodity), of.sectors.index(traded)) != of.sectors.index(traded):
            raise DataError("", [Problem("commodity in two sectors", "sectors.csv", "sectors", column="commodity",
                                         value=str(commodity), expected="parts of one traded sector",
                                         remedy="carry one of them by another commodity")])  # fmt: skip
    return Concordance(country, sector)


def _traded(name: str, above: dict[str, str], traded: tuple[str, ...]) -> str:
    """The traded sector that a sector is or is a part of; empty where there is none."""
    while name and name not in traded:
        name = above.get(name, "")
    return name


def base_world(state: State) -> World:
    """The world of trade of a state: the base matrix, with the tariffs that the state levies.

    Raises
    ------
    DataError
        No matrix with domestic sales in the year that parameter ``trade_base_year`` names; no elasticity.
    """
    year = int(state.parameter(BASE_YEAR, 0.0))
    trade = state["trade"]
    rows = trade.loc[trade["year"] == year]
    if rows.empty or not (rows["exporter"] == rows["importer"]).any():
        raise DataError("", [Problem("no base matrix", "trade.csv", "trade", column="year", value=str(year or ""),
                                     expected="rows of all pairs, domestic sales among them",
                                     remedy=f"add them, and name their year in parameter {BASE_YEAR}")])  # fmt: skip
    every = state.parameter(ELASTICITY, float("nan"))
    sectors = state["sectors"]
    own = dict(zip(sectors["sector"], sectors["trade_elasticity"].fillna(every), strict=True))
    traded = sorted(set(rows["sector"]))
    return world(rows, {str(name): float(own.get(name, every)) for name in traded}, levied(state, traded))


def levied(state: State, traded: list[str]) -> pd.DataFrame:
    """Tariffs of a state: exporter, importer, sector and ``pct``, exemptions taken off.

    A row for a coarser sector holds for each traded part of it that has no row of its own.

    Raises
    ------
    DataError
        A row names a finer sector than trade is told in.
    """
    rows, sectors = state["tariffs"], state["sectors"]
    above = dict(zip(sectors["sector"], sectors["part_of"], strict=True))
    parts = {up: [name for name in traded if _traded(name, above, (up,)) == up] for up in set(rows["sector"])}
    finer = sorted(up for up, names in parts.items() if not names)
    if finer:
        raise DataError("", [Problem("tariff of a sector that is not traded", "tariffs.csv", "tariffs", column="sector",
                                     value=", ".join(finer), expected=f"one of {', '.join(traded)} or what holds them",
                                     remedy="give the rate of the traded sector")])  # fmt: skip
    pct = rows["applied_pct"] * (1.0 - rows["exempt_share"])
    told = pd.DataFrame({"exporter": rows["exporter"], "importer": rows["importer"], "own": rows["sector"], "pct": pct})
    told["sector"] = told["own"].map(parts)
    told = told.explode("sector").assign(coarse=lambda frame: frame["own"] != frame["sector"])
    first = told.sort_values("coarse", kind="stable").drop_duplicates(["exporter", "importer", "sector"])
    return first[["exporter", "importer", "sector", "pct"]].reset_index(drop=True)
