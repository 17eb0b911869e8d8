"""``karvan cables`` as a user meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from karvan.cli.main import main
from karvan.store.corridors import write_corridor
from tests.study.power.test_sheets import world as two_cables
from tests.worlds import YEAR


@pytest.fixture(name="world", scope="module")
def _world(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("cables") / "world"
    write_corridor(two_cables(), folder)
    return str(folder)


def test_each_cable_is_told_with_its_year_its_sums_and_who_gains(
    world: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cables", world, "--years", str(YEAR), "--quiet"]) == 0
    said = capsys.readouterr().out
    for words in ("P2/large", "put in alone", "taken out of all", "break-even capex", "builders"):
        assert words in said


@pytest.mark.slow
def test_json_holds_its_tables(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cables", world, "--years", str(YEAR), "--cable", "P2", "--follow", "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)["tables"]
    assert [row["test"] for row in told["power.cables"]] == ["put_in", "take_out", "plants_follow"]
    assert {row["kind"] for row in told["appraisal.streams"]} >= {"capex", "money", "rent", "revenue"}


@pytest.mark.slow
def test_standard_output_of_a_process_is_the_answer_alone(world: str) -> None:
    words = ["cables", world, "--years", str(YEAR), "--cable", "P2", "--json", "--quiet"]
    code = f"import sys; from karvan.cli.main import main; sys.exit(main({words!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["ok"] is True


@pytest.mark.slow
def test_out_writes_the_tables_and_a_page_a_project(world: str, tmp_path: Path) -> None:
    assert main(["cables", world, "--years", str(YEAR), "--out", str(tmp_path), "--quiet"]) == 0
    (folder,) = tmp_path.iterdir()
    assert {"P2.html", "power.cables.parquet"} <= {path.name for path in folder.iterdir()}


def test_a_cable_that_is_not_there_ends_as_bad_input(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cables", world, "--cable", "P7"]) == 2
    assert "P2" in capsys.readouterr().err
