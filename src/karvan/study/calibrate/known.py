"""What was known on a day: the record published by then and the shocks that had begun."""

from __future__ import annotations

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.register.known import known_by
from karvan.schema.dates import first_days, last_day
from karvan.study.record import COUNTED

KEY = ["indicator", "subject", "scope", "year", "period"]
SHOCK = "shock:"


def known_on(corridor: Corridor, day: str) -> pd.DataFrame:
    """Observations that could be known on a day, by the rule of :mod:`karvan.register.known`.

    Where the preferred one came later, it is the one published last by then.

    Parameters
    ----------
    corridor
        With ``observations`` and ``sources``.
    day
        ``YYYY-MM-DD``, inclusive.

    Returns
    -------
    pandas.DataFrame
        Rows of the table, every one preferred and each key once; plans and forecasts are left out.
    """
    rows = known_by(corridor["observations"], corridor["sources"], day)
    ordered = rows.loc[rows["status"].isin(COUNTED)].sort_values([*KEY, "preferred", "published"], kind="stable")
    return ordered.drop_duplicates(KEY, keep="last").assign(preferred=True).reset_index(drop=True)


def as_known(corridor: Corridor, day: str) -> Corridor:
    """The corridor without what a day could not know: later figures, later shocks, later changes by shocks begun.

    History stays: it says what the base year, in whose costs the scale of choice is stated, and the reference years of
    the routes cost. Years after the day are not solved with it.
    """
    shocks, levers = corridor["shocks"], corridor["levers"]
    begun = shocks.loc[first_days(shocks["from"]) <= last_day(day)]
    of_shock = levers["owner"].str.startswith(SHOCK)
    kept = levers["owner"].isin(SHOCK + begun["shock"].astype(str)) & (first_days(levers["from"]) <= last_day(day))
    return corridor.replace(
        observations=known_on(corridor, day),
        shocks=begun.reset_index(drop=True),
        levers=levers.loc[~of_shock | kept].reset_index(drop=True),
    )
