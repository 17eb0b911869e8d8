"""One browser's session: its plan, and the answers to its moves, of which the latest wins.

A question waits for its turn without a plan; when its turn comes the plan of that moment is answered. While an answer
is made further moves only change the plan, and the session asks again once it is told. Nothing of it is shared: two
browsers do not see each other's levers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from karvan.errors import KarvanError
from karvan.freight.equilibrium import Point
from karvan.web.desk import Answer, Desk
from karvan.web.plan import Plan

Shown = Callable[[Answer], None]
Refused = Callable[[str], None]


class Session:
    """The plan of one browser.

    Parameters
    ----------
    desk
        What all sessions share.
    plan
        Where it begins.

    Attributes
    ----------
    moves, told
        How many plans it was given, and how many of them the answer shown has taken in.
    """

    def __init__(self, desk: Desk, plan: Plan) -> None:
        self.desk = desk
        self.plan = plan
        self.answer: Answer | None = None
        self.moves = 0
        self.told = 0
        self._busy = False
        self._asked = (plan, 0)
        self._point: Point | None = None

    async def go(self, plan: Plan, shown: Shown, refused: Refused) -> None:
        """Make a plan the session's, and show answers until that of the latest plan has been shown."""
        self.plan = plan
        self.moves += 1
        if self._busy:
            return
        self._busy = True
        try:
            while self.answer is None or self.answer.plan != self.plan:
                try:
                    answer = await self.desk.answer_latest(self._ask)
                except KarvanError as error:
                    refused(str(error))
                    if self.plan == self._asked[0]:
                        return
                    continue
                self._take(answer)
                shown(answer)
        finally:
            self._busy = False

    def _ask(self) -> tuple[Plan, Point | None]:
        """The plan of this moment, and where to start from; called when the question's turn has come."""
        self._asked = (self.plan, self.moves)
        return self.plan, self._start(self.plan)

    def _take(self, answer: Answer) -> None:
        self.answer = answer
        self.told = self._asked[1]
        self._point = answer.reaction.point

    def _start(self, asked: Plan) -> Point | None:
        """The waits and prices of the answer before, where it stands on the same year and owners."""
        before = self.answer.plan if self.answer else None
        same = before is not None and (before.year, before.owners) == (asked.year, asked.owners)
        return self._point if same else None

    def flipped(self, owner: str, *, on: bool) -> Plan:
        """The plan with an owner switched."""
        include = [name for name in self.plan.include if name != owner]
        exclude = [name for name in self.plan.exclude if name != owner]
        own = next((switch.on for switch in self.desk.ready.switches if switch.owner == owner), None)
        if own is not None and on != own:
            (include if on else exclude).append(owner)
        return replace(self.plan, include=tuple(sorted(include)), exclude=tuple(sorted(exclude)))

    def switched(self) -> dict[str, bool]:
        """Owners that are not as they are by themselves."""
        return {**dict.fromkeys(self.plan.include, True), **dict.fromkeys(self.plan.exclude, False)}

    async def in_year(self, year: int) -> Answer:
        """The plan answered in another year, without showing it."""
        return await self.desk.answer(replace(self.plan, year=year))
