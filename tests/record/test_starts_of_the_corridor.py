"""Twenty random starts of a year of the built-in corridor."""

from __future__ import annotations

import numpy as np
import pytest

from karvan.freight.equilibrium import Point, solve
from karvan.freight.year import problem_of, year_of
from karvan.study.solve import prepared_for, with_boxes
from karvan.study.states import states
from tests.built_in import middle_corridor

STARTS = 20


@pytest.mark.slow
def test_twenty_random_starts_reach_one_equilibrium() -> None:
    chosen = with_boxes(states(middle_corridor(), years=(2024,)))
    prepared, _ = prepared_for(chosen)
    answer = solve(problem_of(prepared, year_of(prepared, chosen.years[0])))
    resources, rng = answer.problem.resources, np.random.default_rng(5)
    capacity = np.where(resources.closed, 1.0, resources.capacity)
    gaps = []
    for _ in range(STARTS):
        price = rng.uniform(0, 5, capacity.size) * np.maximum(answer.point.price, 1.0)
        other = solve(answer.problem, Point(rng.uniform(0, 500, capacity.size), price))
        assert other.convergence.converged
        gaps.append(float(np.max(np.abs(other.load - answer.load) / capacity)))
    print(f"largest difference of a load, a share of its capacity: {max(gaps):.1e}")
    assert max(gaps) < 1e-7
