"""The ready scenarios up to 2040: every year converges, capacities bind, and what grows goes somewhere."""

from __future__ import annotations

import numpy as np
import pytest

from karvan.cli.inputs import one_scenario
from karvan.store.builtin import load
from karvan.study.solve import solve_years
from karvan.study.states import states

YEARS = (2025, 2028, 2030, 2032, 2034, 2036, 2038, 2040)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["as-is", "calibrated", "committed", "all-announced", "low-caspian"])
def test_every_year_of_a_ready_scenario_converges_within_its_capacities(name: str) -> None:
    corridor = load("middle-corridor")
    solved = solve_years(states(corridor, one_scenario(name, corridor), YEARS))
    for year in solved.years:
        reached, resources = year.equilibrium, year.equilibrium.problem.resources
        assert reached.convergence.converged, year.flow.state.year
        assert reached.convergence.residual <= 1e-8
        limited = resources.limited
        assert (reached.load <= resources.room + 1e-6 * resources.capacity)[limited].all()
        assert np.isfinite(year.far_worth.usd_per_unit).all()
    demand = [float(year.flow.demand_kt.sum()) for year in solved.years]
    assert demand == sorted(demand)
