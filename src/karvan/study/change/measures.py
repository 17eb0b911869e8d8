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
OF_PAIRS = ["users", "served", "unserved", "freight", "time", "emissions"]
MUSD, MUSD_PER_KUSD, KT_PER_T = 1e-6, 1e-3, 1e-3


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
    figures = _of_pairs(pairs)
    ends = [pairs[end].map(country_of).fillna("").to_numpy(dtype=object) for end in ("origin", "destination")]
    country, halves = np.concatenate(ends), np.concatenate((figures, figures)) / 2.0
    rents = pd.Series({owner: MUSD * usd for owner, usd in rents_usd.items()}, dtype=float)
    total = pd.DataFrame([figures.sum(axis=0)], index=["all"], columns=OF_PAIRS)
    total = total.assign(rents=rents.sum(), welfare=rents.sum() + total["users"])
    parts = {
        "total": total,
        "country": _summed(country, halves),
        "commodity": _summed(pairs["commodity"].to_numpy(dtype=object), figures),
        "owner": rents.to_frame("rents"),
    }
    stacked = [_stacked(dimension, frame) for dimension, frame in parts.items() if not frame.empty]
    found: pd.Series = pd.concat(stacked)
    return found


def _summed(key: NDArray[np.object_], figures: NDArray[np.float64]) -> pd.DataFrame:
    """Sums of the measures of pairs by a key, keys in order."""
    code, names = pd.factorize(key, sort=True)
    sums = np.zeros((len(names), figures.shape[1]))
    np.add.at(sums, code, figures)
    return pd.DataFrame(sums, index=names, columns=OF_PAIRS)


def _of_pairs(pairs: pd.DataFrame) -> NDArray[np.float64]:
    """The measures OF_PAIRS of each pair; what is not served costs no freight, time or emissions."""
    served = pairs["served_kt"].to_numpy(dtype=float)
    usd, hours, kg = (
        served * np.nan_to_num(pairs[name].to_numpy(dtype=float))
        for name in ("mean_usd_per_t", "mean_hours", "co2e_kg_per_t")
    )
    users = MUSD * pairs["users_usd"].to_numpy(dtype=float)
    unserved = pairs["unserved_kt"].to_numpy(dtype=float)
    return np.column_stack((users, served, unserved, MUSD_PER_KUSD * usd, hours / HOURS_PER_DAY, KT_PER_T * kg))


def _stacked(dimension: str, frame: pd.DataFrame) -> pd.Series:
    """One value a key and measure."""
    index = pd.MultiIndex.from_product([[dimension], frame.index, frame.columns], names=KEY)
    return pd.Series(frame.to_numpy(dtype=float).ravel(), index=index)


def rents_by_owner(resources: pd.DataFrame, owner_of: Mapping[str, str]) -> dict[str, float]:
    """Rents of ``freight.resources`` of one year by owner, in USD; a resource without one stands for itself."""
    owner = resources["resource"].map(owner_of).fillna(resources["resource"])
    rents = resources["rent_usd"].fillna(0.0).groupby(owner.to_numpy()).sum()
    return {str(name): float(usd) for name, usd in rents.items()}
