"""Costs of the power tables in US dollars of the corridor's price year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan.corridor.state import State
from karvan.errors import DataError, Problem
from karvan.schema.tables import file_of

COSTS = ("capital_cost", "overnight_cost", "fom_cost")


def in_dollars(state: State, table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its costs in US dollars of the price year, real.

    cost x USD per unit in the currency's year / deflator of that year x deflator of the price year; deflators are those
    of the dollar, on 1 in the base of table ``rates``. A row without currency has such dollars already.

    Raises
    ------
    DataError
        If ``rates`` does not hold the currency in its year.
    """
    priced = frame["currency"] != ""
    if not priced.any():
        return frame
    rates = state["rates"].set_index(["currency", "year"])
    years = frame["currency_year"].fillna(state.info.price_year).astype(int)
    keys = [(c, y) for c, y in zip(frame["currency"], years, strict=True)]
    unknown = [at for at, key in enumerate(keys) if priced.iloc[at] and key not in rates.index]
    if unknown:
        remedy = "add the currency in that year to rates.csv"
        raise DataError(
            "",
            [
                Problem("unknown rate", file_of(table), table, int(frame.index[at]) + 2, "currency", str(keys[at]),
                        "a currency and year of rates", remedy) for at in unknown
            ],
        )  # fmt: skip
    now = float(rates["deflator"].get(("USD", state.info.price_year), 1.0))
    factor = [
        float(rates.loc[key, "usd_per_unit"] / rates.loc[key, "deflator"]) * now if is_priced else 1.0
        for key, is_priced in zip(keys, priced, strict=True)
    ]
    return frame.assign(**{column: frame[column] * np.array(factor) for column in COSTS})
