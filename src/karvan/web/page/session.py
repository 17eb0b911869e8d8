"""One browser's session: its plan, and the answers to its moves, of which the latest wins.

While an answer is being made further moves only change the plan; when it is told the plan of that moment is asked next.
Nothing of it is shared: two browsers do not see each other's levers.
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
    """

    def __init__(self, desk: Desk, plan: Plan) -> None:
        self.desk = desk
        self.plan = plan
        self.answer: Answer | None = None
        self._busy = False
        self._point: Point | None = None

    async def go(self, plan: Plan, shown: Shown, refused: Refused) -> None:
        """Make a plan the session's, and show answers until that of the latest plan has been shown."""
        self.plan = plan
        if self._busy:
            return
        self._busy = True
        try:
            while self.answer is None or self.answer.plan != self.plan:
                asked = self.plan
                try:
                    self._take(await self.desk.answer(asked, self._start(asked)))
                except KarvanError as error:
                    refused(str(error))
                    if self.plan == asked:
                        return
                    continue
                if self.answer is not None:
                    shown(self.answer)
        finally:
            self._busy = False

    def _take(self, answer: Answer) -> None:
        self.answer = answer
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
