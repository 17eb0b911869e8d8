"""Output of wind farms hour by hour, all sites of a corridor together.

Each site has a Gaussian score that is an AR(1) in time; scores of two sites correlate with exp(-distance / length). A
score becomes a wind speed of the site's Weibull distribution, is swayed by season and time of day, and passes the
power curve of a farm. Storms do not travel: correlation is in the same hour only.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.signal import lfilter
from scipy.special import gamma, ndtr

from karvan.errors import DataError, Problem
from karvan.numerics.geodesy import great_circle_km
from karvan.power.horizon import HOURS
from karvan.power.profiles.scaling import scaled_to
from karvan.power.profiles.season import local_hours, summer

Floats = NDArray[np.float64]
NEEDED = ("x", "y", "mean_pu", "wind_speed_m_per_s", "weibull_k", "ar1_hourly", "correlation_length_km")
CUT_IN, RATED, CUT_OUT = 3.0, 12.0, 25.0
SWING_OF_DAY = 0.08
_SMOOTHING_M_PER_S = 1.2


def scores(sites: pd.DataFrame, seed: int) -> Floats:
    """Gaussian scores of sites, mean 0 and variance 1 in the long run; shape (8760, sites).

    Every site draws from a stream of its own name, so that a site more at the end of the table leaves all others as
    they are.
    """
    draws = np.column_stack(
        [np.random.default_rng([seed, crc32(str(name).encode())]).standard_normal(HOURS) for name in sites["name"]]
    )
    mixed = draws @ np.linalg.cholesky(correlation(sites)).T
    made = np.empty_like(mixed)
    for at, memory in enumerate(sites["ar1_hourly"].to_numpy(dtype=np.float64)):
        mixed[1:, at] *= np.sqrt(1 - memory**2)
        made[:, at] = lfilter([1.0], [1.0, -memory], mixed[:, at])
    return made


def correlation(sites: pd.DataFrame) -> Floats:
    """Correlation of the scores in the same hour: exp(-distance / length), the length the geometric mean of two."""
    x, y, length = (sites[name].to_numpy(dtype=np.float64) for name in ("x", "y", "correlation_length_km"))
    apart = great_circle_km(x[:, None], y[:, None], x[None, :], y[None, :])
    matrix = np.exp(-apart / np.sqrt(length[:, None] * length[None, :]))
    return np.asarray(matrix + 1e-9 * np.eye(len(sites)))


def wind(sites: pd.DataFrame, year: int, seed: int) -> dict[str, Floats]:
    """Output over capacity by name of the profile, 0 to 1 - losses, each with its ``mean_pu``; shapes (8760,).

    Raises
    ------
    DataError
        If a site lacks a number.
    """
    problems = [
        Problem("missing value", "power/profiles.csv", "power.profiles", int(row) + 2, column, expected="a number")
        for column in NEEDED
        for row in sites.index[sites[column].isna()]
    ]
    if problems:
        raise DataError("", problems)
    if sites.empty:
        return {}
    made = scores(sites, seed)
    return {str(row["name"]): _output(row, made[:, at], year) for at, (_, row) in enumerate(sites.iterrows())}


def _output(row: pd.Series, score: Floats, year: int) -> Floats:
    k, losses = float(row["weibull_k"]), float(row["losses"])
    scale = float(row["wind_speed_m_per_s"]) / gamma(1 + 1 / k)
    chance = np.clip(ndtr(score), 1e-12, 1 - 1e-12)
    speed = scale * (-np.log1p(-chance)) ** (1 / k) * _sway(row, year)
    return scaled_to(float(row["mean_pu"]), lambda factor: curve(speed * factor) * (1 - losses), str(row["name"]))


def _sway(row: pd.Series, year: int) -> Floats:
    """Factor of season and hour; a farm's output moves about one and a half times as much as its wind."""
    ratio = 1.0 if pd.isna(row["winter_to_summer"]) else float(row["winter_to_summer"])
    depth = (ratio - 1) / (ratio + 1) / 1.5
    season = 1 + depth * (1 - 2 * summer(float(row["y"])))
    if pd.isna(row["peak_local_hour"]):
        return np.asarray(season)
    local = local_hours(year, float(row["utc_offset_h"]))
    clock = local.hour.to_numpy() + local.minute.to_numpy() / 60
    return np.asarray(season * (1 + SWING_OF_DAY * np.cos(2 * np.pi * (clock - float(row["peak_local_hour"])) / 24)))


def curve(speed: Floats) -> Floats:
    """Output over capacity of a farm at a wind speed in m/s at the hub, before losses.

    A machine gives ((v^3 - 3^3) / (12^3 - 3^3)) between 3 and 12 m/s, all up to 25, nothing beyond; a farm of many is
    the mean over five speeds within 1.2 m/s, as their winds differ.

    >>> curve(np.array([0.0, 16.0, 40.0])).tolist()
    [0.0, 1.0, 0.0]
    """
    spread = np.linspace(-_SMOOTHING_M_PER_S, _SMOOTHING_M_PER_S, 5)
    return np.asarray(np.mean([_machine(speed + shift) for shift in spread], axis=0))


def _machine(speed: Floats) -> Floats:
    rising = (np.clip(speed, CUT_IN, RATED) ** 3 - CUT_IN**3) / (RATED**3 - CUT_IN**3)
    return np.where(speed > CUT_OUT, 0.0, rising)
