"""Options of the charts below the map; the base is dashed."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

import pandas as pd

from karvan.web.view import Json

INK, PLAN, BASE, FULL = "#15242d", "#2f7f8c", "#8b9aa3", "#c2311f"
SHOWN, NARROW = 12, 460
_GRID = {"left": 12, "right": 28, "top": 34, "bottom": 12, "containLabel": True}


def ranked(frame: pd.DataFrame) -> Json:
    """Bars of what 1 % more of the first resources is worth, with that of the base as a dashed outline."""
    first = frame.head(SHOWN).iloc[::-1]
    bars = [
        {"value": round(worth, 4), "itemStyle": {"color": FULL if full else PLAN}}
        for worth, full in zip(first["worth"], first["full"], strict=True)
    ]
    return {
        **_plain("Worth of 1 % more capacity, MUSD a year"),
        "xAxis": {"type": "value", "splitLine": {"lineStyle": {"color": "#e3e7ea"}}},
        "yAxis": {"type": "category", "data": [_short(name) for name in first["name"]], "axisTick": {"show": False},
                  "axisLabel": {"color": INK, "width": 230, "overflow": "truncate"}},
        "series": [
            {"name": "plan", "type": "bar", "data": bars, "barWidth": 12, "z": 2},
            {"name": "base", "type": "bar", "data": first["base"].round(4).tolist(), "barGap": "-120%", "barWidth": 17,
             "itemStyle": {"color": "transparent", "borderColor": BASE, "borderType": "dashed", "borderWidth": 1.4}},
        ],
        "media": [{"query": {"maxWidth": NARROW}, "option": {"xAxis": {"splitNumber": 3},
                                                             "yAxis": {"axisLabel": {"width": 130}}}}],
    }  # fmt: skip


def relief(frame: pd.DataFrame) -> Json:
    """What widening the first bottleneck, then the next, adds up to."""
    names = [f"{step}. {_short(name)}" for step, name in zip(frame["step"], frame["name"], strict=True)]
    return {
        **_plain("Relief: gain in welfare as the first bottleneck grows by a tenth, step by step, MUSD a year"),
        "xAxis": {"type": "category", "data": names, "axisLabel": {"interval": 0, "rotate": 24, "width": 130,
                                                                   "overflow": "truncate"}},
        "yAxis": {"type": "value", "splitLine": {"lineStyle": {"color": "#e3e7ea"}}},
        "series": [
            {"name": "in all", "type": "line", "step": "middle", "symbolSize": 7,
             "lineStyle": {"color": PLAN, "width": 3}, "itemStyle": {"color": PLAN},
             "data": (frame["cumulative_gain_usd"] / 1e6).round(2).tolist()},
        ],
    }  # fmt: skip


def history(
    title: str,
    years: Sequence[int],
    plan: Sequence[float | None],
    base: Sequence[float | None],
    record: Mapping[int, float],
    estimated: Container[int] = (),
) -> Json:
    """A figure over the years: the plan, the base dashed, the record as dots, its estimated years hollow."""
    lines: list[Json] = [
        {"name": "plan", "type": "line", "data": list(plan), "symbol": "none", "lineStyle": {"color": PLAN, "width": 3},
         "itemStyle": {"color": PLAN}},
        {"name": "base", "type": "line", "data": list(base), "symbol": "none", "itemStyle": {"color": BASE},
         "lineStyle": {"color": BASE, "type": "dashed", "width": 2}},
    ]  # fmt: skip
    for name, symbol, guessed in (("record", "circle", False), ("record, an estimate", "emptyCircle", True)):
        told = [record.get(year) if (year in estimated) == guessed else None for year in years]
        if any(value is not None for value in told):
            dots: Json = {"name": name, "type": "scatter", "data": told, "symbol": symbol, "symbolSize": 8}
            lines.append({**dots, "itemStyle": {"color": INK}})
    return {
        **_plain(title),
        "grid": {**_GRID, "top": 62},
        "legend": {"left": 0, "top": 26, "itemWidth": 18},
        "xAxis": {"type": "category", "data": [str(year) for year in years]},
        "yAxis": {"type": "value", "scale": True, "splitLine": {"lineStyle": {"color": "#e3e7ea"}}},
        "series": lines,
    }


def _plain(title: str) -> Json:
    return {
        "animation": False,
        "title": {"text": title, "left": 4, "top": 4, "textStyle": {"fontSize": 13, "fontWeight": 600, "color": INK}},
        "tooltip": {"trigger": "axis", "confine": True},
        "grid": _GRID,
    }


def _short(name: object, most: int = 38) -> str:
    text = str(name)
    return text if len(text) <= most else text[: most - 1] + "\N{HORIZONTAL ELLIPSIS}"
