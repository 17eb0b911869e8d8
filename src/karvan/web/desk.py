"""What all sessions of one server share: the corridor, its routes, solved stages, and one worker that answers.

The routes are made ready beside the server, so that it is up before they are. Stages are kept in a bounded store, the
least used go first. One worker answers all sessions in the order they ask; each session has one question open at most.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Outcome
from karvan.errors import KarvanError, Problem
from karvan.freight.equilibrium import Point
from karvan.study.live.outcome import outcome_of
from karvan.study.live.reaction import Reaction, react
from karvan.study.live.stage import Live, Stage, stage
from karvan.study.routes import RouteAnswer, RouteOptions, routes
from karvan.web.controls import Control, Switch, controls, switches
from karvan.web.plan import MOST_MOVED, Plan

MOST_STAGES, MOST_WAITING, MOST_APART = 48, 64, 2
QUIET_S, YEARS_AHEAD = 0.6, 2
Result = TypeVar("Result")


class BusyError(KarvanError):
    """More is asked than the server answers at a time."""


class NotReadyError(KarvanError):
    """The routes are still being found."""


class NeverReadyError(KarvanError):
    """The routes could not be found."""


@dataclass(frozen=True)
class Answer:
    """A plan answered, beside the base of the same year."""

    plan: Plan
    reaction: Reaction
    base: Reaction
    scenario: Scenario

    def outcome(self, names: Sequence[str]) -> Outcome:
        """The answer as an outcome with some of its tables."""
        return outcome_of(self.reaction.live, self.reaction, self.scenario, names)


@dataclass(frozen=True)
class Ready:
    """A session's ground: routes, and the levers that the page offers."""

    live: Live
    controls: dict[str, Control]
    switches: tuple[Switch, ...]


@dataclass
class Desk:
    """The shared side of all sessions; ``scenarios`` are the texts of the corridor's ready ones by name."""

    corridor: Corridor
    years: tuple[int, ...]
    scenarios: Mapping[str, str] = field(default_factory=dict)
    _ready: Ready | None = None
    told: str = "reading tables and compiling; the first start of an installation takes longest"
    fault: str = ""
    _stages: OrderedDict[tuple[Scenario, int], tuple[Stage, Reaction]] = field(default_factory=OrderedDict)
    _worker: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "karvan"))
    _apart: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "karvan-apart"))
    _waiting: int = 0
    _waiting_apart: int = 0
    _asked_last: tuple[Scenario, int] | None = None
    _ahead: asyncio.Task[None] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether routes are there."""
        return self._ready is not None

    @property
    def ready(self) -> Ready:
        """The routes and levers.

        Raises
        ------
        NotReadyError
            While they are being found.
        NeverReadyError
            If finding them failed.
        """
        if self._ready is None and self.fault:
            raise NeverReadyError(f"the server has no answers to give: {self.fault}")
        if self._ready is None:
            raise NotReadyError(f"the routes of the corridor are being found ({self.told}); ask again in a moment")
        return self._ready

    @property
    def first_year(self) -> int:
        """The year a page opens with: the last of the record."""
        return min(max(self.corridor.info.last_year, self.years[0]), self.years[-1])

    def year(self, asked: int | None) -> int:
        """The year asked for, or the one a page opens with.

        Raises
        ------
        KarvanError
            If the corridor has no such year.
        """
        if asked is not None and asked not in self.years:
            expected, told = f"a year of {self.years[0]}-{self.years[-1]}", str(asked)[:12]
            raise KarvanError(problems=[Problem("unknown year", column="year", value=told, expected=expected)])
        return self.first_year if asked is None else asked

    def open(self, begin: Callable[[], Live]) -> Future[None]:
        """Find the routes on the worker."""
        return self._worker.submit(self._open, begin)

    def _open(self, begin: Callable[[], Live]) -> None:
        try:
            live = begin()
            first = stage(live, Scenario(), self.first_year)
            reaction = react(live, first)
        except Exception as error:  # whatever it is, the page and the terminal tell it: nobody waits for the worker
            known = isinstance(error, KarvanError)
            self.fault = str(error) if known else f"a fault of Karvan itself: {type(error).__name__}: {error}"
            raise
        self._stages[Scenario(), self.first_year] = (first, reaction)
        offered = controls(self.corridor, reaction.tables["freight.resources"])
        self._ready = Ready(live, offered, switches(self.corridor))

    async def answer(self, plan: Plan, start: Point | None = None, *, outside_doubled: bool = False) -> Answer:
        """Answer a plan.

        Parameters
        ----------
        plan, start
            What is asked, and waits and prices to start from.
        outside_doubled
            Whether values with the outside option doubled are worked out too where sliders stand off their mark.

        Raises
        ------
        ScenarioError
            If its levers are wrong.
        BusyError
            If too many questions wait.
        """
        return await self._ask(partial(self._answer, plan, start, outside_doubled=outside_doubled))

    async def answer_latest(self, asked: Callable[[], tuple[Plan, Point | None]]) -> Answer:
        """Answer what ``asked`` gives when the question's turn comes: a plan, and waits and prices to start from.

        Raises
        ------
        ScenarioError, BusyError
            As for :meth:`answer`.
        """
        return await self._ask(lambda: self._answer(*asked()))

    async def routes(self, origin: str, destination: str, options: RouteOptions, plan: Plan) -> RouteAnswer:
        """The ways between two places at the waits and prices of a plan, whose year and levers stand for those asked.

        Raises
        ------
        UnknownKeyError, NoRouteError
            If a place or cargo is not known, or no way joins the places.
        """
        return await self._ask(partial(self._routes, origin, destination, options, plan))

    async def ask(self, question: Callable[[], Result]) -> Result:
        """Answer any other question on the worker."""
        return await self._ask(question)

    async def ask_apart(self, question: Callable[[], Result]) -> Result:
        """Answer a question of many seconds beside the worker, one at a time, so that no slider waits for it.

        Raises
        ------
        BusyError
            If another one waits already.
        """
        if self._waiting_apart >= MOST_APART:
            raise BusyError(f"{MOST_APART} long questions wait; ask again in a minute")
        self._waiting_apart += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._apart, question)
        finally:
            self._waiting_apart -= 1

    async def _ask(self, question: Callable[[], Result]) -> Result:
        if self._waiting >= MOST_WAITING:
            raise BusyError(f"{MOST_WAITING} questions wait; ask again in a moment")
        if self._ahead is not None:
            self._ahead.cancel()
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, question)
        finally:
            self._waiting -= 1
            if self._waiting == 0:
                self._ahead = asyncio.create_task(self._look_ahead())

    async def _look_ahead(self) -> None:
        """Once nothing has been asked for a while, solve the years next to the one asked last, one after the other."""
        await asyncio.sleep(QUIET_S)
        if self._asked_last is None:
            return
        owners, year = self._asked_last
        near = [at for step in range(1, YEARS_AHEAD + 1) for at in (year + step, year - step) if at in self.years]
        loop = asyncio.get_running_loop()
        # What is wrong with a year's levers is told when it is asked for.
        with suppress(KarvanError):
            for key in ((one, at) for at in near for one in dict.fromkeys((Scenario(), owners))):
                if key not in self._stages:
                    await loop.run_in_executor(self._worker, self._stage, *key)

    def _answer(self, plan: Plan, start: Point | None, *, outside_doubled: bool = False) -> Answer:
        ready = self.ready
        if len(plan.factors) > MOST_MOVED:
            raise BusyError(f"at most {MOST_MOVED} sliders may stand off their mark")
        _, base = self._stage(Scenario(), plan.year)
        standing, still = self._stage(plan.owners, plan.year)
        moved = plan.moved(ready.controls)
        self._asked_last = (plan.owners, plan.year)
        told = partial(react, ready.live, standing, moved, start, outside_doubled=outside_doubled)
        reaction = told() if moved else still
        return Answer(plan, reaction, base, plan.scenario(ready.controls))

    def _stage(self, owners: Scenario, year: int) -> tuple[Stage, Reaction]:
        key = (owners, year)
        if key not in self._stages:
            near = next((found for found, _ in self._stages.values()), None)
            made = stage(self.ready.live, owners, year, near)
            self._stages[key] = (made, react(self.ready.live, made))
            while len(self._stages) > MOST_STAGES:
                self._stages.popitem(last=False)
        self._stages.move_to_end(key)
        return self._stages[key]

    def _routes(self, origin: str, destination: str, options: RouteOptions, plan: Plan) -> RouteAnswer:
        at = self._answer(plan, None)
        scenario = plan.scenario(self.ready.controls) if plan != Plan(plan.year) else Scenario()
        return routes(
            self.corridor, origin, destination, replace(options, year=plan.year, scenario=scenario), at.reaction.point
        )
