"""Pairs parted into sectors add up both ways, and domestic sales by what is spent."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from karvan.trade.matrix.split import domestic_split, split

PAIRS = arrays(float, (4, 4), elements=st.floats(0.1, 100.0))
SHARES = arrays(float, (4, 3), elements=st.floats(0.05, 1.0))


@given(PAIRS, SHARES)
def test_sectors_add_up_to_pairs_and_to_the_shares_of_exporters(pairs: np.ndarray, parts: np.ndarray) -> None:
    totals, shares = pairs * (1.0 - np.eye(4)), parts / parts.sum(axis=1, keepdims=True)
    made = split(totals, shares, np.zeros((4, 4, 3)))
    assert (made >= 0.0).all()
    assert made.sum(axis=2) == pytest.approx(totals, abs=1e-8)
    assert made.sum(axis=1) == pytest.approx(totals.sum(axis=1)[:, None] * shares, rel=1e-6)


def test_cargo_as_large_as_the_trade_tells_what_it_is_in() -> None:
    totals = np.array([[0.0, 10.0, 10.0], [5.0, 0.0, 5.0], [5.0, 5.0, 0.0]])
    shares, cargo = np.full((3, 2), 0.5), np.zeros((3, 3, 2))
    cargo[0, 1] = [20.0, 0.0]
    made = split(totals, shares, cargo)
    assert made[0, 1, 0] > 8.0
    assert made[0, 2, 0] < 2.0


def test_a_net_seller_of_a_sector_buys_less_of_it() -> None:
    totals = 1.0 - np.eye(3)
    made = split(totals, np.array([[0.9, 0.1], [0.5, 0.5], [0.1, 0.9]]), np.zeros((3, 3, 2)))
    assert made[1, 2, 0] > made[1, 0, 0]


def test_imports_beyond_spending_leave_a_tenth_at_home() -> None:
    made = domestic_split(np.array([90.0]), np.array([[8.0, 2.0]]), np.array([0.05, 0.95]))
    assert made.tolist() == [[0.5, 89.5]]
