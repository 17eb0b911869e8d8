"""A moved lever: the numbers of a run with it, from wherever the session stood."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from karvan.corridor.corridor import fingerprints
from karvan.corridor.lever import Lever, Scenario
from karvan.errors import ScenarioError
from karvan.freight.equilibrium import Point
from karvan.store.builtin import load
from karvan.study.live.outcome import outcome_of
from karvan.study.live.reaction import TABLES, react
from karvan.study.live.stage import Live, begin, stage
from karvan.study.run import run
from karvan.web.controls import controls
from karvan.web.plan import Plan
from tests.worlds import YEAR, limit, y_corridor

BERTHS = (("resource", ("berths",)),)
CLOSE = 1e-6
EVERY = {column: ((column, ("*",)),) for column in ("link", "segment")}


def _lever(table: str, column: str, factor: float, where: tuple[tuple[str, tuple[str, ...]], ...] = ()) -> Lever:
    return Lever("scenario:plan", table, "multiply", column, factor, where)


NARROW = _lever("resources", "capacity_per_year", 0.5, BERTHS)
HOURS = _lever("borders", "hours_forward", 4.0, EVERY["link"])
MORE = (_lever("demand", "kt", 1.2, EVERY["segment"]), _lever("demand", "teu", 1.2, EVERY["segment"]))
MOVES = {
    "capacity": (NARROW,),
    "tariff": (_lever("links", "usd_per_feu", 1.3, (("mode", ("rail",)),)),),
    "border": (HOURS,),
    "handling": (_lever("transfers", "usd_per_teu", 2.0, (("handling_class", ("container",)),)),),
    "demand": MORE,
    "together": (NARROW, HOURS, *MORE),
}


@pytest.fixture(scope="module", name="live")
def _live() -> Live:
    return begin(y_corridor(resources=[limit("berths", 8000.0)]), (YEAR,))


def _same(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(found, wanted, check_exact=False, rtol=CLOSE, atol=CLOSE)


@pytest.mark.parametrize("moved", MOVES.values(), ids=MOVES)
def test_a_moved_lever_gives_the_numbers_of_a_run_with_it(live: Live, moved: tuple[Lever, ...]) -> None:
    found = react(live, stage(live, Scenario(), YEAR), moved)
    wanted = run(live.corridor, Scenario("plan", levers=moved))
    assert found.solved.equilibrium.convergence.converged
    far = "far_outside_usd_per_percent"
    _same(found.resources.drop(columns=far), wanted["freight.resources"].drop(columns=far))
    for name in TABLES[1:]:
        _same(found.tables[name], wanted[name])


def test_nothing_moved_is_the_stage_itself(live: Live) -> None:
    still = react(live, stage(live, Scenario(), YEAR))
    for name in TABLES:
        _same(still.tables[name], run(live.corridor)[name])


def test_it_does_not_matter_where_a_move_starts(live: Live) -> None:
    standing = stage(live, Scenario(), YEAR)
    far = Point(np.array([0.0]), np.array([5000.0]))
    first, other = (react(live, standing, (NARROW,), start) for start in (None, far))
    _same(first.resources, other.resources)


def test_welfare_falls_when_a_full_capacity_is_halved(live: Live) -> None:
    standing = stage(live, Scenario(), YEAR)
    assert react(live, standing, (NARROW,)).welfare_usd < react(live, standing).welfare_usd


def test_a_move_that_sets_is_refused_with_its_place(live: Live) -> None:
    wrong = Lever("scenario:plan", "resources", "set", "capacity_per_year", 1.0, BERTHS)
    with pytest.raises(ScenarioError, match="not a move"):
        react(live, stage(live, Scenario(), YEAR), (wrong,))


def test_a_negative_factor_and_an_unknown_column_are_told_together(live: Live) -> None:
    wrong = (_lever("resources", "capacity_per_year", -1.0, BERTHS), _lever("resources", "capacitee", 2.0, BERTHS))
    with pytest.raises(ScenarioError) as told:
        react(live, stage(live, Scenario(), YEAR), wrong)
    assert len(told.value.problems) == 2


def test_a_move_leaves_corridor_and_stage_as_they_were(live: Live) -> None:
    standing, before = stage(live, Scenario(), YEAR), fingerprints(live.corridor)
    resources = standing.plain["resources"].copy()
    react(live, standing, (NARROW,))
    assert fingerprints(live.corridor) == before
    pd.testing.assert_frame_equal(standing.plain["resources"], resources)


def test_an_answer_as_an_outcome_has_the_provenance_of_a_run(live: Live) -> None:
    plan = Scenario("plan", levers=(NARROW,))
    told = outcome_of(live, react(live, stage(live, Scenario(), YEAR), (NARROW,)), plan)
    assert dict(told.provenance.fingerprints) == dict(run(live.corridor, plan).provenance.fingerprints)
    assert told.converged


@pytest.mark.slow
def test_sliders_of_the_built_in_corridor_give_the_numbers_of_a_run() -> None:
    corridor = load("middle-corridor")
    live = begin(corridor, (2024, 2025))
    still = react(live, stage(live, Scenario(), 2025))
    offered = controls(corridor, still.resources)
    first = next(iter(offered.values()))
    plan = Plan(2025, factors=((first.key, 1.4), ("border:all", 1.5), ("demand", 1.1), ("tariff:rail", 0.8)))
    moved = plan.moved(offered)
    found = react(live, stage(live, Scenario(), 2025), moved).resources
    cold = stage(live, plan.scenario(offered), 2025).solved
    capacity = found["capacity"].clip(lower=1.0).to_numpy()
    assert float(np.max(np.abs(found["load"].to_numpy() - cold.equilibrium.load) / capacity)) < CLOSE
    whole = run(corridor, plan.scenario(offered), [2024, 2025])["freight.resources"]
    wanted = whole.loc[whole["year"] == 2025, "load"].to_numpy()
    gap = float(np.max(np.abs(found["load"].to_numpy() - wanted) / capacity))
    print(f"largest gap of load to a run on routes of its own: {gap:.2g} of capacity")
    assert gap < CLOSE


@pytest.mark.slow
def test_the_page_tells_of_the_record_what_a_run_of_the_record_tells() -> None:
    """Routes of later years and of plans are in the page's set and not in the run's, and a few more of today's."""
    corridor = load("middle-corridor")
    page = begin(corridor, tuple(range(2019, 2041)))
    found = react(page, stage(page, Scenario(), 2025)).resources
    whole = run(corridor)["freight.resources"].query("year == 2025")
    gap = np.abs(found["load"].to_numpy() - whole["load"].to_numpy()) / whole["capacity"].clip(lower=1.0).to_numpy()
    rents = float(found["rent_usd"].sum() / whole["rent_usd"].sum())
    print(f"largest gap of load {gap.max():.2g} of capacity, rents {rents:.5f} of the run's")
    assert gap.max() < 0.02
    assert rents == pytest.approx(1.0, abs=1e-3)
