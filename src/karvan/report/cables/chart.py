"""Money over the life of a project, drawn as SVG: gains above, costs below, a bar a year."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import escape

WIDTH, HEIGHT = 720.0, 220.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 8.0, 10.0, 24.0
_LABELS = 10
_SHARE = 0.76


def streams_chart(gains: Mapping[int, float], costs: Mapping[int, float], words: str) -> str:
    """Bars of gains and costs by year, both from the line of nothing.

    Parameters
    ----------
    gains, costs
        Million USD by year, the same years; costs are below nothing, gains may be.
    words
        What the chart shows, for those who do not see it.

    Returns
    -------
    str
        One SVG element; empty where there is no year.
    """
    years = sorted(gains)
    if not years:
        return ""
    every = [*gains.values(), *costs.values(), 0.0]
    top, low = max(every), min(every)
    span = (top - low) or 1.0
    width = (WIDTH - LEFT - RIGHT) / len(years)

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (top - value) / span

    box = f'viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}"'
    parts = [f'<svg class="chart streams" {box} role="img" aria-label="{escape(words)}">']
    for mark in sorted({top, 0.0, low}):
        parts.append(f'<path class="grid" d="M{LEFT} {y(mark):.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text class="axis" x="{LEFT - 6}" y="{y(mark) + 4:.1f}" text-anchor="end">{mark:,.0f}</text>')
    for number, year in enumerate(years):
        left = LEFT + width * (number + (1 - _SHARE) / 2)
        for kind, value in (("gain", gains[year]), ("cost", costs.get(year, 0.0))):
            tall = abs(y(value) - y(0.0))
            parts.append(
                f'<rect class="{kind}" x="{left:.1f}" y="{min(y(value), y(0.0)):.1f}" width="{width * _SHARE:.1f}"'
                f' height="{tall:.1f}"/>'
            )
    every_so_many = max(1, (len(years) + _LABELS - 1) // _LABELS)
    for number, year in list(enumerate(years))[::every_so_many]:
        middle = LEFT + width * (number + 0.5)
        parts.append(f'<text class="axis" x="{middle:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{year}</text>')
    return "".join([*parts, "</svg>"])
