"""Which levers the page offers: all that limits, each as a lever that may be applied."""

from __future__ import annotations

from karvan.scenario.resolve import problems
from karvan.web.plan import Plan
from tests.web.worlds import desk
from tests.worlds import YEAR


def test_every_resource_has_a_slider_of_its_capacity() -> None:
    keys = {f"capacity:{key}" for key in desk().corridor["resources"]["resource"]}
    assert keys <= set(desk().ready.controls)


def test_every_slider_is_a_lever_that_the_corridor_takes() -> None:
    controls = desk().ready.controls
    plan = Plan(YEAR, factors=tuple((key, 1.25) for key in controls))
    assert problems(desk().corridor, plan.scenario(controls)) == []


def test_a_slider_finds_its_factor_in_its_own_levers_and_in_no_others() -> None:
    control = desk().ready.controls["border:all"]
    assert control.factor_in(control.levers(0.4)) == 0.4
    assert control.factor_in(control.levers(0.4)[1:]) is None
    assert control.factor_in([]) is None


def test_a_shock_that_did_not_happen_is_a_switch_that_is_off() -> None:
    (storm,) = desk().ready.switches
    assert (storm.owner, storm.group, storm.on) == ("shock:storm", "Shocks", False)
