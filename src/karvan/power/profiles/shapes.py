"""Shapes that repeat: load, inflow, prices and availability from months, days and a little noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.power.horizon import HOURS
from karvan.power.profiles.season import local_hours, numbers, over_months, summer

Floats = NDArray[np.float64]
_SATURDAY = 5


def shaped(row: pd.Series, year: int, rng: np.random.Generator) -> Floats:
    """Value over the mean of the year, at least 0, mean 1; shape (8760,).

    Months times hours of the day (between a winter's and a summer's day by season) times days of rest times noise;
    what the row does not say is flat. ``mean_pu``, ``daily_load_factor`` and ``yearly_sd`` are not used here: they are
    what the result is compared with.
    """
    made = np.ones(HOURS)
    if row["monthly_shape"]:
        made = over_months(numbers(row, "monthly_shape", 12))
    local = local_hours(year, float(row["utc_offset_h"]))
    if row["winter_day"] or row["summer_day"]:
        made = made * _of_day(row, local.hour.to_numpy())
    if not pd.isna(row["weekend_to_workday"]):
        made = made * np.where(local.day_of_week >= _SATURDAY, float(row["weekend_to_workday"]), 1.0)
    if row["noise_sd"] > 0:
        made = made * np.maximum(1 + float(row["noise_sd"]) * rng.standard_normal(HOURS), 0.0)
    return np.asarray(made / made.mean())


def _of_day(row: pd.Series, hour: NDArray[np.int32]) -> Floats:
    """Shape of the hour; where only one of the two days is given it holds all year."""
    winter_name = "winter_day" if row["winter_day"] else "summer_day"
    summer_name = "summer_day" if row["summer_day"] else "winter_day"
    winter, hot = (numbers(row, name, 24) for name in (winter_name, summer_name))
    latitude = 0.0 if pd.isna(row["y"]) else float(row["y"])
    share = summer(latitude)
    return np.asarray(winter[hour] / winter.mean() * (1 - share) + hot[hour] / hot.mean() * share)
