"""What a live session shares: routes over all that its owners may open, and a solved year from which levers move.

Routes are found once, over the union of the years asked for and of every owner that brings links or transfers. A stage
is one year under some owners and levers, solved from a cold start; every move of a slider starts from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from karvan.corridor.corridor import Corridor, fingerprints
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.state import State
from karvan.freight.empties import with_empties
from karvan.freight.prepare import Prepared
from karvan.freight.solved import SolvedYear, solve_year
from karvan.freight.tables import GatewayCells, gateway_cells
from karvan.scenario.compiled import CompiledLevers, compile_levers, of_owners
from karvan.scenario.dates import days_in_force
from karvan.scenario.resolve import levers_of, resolve
from karvan.scenario.state import state
from karvan.schema.dates import first_day, last_day
from karvan.study.solve import Progress, prepared_for, with_boxes
from karvan.study.spread import one_numeric_thread
from karvan.study.states import BASE, States, states

WAYS = ("links", "transfers")


@dataclass(frozen=True)
class Live:
    """A corridor with the routes that every answer of a session shares, and the fingerprints of its tables."""

    corridor: Corridor
    years: tuple[int, ...]
    prepared: Prepared
    gateways: GatewayCells
    fingerprints: Mapping[str, str]


@dataclass(frozen=True)
class Stage:
    """A year under a scenario, solved: what moves of single levers start from.

    ``compiled`` are the levers in force on some day of the year, ``plain`` is the state before empty boxes are added.
    """

    scenario: Scenario
    compiled: CompiledLevers
    plain: State
    solved: SolvedYear

    @property
    def levers(self) -> tuple[Lever, ...]:
        """The levers in force on some day of the year."""
        return self.compiled.levers

    @property
    def year(self) -> int:
        """Calendar year."""
        return self.plain.year


def session_states(corridor: Corridor, years: Sequence[int]) -> States:
    """The states whose links a session's routes may use: the years asked for, and the last under each such owner."""
    chosen = states(corridor, BASE, tuple(years))
    everything = compile_levers(corridor, (lever for lever in levers_of(corridor) if not lever.pending))
    plain = {lever.owner for lever in resolve(corridor)}
    opened = (
        state(corridor, of_owners(everything, plain | {owner}), years[-1]) for owner in _owners_of_ways(corridor)
    )
    return replace(chosen, years=(*chosen.years, *opened))


def begin(corridor: Corridor, years: Sequence[int], progress: Progress | None = None) -> Live:
    """Find the routes of a session.

    Parameters
    ----------
    corridor
        What the session plays with.
    years
        Years it may show, in order; at least one.
    progress
        Called with a text and the share done.

    Returns
    -------
    Live
        Where no owner brings links or transfers of its own, the routes are those of a run over the same years.
    """
    prepared, _ = prepared_for(with_boxes(session_states(corridor, years)), progress=progress)
    return live_of(corridor, years, prepared)


def live_of(corridor: Corridor, years: Sequence[int], prepared: Prepared) -> Live:
    """A session on routes that are at hand."""
    return Live(corridor, tuple(years), prepared, gateway_cells(prepared), fingerprints(corridor))


@one_numeric_thread
def stage(live: Live, scenario: Scenario, year: int, near: Stage | None = None) -> Stage:
    """Solve a year under a scenario.

    Parameters
    ----------
    live
        The session.
    scenario
        Owners and levers; resolved and checked here.
    year
        One of the session's years.
    near
        Another stage, whose waits and prices are the start.

    Raises
    ------
    ScenarioError
        With every problem of the levers.
    """
    levers = resolve(live.corridor, scenario)
    plain = state(live.corridor, levers, year)
    start, known = (near.solved.equilibrium.point, near.solved.flow) if near else (None, None)
    solved = solve_year(live.prepared, with_empties(plain), start, known)
    return Stage(scenario, compile_levers(live.corridor, _of_year(levers, year)), plain, solved)


def _of_year(levers: Sequence[Lever], year: int) -> tuple[Lever, ...]:
    """The levers that are in force on some day of a year."""
    first, last = (
        np.array([day(text) for text in texts], dtype=np.int64)
        for day, texts in (
            (first_day, [lever.from_date for lever in levers]),
            (last_day, [lever.to_date for lever in levers]),
        )
    )
    return tuple(levers[int(at)] for at in np.flatnonzero(days_in_force(first, last, year) > 0))


def _owners_of_ways(corridor: Corridor) -> list[str]:
    """Owners, history and shocks apart, one of whose levers brings or opens a link or a transfer."""
    named = {lever.owner for lever in levers_of(corridor) if lever.table in WAYS and not lever.pending}
    return sorted(owner for owner in named if owner.startswith(("project:", "agreement:")))
