"""A plan: as a scenario file and as an address it comes back the same, and nothing else comes in."""

from __future__ import annotations

import pytest

from karvan.corridor.lever import Lever
from karvan.errors import DataError, ScenarioError
from karvan.scenario.resolve import resolve
from karvan.web.plan import LARGEST_TEXT, Plan, address, from_address, opened, written
from tests.web.worlds import desk
from tests.worlds import YEAR

PLAN = Plan(YEAR, ("shock:storm",), (), (("border:all", 1.5), ("capacity:berths", 0.5)))


def test_a_plan_comes_back_from_its_file() -> None:
    controls = desk().ready.controls
    assert opened(written(PLAN, controls), YEAR, controls) == PLAN


def test_a_plan_comes_back_from_its_address() -> None:
    controls = desk().ready.controls
    text = address(PLAN, controls)
    assert text.replace("-", "").replace("_", "").isalnum()
    assert from_address(text, controls) == PLAN


def test_the_file_of_a_plan_is_a_scenario_that_the_corridor_takes() -> None:
    found = resolve(desk().corridor, PLAN.scenario(desk().ready.controls))
    assert {lever.owner for lever in found} == {"shock:storm", "scenario:plan"}


def test_a_lever_that_no_slider_shows_is_kept_beside_the_sliders() -> None:
    text = written(PLAN, desk().ready.controls) + (
        '\n[[levers]]\ntable = "links"\nwhere = {link = "trunk"}\ncolumn = "hours"\nadd = 5.0\n'
    )
    plan = opened(text, YEAR, desk().ready.controls)
    assert plan.factors == PLAN.factors
    assert plan.levers == (Lever("scenario:plan", "links", "add", "hours", 5.0, (("link", ("trunk",)),)),)


def test_a_slider_back_at_its_mark_leaves_no_trace() -> None:
    assert PLAN.moved_to("border:all", 1.0).factors == (("capacity:berths", 0.5),)


@pytest.mark.parametrize("text", ["", "x", "eJwrSS0u", "A" * 5000, "%%%", "\N{SNOWMAN}"])
def test_an_address_that_is_none_is_refused_and_not_guessed(text: str) -> None:
    with pytest.raises((DataError, ScenarioError)):
        from_address(text, desk().ready.controls)


def test_a_file_larger_than_people_write_is_refused() -> None:
    with pytest.raises(ScenarioError, match="characters"):
        opened("#" * (LARGEST_TEXT + 1), YEAR, desk().ready.controls)
