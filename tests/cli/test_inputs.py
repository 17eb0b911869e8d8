"""What people type."""

from __future__ import annotations

from pathlib import Path

import pytest

from karvan.cli import inputs
from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.errors import DataError, KarvanError, ScenarioError
from karvan.store.corridors import read_corridor, write_corridor
from tests.report.made import corridor
from tests.worlds import frame, two_links


def test_years_are_read_as_ranges_and_lists() -> None:
    assert inputs.years("") is None
    assert inputs.years("2024") == (2024,)
    assert inputs.years("2023-2025, 2019") == (2019, 2023, 2024, 2025)


@pytest.mark.parametrize("text", ["20x", "2025-2019", "2019-", "1-2", "1000-9000", "2019;2020"])
def test_years_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(DataError, match="a range like 2019-2025"):
        inputs.years(text)


def test_a_near_miss_of_a_class_or_commodity_is_suggested() -> None:
    with pytest.raises(KarvanError, match="did you mean 'container'"):
        inputs.handling_class("kontainer")
    with pytest.raises(KarvanError, match="did you mean 'metals'"):
        inputs.commodity("metal", corridor())


def test_nothing_typed_is_the_base_scenario() -> None:
    assert inputs.scenario((), corridor()) == inputs.scenario(("base",), corridor()) == Scenario()


def test_files_and_owners_are_stacked_in_the_order_typed(tmp_path: Path) -> None:
    world = corridor().replace(shocks=frame("shocks", [{"shock": "storm", "name": "Storm", "happened": False}]))
    file = tmp_path / "calm.toml"
    file.write_text('name = "calm"\nexclude = ["shock:storm"]\n', encoding="utf-8")
    stacked = inputs.scenario(("shock:storm", str(file)), world)
    assert (stacked.name, stacked.include, stacked.exclude) == ("shock-storm+calm", ("shock:storm",), ("shock:storm",))


def test_an_unknown_owner_is_refused_with_the_nearest_one() -> None:
    world = corridor().replace(shocks=frame("shocks", [{"shock": "storm", "name": "Storm", "happened": False}]))
    with pytest.raises(ScenarioError, match="did you mean 'shock:storm'"):
        inputs.scenario(("shock:strom",), world)


def ready_world(folder: Path) -> Corridor:
    """A corridor read from a folder that holds the ready scenario ``calm``."""
    write_corridor(two_links(), folder)
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "calm.toml").write_text('name = "calm"\ntitle = "Ready"\n', encoding="utf-8")
    return read_corridor(folder)


def test_a_ready_scenario_is_found_by_name_and_a_near_miss_is_suggested(tmp_path: Path) -> None:
    world = ready_world(tmp_path / "w")
    assert inputs.scenario(("calm",), world).title == "Ready"
    with pytest.raises(ScenarioError, match="did you mean 'calm'"):
        inputs.scenario(("clam",), world)


def test_a_name_that_is_a_ready_scenario_and_a_file_is_told_as_ambiguous(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = ready_world(tmp_path / "w")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "calm").write_text('name = "calm"\ntitle = "Mine"\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"ambiguous scenario.*write \./calm for the file"):
        inputs.scenario(("calm",), world)
    assert inputs.scenario(("./calm",), world).title == "Mine"


def test_a_missing_or_broken_scenario_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.toml"):
        inputs.scenario((str(tmp_path / "gone.toml"),), corridor())
    (tmp_path / "bad.toml").write_text("name = ", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"bad\.toml"):
        inputs.scenario((str(tmp_path / "bad.toml"),), corridor())
