"""Free levers: addends to constants of choice, with a prior and bounds, and what they make of a state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.state import State
from karvan.scenario.where import matching, parse_where
from karvan.schema.tables import table

Floats = NDArray[np.float64]
NAME = "calibrated"


class FreeLever(NamedTuple):
    """One row of the table ``calibration``; numbers in the unit of the column."""

    lever: str
    name: str
    where: str
    column: str
    prior: float
    sd: float
    low: float
    high: float


def free_levers(corridor: Corridor) -> list[FreeLever]:
    """The free levers of a corridor, in the order of their table."""
    return [FreeLever(*row) for row in corridor["calibration"][list(FreeLever._fields)].itertuples(index=False)]


def rows_of(choice: pd.DataFrame, free: FreeLever) -> NDArray[np.bool_]:
    """Rows of ``choice`` that a lever moves; none in a year in which it has nothing to move."""
    return matching(choice, parse_where(free.where), table("choice"))


def moved(state: State, levers: Sequence[FreeLever], values: Floats) -> State:
    """The state with every addend on its rows."""
    choice = state["choice"].copy()
    for free, value in zip(levers, values, strict=True):
        choice.loc[rows_of(choice, free), free.column] += value
    return State(state.year, state.corridor, {**state.tables, "choice": choice})


def as_scenario(levers: Sequence[FreeLever], values: Floats) -> Scenario:
    """The fitted addends as a scenario of their own, to be named like any other."""
    own = tuple(
        Lever(f"scenario:{NAME}", "choice", "add", free.column, float(value), parse_where(free.where))
        for free, value in zip(levers, values, strict=True)
    )
    return Scenario(name=NAME, title="Free levers fitted to the record", levers=own)
