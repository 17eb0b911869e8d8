"""Made profiles of sun, wind, water and load."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from karvan.errors import DataError, RangeError
from karvan.power.horizon import hours_of
from karvan.power.profiles.synthesis import hourly_profiles
from tests.worlds import frame

YEAR = 2025
SUN = {"name": "sun", "kind": "solar", "x": 65.0, "y": 40.0, "utc_offset_h": 5.0, "mean_pu": 0.2,
       "clearness_winter": 0.48, "clearness_summer": 0.66}  # fmt: skip
WIND = {"name": "wind", "kind": "onwind", "x": 50.0, "y": 40.0, "utc_offset_h": 4.0, "mean_pu": 0.38,
        "wind_speed_m_per_s": 8.0, "weibull_k": 2.0, "ar1_hourly": 0.965, "correlation_length_km": 450.0,
        "losses": 0.12, "winter_to_summer": 1.2}  # fmt: skip
NEAR, FAR = {**WIND, "name": "near", "x": 51.0}, {**WIND, "name": "far", "x": 75.0}


def made(*rows: dict[str, Any], seed: int = 1) -> pd.DataFrame:
    return hourly_profiles(frame("power.profiles", rows), YEAR, seed)


def test_sun_and_wind_have_the_mean_that_is_known_and_stay_within_capacity() -> None:
    profiles = made(SUN, WIND)
    assert profiles.mean().tolist() == pytest.approx([0.2, 0.38], abs=1e-6)
    assert profiles.min().min() >= 0
    assert profiles["sun"].max() <= 1
    assert profiles["wind"].max() == pytest.approx(0.88)


def test_the_sun_shines_at_noon_of_the_place_and_not_at_night() -> None:
    sun = made(SUN)["sun"].to_numpy().reshape(365, 24).mean(axis=0)
    # Noon at 65 degrees east is 07:40 UTC.
    assert int(np.argmax(sun)) == 7
    assert sun[[17, 18, 19, 20]].max() == 0


def test_summer_has_more_sun_than_winter_in_the_north_and_less_in_the_south() -> None:
    sun = made(SUN, {**SUN, "name": "south", "y": -40.0})
    july = hours_of(YEAR).month == 7
    january = hours_of(YEAR).month == 1
    assert sun["sun"][july].mean() > 1.5 * sun["sun"][january].mean()
    assert sun["south"][january].mean() > 1.5 * sun["south"][july].mean()


def test_the_same_seed_makes_the_same_weather_and_another_one_another() -> None:
    assert made(SUN, WIND).equals(made(SUN, WIND))
    assert not np.allclose(made(WIND)["wind"], made(WIND, seed=2)["wind"])


def test_a_site_more_leaves_the_wind_of_all_others_as_it_was() -> None:
    assert made(WIND, NEAR)["wind"].equals(made(WIND, NEAR, FAR)["wind"])


def test_near_sites_have_much_the_same_wind_and_far_ones_do_not() -> None:
    near, far = made(WIND, NEAR, FAR).corr().loc["wind", ["near", "far"]].to_numpy(dtype=float)
    assert near > 0.7
    assert abs(far) < 0.25


def test_wind_remembers_the_hour_before_and_forgets_the_week_before() -> None:
    wind = made(WIND)["wind"]
    assert wind.autocorr(1) > 0.9
    assert abs(wind.autocorr(168)) < 0.2


def test_a_load_peaks_at_the_hour_of_its_own_clock() -> None:
    day = "|".join(["1"] * 18 + ["2"] + ["1"] * 5)
    load = {"name": "load", "kind": "load", "utc_offset_h": 5.0, "winter_day": day, "summer_day": day}
    profile = made(load)["load"].to_numpy().reshape(365, 24).mean(axis=0)
    # 18 to 19 local is 13 to 14 UTC.
    assert int(np.argmax(profile)) == 13


def test_an_inflow_follows_its_months_with_mean_one() -> None:
    months = "|".join(str(value) for value in (0.5, 0.5, 1, 1.5, 2, 1.5, 1, 1, 1, 0.8, 0.7, 0.5))
    inflow = made({"name": "river", "kind": "inflow", "utc_offset_h": 0.0, "monthly_shape": months})["river"]
    assert inflow.mean() == pytest.approx(1.0)
    assert hours_of(YEAR)[int(inflow.argmax())].month == 5


def test_a_mean_that_no_wind_can_reach_is_refused() -> None:
    with pytest.raises(RangeError, match="cannot be reached"):
        made({**WIND, "mean_pu": 0.95})


def test_a_wind_site_without_its_speed_names_row_and_column() -> None:
    with pytest.raises(DataError) as caught:
        made(SUN, {**WIND, "wind_speed_m_per_s": None})
    assert [(p.row, p.column) for p in caught.value.problems] == [(3, "wind_speed_m_per_s")]


def test_a_list_with_eleven_months_is_refused() -> None:
    with pytest.raises(DataError, match="12 numbers"):
        made({"name": "river", "kind": "inflow", "utc_offset_h": 0.0, "monthly_shape": "|".join(["1"] * 11)})


def test_a_file_that_was_not_handed_over_is_not_made_up() -> None:
    with pytest.raises(DataError) as caught:
        made({**WIND, "file": "wind.csv"})
    assert [(p.kind, p.value) for p in caught.value.problems] == [("missing series", "wind.csv")]
