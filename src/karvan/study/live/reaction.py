"""What the corridor answers when levers of a stage move: the equilibrium from where it stood, and small tables of it.

Only the tables that a moved lever touches are made again, and only what rests on them is computed again; the numbers
are those that a run with the same levers gives, to the same residual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from karvan.corridor.lever import Lever
from karvan.corridor.outcome import outcome_table
from karvan.corridor.state import State
from karvan.errors import Problem, ScenarioError
from karvan.freight.empties import with_empties
from karvan.freight.equilibrium import Point
from karvan.freight.solved import SolvedYear, solve_year
from karvan.freight.tables import flow_rows, gateway_rows, pair_rows, resource_rows
from karvan.freight.worth.values import users_usd, welfare_usd
from karvan.scenario.compiled import compile_levers
from karvan.scenario.dates import horizon
from karvan.scenario.review.alone import places_of, problems_alone
from karvan.scenario.state import state
from karvan.study.live.stage import Live, Stage
from karvan.study.spread import one_numeric_thread

TABLES = ("freight.resources", "freight.flows", "freight.gateways", "freight.pairs")
COMMUTING = ("multiply", "add")
_BOXES_REST_ON = ("demand", "commodities", "places", "countries", "parameters")
_GROWN = ("demand", "resources")


@dataclass(frozen=True)
class Reaction:
    """The answer of one year to some moved levers; its tables are those of a run and are made when they are read."""

    live: Live
    solved: SolvedYear

    @property
    def year(self) -> int:
        """Calendar year."""
        return self.solved.flow.state.year

    @property
    def point(self) -> Point:
        """Waits and prices, to start the next answer from."""
        return self.solved.equilibrium.point

    @property
    def knows_outside_doubled(self) -> bool:
        """Whether the values with the outside option doubled are there; moved levers leave them out unless asked."""
        return bool(np.isfinite(self.solved.far_worth.usd_per_unit).any())

    @property
    def users_usd(self) -> float:
        """Users' welfare in USD a year, of use only as a difference between answers of one session."""
        return users_usd(self.solved.equilibrium)

    @property
    def welfare_usd(self) -> float:
        """Welfare of users and rents in USD a year, likewise."""
        return welfare_usd(self.solved.equilibrium)

    @cached_property
    def resources(self) -> pd.DataFrame:
        """``freight.resources``."""
        return outcome_table("freight.resources", resource_rows(self.solved.flow, self.solved))

    @cached_property
    def flows(self) -> pd.DataFrame:
        """``freight.flows``."""
        return outcome_table("freight.flows", flow_rows(self.live.prepared, self.solved.flow))

    @cached_property
    def gateways(self) -> pd.DataFrame:
        """``freight.gateways``."""
        rows = gateway_rows(self.live.prepared, self.solved.flow, self.live.gateways)
        return outcome_table("freight.gateways", rows)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """``freight.pairs``."""
        return outcome_table("freight.pairs", pair_rows(self.live.prepared, self.solved.flow))

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All of them by name."""
        return {name: self.table(name) for name in TABLES}

    def table(self, name: str) -> pd.DataFrame:
        """The table of that name, one of ``TABLES``."""
        frame: pd.DataFrame = getattr(self, name.removeprefix("freight."))
        return frame


@one_numeric_thread
def react(
    live: Live,
    standing: Stage,
    moved: Sequence[Lever] = (),
    start: Point | None = None,
    *,
    outside_doubled: bool = False,
) -> Reaction:
    """Answer to moved levers.

    Parameters
    ----------
    live, standing
        The session, and the stage the levers move from.
    moved
        Levers that multiply or add; they commute with all others, so that no conflict can arise.
    start
        Waits and prices of the answer before; None: those of the stage.
    outside_doubled
        Whether moved levers are answered a second time with the outside option doubled, for the values under it; a
        stage where nothing moves has them.

    Returns
    -------
    Reaction
        ``solved.equilibrium.convergence`` says whether it converged; it is returned either way.

    Raises
    ------
    ScenarioError
        If a lever does something else, or is wrong; with every problem.
    """
    _refuse(live, moved)
    if moved:
        boxed = _with_boxes(standing, _moved_state(live, standing, moved))
        first = start or standing.solved.equilibrium.point
        solved = solve_year(live.prepared, boxed, first, standing.solved.flow, with_far=outside_doubled)
    else:
        solved = standing.solved
    return Reaction(live, solved)


def _moved_state(live: Live, standing: Stage, moved: Sequence[Lever]) -> State:
    """The stage's state with the tables that the levers touch made again."""
    touched = {lever.table for lever in moved}
    if "growth" in touched or touched & set(_GROWN):
        touched |= {"growth", *_GROWN}
    levers = (*(lever for lever in standing.levers if lever.table in touched), *moved)
    made = state(live.corridor, compile_levers(live.corridor, levers, standing.compiled), standing.year)
    again = {name: made[name] for name in touched}
    if not {lever.table for lever in moved} & {"demand", "growth"}:
        again.pop("demand", None)
    return State(standing.year, live.corridor, {**standing.plain.tables, **again})


def _with_boxes(standing: Stage, plain: State) -> State:
    """The state with empty boxes: those of the stage where nothing that they rest on has moved."""
    if any(plain[name] is not standing.plain[name] for name in _BOXES_REST_ON):
        return with_empties(plain)
    boxed = standing.solved.flow.state
    same = {name: boxed[name] for name in ("demand", "commodities")}
    return State(plain.year, plain.corridor, {**plain.tables, **same})


def _refuse(live: Live, moved: Sequence[Lever]) -> None:
    """Say what is wrong with the levers that move."""
    levers, years = tuple(moved), horizon(live.corridor)
    found: list[Problem] = []
    for lever, place in zip(levers, places_of(live.corridor, levers), strict=True):
        if lever.operation not in COMMUTING:
            found.append(place.problem("not a move", "operation", lever.operation, " or ".join(COMMUTING)))
        elif isinstance(lever.value, float) and lever.operation == "multiply" and not 0 <= lever.value < np.inf:
            found.append(place.problem("not a factor", "value", str(lever.value), "a number of 0 or more"))
        found += problems_alone(lever, place, years)
    if found:
        raise ScenarioError(problems=found)
