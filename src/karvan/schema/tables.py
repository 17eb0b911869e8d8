"""What every table looks like, read from the CSV files beside this module.

One file a table: ``inputs/`` holds the tables of a corridor, ``outcomes/`` those of a result. Each row of a file is a
column with its type, unit, range and meaning. Checks, readers, writers and the reference pages are built from these
files and from nothing else.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from karvan.errors import UnknownKeyError

Kind = Literal["inputs", "outcomes"]
ColumnType = Literal["text", "int", "float", "bool", "list", "date", "span"]

Dtype = Literal["str", "Int64", "float64", "bool"]

_DTYPES: dict[ColumnType, Dtype] = {
    "text": "str",
    "list": "str",
    "date": "str",
    "span": "str",
    "int": "Int64",
    "float": "float64",
    "bool": "bool",
}


@dataclass(frozen=True)
class ColumnSchema:
    """One column: type, unit, whether it must be filled, default, range and meaning.

    ``range`` is an interval (``[0,1)``, an open end left empty), alternatives joined by ``|``, or a pattern between
    slashes. ``references`` names the table and column whose keys the values must be among.
    """

    name: str
    type: ColumnType
    key: bool
    unit: str
    required: bool
    default: str
    range: str
    references: str
    description: str

    @property
    def points_to(self) -> tuple[str, str]:
        """Table and column whose keys the values must be among; both empty where the column references nothing.

        >>> table("links").column("from_place").points_to
        ('places', 'place')
        """
        name, _, key = self.references.rpartition(".")
        return name, key


@dataclass(frozen=True)
class TableSchema:
    """One table: its name, whether it belongs to a corridor or a result, and its columns in order."""

    name: str
    kind: Kind
    columns: tuple[ColumnSchema, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the columns that together name a row."""
        return tuple(c.name for c in self.columns if c.key)

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(c.name for c in self.columns)

    def column(self, name: str) -> ColumnSchema:
        """The column of that name.

        Raises
        ------
        UnknownKeyError
            If the table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownKeyError(f"table {self.name} has no column {name!r}; it has {', '.join(self.column_names)}")


@cache
def tables(kind: Kind) -> dict[str, TableSchema]:
    """All tables of a kind by name, in alphabetical order.

    >>> tables("inputs")["places"].key
    ('place',)
    """
    folder = files("karvan.schema") / kind
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".csv"))
    return {name.removesuffix(".csv"): _read(kind, name) for name in names}


def table(name: str, kind: Kind = "inputs") -> TableSchema:
    """The schema of one table.

    Raises
    ------
    UnknownKeyError
        If there is no such table.
    """
    known = tables(kind)
    if name not in known:
        raise UnknownKeyError(f"no table {name!r} among the {kind}; there are {', '.join(known)}")
    return known[name]


def dtype_of(column: ColumnSchema) -> Dtype:
    """The pandas type a column of this schema has in a corridor or an outcome.

    >>> dtype_of(table("links").column("gauge_mm"))
    'Int64'
    """
    return _DTYPES[column.type]


def file_of(name: str) -> str:
    """The file of an input table, relative to the corridor's folder, with forward slashes.

    >>> file_of("places"), file_of("power.links")
    ('places.csv', 'power/links.csv')
    """
    return name.replace(".", "/", 1) + ".csv"


def _read(kind: Kind, file_name: str) -> TableSchema:
    text = (files("karvan.schema") / kind / file_name).read_text(encoding="utf-8")
    columns = tuple(_column(row) for row in csv.DictReader(text.splitlines()))
    return TableSchema(file_name.removesuffix(".csv"), kind, columns)


def _column(row: dict[str, str]) -> ColumnSchema:
    return ColumnSchema(
        name=row["column"],
        type=row["type"],  # type: ignore[arg-type]  # a test pins the types that stand in the files
        key=row["key"] == "yes",
        unit=row["unit"],
        required=row["required"] == "yes",
        default=row["default"],
        range=row["range"],
        references=row["references"],
        description=row["description"],
    )
