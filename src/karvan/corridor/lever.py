"""Levers and scenarios: dated changes of cells, and ordered stacks of them.

A project, an agreement, a shock, a slider and one model's answer to another are the same thing: a lever. It names a
table, the rows, a column, an operation, a value and the years in force. A scenario says which owners are on and adds
levers of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Operation = Literal["set", "multiply", "add", "insert", "drop"]
OPERATIONS: tuple[Operation, ...] = ("insert", "drop", "set", "multiply", "add")


@dataclass(frozen=True)
class Lever:
    """A dated change of cells in a table.

    Parameters
    ----------
    owner
        ``history``, ``shock:KEY``, ``project:KEY``, ``project:KEY/VARIANT``, ``agreement:KEY``, ``model:NAME`` or
        ``scenario:NAME``.
    table, column
        Where; ``column`` is empty for insert and drop.
    operation
        Within a year levers act in the order insert, drop, set, multiply, add.
    value
        A number or text; for insert the whole row as a mapping, kept as sorted pairs.
    where
        Pairs of column and accepted values; empty for insert.
    rows
        How many rows must match; None asks for at least one.
    from_date, to_date
        ``YYYY`` or ``YYYY-MM-DD``, both inclusive; empty: without end. A date inside a year counts by the share of
        the year in force.
    unit
        Unit that the value is stated in; empty: the column's. Another unit than the column's is a problem, never a
        conversion.
    pending
        Set down ahead of the model that reads the table: listed, never applied.
    key
        Identifier in the table or file it was read from; only for messages.
    file
        File it was read from; only for messages.
    """

    owner: str
    table: str
    operation: Operation
    column: str = ""
    value: float | str | tuple[tuple[str, object], ...] = ""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rows: int | None = None
    from_date: str = ""
    to_date: str = ""
    unit: str = ""
    pending: bool = False
    key: str = field(default="", compare=False)
    file: str = field(default="", compare=False)


@dataclass(frozen=True)
class Scenario:
    """A named, ordered list of owners and loose levers.

    ``include`` adds owners that are not on by themselves, ``exclude`` drops owners that are (shocks that happened);
    ``levers`` come last. The empty scenario is the base: history and the shocks that happened.
    """

    name: str = "base"
    title: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    levers: tuple[Lever, ...] = ()
    file: str = field(default="", compare=False)
