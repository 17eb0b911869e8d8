"""The outcome of a run: tidy tables, where they came from and whether the iterations converged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

from karvan.corridor.corridor import empty_table
from karvan.errors import SchemaError
from karvan.schema.tables import dtype_of, table


@dataclass(frozen=True)
class Provenance:
    """What an outcome rests on: version, corridor, scenario, fingerprints of the input tables, options and seed."""

    version: str
    corridor: str
    scenario: str
    fingerprints: Mapping[str, str]
    options: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    seed: int = 0


@dataclass(frozen=True)
class Convergence:
    """How one iterative part ended. ``residual`` is in the unit that part's method names."""

    part: str
    converged: bool
    iterations: int
    residual: float
    message: str = ""


@dataclass(frozen=True)
class Outcome:
    """Result tables by name with their provenance and convergence.

    Every table has the columns and types of its schema under ``schema/outcomes``.
    """

    name: str
    tables: Mapping[str, pd.DataFrame]
    provenance: Provenance
    convergence: tuple[Convergence, ...] = ()
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The table of that name, empty where the run has none."""
        return self.tables[name] if name in self.tables else empty_table(name, "outcomes")

    @property
    def converged(self) -> bool:
        """Whether every iterative part converged."""
        return all(part.converged for part in self.convergence)


def outcome_table(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the columns, order and types of the outcome table's schema.

    Raises
    ------
    SchemaError
        If a column is missing or one stands there that the schema does not know.
    """
    schema = table(name, "outcomes")
    missing = [c for c in schema.column_names if c not in frame.columns]
    unknown = [c for c in frame.columns if c not in schema.column_names]
    if missing or unknown:
        raise SchemaError(f"{name}: missing columns {missing}, unknown columns {unknown}")
    typed = {c.name: frame[c.name].astype(dtype_of(c)) for c in schema.columns}
    return pd.DataFrame(typed).reset_index(drop=True)
