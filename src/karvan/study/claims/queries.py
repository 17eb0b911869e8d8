"""Whether questions that people write into tables can be asked at all: of claims, targets, commitments and briefs."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from karvan.corridor.corridor import Corridor, empty_table
from karvan.errors import DataError, Problem
from karvan.scenario.where import matching, parse_where
from karvan.schema.nearest import did_you_mean
from karvan.schema.tables import table, tables

ASKING = ("claims", "targets", "commitments", "brief")
_UNNAMED = "observations"
_WHERE = "column=value|value & column=value, with columns of {}"


def query_problems(corridor: Corridor) -> list[Problem]:
    """Every row of claims, targets, commitments and brief whose table, condition or column is not there."""
    return [
        problem
        for name in ASKING
        for row, (_, asked) in enumerate(corridor[name].iterrows(), start=2)
        for problem in _problems(name, row, asked)
    ]


def _problems(name: str, row: int, asked: pd.Series) -> Iterator[Problem]:
    of, place = str(asked.get("table", _UNNAMED)), (f"{name}.csv", name, row)
    if not of:
        return
    if of not in tables("inputs"):
        remedy = did_you_mean(of, tuple(tables("inputs")))
        yield Problem("unknown table", *place, "table", of, "a table of a corridor", remedy)
        return
    try:
        matching(empty_table(of), parse_where(asked["where"]), table(of))
    except DataError as error:
        yield Problem("bad condition", *place, "where", asked["where"], _WHERE.format(of), str(error))
    column, known = str(asked.get("column", "")), table(of).column_names
    if column and column not in known:
        yield Problem("unknown column", *place, "column", column, f"a column of {of}", did_you_mean(column, known))
