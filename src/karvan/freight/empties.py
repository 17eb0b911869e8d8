"""Empty boxes: what the imbalance of loaded boxes between two regions sends back.

Between every two regions the direction with fewer loaded boxes gets the difference in empty ones, spread over the
reversed pairs like the loaded boxes they come from. They are a class of cargo without a value of time: they take the
cheapest ways and load resources like any box. Boxes that move within a region are taken to balance.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan.corridor.corridor import empty_table
from karvan.corridor.state import State
from karvan.units import T_PER_KT

EMPTY_BOXES = "empty_boxes"
EMPTY_DISPERSION = 4.5


def with_empties(state: State) -> State:
    """The state with empty boxes as a commodity of its own and their demand.

    Parameters
    ----------
    state
        Tables of one year. Regions come from ``countries``; without that table each country is a region. The parameter
        ``empty_t_per_teu`` is the weight of an empty box; where the corridor does not name it there are no empties.

    Returns
    -------
    State
        With one row more in ``commodities`` and rows of ``empty_boxes`` in ``demand``, whose ``teu`` are the empties
        and whose ``kt`` is their own weight, not cargo. Loaded and empty boxes between two regions balance.
    """
    weight = state.parameter("empty_t_per_teu", 0.0)
    if weight <= 0.0:
        return state
    empties = empty_boxes(state)
    if empties.empty:
        return state
    rows = empties.assign(
        segment=EMPTY_BOXES,
        commodity=EMPTY_BOXES,
        handling_class="container",
        year=state.year,
        kt=empties["teu"] * weight / T_PER_KT,
    )
    cargo = pd.DataFrame(
        {
            "commodity": [EMPTY_BOXES],
            "handling_class": ["container"],
            "t_per_teu": [weight],
            "choice_usd_per_t_day": [0.0],
            "dispersion": [state.parameter("empty_dispersion", EMPTY_DISPERSION)],
        }
    )
    tables = {
        **state.tables,
        "demand": _appended(state["demand"], "demand", rows),
        "commodities": _appended(state["commodities"], "commodities", cargo),
    }
    return State(state.year, state.corridor, tables)


def empty_boxes(state: State) -> pd.DataFrame:
    """Empty boxes of a year: columns origin, destination, teu."""
    demand = state["demand"]
    boxes = demand.loc[(demand["handling_class"] == "container") & (demand["teu"] > 0)]
    region = _regions(state)
    ends = [boxes[end].tolist() for end in ("origin", "destination")]
    code, names = pd.factorize(np.array([region[place] for end in ends for place in end], dtype=object))
    start, end = code[: len(boxes)], code[len(boxes) :]
    teu = boxes["teu"].to_numpy(dtype=float)
    loaded = np.zeros((len(names), len(names)))
    np.add.at(loaded, (start, end), teu)
    there, back = loaded[start, end], loaded[end, start]
    surplus = np.where(start == end, 0.0, np.maximum(there - back, 0.0))
    sent = teu * np.divide(surplus, there, out=np.zeros(teu.size), where=there > 0)
    empties: dict[tuple[str, str], float] = {}
    for origin, destination, count in zip(*ends, sent.tolist(), strict=True):
        if count > 0:
            empties[destination, origin] = empties.get((destination, origin), 0.0) + count
    pairs = sorted(empties)
    return pd.DataFrame(
        {
            "origin": pd.Series([pair[0] for pair in pairs], dtype="str"),
            "destination": pd.Series([pair[1] for pair in pairs], dtype="str"),
            "teu": np.array([empties[pair] for pair in pairs], dtype=np.float64),
        }
    )


def _regions(state: State) -> dict[str, str]:
    """Region of each place."""
    places, countries = state["places"], state["countries"]
    known = dict(zip(countries["country"], countries["region"], strict=True))
    return {
        place: known.get(country, country) for place, country in zip(places["place"], places["country"], strict=True)
    }


def _appended(table: pd.DataFrame, name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The table with rows added, columns that the rows lack left missing."""
    columns = {
        column: rows[column].astype(kind) if column in rows else _missing(kind, len(rows))
        for column, kind in empty_table(name).dtypes.items()
    }
    return pd.concat([table, pd.DataFrame(columns)], ignore_index=True)


def _missing(kind: object, count: int) -> pd.Series:
    """Missing cells of a type: empty text, else missing."""
    text = pd.Series([""], dtype="str").dtype == kind
    return pd.Series([""] * count if text else [None] * count, dtype="str" if text else str(kind))
