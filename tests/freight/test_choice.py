"""Path-size logit against its published formula, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from karvan.freight.choice import Choice, log_path_sizes, shares

OPEN = np.array([True, True])


def choice(starts: list[int], theta: float = 0.1, outside: float = 1e9, sizes: list[float] | None = None) -> Choice:
    pairs = len(starts) - 1
    log_sizes = np.log(sizes) if sizes else np.zeros(starts[-1])
    return Choice(np.array(starts), np.full(pairs, theta), np.full(pairs, outside), log_sizes)


def sizes_of(
    incidence: list[list[int]], arc_cost: list[float], starts: list[int] | None = None, closed: tuple[int, ...] = ()
) -> NDArray[np.float64]:
    """Path sizes of routes (rows) over arcs (columns), all of one pair and open unless told otherwise."""
    matrix = csr_matrix(np.array(incidence, dtype=float))
    weighted = matrix.multiply(np.array(arc_cost)).tocsr()
    total = np.asarray(weighted.sum(axis=1), dtype=np.float64).ravel()
    is_open = ~np.isin(np.arange(len(incidence)), closed)
    return np.exp(log_path_sizes(np.array(starts or [0, len(incidence)]), weighted, total, is_open))


def test_shares_are_those_of_the_published_formula() -> None:
    """exp(-0.1 x 10) against exp(-0.1 x 20): 1 / (1 + e^-1) = 0.7311."""
    found = shares(choice([0, 2]), np.array([10.0, 20.0]), OPEN)
    assert found.route.tolist() == pytest.approx([0.7310586, 0.2689414])
    assert found.outside.tolist() == pytest.approx([0.0])


def test_the_path_size_multiplies_the_weight_of_a_route() -> None:
    found = shares(choice([0, 2], sizes=[0.5, 1.0]), np.array([10.0, 10.0]), OPEN)
    assert found.route.tolist() == pytest.approx([1 / 3, 2 / 3])


def test_the_outside_option_takes_its_share_and_is_left_out_of_the_logsum() -> None:
    """Three equal costs: a third each; the logsum is of the two routes alone, 10 - ln 2 / 0.1 = 3.069."""
    found = shares(choice([0, 2], outside=10.0), np.array([10.0, 10.0]), OPEN)
    assert [*found.route, *found.outside] == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    assert found.logsum_usd_per_t[0] == pytest.approx(10 - np.log(2) / 0.1)


def test_a_closed_route_gets_nothing_and_its_share_goes_to_the_others() -> None:
    found = shares(choice([0, 2]), np.array([10.0, 20.0]), np.array([False, True]))
    assert found.route.tolist() == pytest.approx([0.0, 1.0])


@pytest.mark.parametrize("is_open", [[True, True, True], [False, False, True]])
def test_a_pair_without_an_open_route_does_not_take_its_neighbours(is_open: list[bool]) -> None:
    starts = [0, 0, 2, 2, 3]
    found = shares(choice(starts, outside=50.0), np.array([10.0, 10.0, 10.0]), np.array(is_open))
    served = [is_open[0] or is_open[1], is_open[2]]
    assert found.outside[[0, 2]].tolist() == [1.0, 1.0]
    assert (found.outside[[1, 3]] < 0.5).tolist() == served
    assert np.isinf(found.logsum_usd_per_t[[0, 2]]).all()


def test_shares_of_every_pair_add_up_to_one_however_large_the_costs() -> None:
    found = shares(choice([0, 2, 3], theta=5.0, outside=9e4), np.array([1e5, 2e5, 8e4]), np.ones(3, dtype=bool))
    assert found.route[:2].sum() + found.outside[0] == pytest.approx(1.0, abs=1e-15)
    assert found.route[2] + found.outside[1] == pytest.approx(1.0, abs=1e-15)
    assert np.isfinite(found.logsum_usd_per_t).all()


def test_a_shift_of_all_costs_shifts_the_logsum_and_leaves_shares() -> None:
    here = shares(choice([0, 2], outside=30.0), np.array([10.0, 20.0]), OPEN)
    there = shares(choice([0, 2], outside=37.0), np.array([17.0, 27.0]), OPEN)
    assert there.route == pytest.approx(here.route)
    assert there.logsum_usd_per_t == pytest.approx(here.logsum_usd_per_t + 7.0)


@pytest.mark.parametrize("copies", [1, 2, 5])
def test_the_path_size_of_n_copies_is_one_over_n(copies: int) -> None:
    assert sizes_of([[1, 1]] * copies, [3.0, 4.0]) == pytest.approx(np.full(copies, 1 / copies))


def test_routes_that_share_nothing_have_a_path_size_of_one() -> None:
    assert sizes_of([[1, 0], [0, 1]], [3.0, 4.0]) == pytest.approx([1.0, 1.0])


def test_the_path_size_weighs_shared_arcs_by_their_part_of_the_cost() -> None:
    """A shared arc of 2 with an own one of 1 or 3: 2/3 / 2 + 1/3 = 2/3, and 2/5 / 2 + 3/5 = 0.8."""
    assert sizes_of([[1, 1, 0], [1, 0, 1]], [2.0, 1.0, 3.0]) == pytest.approx([2 / 3, 0.8])


def test_pairs_without_any_route_have_no_path_size() -> None:
    none = csr_matrix((0, 3))
    assert log_path_sizes(np.array([0, 0]), none, np.empty(0), np.empty(0, dtype=bool)).dtype == np.float64


def test_a_route_of_another_pair_does_not_make_a_path_smaller() -> None:
    assert sizes_of([[1, 1], [1, 1]], [3.0, 4.0], [0, 1, 2]) == pytest.approx([1.0, 1.0])


def test_a_route_that_a_plan_may_open_leaves_those_of_today_as_they_are() -> None:
    """Two routes of today over a shared half, 1/2 / 2 + 1/2; a third over the shared half, 1/2 / 3 + 1/2."""
    found = sizes_of([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1]], [2.0, 2.0, 2.0, 2.0], closed=(2,))
    assert found == pytest.approx([3 / 4, 3 / 4, 2 / 3])
