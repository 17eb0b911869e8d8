"""Figures as people read them: rounded to what can be known, with a unit that keeps them short.

Every door formats through these functions, so a figure reads the same on a page and in a terminal. Missing figures are
a dash, never a zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

MISSING = "-"
DASH = "\N{EN DASH}"
ESTIMATED = "~"
_STEPS = {
    "t": ((1.0, "t"), (1e3, "kt"), (1e6, "Mt")),
    "kt": ((1.0, "kt"), (1e3, "Mt")),
    "Mt": ((1.0, "Mt"),),
    "kg": ((1.0, "kg"), (1e3, "t"), (1e6, "kt"), (1e9, "Mt")),
}
_COUNTED = re.compile(r"[A-Za-z_ ]+")
_THOUSANDS_FROM = 10_000.0
_HOURS_UP_TO, _HOURS_PER_DAY = 48.0, 24.0


def figure(value: float | None, digits: int = 3) -> str:
    """A number with about ``digits`` significant digits, thousands set apart; whole numbers are never cut.

    >>> [figure(x) for x in (0.0, 0.0123, 4.567, 56.78, 99.97, 1234.5, 1234567.0, float("nan"))]
    ['0', '0.0123', '4.57', '56.8', '100', '1,234', '1,234,567', '-']
    """
    if value is None or not math.isfinite(value):
        return MISSING
    if value == 0.0:
        return "0"
    whole_digits = math.floor(math.log10(abs(float(f"{value:.{digits - 1}e}")))) + 1
    decimals = max(0, digits - max(whole_digits, 1)) if abs(value) >= 1 else min(6, digits - whole_digits)
    return f"{value:,.{decimals}f}"


def estimated(value: float | None, *, estimate: bool) -> str:
    """A published figure, behind a tilde where it is an estimate and no observation.

    >>> estimated(20_500.0, estimate=True), estimated(None, estimate=True)
    ('~20,500', '-')
    """
    text = figure(value)
    return f"{ESTIMATED}{text}" if estimate and text != MISSING else text


def percent(share: float | None) -> str:
    """A share in per cent; what is above nothing never reads as nothing, and without end is a sign.

    >>> [percent(x) for x in (0.0, 0.0004, 0.034, 0.5, 8.304, math.inf)]
    ['0 %', '<0.1 %', '3.4 %', '50 %', '830 %', '∞']
    """
    if share == math.inf:
        return "∞"
    if share is None or not math.isfinite(share):
        return MISSING
    in_percent = 100.0 * share
    if in_percent == 0.0:
        return "0 %"
    if abs(in_percent) < 0.1:
        return "<0.1 %"
    return f"{in_percent:,.1f} %" if abs(in_percent) < 10.0 else f"{in_percent:,.0f} %"


def scale(values: Iterable[float], unit: str) -> tuple[float, str]:
    """The divisor and unit that keep the largest of some figures short.

    Masses step at a thousand, counts (TEU, wagons, trucks) at ten thousand; any other unit stays as it is.

    >>> scale([120.0, 5400.0], "kt")
    (1000.0, 'Mt')
    >>> scale([56_000.0], "TEU"), scale([2_000.0], "TEU"), scale([3e6], "USD/FEU")
    ((1000.0, 'k TEU'), (1.0, 'TEU'), (1.0, 'USD/FEU'))
    """
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    if unit in _STEPS:
        return [step for step in _STEPS[unit] if step[0] == 1.0 or largest >= step[0]][-1]
    if not _COUNTED.fullmatch(unit) or unit in {"h", "days", "hours", "km"}:
        return 1.0, unit
    if largest >= 1e6:
        return 1e6, f"M {unit}"
    return (1e3, f"k {unit}") if largest >= _THOUSANDS_FROM else (1.0, unit)


def amount(value: float | None, unit: str) -> str:
    """A figure with its unit, the unit chosen to keep it short.

    >>> amount(23_456.0, "kt"), amount(1_250_000.0, "TEU"), amount(None, "kt")
    ('23.5 Mt', '1.25 M TEU', '-')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    divisor, label = scale([value], unit)
    return f"{figure(value / divisor)} {label}"


def duration(hours: float | None) -> str:
    """Hours up to two days, days beyond.

    >>> duration(0.0), duration(11.1), duration(48.0), duration(148.0), duration(None)
    ('0 h', '11.1 h', '48.0 h', '6.2 d', '-')
    """
    if hours is None or not math.isfinite(hours):
        return MISSING
    return f"{hours / _HOURS_PER_DAY:,.1f} d" if hours > _HOURS_UP_TO else f"{figure(hours)} h"


def per(value: float | None, unit: str) -> str:
    """A price with the unit it is for, in the singular.

    >>> per(684.2, "trucks"), per(28.3, "t"), per(1.5, "vessel_hours"), per(None, "t"), per(0.0, "t")
    ('684/truck', '28.3/t', '1.50/vessel hour', '-', '0')
    """
    told = figure(value)
    return told if told in {MISSING, "0"} else f"{told}/{unit.removesuffix('s').replace('_', ' ')}"


def millions(usd: float | None) -> str:
    """Dollars in millions to the hundredth.

    >>> millions(54_281_000.0), millions(-6_589.0), millions(1_234e6), millions(None)
    ('54.3', '-0.01', '1,234', '-')
    """
    if usd is None or not math.isfinite(usd):
        return MISSING
    told = f"{usd / 1e6:.2f}"
    return figure(usd / 1e6) if abs(usd) >= 1e6 else "0" if float(told) == 0 else told


def years(numbers: Iterable[int]) -> str:
    """Years as ranges.

    >>> years([2019, 2020, 2021, 2025]), years([2024])
    ('2019-2021, 2025', '2024')
    """
    runs: list[list[int]] = []
    for year in sorted(set(numbers)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
