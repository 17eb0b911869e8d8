"""What was known on a day: the record published by then and the shocks that had begun."""

from __future__ import annotations

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.study.record import COUNTED

KEY = ["indicator", "subject", "scope", "year", "period"]
SHOCK = "shock:"


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


def as_known(corridor: Corridor, day: str) -> Corridor:
    """The corridor without what a day could not know: later figures, later shocks, later changes by shocks begun.

    History stays: it says what the base year, in whose costs the scale of choice is stated, and the reference years of
    the routes cost. Years after the day are not solved with it.
    """
    shocks, levers = corridor["shocks"], corridor["levers"]
    begun = shocks.loc[_begins(shocks["from"]) <= day]
    of_shock = levers["owner"].str.startswith(SHOCK)
    kept = levers["owner"].isin(SHOCK + begun["shock"].astype(str)) & (_begins(levers["from"]) <= day)
    return corridor.replace(
        observations=known_on(corridor["observations"], day),
        shocks=begun.reset_index(drop=True),
        levers=levers.loc[~of_shock | kept].reset_index(drop=True),
    )


def _begins(dates: pd.Series) -> pd.Series:
    """The first day of dates that may be bare years; empty sorts before every day."""
    text = dates.astype(str).fillna("")
    return text.where(text.str.len() != len("YYYY"), text + "-01-01")
