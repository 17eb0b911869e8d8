"""Effects at given sizes: another cost of trade, while every country's sales and spending stand as they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from karvan.errors import DataError, NotConvergedError, Problem
from karvan.numerics.hat import balanced
from karvan.trade.counterfactual.exact import Shock, shock_arrays
from karvan.trade.counterfactual.world import World

Floats = NDArray[np.float64]
TOLERANCE = 1e-12
MOST_STEPS = 200_000
ROUNDING = 1e-9


def conditional(base: World, shock: Shock) -> Floats:
    """Flows over the base, shape (K, N, N), once resistances have answered and sizes have not.

    In each sector the base flows times tau^-theta are balanced to the same sales and purchases, tariffs in both: X_ij =
    Y_i E_j / Y (t_ij / (Pi_i P_j))^(1-s) with new t (Anderson & van Wincoop 2003, Gravity with gravitas). It is a step
    of analysis, not an equilibrium: no income answers, and tariff revenue is not handed out.

    Raises
    ------
    NotConvergedError
        The balancing does not end: the pattern of zeros leaves no such trade.
    """
    tt = shock_arrays(base, shock)[1]
    ratio = np.empty_like(base.flows)
    for k, flows in enumerate(base.flows):
        row, column, _ = _factors(flows * tt[k], flows.sum(axis=1), flows.sum(axis=0))
        # Over the factors of the base itself, so that no change is exactly 1.
        row_then, column_then, _ = _factors(flows, flows.sum(axis=1), flows.sum(axis=0))
        by_row = np.divide(row, row_then, out=np.ones_like(row), where=row_then > 0.0)
        by_column = np.divide(column, column_then, out=np.ones_like(column), where=column_then > 0.0)
        ratio[k] = tt[k] * by_row[:, None] * by_column[None, :]
    return ratio


def _factors(matrix: Floats, rows: Floats, columns: Floats) -> tuple[Floats, Floats, float]:
    row, column, miss = balanced(np.ascontiguousarray(matrix), rows, columns, TOLERANCE, MOST_STEPS)
    if not miss <= TOLERANCE:
        raise NotConvergedError(f"resistances at given sizes do not settle; sales still miss by {miss:.2g}")
    return row, column, miss


def gravity_flows(cost_terms: Floats, output: Floats, expenditure: Floats) -> Floats:
    """Trade of structural gravity, shape (N, N): terms t^(1-s) balanced to output and expenditure.

    Parameters
    ----------
    cost_terms
        Shape (N, N), above 0: t_ij^(1-s), such as the fitted part of an estimate that is not effects.
    output, expenditure
        Shape (N,), at least 0, with one sum: :func:`even_totals` makes them so and says by how much.

    Raises
    ------
    DataError
        The sums differ by more than 1e-9 of themselves: balancing would run for ever.
    """
    gap = float(output.sum() / expenditure.sum() - 1.0)
    if abs(gap) > ROUNDING:
        raise DataError("", [_gap(gap)])
    row, column, _ = _factors(cost_terms, output, expenditure)
    return np.asarray(row[:, None] * cost_terms * column[None, :])


def even_totals(output: Floats, expenditure: Floats) -> tuple[Floats, list[Problem]]:
    """Expenditure scaled to add up to output, and what that mended; nothing where they agree to 1e-9.

    >>> spent, mended = even_totals(np.array([6.0, 4.0]), np.array([5.0, 3.0]))
    >>> spent.tolist(), mended[0].value
    ([6.25, 3.75], 'output is 25 % above expenditure')
    """
    gap = float(output.sum() / expenditure.sum() - 1.0)
    if abs(gap) <= ROUNDING:
        return expenditure, []
    return expenditure * (1.0 + gap), [_gap(gap)]


def _gap(gap: float) -> Problem:
    told = f"output is {100.0 * abs(gap):.3g} % {'above' if gap > 0.0 else 'below'} expenditure"
    return Problem("unbalanced totals", table="trade", column="musd", value=told, expected="one sum over the world",
                   remedy="scale expenditure to output (even_totals), and say so")  # fmt: skip
