"""How near forecasts came to the record: mean absolute logarithm of their ratio to it, beside the better naive one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from karvan.corridor.outcome import outcome_table
from karvan.schema.tables import table

MODELS, NAIVE = ("known", "hindsight"), ("naive_last", "naive_trend")
FORECASTS = (*MODELS, *NAIVE)
FORETOLD = ("holdout", "rolling")


def skill(rows: pd.DataFrame, parts: Sequence[str] = ("calibration", "holdout")) -> pd.DataFrame:
    """``record.skill``: errors by indicator, scope and part.

    A model is held to the better naive forecast only over the rows for which that forecast exists; both errors of the
    comparison are of the same rows; none is made of what the fit was held to. An error of 0.1 is about 10 %.

    Parameters
    ----------
    rows
        Table ``record.backcast``.
    parts
        Parts to tell, in order.
    """
    found = []
    for part in parts:
        chosen = rows.loc[(rows["part"] == part) & (rows["observed"] > 0)]
        for (indicator, subject, scope), own in chosen.groupby(["indicator", "subject", "scope"], sort=False):
            found.append({"indicator": indicator, "subject": subject, "scope": scope, "part": part, **_errors(own)})
    columns = list(table("record.skill", "outcomes").column_names)
    return outcome_table("record.skill", pd.DataFrame(found, columns=columns))


def _errors(own: pd.DataFrame) -> dict[str, object]:
    off = {name: _off(own[name], own["observed"]) for name in FORECASTS}
    told = {"n": len(own), **{name: float(off[name].mean()) for name in MODELS}}
    compared = off["naive_last"].notna() & own["part"].isin(FORETOLD)
    if not compared.any():
        return {**told, "n_naive": 0, "beats": False}
    beside = {name: float(off[name].loc[compared].mean()) for name in MODELS}
    naive = [float(off[name].loc[compared].mean(skipna=False)) for name in NAIVE]
    best = float(np.nanmin(naive))
    return {
        **told,
        "n_naive": int(compared.sum()),
        "known_beside": beside["known"],
        "hindsight_beside": beside["hindsight"],
        "naive": best,
        "beats": beside["hindsight"] < best,
    }


def _off(forecast: pd.Series, record: pd.Series) -> pd.Series:
    """The absolute logarithm of each ratio, missing where a forecast is missing or not above 0."""
    ratio = (forecast.where(forecast > 0) / record).astype(float)
    return pd.Series(np.abs(np.log(ratio.to_numpy(dtype=float))), index=ratio.index)
