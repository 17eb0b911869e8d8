"""Space-time diagrams: ships between two ports over some weeks, as one page of SVG.

Steep lines are crossings, flat ones stays: in port, at anchor, or waiting for the weather.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import escape

from karvan.units import HOURS_PER_DAY

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 960.0, 220.0, 190.0, 12.0, 14.0, 26.0
DAYS_PER_TICK = 7
_STYLE = (
    ":root{color-scheme:light dark}body{font:15px system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}"
    "svg{width:100%;height:auto}text{font-size:12px;fill:currentColor}.grid{stroke:currentColor;opacity:.2}"
    ".ship{fill:none;stroke-width:1.4;opacity:.85}"
)
_COLOURS = ("#1b6ca8", "#c2571a", "#2e8540", "#8a3fa0", "#a08a1b", "#b0304f")


@dataclass(frozen=True)
class Line:
    """Ships of one service: name, two ports, and of each ship hours and places (0 the first port, 1 the other)."""

    name: str
    ports: tuple[str, str]
    ships: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]


def diagram(line: Line, begin_h: float, days: int) -> str:
    """One SVG of a line over some days from an hour on.

    Parameters
    ----------
    line
        Ships; points outside the days are cut off.
    begin_h, days
        First hour shown, and how many days.

    Returns
    -------
    str
        One SVG element with a label that says what it shows.
    """
    end_h = begin_h + days * HOURS_PER_DAY

    def x(hour: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (hour - begin_h) / (end_h - begin_h)

    def y(place: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * place

    words = escape(f"{line.name}: {len(line.ships)} ships between {line.ports[0]} and {line.ports[1]}, {days} days")
    parts = [f'<svg viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-label="{words}">']
    for place, port in enumerate(line.ports):
        parts.append(f'<path class="grid" d="M{LEFT} {y(place):.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(place) + 4:.1f}" text-anchor="end">{escape(port)}</text>')
    for day in range(0, days + 1, DAYS_PER_TICK):
        at = x(begin_h + day * HOURS_PER_DAY)
        parts.append(f'<path class="grid" d="M{at:.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
        anchor = "middle" if day + DAYS_PER_TICK <= days else "end"
        parts.append(f'<text x="{at:.1f}" y="{HEIGHT - 6}" text-anchor="{anchor}">day {day}</text>')
    for number, (hours, places) in enumerate(line.ships):
        inside = [at for at, hour in enumerate(hours) if begin_h <= hour <= end_h]
        if len(inside) > 1:
            points = "L".join(f"{x(hours[at]):.1f} {y(places[at]):.1f}" for at in inside)
            parts.append(f'<path class="ship" stroke="{_COLOURS[number % len(_COLOURS)]}" d="M{points}"/>')
    return "".join((*parts, "</svg>"))


def ships_page(title: str, lines: Sequence[Line], begin_h: float, days: int) -> str:
    """A page with the diagram of every line."""
    head = f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title><style>{_STYLE}</style>"
    told = (
        "<p>Simulated, one year of luck. Each line is a ship: steep where it sails, flat where it lies in port or "
        "waits for the weather.</p>"
    )
    sections = [f"<h2>{escape(line.name)}</h2>{diagram(line, begin_h, days)}" for line in lines]
    return "".join((head, f"<h1>{escape(title)}</h1>", told, *sections, "</html>"))
