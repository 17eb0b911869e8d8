"""Free levers: addends to constants of choice and to hours, with priors and bounds, and what they make of a state.

A lever of some years may come after that of the years before: a walk, whose steps have a prior of their own. Where the
record of a year is silent the walk stays where it was, less sure the further it is from the last figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.state import State
from karvan.errors import DataError, Problem
from karvan.scenario.where import matching, parse_where
from karvan.schema.tables import table
from karvan.study.record import Indicator

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]
NAME = "calibrated"
FIRST_YEAR, LAST_YEAR = 0, 9999


class FreeLever(NamedTuple):
    """One row of the table ``calibration``; numbers in the unit of the column, years inclusive."""

    lever: str
    name: str
    where: str
    column: str
    prior: float
    sd: float
    low: float
    high: float
    record: str
    table: str = "choice"
    from_year: int = FIRST_YEAR
    to_year: int = LAST_YEAR
    after: str = ""

    @property
    def unit(self) -> str:
        """Unit of the addend, as the schema of its table says."""
        return table(self.table).column(self.column).unit

    def acts_in(self, year: int) -> bool:
        """Whether it acts in a year."""
        return self.from_year <= year <= self.to_year

    def held_to(self, indicator: Indicator) -> bool:
        """Whether an indicator, named as ``INDICATOR`` or ``INDICATOR[SCOPE]``, is in the lever's record."""
        return bool({indicator.indicator, f"{indicator.indicator}[{indicator.scope}]"} & set(self.record.split("|")))


def free_levers(corridor: Corridor) -> list[FreeLever]:
    """The free levers of a corridor, in the order of their table.

    Raises
    ------
    DataError
        If a column is none of its table, or a lever comes after one that does not stand above it.
    """
    rows = corridor["calibration"].fillna({"from_year": FIRST_YEAR, "to_year": LAST_YEAR})
    found = [FreeLever(*row) for row in rows[list(FreeLever._fields)].itertuples(index=False)]
    problems = [*_of_no_column(found), *_after_none(found)]
    if problems:
        raise DataError(problems=problems)
    return found


def _of_no_column(levers: Sequence[FreeLever]) -> Iterator[Problem]:
    """Levers whose table has no such column."""
    for number, free in enumerate(levers):
        if free.column not in table(free.table).column_names:
            yield Problem("unknown column", table="calibration", row=number + 2, column="column", value=free.column,
                          expected=f"a column of {free.table}")  # fmt: skip


def _after_none(levers: Sequence[FreeLever]) -> Iterator[Problem]:
    """Levers that come after none above them."""
    for number, free in enumerate(levers):
        if free.after and free.after not in {each.lever for each in levers[:number]}:
            yield Problem("unknown lever", table="calibration", row=number + 2, column="after", value=free.after,
                          expected="a lever of a row above")  # fmt: skip


def chains(levers: Sequence[FreeLever]) -> Whole:
    """The chain of each lever: the place of the lever it began with, shape (levers,).

    >>> one = FreeLever("a", "A", "", "hours", 0.0, 1.0, 0.0, 1.0, "")
    >>> chains([one, one._replace(lever="b"), one._replace(lever="c", after="a")]).tolist()
    [0, 1, 0]
    """
    names, first = {free.lever: number for number, free in enumerate(levers)}, np.arange(len(levers))
    for number, free in enumerate(levers):
        if free.after:
            first[number] = first[names[free.after]]
    return first


def prior_rows(levers: Sequence[FreeLever]) -> Floats:
    """What the prior says of addends, as rows R of shape (levers, levers): R (x - mean) is standard normal.

    A lever alone is held to its own prior; one that comes after another is held to that one's value and its own step.
    The covariance of the prior is the inverse of R' R.
    """
    names = {free.lever: number for number, free in enumerate(levers)}
    rows = np.zeros((len(levers), len(levers)))
    for number, free in enumerate(levers):
        rows[number, number] = 1.0 / free.sd
        if free.after:
            rows[number, names[free.after]] = -1.0 / free.sd
    return rows


def prior_means(levers: Sequence[FreeLever]) -> Floats:
    """Addends expected before the record is seen, shape (levers,): those of a chain add up."""
    means: dict[str, float] = {}
    for free in levers:
        means[free.lever] = free.prior + (means[free.after] if free.after else 0.0)
    return np.array([means[free.lever] for free in levers], dtype=np.float64)


def prior_sds(levers: Sequence[FreeLever]) -> Floats:
    """Standard deviations of addends before the record is seen, shape (levers,): they grow along a chain."""
    rows = prior_rows(levers)
    return np.asarray(np.sqrt(np.diag(np.linalg.inv(rows.T @ rows))), dtype=np.float64)


def rows_of(state: State, free: FreeLever) -> NDArray[np.bool_]:
    """Rows of its table that a lever moves in a state; none in a year in which it does not act."""
    frame = state[free.table]
    if not free.acts_in(state.year):
        return np.zeros(len(frame), dtype=bool)
    return matching(frame, parse_where(free.where), table(free.table))


def moved(state: State, levers: Sequence[FreeLever], values: Floats) -> State:
    """The state with every addend on its rows; tables that none moves are the same."""
    tables: dict[str, pd.DataFrame] = {}
    for free, value in zip(levers, values, strict=True):
        if value == 0.0 or not free.acts_in(state.year):
            continue
        frame = tables.setdefault(free.table, state[free.table].copy())
        frame.loc[rows_of(state, free), free.column] += value
    return State(state.year, state.corridor, {**state.tables, **tables})


def with_table(state: State, name: str, frame: pd.DataFrame) -> State:
    """The state with one table in the place of its own."""
    return State(state.year, state.corridor, {**state.tables, name: frame})


def as_scenario(levers: Sequence[FreeLever], values: Floats) -> Scenario:
    """The fitted addends as a scenario of their own, to be named like any other."""
    own = tuple(
        Lever(
            f"scenario:{NAME}", free.table, "add", free.column, float(value), parse_where(free.where),
            from_date=str(free.from_year) if free.from_year > FIRST_YEAR else "",
            to_date=str(free.to_year) if free.to_year < LAST_YEAR else "",
        )
        for free, value in zip(levers, values, strict=True)
    )  # fmt: skip
    return Scenario(name=NAME, title="Free levers fitted to the record", levers=own)
