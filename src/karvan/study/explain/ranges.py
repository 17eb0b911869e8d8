"""How far a cell may be off: the range its row tells, else what its confidence says.

Assumed where a row tells no range: a cell of high confidence may be off by 5 %, of medium by 15 %, of low by 40 %,
each way, and no share of use above 1. A constant of choice near 0 has no share to be off by: 33 USD a TEU or 3 a tonne
stand in.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.state import State
from karvan.freight.network.supernetwork import TRANSFER_KEY
from karvan.freight.worth.cells import row_keys

Floats = NDArray[np.float64]
OFF = {"high": 0.05, "medium": 0.15, "low": 0.40}
SMALLEST = {"constant_usd_per_teu": 100.0 / 3.0, "constant_usd_per_t": 10.0 / 3.0}
KEYS = {
    "links": ["link"],
    "borders": ["link"],
    "transfers": TRANSFER_KEY,
    "resources": ["resource"],
    "choice": ["gateway_group", "handling_class", "direction", "kind", "from_year"],
    "demand": ["segment", "origin", "destination", "commodity", "year"],
    "parameters": ["parameter"],
    "commodities": ["commodity"],
}
TELLS_RANGE = ("choice", "parameters")
MOST = {"max_utilisation": 1.0}
DEMAND = "demand"


def with_ranges(cells: pd.DataFrame, state: State) -> pd.DataFrame:
    """Cells with how far each may be off, its source and its confidence.

    Parameters
    ----------
    cells
        Columns table, row, column, value, as :func:`~karvan.freight.worth.cells.cell_derivatives` gives them.
    state
        The state they are of.

    Returns
    -------
    pandas.DataFrame
        The rows that stand in a table, with low, high, source and confidence; what a model added to the state, such as
        empty boxes, is no cell and left out.
    """
    parts = [_of_table(own, state, str(name)) for name, own in cells.groupby("table", sort=False)]
    return pd.concat(parts).sort_index()


def _of_table(own: pd.DataFrame, state: State, name: str) -> pd.DataFrame:
    frame = state[name]
    told = frame.assign(row=row_keys(frame, KEYS[name])).drop_duplicates("row").set_index("row")
    own = own.loc[own["row"].isin(told.index[told["confidence"] != ""])]
    rows = told.reindex(own["row"])
    confidence, value = rows["confidence"].to_numpy(dtype=str), own["value"].to_numpy(dtype=float)
    share = np.array([OFF[each] for each in confidence])
    off = np.maximum(np.abs(value) * share, [SMALLEST.get(column, 0.0) for column in own["column"]])
    low, high = value - off, value + off
    for column, most in MOST.items():
        high = np.where(own["column"] == column, np.minimum(high, most), high)
    if name in TELLS_RANGE:
        for ends, side in ((low, "low"), (high, "high")):
            given = rows[side].to_numpy(dtype=float)
            ends[:] = np.where(np.isnan(given), ends, given)
    source = rows["source"].to_numpy(dtype=str)
    return own.assign(low=np.minimum(low, value), high=np.maximum(high, value), source=source, confidence=confidence)
