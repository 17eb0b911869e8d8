"""``karvan backcast``, ``calibrate``, ``forecast`` and ``explain`` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from karvan.cli.main import main
from tests.cli.shell import written
from tests.study.recorded import growing


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    return written(tmp_path, growing())


def test_the_backcast_tells_levers_errors_and_what_was_not_seen(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backcast", world, "--known", "2023-03-31", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert "fitted to 4 figures known on 2023-03-31" in out
    assert "upper (all)" in out.split("Not seen by the fit")[1]


@pytest.mark.slow
def test_its_json_names_the_day_and_holds_every_table(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backcast", world, "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["provenance"]["options"]["known"] == "2023-03-31"
    assert set(told["tables"]) == {"record.levers", "record.backcast", "record.skill", "record.nowcast"}


def test_the_fitted_levers_are_written_as_a_scenario_that_runs(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", world, "--out", "fitted.toml", "--quiet"]) == 0
    assert "by the record" in capsys.readouterr().out
    assert Path("fitted.toml").read_text(encoding="utf-8").startswith("# Fitted by karvan")
    assert main(["run", world, "--scenario", "fitted.toml", "--years", "2024", "--quiet"]) == 0


def test_the_forecast_sets_plans_beside_its_bands(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forecast", world, "--years", "2030", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert "plan 1,000" in out
    assert "above" in out


@pytest.mark.slow
def test_an_explanation_names_the_cells_worth_measuring(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "upper", "--corridor", world, "--quiet"]) == 0
    out = capsys.readouterr().out
    assert "these 5 cells are worth measuring" in out
    assert "= 1 x sum of freight.gateways.kt" in out


def test_a_result_that_is_none_is_bad_input(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "upperr", "--corridor", world, "--json", "--quiet"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert "upper" in told["problems"][0]["remedy"]


def test_a_day_that_is_none_is_bad_input(world: str) -> None:
    assert main(["backcast", world, "--known", "2024"]) == 2
