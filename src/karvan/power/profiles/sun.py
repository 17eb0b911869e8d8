"""Output of a solar plant hour by hour.

Sunshine is the radiation outside the atmosphere times a clearness that swings between its means of winter and summer
and wanders from day to day as an AR(1); it is split into beam and haze (Erbs, Klein and Duffie 1982) and turned onto a
fixed panel by pvlib. No cloud passes within a day, no panel warms up: both stand in the yearly mean.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.signal import lfilter

from karvan.power.horizon import hours_of
from karvan.power.profiles.scaling import scaled_to
from karvan.power.profiles.season import summer

Floats = NDArray[np.float64]
DAILY_CORRELATION = 0.45
DAILY_SD = 0.14
CLEAREST, DARKEST = 0.78, 0.08
_TILT_SHARE = 0.8


def solar(row: pd.Series, year: int, rng: np.random.Generator) -> Floats:
    """Output over capacity, 0 to 1, with mean ``mean_pu``; shape (8760,).

    Parameters
    ----------
    row
        A row of ``power.profiles`` of kind solar: x, y, clearness_winter, clearness_summer, mean_pu.
    year
        Calendar year; the sun's way is that of the middle of each hour.
    rng
        Draws the clearness of 365 days.
    """
    on_panel = _on_panel(float(row["x"]), float(row["y"]), _clearness(row, rng), year)
    return scaled_to(float(row["mean_pu"]), lambda factor: np.minimum(on_panel * factor, 1.0), str(row["name"]))


def _clearness(row: pd.Series, rng: np.random.Generator) -> Floats:
    """Clearness of every hour, the same over a day."""
    draws = rng.standard_normal(365)
    draws[1:] *= np.sqrt(1 - DAILY_CORRELATION**2)
    wander = np.repeat(lfilter([1.0], [1.0, -DAILY_CORRELATION], draws), 24)
    share = summer(float(row["y"]))
    mean = row["clearness_winter"] * (1 - share) + row["clearness_summer"] * share
    return np.asarray(np.clip(mean + DAILY_SD * wander, DARKEST, CLEAREST))


def _on_panel(longitude: float, latitude: float, clearness: Floats, year: int) -> Floats:
    """Radiation on a panel towards the equator over 1,000 W/m2."""
    from pvlib import irradiance, solarposition

    times = (hours_of(year) + pd.Timedelta(minutes=30)).tz_localize("UTC")
    sun = solarposition.get_solarposition(times, latitude, longitude, method="ephemeris")
    zenith, azimuth = sun["zenith"].to_numpy(), sun["azimuth"].to_numpy()
    day = times.day_of_year.to_numpy()
    outside = np.asarray(irradiance.get_extra_radiation(day))
    level = clearness * outside * np.maximum(np.cos(np.radians(zenith)), 0.0)
    split = irradiance.erbs(level, zenith, day)
    facing = 180.0 if latitude >= 0 else 0.0
    tilted = irradiance.get_total_irradiance(
        abs(latitude) * _TILT_SHARE, facing, zenith, azimuth, split["dni"], level, split["dhi"]
    )
    return np.asarray(np.nan_to_num(tilted["poa_global"]) / 1000.0)
