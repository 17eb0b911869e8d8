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
from karvan.study.record import Indicator

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
    record: str

    @property
    def unit(self) -> str:
        """Unit of the addend, as the schema of ``choice`` says."""
        return table("choice").column(self.column).unit

    def held_to(self, indicator: Indicator) -> bool:
        """Whether an indicator, named as ``INDICATOR`` or ``INDICATOR[SCOPE]``, is in the lever's record."""
        return bool({indicator.indicator, f"{indicator.indicator}[{indicator.scope}]"} & set(self.record.split("|")))


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


def only(state: State, free: FreeLever) -> State:
    """The state in which every constant is 0 but those a lever moves, which are 1: what a unit of it adds."""
    choice = state["choice"]
    unit = {name: np.zeros(len(choice)) for name in ("constant_usd_per_teu", "constant_usd_per_t")}
    unit[free.column] = rows_of(choice, free).astype(float)
    return State(state.year, state.corridor, {**state.tables, "choice": choice.assign(**unit)})


def as_scenario(levers: Sequence[FreeLever], values: Floats) -> Scenario:
    """The fitted addends as a scenario of their own, to be named like any other."""
    own = tuple(
        Lever(f"scenario:{NAME}", "choice", "add", free.column, float(value), parse_where(free.where))
        for free, value in zip(levers, values, strict=True)
    )
    return Scenario(name=NAME, title="Free levers fitted to the record", levers=own)
