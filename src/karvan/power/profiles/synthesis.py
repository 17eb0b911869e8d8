"""All profiles of a corridor in one year: made from their parameters, or as measured where a file is named."""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

import numpy as np
import pandas as pd

from karvan.errors import DataError, Problem
from karvan.power.profiles.measured import measured_year
from karvan.power.profiles.shapes import shaped
from karvan.power.profiles.sun import solar
from karvan.power.profiles.wind import wind

WIND = ("onwind", "offwind")
_SUN_NEEDS = ("x", "y", "mean_pu", "clearness_winter", "clearness_summer")


def hourly_profiles(
    profiles: pd.DataFrame, year: int, seed: int, measured: Mapping[str, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Every profile hour by hour.

    Parameters
    ----------
    profiles
        The table ``power.profiles``.
    year, seed
        Calendar year; seed of the weather. Each profile draws from a stream of (seed, its name).
    measured
        Series by the name in column ``file``, with columns time and value.

    Returns
    -------
    DataFrame
        8,760 rows in UTC order, one column a profile: shares of capacity (solar, onwind, offwind, availability), USD or
        another unit (price), values over the mean of the year (load, inflow).

    Raises
    ------
    DataError
        If a row lacks a number, a named file is not among ``measured`` or one of them is at fault.
    """
    series = dict(measured or {})
    _refuse_absent(profiles, series)
    made = wind(profiles.loc[profiles["kind"].isin(WIND) & (profiles["file"] == "")], year, seed)
    for at, (_, row) in enumerate(profiles.iterrows()):
        name = str(row["name"])
        if row["file"]:
            values = measured_year(series[str(row["file"])], year, float(row["utc_offset_h"]), str(row["file"]))
            made[name] = values / values.mean() if row["kind"] in ("load", "inflow") else values
        elif row["kind"] not in WIND:
            made[name] = _made(row, at, year, np.random.default_rng([seed, crc32(name.encode())]))
    return pd.DataFrame({str(name): made[str(name)] for name in profiles["name"]})


def _made(row: pd.Series, at: int, year: int, rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    needs = {"solar": _SUN_NEEDS, "price": ("mean",), "availability": ("mean_pu",)}.get(str(row["kind"]), ())
    lacking = [column for column in needs if pd.isna(row[column])]
    if lacking:
        file, table = "power/profiles.csv", "power.profiles"
        raise DataError("", [Problem("missing value", file, table, at + 2, c, expected="a number") for c in lacking])
    if row["kind"] == "solar":
        return solar(row, year, rng)
    level = {"price": "mean", "availability": "mean_pu"}.get(str(row["kind"]))
    values = shaped(row, year, rng) * (1.0 if level is None else float(row[level]))
    return np.minimum(values, 1.0) if row["kind"] == "availability" else values


def _refuse_absent(profiles: pd.DataFrame, series: Mapping[str, pd.DataFrame]) -> None:
    named = profiles.loc[(profiles["file"] != "") & ~profiles["file"].isin(list(series))]
    if not named.empty:
        remedy = "hand the series over as measured, or empty the cell"
        raise DataError(
            "",
            [
                Problem("missing series", "power/profiles.csv", "power.profiles", at + 2, "file", file, "", remedy)
                for at, file in zip(named.index.tolist(), named["file"], strict=True)
            ],
        )
