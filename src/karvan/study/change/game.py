"""The game of a year: the measures of the base with some owners as in the plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from karvan.corridor.outcome import Convergence
from karvan.corridor.state import State
from karvan.freight.empties import with_empties
from karvan.freight.equilibrium import Point, solve
from karvan.freight.prepare import Prepared
from karvan.freight.solved import SolvedYear
from karvan.freight.tables import pair_rows
from karvan.freight.worth.values import rents_usd
from karvan.freight.year import flow_of, problem_of, year_of
from karvan.scenario.compiled import CompiledLevers, of_owners
from karvan.scenario.state import state
from karvan.study.change.attribution import Coalition
from karvan.study.change.measures import measures, rents_by_owner

MOVE_EMPTIES = frozenset({"demand", "growth", "commodities", "places", "countries", "parameters"})
EMPTIES = frozenset({"demand", "commodities"})


@dataclass(frozen=True)
class Game:
    """Routes, the levers of base and plan together, the base solved, the owners of both, and who owns resources."""

    prepared: Prepared
    compiled: CompiledLevers
    base: SolvedYear
    owners: Sequence[dict[str, None]]
    owner_of: Mapping[str, str]

    def play(self, told: list[Convergence]) -> Callable[[Coalition], pd.Series]:
        """What values a coalition; how each one converged is added to ``told``.

        Each starts from the waits and prices of the coalition with one player less that was solved last.
        """
        points: dict[Coalition, Point] = {}

        def value(coalition: Coalition) -> pd.Series:
            near = next((points[coalition - {p}] for p in coalition if coalition - {p} in points), None)
            start = near or self.base.equilibrium.point
            found, points[coalition], convergence = self._solved(coalition, start)
            told.append(convergence)
            return found

        return value

    def _state(self, on: Collection[str]) -> State:
        """The state with some owners on; what no lever that differs can move is the base's own, empties included."""
        plain = state(self.compiled.corridor, of_owners(self.compiled, on), self.base.flow.state.year)
        known = self.base.flow.state
        moved = self._moved
        whole = with_empties(plain) if moved & MOVE_EMPTIES else plain
        kept = {name for name in known.tables if name not in moved and not (name in EMPTIES and moved & MOVE_EMPTIES)}
        return State(plain.year, plain.corridor, {**whole.tables, **{name: known[name] for name in kept}})

    @cached_property
    def _moved(self) -> frozenset[str]:
        """Tables that levers of owners that differ can move; demand and resources move with growth, too."""
        base, plan = self.owners
        moved = {lever.table for lever in self.compiled.levers if (lever.owner in base) != (lever.owner in plan)}
        return frozenset(moved | ({"demand", "resources"} if moved & {"growth", "demand"} else set()))

    def _solved(self, coalition: Coalition, start: Point) -> tuple[pd.Series, Point, Convergence]:
        """Measures, waits and prices of a coalition."""
        base, plan = self.owners
        on = {owner for owner in {**base, **plan} if (owner in base) != (owner in coalition)} | (set(base) & set(plan))
        year = year_of(self.prepared, self._state(on), self.base.flow)
        problem = problem_of(self.prepared, year)
        fits = start.wait.size == problem.resources.capacity.size
        reached = solve(problem, start if fits else None)
        rents = pd.DataFrame({"resource": problem.resources.keys, "rent_usd": rents_usd(reached)})
        places = year.state["places"]
        found = measures(
            pair_rows(self.prepared, flow_of(self.prepared, year, reached)),
            rents_by_owner(rents, self.owner_of),
            dict(zip(places["place"], places["country"], strict=True)),
        )
        return found, reached.point, reached.convergence
