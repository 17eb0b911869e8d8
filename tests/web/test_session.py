"""One browser's session: the latest plan wins, and what is shown says how many moves it has taken in."""

from __future__ import annotations

import asyncio
import threading

from karvan.web.desk import Answer
from karvan.web.page.session import Session
from karvan.web.plan import Plan
from tests.web.worlds import desk
from tests.worlds import YEAR


def _plan(factor: float) -> Plan:
    return Plan(YEAR, factors=(("capacity:berths", factor),))


def _moved_while_waiting(factors: list[float]) -> tuple[Session, list[Answer], list[int]]:
    """A session whose moves all come while the desk is busy with another question."""
    session, shown, told = Session(desk(), Plan(YEAR)), [], []
    free = threading.Event()

    def show(answer: Answer) -> None:
        shown.append(answer)
        told.append(session.told)

    async def move() -> None:
        busy = asyncio.create_task(desk().ask(free.wait))
        await asyncio.sleep(0)
        moves = [asyncio.create_task(session.go(_plan(factor), show, print)) for factor in factors]
        await asyncio.sleep(0.01)
        free.set()
        await asyncio.gather(busy, *moves)

    asyncio.run(move())
    return session, shown, told


def test_moves_made_while_a_question_waits_are_answered_by_it_once() -> None:
    _, shown, told = _moved_while_waiting([0.9, 0.8, 0.7])
    assert [answer.plan for answer in shown] == [_plan(0.7)]
    assert told == [3]


def test_a_session_shows_what_the_desk_answers_to_its_last_plan() -> None:
    session, _, _ = _moved_while_waiting([0.9, 0.5])
    assert session.answer is not None
    wanted = asyncio.run(desk().answer(_plan(0.5))).reaction.resources
    assert session.answer.reaction.resources["load"].to_numpy().round(6).tolist() == wanted["load"].round(6).tolist()
