"""A table of trade scaled to totals of its rows and columns, some of its cells held.

Iterative proportional fitting (Deming & Stephan 1940; RAS in Stone 1961): free cells of a row are multiplied by what
the row still lacks, then those of each column, until nothing moves. That is slow where cross ratios are extreme (their
spread sets its rate: Franklin & Lorenz 1989); the factors are also where a convex function is least, its dual, and
after some rounds Newton steps with a line search go on from where scaling came to. Rows and columns without a total are
left as they come. A total that held cells already exceed, or that no free cell can reach, has no answer and is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from karvan.errors import DataError, InfeasibleError, NotConvergedError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TOLERANCE = 1e-11
SCALINGS = 50
MOST_STEPS = 1_000
MOST_HALVINGS = 40
LARGEST_FACTOR = 1e100
LARGEST_MOVE = 5.0


@dataclass(frozen=True)
class Balanced:
    """A table that keeps its totals.

    ``table`` (rows, columns) at least 0; ``residual`` is the largest difference from a stated total over that total,
    ``steps`` how many times rows and columns were scaled. Free cells are seed x row factor x column factor.
    """

    table: Floats
    row_factors: Floats
    column_factors: Floats
    residual: float
    steps: int


def balance(
    seed: Floats, held: Flags, row_totals: Floats, column_totals: Floats, names: tuple[Sequence[str], Sequence[str]]
) -> Balanced:
    """Scale the free cells of a table until rows and columns have their totals.

    It keeps the cross ratios of the free cells, which is all that the seed says; it does not weigh one cell's
    reliability against another's: a cell is held or free.

    Parameters
    ----------
    seed
        Shape (rows, columns), at least 0; the level of free cells does not matter but where a total is open.
    held
        Cells that keep their seed.
    row_totals, column_totals
        Above or at 0; not-a-number where a row or column is left as it comes.
    names
        Of rows and columns, for messages.

    Returns
    -------
    Balanced
        Residual at most 1e-11.

    Raises
    ------
    DataError
        A seed is negative or no number.
    InfeasibleError
        Held cells exceed a total, or a total is left to a row or column without free trade; every one is named.
    NotConvergedError
        The totals cannot all be met, or only in the limit.

    Examples
    --------
    >>> start = np.array([[1.0, 1.0], [1.0, 3.0]])
    >>> free = np.zeros((2, 2), dtype=bool)
    >>> made = balance(start, free, np.array([3.0, 7.0]), np.array([4.0, 6.0]), (["a", "b"], ["c", "d"]))
    >>> made.table.sum(axis=0).round(9).tolist(), made.table.sum(axis=1).round(9).tolist()
    ([4.0, 6.0], [3.0, 7.0])
    """
    if not np.isfinite(seed).all() or (seed < 0.0).any():
        raise DataError("the seed of a balance has cells that are negative or no number")
    free, kept = np.where(held, 0.0, seed), np.where(held, seed, 0.0)
    rows_left, columns_left = row_totals - kept.sum(axis=1), column_totals - kept.sum(axis=0)
    _refuse("row", names[0], row_totals, rows_left, free.sum(axis=1))
    _refuse("column", names[1], column_totals, columns_left, free.sum(axis=0))
    by_row, by_column = np.ones(len(row_totals)), np.ones(len(column_totals))
    for step in range(1, MOST_STEPS + 1):
        if step > SCALINGS:
            by_row, by_column = _newton(free, rows_left, columns_left, by_row, by_column)
        by_row = _factors(rows_left, free @ by_column, by_row)
        by_column = _factors(columns_left, free.T @ by_row, by_column)
        values = kept + by_row[:, None] * free * by_column
        residual = max(_largest(values.sum(axis=1), row_totals), _largest(values.sum(axis=0), column_totals))
        if residual <= TOLERANCE:
            return Balanced(values, by_row, by_column, residual, step)
        if max(by_row.max(initial=0.0), by_column.max(initial=0.0)) > LARGEST_FACTOR:
            break
    off = _furthest(values, row_totals, column_totals, names)
    raise NotConvergedError(f"no table has these totals and held cells: off by {residual:.1e} at {off} when it stopped")


def _newton(
    free: Floats, rows_left: Floats, columns_left: Floats, by_row: Floats, by_column: Floats
) -> tuple[Floats, Floats]:
    """Factors after one Newton step on their logarithms, halved until it goes down enough (Armijo).

    The step is by least squares, since one factor of each part of the table may be chosen at will; rows and columns
    without a total, and those without trade, keep their factor.
    """
    values = by_row[:, None] * free * by_column
    told = np.concatenate([values.sum(axis=1), values.sum(axis=0)])
    short = np.concatenate([rows_left, columns_left]) - told
    chosen = np.flatnonzero(~np.isnan(short) & (told > 0.0))
    size = np.sqrt(told[chosen])
    slopes = np.block([[np.diag(values.sum(axis=1)), values], [values.T, np.diag(values.sum(axis=0))]])
    scaled = slopes[np.ix_(chosen, chosen)] / (size[:, None] * size)
    move = np.zeros(len(told))
    move[chosen] = np.linalg.lstsq(scaled, short[chosen] / size, rcond=None)[0] / size
    move *= min(1.0, LARGEST_MOVE / max(np.abs(move).max(initial=0.0), LARGEST_MOVE))
    for _ in range(MOST_HALVINGS):
        by = move[: len(by_row), None] + move[len(by_row) :]
        told_by = float((values * (np.expm1(by) - by)).sum())
        if told_by <= (1.0 - 1e-4) * float(short[chosen] @ move[chosen]):
            break
        move /= 2.0
    return by_row * np.exp(move[: len(by_row)]), by_column * np.exp(move[len(by_row) :])


def _factors(left: Floats, told: Floats, before: Floats) -> Floats:
    """What each row is multiplied by; rows without a total keep their factor."""
    open_, empty = np.isnan(left), told <= 0.0
    scaled = np.divide(left, told, out=np.zeros_like(told), where=~(open_ | empty))
    return np.where(open_, before, scaled)


def _largest(sums: Floats, totals: Floats) -> float:
    known = ~np.isnan(totals)
    apart = np.abs(sums - totals)[known] / np.maximum(totals[known], 1e-300)
    return float(np.max(np.where(totals[known] == 0.0, sums[known], apart), initial=0.0))


def _refuse(kind: str, names: Sequence[str], totals: Floats, left: Floats, free: Floats) -> None:
    """Raise with every margin that no scaling can meet."""
    slack = 1e-9 * np.nan_to_num(totals)
    above = left < -slack
    stuck = (left > slack) & (free <= 0.0)
    told = [f"held cells of {kind} {names[at]} come to {-left[at]:.6g} more than its total {totals[at]:.6g}"
            for at in np.flatnonzero(above).tolist()]  # fmt: skip
    told += [f"{kind} {names[at]} lacks {left[at]:.6g} and has no free cell" for at in np.flatnonzero(stuck).tolist()]
    if told:
        raise InfeasibleError("; ".join(told) + ": lower what is held, free a cell, or mend the total")


def _furthest(values: Floats, rows: Floats, columns: Floats, names: tuple[Sequence[str], Sequence[str]]) -> str:
    off_rows = np.nan_to_num(np.abs(values.sum(axis=1) - rows) / rows)
    off_columns = np.nan_to_num(np.abs(values.sum(axis=0) - columns) / columns)
    by_row = off_rows.max(initial=0.0) >= off_columns.max(initial=0.0)
    return f"row {names[0][int(off_rows.argmax())]}" if by_row else f"column {names[1][int(off_columns.argmax())]}"
