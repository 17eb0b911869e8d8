"""Distances on the sphere."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from karvan.units import EARTH_RADIUS_KM


def great_circle_km(
    lon1_deg: ArrayLike, lat1_deg: ArrayLike, lon2_deg: ArrayLike, lat2_deg: ArrayLike
) -> NDArray[np.float64]:
    """Great-circle distances in km between points in degrees, element by element.

    Haversine formula: d = 2 R asin(sqrt(sin^2(dlat/2) + cos(lat1) cos(lat2) sin^2(dlon/2))) on a sphere of the
    earth's mean radius; not the ellipsoid, from which it differs by at most 0.6 %. Symmetric, never negative, at most
    half the circumference.

    Reference: Sinnott (1984), Virtues of the Haversine.

    >>> float(np.round(great_circle_km(0, 0, 0, 90), 1))
    10007.6
    """
    lon1, lat1, lon2, lat2 = (np.radians(np.asarray(x, float)) for x in (lon1_deg, lat1_deg, lon2_deg, lat2_deg))
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))
