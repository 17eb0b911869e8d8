"""From longitude and latitude to a flat map, and the clipping of outlines to a window.

A corridor away from the equator is drawn in Lambert's conformal conic projection with standard parallels a sixth in
from its northern and southern ends; one near or across the equator in Mercator's, where the cone opens flat. Both are
spherical: at the scale of a page the flattening of the earth is thinner than a line.

Reference: J. P. Snyder (1987), Map Projections: A Working Manual, sections 7 and 15.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_POLE = 84.0
_FLAT_CONE = 0.15


@dataclass(frozen=True)
class Window:
    """A box of longitudes and latitudes in degrees, west < east and south < north."""

    west: float
    south: float
    east: float
    north: float

    def grown(self, degrees: float) -> Window:
        """The window with a margin on every side, kept on the globe."""
        return Window(
            max(-180.0, self.west - degrees),
            max(-_POLE, self.south - degrees),
            min(180.0, self.east + degrees),
            min(_POLE, self.north + degrees),
        )


@dataclass(frozen=True)
class Projection:
    """A conformal map: ``cone`` is Snyder's n (0 for Mercator), ``middle`` the central meridian in degrees."""

    cone: float
    middle: float

    def __call__(self, lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Plane coordinates, x to the east and y to the north; a unit has no length of its own.

        Parameters
        ----------
        lon_deg, lat_deg
            Degrees, arrays of one shape; latitudes beyond 84 degrees are held there.

        Returns
        -------
        x, y
            Arrays of that shape.
        """
        lon = np.radians(np.asarray(lon_deg, dtype=np.float64) - self.middle)
        lat = np.radians(np.clip(np.asarray(lat_deg, dtype=np.float64), -_POLE, _POLE))
        stretched = np.tan(np.pi / 4 + lat / 2)
        if self.cone == 0.0:
            return lon, np.log(stretched)
        radius = stretched ** (-self.cone) / self.cone
        return radius * np.sin(self.cone * lon), -radius * np.cos(self.cone * lon)


def projection_for(window: Window) -> Projection:
    """The projection that suits a window.

    >>> projection_for(Window(0, 20, 120, 60)).cone > 0.5, projection_for(Window(-10, -10, 10, 10)).cone
    (True, 0.0)
    """
    inset = (window.north - window.south) / 6
    south, north = np.radians([window.south + inset, window.north - inset])
    middle = (window.west + window.east) / 2
    if north - south < 1e-6:
        cone = float(np.sin(south))
    else:
        ratio = np.log(np.tan(np.pi / 4 + north / 2) / np.tan(np.pi / 4 + south / 2))
        cone = float(np.log(np.cos(south) / np.cos(north)) / ratio)
    return Projection(cone if abs(cone) > _FLAT_CONE else 0.0, middle)


def great_circle(start: tuple[float, float], end: tuple[float, float], step_deg: float = 3.0) -> tuple[Floats, Floats]:
    """Longitudes and latitudes along the shortest way between two points, both ends included.

    >>> lon, lat = great_circle((0.0, 0.0), (90.0, 0.0), 30.0)
    >>> [round(float(x)) for x in lon]
    [0, 30, 60, 90]
    """
    ends = np.array([_vector(*start), _vector(*end)])
    angle = float(np.arccos(np.clip(ends[0] @ ends[1], -1.0, 1.0)))
    parts = max(1, int(np.ceil(np.degrees(angle) / step_deg)))
    share = np.linspace(0.0, 1.0, parts + 1)
    if np.sin(angle) < 1e-9:
        return np.array([start[0], end[0]]), np.array([start[1], end[1]])
    weights = np.column_stack([np.sin((1 - share) * angle), np.sin(share * angle)]) / np.sin(angle)
    x, y, z = (weights @ ends).T
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arcsin(np.clip(z, -1.0, 1.0)))


def clip_ring(ring: Floats, window: Window) -> Floats:
    """The part of a closed outline inside a window (Sutherland and Hodgman's cut, one side after another).

    Parameters
    ----------
    ring
        Points, shape (n, 2), longitude and latitude; the last may repeat the first.

    Returns
    -------
    numpy.ndarray
        Points, shape (m, 2), not repeated at the end; m is 0 where nothing lies inside.
    """
    points = ring[:-1] if len(ring) > 1 and np.array_equal(ring[0], ring[-1]) else ring
    for axis, limit, side in ((0, window.west, 1), (0, window.east, -1), (1, window.south, 1), (1, window.north, -1)):
        points = _cut(points, axis, limit, side)
        if not len(points):
            break
    return points


def simplify(points: Floats, tolerance: float) -> Floats:
    """Fewer points of a line that stay within about ``tolerance`` of it (Douglas and Peucker)."""
    if len(points) < 3:
        return points
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        distance = _distance(points[first + 1 : last], points[first], points[last])
        furthest = int(np.argmax(distance))
        if distance[furthest] > tolerance:
            middle = first + 1 + furthest
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return points[keep]


def _vector(lon_deg: float, lat_deg: float) -> Floats:
    lon, lat = np.radians([lon_deg, lat_deg])
    return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _cut(points: Floats, axis: int, limit: float, side: int) -> Floats:
    """The part above a limit (``side`` 1) or below it (-1)."""
    inside = side * points[:, axis] >= side * limit
    if inside.all():
        return points
    kept: list[Floats] = []
    for here, point in enumerate(points):
        before = points[here - 1]
        if inside[here] != inside[here - 1]:
            share = (limit - before[axis]) / (point[axis] - before[axis])
            crossing = before + share * (point - before)
            kept.append(crossing)
        if inside[here]:
            kept.append(point)
    return np.array(kept) if kept else np.empty((0, 2))


def _distance(points: Floats, start: Floats, end: Floats) -> Floats:
    along = end - start
    length = float(np.hypot(*along))
    if length == 0.0:
        return np.asarray(np.hypot(*(points - start).T), dtype=np.float64)
    across = along[0] * (points[:, 1] - start[1]) - along[1] * (points[:, 0] - start[0])
    return np.asarray(np.abs(across) / length, dtype=np.float64)
