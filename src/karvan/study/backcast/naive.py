"""Naive forecasts, the yardstick of every other: the last value, and the last growth carried on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def naive(seen: Mapping[int, float], year: int) -> tuple[float, float]:
    """Two naive forecasts: the last value before a year, and the growth between the last two carried on.

    Missing where the record has no value, or fewer than two above zero, before the year.

    >>> naive({2021: 100.0, 2023: 400.0}, 2024)
    (400.0, 800.0)
    """
    before = sorted(known for known in seen if known < year)
    last = seen[before[-1]] if before else np.nan
    if len(before) < 2 or min(seen[before[-1]], seen[before[-2]]) <= 0:
        return last, np.nan
    growth = (last / seen[before[-2]]) ** (1.0 / (before[-1] - before[-2]))
    return last, float(last * growth ** (year - before[-1]))
