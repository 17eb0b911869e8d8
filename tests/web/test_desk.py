"""The desk: what all sessions share, made ready beside the server and ahead of what is asked next."""

from __future__ import annotations

import asyncio

import pytest

from karvan.corridor.lever import Scenario
from karvan.errors import KarvanError
from karvan.study.live.stage import Live, begin
from karvan.web import desk as desks
from karvan.web.desk import Desk, NeverReadyError
from karvan.web.plan import Plan
from tests.web.worlds import corridor, desk
from tests.worlds import YEAR, demand, frame

MOVED = Plan(YEAR, factors=(("capacity:berths", 0.5),))


def _ready(years: tuple[int, ...]) -> Desk:
    rows = [{**demand("east", "west", "goods", "container", 120.0), "year": year} for year in years]
    made = Desk(corridor().replace(demand=frame("demand", rows)), years)
    made.open(lambda: begin(made.corridor, made.years)).result()
    return made


def test_years_next_to_the_one_asked_are_solved_while_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "QUIET_S", 0.0)
    made = _ready(tuple(range(YEAR, YEAR + 5)))

    async def ask_and_wait() -> None:
        await made.answer(Plan(YEAR + 1))
        assert made._ahead is not None
        await made._ahead

    asyncio.run(ask_and_wait())
    assert {year for _, year in made._stages} == {YEAR, YEAR + 1, YEAR + 2, YEAR + 3}


def test_a_year_solved_ahead_is_answered_as_one_that_was_asked() -> None:
    ahead, asked = _ready((YEAR, YEAR + 1)), _ready((YEAR, YEAR + 1))
    ahead._stage(Scenario(), YEAR + 1)
    first, second = (asyncio.run(made.answer(Plan(YEAR + 1))).reaction.resources for made in (ahead, asked))
    assert first.equals(second)


def test_values_with_the_outside_option_doubled_are_worked_out_where_they_are_asked_for() -> None:
    plain, whole = (asyncio.run(desk().answer(MOVED, outside_doubled=asked)).reaction for asked in (False, True))
    assert not plain.knows_outside_doubled
    assert whole.knows_outside_doubled
    assert whole.resources["far_outside_usd_per_percent"].notna().all()
    columns = [name for name in plain.resources if name != "far_outside_usd_per_percent"]
    assert plain.resources[columns].equals(whole.resources[columns])


@pytest.mark.parametrize(("error", "words"), [(MemoryError("no room"), "fault of Karvan"), (KarvanError("bad"), "bad")])
def test_a_start_that_fails_is_told_and_not_waited_for(error: Exception, words: str) -> None:
    made = Desk(corridor(), (YEAR,))

    def fails() -> Live:
        raise error

    assert made.open(fails).exception() is error
    with pytest.raises(NeverReadyError, match=words):
        _ = made.ready
