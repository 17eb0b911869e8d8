from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from karvan.numerics.geodesy import great_circle_km
from karvan.units import EARTH_RADIUS_KM

LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


def test_half_the_equator_is_half_the_circumference() -> None:
    assert np.isclose(great_circle_km(-90, 0, 90, 0), np.pi * EARTH_RADIUS_KM)


def test_london_to_paris_is_344_km() -> None:
    assert abs(float(great_circle_km(-0.1278, 51.5074, 2.3522, 48.8566)) - 343.6) < 0.5


@given(LON, LAT, LON, LAT)
def test_distance_is_symmetric_and_at_most_half_the_circumference(a: float, b: float, c: float, d: float) -> None:
    there, back = float(great_circle_km(a, b, c, d)), float(great_circle_km(c, d, a, b))
    assert np.isclose(there, back)
    assert 0 <= there <= np.pi * EARTH_RADIUS_KM + 1e-6


def test_unknown_coordinates_give_no_distance() -> None:
    assert np.isnan(great_circle_km(np.array([np.nan, 0.0]), 0.0, 1.0, 1.0)).tolist() == [True, False]
