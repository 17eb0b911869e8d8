"""The corridor: its tables and what is said about them as a whole.

A corridor is a name, some years and a set of tables by name; tables it lacks are empty. It is a value: verbs read it
and return new ones, none writes into it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from karvan.errors import UnknownKeyError
from karvan.schema.tables import dtype_of, table, tables


@dataclass(frozen=True)
class CorridorInfo:
    """What ``corridor.toml`` says: name, title, years, base and price year, licence.

    ``base_year`` is the one fixed year whose free-flow costs scale the dispersion of choice; ``first_year`` and
    ``last_year`` are the years of the record; money is in US dollars of ``price_year``.
    """

    name: str
    title: str
    base_year: int
    first_year: int
    last_year: int
    price_year: int
    licence: str = ""
    description: str = ""


@dataclass(frozen=True)
class Corridor:
    """A trade corridor: information and tables.

    Parameters
    ----------
    info
        Name, years and licence.
    tables
        Typed tables by name, columns as their schema says, rows in file order, index 0..n-1. Text, lists (joined by
        ``|``) and dates are strings, empty where missing; whole numbers are ``Int64`` with NA; the rest is NaN where
        missing.
    folder
        Where it was read from; only for messages.
    """

    info: CorridorInfo
    tables: Mapping[str, pd.DataFrame]
    folder: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        known = tables("inputs")
        unknown = [name for name in self.tables if name not in known]
        if unknown:
            raise UnknownKeyError(f"no schema for table {', '.join(unknown)}")
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The table of that name; an empty one with the right columns where the corridor has none."""
        if name in self.tables:
            return self.tables[name]
        return empty_table(name)

    def __contains__(self, name: str) -> bool:
        return name in self.tables and not self.tables[name].empty

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def replace(self, **new_tables: pd.DataFrame) -> Corridor:
        """The same corridor with some tables exchanged; a dot in a table's name is written ``__``."""
        named = {name.replace("__", "."): frame for name, frame in new_tables.items()}
        return Corridor(self.info, {**self.tables, **named}, self.folder)

    def parameter(self, name: str, default: float) -> float:
        """The central value of a parameter, or ``default`` where the table does not name it."""
        rows = self["parameters"]
        found = rows.loc[rows["parameter"] == name, "value"]
        return default if found.empty else float(found.iloc[0])


def empty_table(name: str, kind: str = "inputs") -> pd.DataFrame:
    """A table without rows, with the columns and types of its schema."""
    return _empty(name, kind).copy()


@cache
def _empty(name: str, kind: str) -> pd.DataFrame:
    """The table without rows that copies are taken of: made once, for corridors are asked for absent tables often."""
    schema = table(name, "inputs" if kind == "inputs" else "outcomes")
    return pd.DataFrame({c.name: pd.Series(dtype=dtype_of(c)) for c in schema.columns})


def fingerprint(frame: pd.DataFrame) -> str:
    """A short hash of a table's columns and values, the same on every machine.

    >>> fingerprint(pd.DataFrame({"a": [1.0]})) == fingerprint(pd.DataFrame({"a": [2.0]}))
    False
    """
    digest = hashlib.sha256()
    for name in frame.columns:
        values = frame[name]
        digest.update(str(name).encode())
        if values.dtype == np.float64:
            digest.update(np.ascontiguousarray(values.to_numpy()).tobytes())
        else:
            digest.update("\x1f".join(values.astype("str").fillna("").tolist()).encode())
    return digest.hexdigest()[:16]


def fingerprints(corridor: Corridor) -> dict[str, str]:
    """The fingerprint of every table that has rows, by name."""
    return {name: fingerprint(corridor[name]) for name in sorted(corridor) if name in corridor}
