"""An interrupted run goes on where it stood, and nobody can tell from its numbers."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.outcome import Outcome
from karvan.store.runs.years import forget_years, keep_year, kept_year
from karvan.study.resume import Finished, Numbers, run_key, scenario_fingerprint
from karvan.study.run import run
from karvan.study.states import BASE
from tests.report.made import corridor

YEARS = (2023, 2024)


def _world() -> Corridor:
    world = corridor(border_name="The border")
    demand = world["demand"]
    return world.replace(demand=pd.concat([demand.assign(year=2023, kt=demand["kt"] * 0.7), demand], ignore_index=True))


@cache
def _straight() -> Outcome:
    """The run that was never interrupted."""
    return run(_world(), BASE, YEARS)


def _finished(run_folder: Path, key: str) -> Finished:
    def keep(year: int, numbers: Numbers) -> None:
        keep_year(run_folder, key, year, numbers)

    return Finished(lambda year: kept_year(run_folder, key, year), keep)


def _same(a: Outcome, b: Outcome) -> None:
    assert (a.provenance, a.convergence, a.warnings) == (b.provenance, b.convergence, b.warnings)
    for name, frame in a.tables.items():
        pd.testing.assert_frame_equal(frame, b[name], check_exact=True)


def test_a_resumed_run_gives_the_numbers_of_one_that_was_never_interrupted(tmp_path: Path) -> None:
    world, straight = _world(), _straight()
    finished = _finished(tmp_path / "base", "k")
    _same(run(world, BASE, YEARS, finished=finished), straight)
    (tmp_path / ".base.years-k" / "2024.json").unlink()
    _same(run(world, BASE, YEARS, finished=finished), straight)
    assert kept_year(tmp_path / "base", "k", 2024) is not None


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"wait": [NaN], "price": [0], "iterations": [1]}', '{"wait": [1]}', ""]
)
def test_a_kept_year_that_cannot_be_read_is_solved_again(tmp_path: Path, content: str) -> None:
    folder = tmp_path / ".base.years-k"
    folder.mkdir()
    (folder / "2023.json").write_text(content, encoding="utf-8")
    _same(run(_world(), BASE, YEARS, finished=_finished(tmp_path / "base", "k")), _straight())


def test_years_of_another_run_are_not_taken(tmp_path: Path) -> None:
    keep_year(tmp_path / "base", "one", 2023, {"wait": [1.0]})
    assert kept_year(tmp_path / "base", "other", 2023) is None
    assert kept_year(tmp_path / "base", "one", 2023) == {"wait": [1.0]}
    forget_years(tmp_path / "base")
    assert list(tmp_path.iterdir()) == []


def test_whatever_a_run_rests_on_changes_its_key() -> None:
    world = _world()
    lever = Lever("scenario:x", "links", "multiply", "hours", 2.0, (("link", ("*",)),))
    more = world.replace(demand=world["demand"].assign(kt=1.0))
    asked = [
        (world, BASE, None), (world, BASE, YEARS), (more, BASE, None), (world, Scenario(levers=(lever,)), None),
        (world, Scenario(exclude=("shock:storm",)), None), (world, Scenario(include=("shock:storm",)), None),
    ]  # fmt: skip
    assert len({run_key(*what) for what in asked}) == len(asked)
    assert run_key(_world(), BASE, None) == run_key(world, BASE, None)


def test_the_fingerprint_of_a_scenario_stands_in_the_outcome() -> None:
    plan = Scenario("plan", levers=(Lever("scenario:plan", "links", "multiply", "hours", 2.0, (("link", ("*",)),)),))
    found = run(_world(), plan, (2024,)).provenance.fingerprints["scenario"]
    assert found == scenario_fingerprint(plan) != scenario_fingerprint(BASE)
