"""What a fit stands on: states of some years, one set of routes for all of them, and the indicators measured on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Convergence
from karvan.corridor.state import State
from karvan.errors import DataError, Problem
from karvan.freight.equilibrium import Equilibrium, solve
from karvan.freight.prepare import Prepared
from karvan.freight.worth.adjoint import regime
from karvan.freight.year import Year, problem_of, year_of
from karvan.study.calibrate.free import FreeLever, free_levers, moved
from karvan.study.calibrate.measure import Measured, Moving, measured, slopes_at, unit_costs, values_at
from karvan.study.solve import Progress, prepared_for, with_boxes
from karvan.study.spread import on_threads, one_numeric_thread
from karvan.study.states import BASE, states

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ground:
    """States with empties by year, routes, indicators and free levers of a corridor."""

    corridor: Corridor
    states: Mapping[int, State]
    prepared: Prepared
    measured: tuple[Measured, ...]
    levers: tuple[FreeLever, ...]


@one_numeric_thread
def ground_of(
    corridor: Corridor,
    years: Sequence[int] = (),
    progress: Progress | None = None,
    scenario: Scenario = BASE,
    ahead: Sequence[int] = (),
) -> Ground:
    """The ground of some years of a corridor; none named: every year of its record.

    Parameters
    ----------
    corridor, years
        Years told in the base scenario, as they were.
    progress
        Called with a text and the share done.
    scenario, ahead
        Years to come, told in a scenario, on the same routes.

    Raises
    ------
    DataError
        If the corridor has no free lever.
    """
    if corridor["calibration"].empty:
        problem = Problem(
            "no free lever", table="calibration", expected="at least one row", remedy="add calibration.csv"
        )
        raise DataError(problems=[problem])
    told = states(corridor, BASE, years)
    later = states(corridor, scenario, ahead).years if ahead else ()
    chosen = with_boxes(replace(told, years=(*told.years, *later)))
    prepared, _ = prepared_for(chosen, progress=progress)
    by_year = {state.year: state for state in chosen.years}
    return Ground(corridor, by_year, prepared, measured(corridor, prepared), tuple(free_levers(corridor)))


class Solver:
    """Solves years of a ground at values of its levers, each from the point it was solved at before."""

    def __init__(self, ground: Ground, by_year: Mapping[int, State]) -> None:
        self.ground, self.states = ground, by_year
        self._reached: dict[int, tuple[Year, Equilibrium]] = {}
        self._at: dict[int, bytes] = {}
        self._costs: dict[int, Floats] = {}

    @one_numeric_thread
    def solve(self, years: Sequence[int], values: Floats) -> None:
        """Bring years to the equilibrium at some values, shape (levers,)."""
        behind = [year for year in years if self._at.get(year) != values.tobytes()]
        for year, reached in zip(behind, on_threads(lambda year: self._solved(year, values), behind), strict=True):
            self._reached[year], self._at[year] = reached, values.tobytes()

    def _solved(self, year: int, values: Floats) -> tuple[Year, Equilibrium]:
        prepared, before = self.ground.prepared, self._reached.get(year)
        state = moved(self.states[year], self.ground.levers, values)
        this = year_of(prepared, state, before[0].free if before else None)
        return this, solve(problem_of(prepared, this), before[1].point if before else None)

    def told(self, year: int) -> Floats:
        """Indicators of a year where it was last solved, shape (indicators,)."""
        return values_at(self.ground.prepared, *self._reached[year], self.ground.measured)

    @one_numeric_thread
    def slopes(self, years: Sequence[int]) -> dict[int, Floats]:
        """Derivatives of the indicators of years by the levers where they were last solved, (indicators, levers)."""
        return dict(zip(years, on_threads(self._slopes, years), strict=True))

    def _slopes(self, year: int) -> Floats:
        prepared = self.ground.prepared
        if year not in self._costs:
            self._costs[year] = unit_costs(prepared, self.states[year], self.ground.levers)
        moving = Moving(self.ground.levers, self._costs[year])
        return slopes_at(prepared, *self._reached[year], self.ground.measured, moving)

    def regime(self, year: int) -> NDArray[np.bool_]:
        """Which limits bind and which waits are none in a year where it was last solved."""
        return regime(self._reached[year][1])

    def failures(self) -> tuple[Convergence, ...]:
        """Years whose last equilibrium did not converge."""
        ended = (answer.convergence for _, answer in self._reached.values())
        return tuple(each for each in ended if not each.converged)
