"""The state of a corridor in one year: what models receive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from karvan.corridor.corridor import Corridor, CorridorInfo
from karvan.errors import DataError, Problem


@dataclass(frozen=True)
class State:
    """A corridor in one year.

    The tables have their input schema with every lever applied and every date resolved: ``demand`` and ``choice``
    hold the rows of the year, ``links`` has one column more, ``open`` (bool), and no model reads a date again.
    """

    year: int
    corridor: Corridor
    tables: Mapping[str, pd.DataFrame]

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The table of that name, of this year; an empty one where the corridor has none."""
        return self.tables[name] if name in self.tables else self.corridor[name]

    @property
    def info(self) -> CorridorInfo:
        """What is said about the corridor as a whole."""
        return self.corridor.info

    def parameter(self, name: str, default: float) -> float:
        """The value of a parameter in this year, or ``default`` where the table does not name it."""
        rows = self["parameters"]
        found = rows.loc[rows["parameter"] == name, "value"]
        return default if found.empty else float(found.iloc[0])


def needed(world: State | Corridor, parameter: str) -> float:
    """A parameter that has no default.

    Raises
    ------
    DataError
        If the table ``parameters`` does not name it.
    """
    value = world.parameter(parameter, float("nan"))
    if np.isnan(value):
        remedy = f"add a row {parameter} to parameters.csv"
        problem = Problem("missing parameter", "parameters.csv", "parameters", value=parameter, remedy=remedy)
        raise DataError(problems=[problem])
    return value
