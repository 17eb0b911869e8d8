"""What the record said on a day: observations published by then, and the naive forecasts they allow."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from karvan.study.record import COUNTED

KEY = ["indicator", "subject", "scope", "year", "period"]


def known_on(observations: pd.DataFrame, day: str) -> pd.DataFrame:
    """Observations published by a day; where the preferred one came later, the one published last by then.

    Parameters
    ----------
    observations
        Table ``observations``.
    day
        ``YYYY-MM-DD``, inclusive.

    Returns
    -------
    pandas.DataFrame
        Rows of the table, every one preferred and each key once; plans and forecasts are left out.
    """
    rows = observations.loc[(observations["published"].astype(str) <= day) & observations["status"].isin(COUNTED)]
    ordered = rows.sort_values([*KEY, "preferred", "published"], kind="stable")
    return ordered.drop_duplicates(KEY, keep="last").assign(preferred=True).reset_index(drop=True)


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
