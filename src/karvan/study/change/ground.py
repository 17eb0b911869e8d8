"""One year on which many changes are tried: routes and levers once, then owners, levers and capacities at will."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from karvan.corridor.lever import Lever
from karvan.errors import DataError, Problem
from karvan.freight.assignment import Flow
from karvan.freight.empties import with_empties
from karvan.freight.equilibrium import Equilibrium, Point, solve
from karvan.freight.prepare import Prepared
from karvan.freight.resources import widened
from karvan.freight.tables import flow_rows, gateway_rows, pair_rows, resource_rows
from karvan.freight.year import Year, flow_of, problem_of, year_of
from karvan.scenario.compiled import CompiledLevers, compile_levers, of_owners
from karvan.scenario.state import state
from karvan.study.change.target import Target
from karvan.study.record import modelled_by_year

_ROWS: Mapping[str, Callable[[Prepared, Flow], pd.DataFrame]] = {
    "freight.gateways": gateway_rows,
    "freight.flows": flow_rows,
    "freight.pairs": pair_rows,
    "freight.resources": lambda _, flow: resource_rows(flow),
}


@dataclass(frozen=True)
class Tried:
    """What came of a change: the indicator, and the equilibrium it was read from."""

    value: float
    equilibrium: Equilibrium


@dataclass(frozen=True)
class Ground:
    """A year of a corridor with everything that may be switched on.

    ``compiled`` holds the levers of every owner that may be on, ``on`` the owners of the scenario that is changed.
    """

    prepared: Prepared
    compiled: CompiledLevers
    on: frozenset[str]
    year: int
    target: Target
    start: Point | None = None
    known: Flow | None = None

    def tried(self, owners: Collection[str] = (), levers: Collection[Lever] = ()) -> Tried:
        """The year with more owners on and more levers."""
        return self.widened(self.year_with(owners, levers), {})

    def year_with(self, owners: Collection[str] = (), levers: Collection[Lever] = ()) -> Year:
        """The year with more owners on and more levers, not solved."""
        chosen = {*self.on, *owners}
        compiled = of_owners(self.compiled, chosen)
        if levers:
            kept = [lever for lever in self.compiled.levers if lever.owner in chosen]
            compiled = compile_levers(self.compiled.corridor, [*kept, *levers])
        of_year = with_empties(state(self.compiled.corridor, compiled, self.year))
        return year_of(self.prepared, of_year, self.known)

    def widened(self, year: Year, capacity: Mapping[str, float]) -> Tried:
        """A year solved with the capacities of some resources multiplied."""
        problem = problem_of(self.prepared, year)
        resources = problem.resources
        for number, key in enumerate(resources.keys):
            factor = capacity.get(str(key), 1.0)
            if factor != 1.0 and resources.capacity[number] > 0:
                resources = widened(resources, number, factor)
        problem = problem._replace(resources=resources)
        fits = self.start is not None and self.start.wait.size == resources.capacity.size
        reached = solve(problem, self.start if fits else None)
        return Tried(self._indicator(flow_of(self.prepared, year, reached)), reached)

    def _indicator(self, flow: Flow) -> float:
        indicator = self.target.indicator
        if indicator.table not in _ROWS:
            expected = f"an indicator of {', '.join(_ROWS)}"
            raise DataError(problems=[Problem("no ground to try on", value=indicator.table, expected=expected)])
        frame = _ROWS[indicator.table](self.prepared, flow)
        return modelled_by_year(frame, indicator, (self.year,))[self.year]
