"""The relief curve on a small corridor with one narrow strait."""

from __future__ import annotations

import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.outcome import Outcome
from karvan.study.relief import ReliefOptions, relief
from karvan.study.run import run
from tests.study.change.worlds import narrow_strait

OPTIONS = ReliefOptions(year=2025, steps=3, percent=20.0)


@pytest.fixture(scope="module")
def world() -> Corridor:
    return narrow_strait()


@pytest.fixture(scope="module")
def curve(world: Corridor) -> Outcome:
    return relief(world, options=OPTIONS)


def test_each_step_widens_by_its_share_from_where_the_one_before_ended(curve: Outcome) -> None:
    rows = curve["freight.relief"]
    assert rows["capacity_before"].tolist() == pytest.approx([6000.0, 7200.0, 8640.0][: len(rows)])
    assert (rows["capacity_after"] / rows["capacity_before"]).tolist() == pytest.approx([1.2] * len(rows))
    assert rows["cumulative_gain_usd"].tolist() == pytest.approx(rows["gain_usd"].cumsum().tolist())


def test_users_gain_what_two_runs_say(world: Corridor, curve: Outcome) -> None:
    wide = Lever("scenario:wide", "resources", "multiply", "capacity_per_year", 1.2, (("resource", ("strait",)),))
    users = [
        float(run(world, scenario, (2025,))["freight.pairs"]["users_usd"].sum())
        for scenario in (Scenario(), Scenario("wide", levers=(wide,)))
    ]
    assert float(curve["freight.relief"]["users_gain_usd"].iloc[0]) == pytest.approx(users[1] - users[0], rel=1e-5)


def test_the_curve_ends_where_nothing_is_worth_anything_more(world: Corridor) -> None:
    rows = relief(world, options=ReliefOptions(year=2025, steps=20, percent=100.0))["freight.relief"]
    assert len(rows) < 20
    assert rows["next_resource"].iloc[-1] == ""
    assert (rows["gain_usd"] > 0).all()


def test_progress_ends_at_the_whole(world: Corridor) -> None:
    told: list[float] = []
    relief(world, options=OPTIONS, progress=lambda _, share: told.append(share))
    assert told == sorted(told)
    assert told[-1] <= 1.0
