"""Small charts as SVG text: a line of the record over the years, a bar of how full a resource is.

Colours are CSS classes of the page, so that a chart reads in light, in dark and on paper; what a chart shows is also
said in words for those who do not see it, and stands in a table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from markupsafe import escape

from karvan.report import numbers
from karvan.report.tables import RecordLine

WIDTH, HEIGHT = 300.0, 168.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 10.0, 10.0, 22.0
BAR_WIDTH, BAR_HEIGHT, BAR_FULL = 132.0, 12.0, 66.0


def record_chart(line: RecordLine, years: Sequence[int] = ()) -> str:
    """Modelled figures as a line, published ones as diamonds with their range, over the years.

    The diamond of an estimate is dashed.

    Parameters
    ----------
    line
        One indicator; years without a figure are left open, never joined over.
    years
        Years of the axis, so that charts side by side agree; empty: those of the line.

    Returns
    -------
    str
        One SVG element; empty where the line has no year.
    """
    years = sorted({*years, *line.modelled, *line.observed})
    if not (line.modelled or line.observed):
        return ""
    top = _round_top(max([*line.modelled.values(), *line.observed.values(), *line.high.values(), 0.0]))
    x = {year: LEFT + (WIDTH - LEFT - RIGHT) * (n + 0.5) / len(years) for n, year in enumerate(years)}

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * max(value, 0.0) / top

    parts = [f'<svg class="chart" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-label="{_words(line)}">']
    for mark in (0.0, top / 2, top):
        parts.append(f'<path class="grid" d="M{LEFT} {y(mark):.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text class="axis" x="{LEFT - 6}" y="{y(mark) + 4:.1f}" text-anchor="end">{_tick(mark)}</text>')
    parts += [
        f'<text class="axis" x="{x[year]:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{year}</text>'
        for year in years[:: max(1, (len(years) + 6) // 7)]
    ]
    for start, end in pairwise(years):
        if start in line.modelled and end in line.modelled and end == start + 1:
            ends = f"M{x[start]:.1f} {y(line.modelled[start]):.1f}L{x[end]:.1f} {y(line.modelled[end]):.1f}"
            parts.append(f'<path class="modelled" d="{ends}"/>')
    parts += [f'<circle class="modelled" cx="{x[n]:.1f}" cy="{y(v):.1f}" r="3"/>' for n, v in line.modelled.items()]
    for year, value in line.observed.items():
        low, high = line.low.get(year, value), line.high.get(year, value)
        parts.append(f'<path class="range" d="M{x[year]:.1f} {y(low):.1f}V{y(high):.1f}"/>')
        kind = "observed estimate" if year in line.estimated else "observed"
        parts.append(f'<path class="{kind}" d="M{x[year]:.1f} {y(value) - 5:.1f}l5 5l-5 5l-5-5Z"/>')
    return "".join([*parts, "</svg>"])


def utilisation_bar(load: float, background: float, capacity: float, *, rationed: bool = False) -> str:
    """How full a resource is: background, then load, with a line at capacity; the bar ends at twice the capacity.

    Parameters
    ----------
    load, background, capacity
        Units a year, at least 0.
    rationed
        Whether the resource is rationed at a limit below its capacity.

    Returns
    -------
    str
        One SVG element, hidden from screen readers: the figure stands beside it.
    """
    full = capacity if capacity > 0 else max(load + background, 1.0) / 4
    behind = min(background / full, 2.0) * BAR_FULL
    ahead = min((load + background) / full, 2.0) * BAR_FULL - behind
    over = " over" if rationed or load + background > capacity else ""
    beyond = ""
    if load + background > 2 * full:
        beyond = f'<path class="beyond" d="M{BAR_WIDTH - 6} 0l6 {BAR_HEIGHT / 2}l-6 {BAR_HEIGHT / 2}"/>'
    return (
        f'<svg class="bar" viewBox="0 0 {BAR_WIDTH:.0f} {BAR_HEIGHT:.0f}" aria-hidden="true">'
        f'<rect class="track" width="{BAR_WIDTH:.0f}" height="{BAR_HEIGHT:.0f}"/>'
        f'<rect class="background{over}" width="{behind:.1f}" height="{BAR_HEIGHT:.0f}"/>'
        f'<rect class="load{over}" x="{behind:.1f}" width="{ahead:.1f}" height="{BAR_HEIGHT:.0f}"/>'
        f'<path class="limit" d="M{BAR_FULL:.0f} 0v{BAR_HEIGHT:.0f}"/>{beyond}</svg>'
    )


def amount_bar(value: float, largest: float) -> str:
    """A bar as long as its value beside the largest one; what is below zero is drawn hollow.

    Parameters
    ----------
    value, largest
        In one unit; the largest absolute value of all bars side by side.

    Returns
    -------
    str
        One SVG element, hidden from screen readers: the figure stands beside it.
    """
    long = BAR_WIDTH * min(abs(value) / largest, 1.0) if largest > 0 else 0.0
    kind = "load" if value >= 0 else "hollow"
    return (
        f'<svg class="bar" viewBox="0 0 {BAR_WIDTH:.0f} {BAR_HEIGHT:.0f}" aria-hidden="true">'
        f'<rect class="{kind}" width="{long:.1f}" height="{BAR_HEIGHT:.0f}"/></svg>'
    )


def _round_top(largest: float) -> float:
    """The least of 1, 2, 4, 5, 6, 8 times a power of ten that is not below the largest value."""
    if not largest > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(largest))
    return float(next(m * power for m in (1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10) if m * power >= largest * (1 - 1e-12)))


def _tick(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.3g}"


def _words(line: RecordLine) -> str:
    told = [
        f"{year}: modelled {numbers.figure(line.modelled.get(year))}, published {line.published(year)}"
        for year in sorted(set(line.modelled) | set(line.observed))
    ]
    return str(escape(f"{line.name}, {line.unit}. " + "; ".join(told)))
