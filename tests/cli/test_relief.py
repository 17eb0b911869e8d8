"""``karvan relief`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from karvan.cli.main import main
from tests.cli.shell import written
from tests.report.made import corridor
from tests.worlds import YEAR, frame, limit, use


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    trains = {
        "resources": frame("resources", [limit("trains", 1000.0, name="The trains")]),
        "uses": frame("uses", [use("trains", "first")]),
    }
    return written(tmp_path, corridor(border_name="The border").replace(**trains))


def test_the_curve_names_what_is_widened_and_what_is_next(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["relief", world, "--year", str(YEAR), "--steps", "1", "--percent", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    (step,) = [line for line in lines if line.startswith("1 ")]
    assert "1,000 1,050 TEU" in step
    assert "█" in step
    assert lines[-1].startswith("Next: ")


def test_the_json_holds_the_steps_asked_for(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["relief", world, "--year", str(YEAR), "--steps", "2", "--percent", "5", "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["step"] for row in told["tables"]["freight.relief"]] == [1, 2]
    assert told["provenance"]["options"] == {"year": YEAR, "steps": 2, "percent": 5.0}
    assert [part["part"] for part in told["convergence"]] == ["freight", "step 1", "step 2"]


@pytest.mark.parametrize("percent", ["0", "-1", "nan", "inf", "1e9"])
def test_a_share_that_is_none_is_refused(world: str, percent: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["relief", world, "--percent", percent]) == 2
    assert "--percent" in capsys.readouterr().err


def test_a_year_without_demand_is_refused(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["relief", world, "--year", "2050"]) == 2
    assert "2050" in capsys.readouterr().err
