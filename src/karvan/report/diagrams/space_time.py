"""Space-time diagrams: ships between two ports over some weeks, as SVG.

Steep lines are crossings, flat ones stays: in port, at anchor, or waiting for the weather. Each ship lies in a lane of
its own beside its port, so that those who wait are seen one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from markupsafe import escape
from numpy.typing import NDArray

from karvan.units import HOURS_PER_DAY

WIDTH, SEA, LANE = 1000.0, 120.0, 4.0
LEFT, RIGHT, LABEL, DATES = 6.0, 6.0, 18.0, 22.0
DAYS_PER_TICK, COLOURS = 7, 6
LEAST_SHADED_H = 24.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """Ships of one service.

    ``ships`` are hours and places of each (0 the first port, 1 the other), ``closed`` the stretches in which the line's
    calendar lets nobody out, first and last hour.
    """

    name: str
    ports: tuple[str, str]
    ships: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]
    closed: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Window:
    """What is shown: from the hour ``begin_h``, which is the midnight (UTC) that ``first_day`` begins with."""

    begin_h: float
    days: int
    first_day: date

    @property
    def end_h(self) -> float:
        """Last hour shown."""
        return self.begin_h + self.days * HOURS_PER_DAY


@dataclass(frozen=True)
class Voyages:
    """What a line did in a window: landings at either port, and hours of the crossings and stays that ended in it."""

    to_second: int
    to_first: int
    crossing_h: Floats
    stay_h: Floats


def voyages(line: Line, window: Window) -> Voyages:
    """Count the crossings and stays of a line.

    >>> ship = ((0.0, 20.0, 50.0, 72.0), (0.0, 1.0, 1.0, 0.0))
    >>> found = voyages(Line("ferry", ("a", "b"), (ship,)), Window(0.0, 7, date(2024, 1, 1)))
    >>> found.to_second, found.to_first, found.crossing_h.tolist(), found.stay_h.tolist()
    (1, 1, [20.0, 22.0], [30.0])
    """
    ends = [0, 0]
    crossing: list[float] = []
    stay: list[float] = []
    for hours, places in line.ships:
        for at in range(1, len(hours)):
            if not window.begin_h <= hours[at] <= window.end_h:
                continue
            moved = places[at] != places[at - 1]
            (crossing if moved else stay).append(hours[at] - hours[at - 1])
            ends[int(places[at])] += moved
    return Voyages(ends[1], ends[0], np.array(crossing), np.array(stay))


def diagram(line: Line, window: Window) -> str:
    """One SVG of a line.

    Parameters
    ----------
    line
        Ships; what lies outside the window is cut off at its edge.
    window
        Days shown.

    Returns
    -------
    str
        One SVG element with a label that says what it shows; colours are classes of the page's style.
    """
    lanes = LANE * max(len(line.ships), 1)
    top = LABEL + lanes
    bottom = top + SEA
    height = bottom + lanes + LABEL + DATES
    words = escape(
        f"{line.name}: {len(line.ships)} ships between {line.ports[0]} and {line.ports[1]}, {window.days} days"
    )
    parts = [f'<svg class="chart ships" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" aria-label="{words}">']
    parts += _shades(line, window, LABEL, bottom + lanes)
    parts += _dates(window, LABEL, bottom + lanes, height)
    for at, y in zip(line.ports, (LABEL - 5, bottom + lanes + LABEL - 5), strict=True):
        parts.append(f'<text class="port" x="{LEFT}" y="{y:.1f}">{escape(at)}</text>')
    for y in (top, bottom):
        parts.append(f'<path class="shore" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
    for number, (hours, places) in enumerate(line.ships):
        depth = LANE * (number + 0.5)
        drawn = _cut(np.array(hours), np.array(places), window)
        points = "L".join(
            f"{_x(hour, window):.1f} {top - depth + (SEA + 2 * depth) * place:.1f}" for hour, place in drawn
        )
        if points:
            again = " again" if number >= COLOURS else ""
            parts.append(f'<path class="ship s{number % COLOURS}{again}" d="M{points}"/>')
    return "".join((*parts, "</svg>"))


def _x(hour: float, window: Window) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (hour - window.begin_h) / (window.end_h - window.begin_h)


def _cut(hours: Floats, places: Floats, window: Window) -> Sequence[tuple[float, float]]:
    """The points of a ship within a window, with those where it meets the edges."""
    if not hours.size or hours[-1] <= window.begin_h or hours[0] >= window.end_h:
        return []
    first, last = max(window.begin_h, hours[0]), min(window.end_h, hours[-1])
    inside = (hours > first) & (hours < last)
    ends = np.interp([first, last], hours, places)
    between = zip(hours[inside].tolist(), places[inside].tolist(), strict=True)
    return [(float(first), float(ends[0])), *between, (float(last), float(ends[1]))]


def _shades(line: Line, window: Window, top: float, bottom: float) -> list[str]:
    """Bands of the days in which nobody may leave."""
    found = []
    for begin, end in line.closed:
        first, last = max(begin, window.begin_h), min(end, window.end_h)
        if end - begin >= LEAST_SHADED_H and first < last:
            left, right = _x(first, window), _x(last, window)
            found.append(f'<rect class="closed" x="{left:.1f}" y="{top}" width="{right - left:.1f}" '
                         f'height="{bottom - top:.1f}"/>')  # fmt: skip
    return found


def _dates(window: Window, top: float, bottom: float, height: float) -> list[str]:
    """A line a week with its date."""
    found = []
    for day in range(0, window.days + 1, DAYS_PER_TICK):
        x = _x(window.begin_h + day * HOURS_PER_DAY, window)
        anchor = {0: "start", window.days: "end"}.get(day, "middle")
        told = day_of(window.first_day + timedelta(days=day))
        found.append(f'<path class="grid" d="M{x:.1f} {top}V{bottom:.1f}"/>')
        found.append(f'<text class="axis" x="{x:.1f}" y="{height - 6:.1f}" text-anchor="{anchor}">{told}</text>')
    return found


def day_of(day: date) -> str:
    """A day as it stands on an axis.

    >>> day_of(date(2024, 11, 5))
    '5 Nov'
    """
    return f"{day.day} {_MONTHS[day.month - 1]}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
