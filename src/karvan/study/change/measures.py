"""What is compared: cargo, money, time, emissions and welfare of a year, in all and by country, commodity and owner.

Users' welfare is tonnes times minus the logsum cost, the outside option included; rents are what limits earn for their
owners. Half of a pair's figures counts for the country of its origin and half for that of its destination.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.units import HOURS_PER_DAY

KEY = ["dimension", "key", "measure"]
UNITS = {
    "welfare": "MUSD",
    "users": "MUSD",
    "rents": "MUSD",
    "served": "kt",
    "unserved": "kt",
    "freight": "MUSD",
    "time": "kt-days",
    "emissions": "kt CO2e",
}
MUSD, KT_PER_KG_KT = 1e-6, 1e-3


def measures(pairs: pd.DataFrame, rents_usd: Mapping[str, float], country_of: Mapping[str, str]) -> pd.Series:
    """The measures of one year.

    Parameters
    ----------
    pairs
        ``freight.pairs`` of one year.
    rents_usd
        Rent of each owner in USD a year.
    country_of
        Country of each place.

    Returns
    -------
    pandas.Series
        Index KEY: dimension ``total``, ``country``, ``commodity`` or ``owner``, its key (``all`` for the total) and the
        measure; units as UNITS says. Over countries and over commodities each measure adds up to its total, and over
        owners the rents do.
    """
    rows = _of_pairs(pairs)
    origin, destination = (pairs[end].map(country_of).fillna("").to_numpy() for end in ("origin", "destination"))
    halves = pd.concat([rows.groupby(side).sum() for side in (origin, destination)]) / 2.0
    rents = pd.Series({owner: MUSD * usd for owner, usd in rents_usd.items()}, dtype=float)
    total = rows.sum()
    total["rents"], total["welfare"] = rents.sum(), rents.sum() + total["users"]
    parts = {
        "total": total.to_frame("all").T,
        "country": halves.groupby(level=0).sum(),
        "commodity": rows.groupby(pairs["commodity"].to_numpy()).sum(),
        "owner": rents.to_frame("rents"),
    }
    stacked = [_stacked(dimension, frame) for dimension, frame in parts.items() if not frame.empty]
    found: pd.Series = pd.concat(stacked)
    return found


def _of_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """The measures of each pair; what is not served costs no freight, time or emissions."""
    served = pairs["served_kt"].to_numpy(dtype=float)

    def carried(column: str) -> NDArray[np.float64]:
        return np.asarray(served * np.nan_to_num(pairs[column].to_numpy(dtype=float)))

    return pd.DataFrame(
        {
            "users": MUSD * pairs["users_usd"].to_numpy(dtype=float),
            "served": served,
            "unserved": pairs["unserved_kt"].to_numpy(dtype=float),
            "freight": carried("mean_usd_per_t") * 1e-3,
            "time": carried("mean_hours") / HOURS_PER_DAY,
            "emissions": carried("co2e_kg_per_t") * KT_PER_KG_KT,
        }
    )


def _stacked(dimension: str, frame: pd.DataFrame) -> pd.Series:
    """One value a key and measure."""
    index = pd.MultiIndex.from_product([[dimension], frame.index, frame.columns], names=KEY)
    return pd.Series(frame.to_numpy(dtype=float).ravel(), index=index)


def rents_by_owner(resources: pd.DataFrame, owner_of: Mapping[str, str]) -> dict[str, float]:
    """Rents of ``freight.resources`` of one year by owner, in USD; a resource without one stands for itself."""
    owner = resources["resource"].map(owner_of).fillna(resources["resource"])
    rents = resources["rent_usd"].fillna(0.0).groupby(owner.to_numpy()).sum()
    return {str(name): float(usd) for name, usd in rents.items()}
