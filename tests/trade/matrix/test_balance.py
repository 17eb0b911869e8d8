"""Proportional fitting: totals are met, cross ratios and held cells kept, and what cannot be is named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from karvan.errors import DataError, InfeasibleError, NotConvergedError
from karvan.trade.matrix.balance import balance

NAMES = (["a", "b", "c"], ["x", "y", "z"])
FREE = np.zeros((3, 3), dtype=bool)
TABLES = arrays(float, (3, 3), elements=st.floats(0.01, 100.0))


@given(TABLES, TABLES)
def test_totals_of_any_table_are_met_from_any_seed_with_its_cross_ratios(seed: np.ndarray, other: np.ndarray) -> None:
    made = balance(seed, FREE, other.sum(axis=1), other.sum(axis=0), NAMES).table
    assert made.sum(axis=1) == pytest.approx(other.sum(axis=1), rel=1e-10)
    assert made.sum(axis=0) == pytest.approx(other.sum(axis=0), rel=1e-10)
    odds = [t[0, 0] * t[1, 1] / (t[0, 1] * t[1, 0]) for t in (seed, made)]
    assert odds[1] == pytest.approx(odds[0], rel=1e-8)


def test_extreme_cross_ratios_that_scaling_alone_would_not_meet_in_thousands_of_rounds_are_met() -> None:
    seed = np.array([[0.01, 100.0, 0.01], [0.01, 0.01, 100.0], [100.0, 0.01, 0.01]])
    other = np.array([[100.0, 0.01, 0.01], [0.01, 100.0, 0.01], [0.01, 0.01, 90.0]])
    made = balance(seed, FREE, other.sum(axis=1), other.sum(axis=0), NAMES)
    assert made.steps < 100
    assert made.table == pytest.approx(made.row_factors[:, None] * seed * made.column_factors, rel=1e-12)
    assert made.table.sum(axis=1) == pytest.approx(other.sum(axis=1), rel=1e-10)


@given(TABLES)
def test_a_table_that_has_its_totals_comes_back_as_it_was(seed: np.ndarray) -> None:
    assert balance(seed, FREE, seed.sum(axis=1), seed.sum(axis=0), NAMES).table == pytest.approx(seed, rel=1e-10)


def test_held_cells_keep_their_value_and_an_open_margin_takes_what_is_left() -> None:
    seed = np.array([[5.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 0.0]])
    held = FREE.copy()
    held[0, 0] = held[2, 2] = True
    open_ = np.nan
    made = balance(seed, held, np.array([20.0, 30.0, open_]), np.array([25.0, 25.0, open_]), NAMES).table
    assert made[0, 0] == 5.0
    assert made[:2].sum(axis=1) == pytest.approx([20.0, 30.0])
    assert made[:, :2].sum(axis=0) == pytest.approx([25.0, 25.0])


def test_held_cells_above_a_total_and_totals_without_a_free_cell_are_all_named() -> None:
    seed = np.array([[5.0, 1.0, 1.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    held = FREE.copy()
    held[0, 0] = True
    with pytest.raises(InfeasibleError, match=r"row a come to 1 more than its total 4; row b lacks 3"):
        balance(seed, held, np.array([4.0, 3.0, 3.0]), np.array([6.0, 2.0, 2.0]), NAMES)


def test_totals_that_no_table_has_are_not_met_in_silence() -> None:
    with pytest.raises(NotConvergedError, match="no table has these totals"):
        balance(np.eye(3), FREE, np.array([1.0, 1.0, 2.0]), np.array([1.0, 2.0, 1.0]), NAMES)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(DataError, match="negative"):
        balance(-np.eye(3), FREE, np.ones(3), np.ones(3), NAMES)
