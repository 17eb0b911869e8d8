"""``karvan runs``, ``karvan query`` and places of runs, as a user meets them."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import fsspec
import pandas as pd
import pytest

from karvan.cli.main import main
from karvan.corridor.outcome import Outcome
from karvan.store.outcomes import read_outcome, write_outcome
from tests.cli.shell import START, written
from tests.contract.test_outcome_on_disk import outcome

NASTY = "bell\x07\x1b[31m[red]x[/red]"


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs in the working directory's ``runs``, one link of which has a name that a terminal would obey."""
    monkeypatch.chdir(tmp_path)
    for number in (1, 2):
        made = outcome(number)
        flows = made["freight.flows"].assign(link=["a", "b", NASTY])
        write_outcome(
            Outcome(made.name, {"freight.flows": flows}, made.provenance, made.convergence), f"runs/r{number}"
        )


def test_runs_are_listed_with_what_they_are_of(stored: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs"]) == 0
    head, first, second = capsys.readouterr().out.splitlines()
    assert head.split()[:4] == ["run", "corridor", "scenario", "years"]
    assert first.split()[:5] == ["r1", "two-links", "base", "2024", "0.1"]
    assert second.split()[-1] == "yes"


def test_runs_in_json_are_rows(stored: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "runs", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["tables"]["runs"]
    assert [(row["run"], row["whole"], row["converged"]) for row in rows] == [("r1", True, True), ("r2", True, True)]


def test_a_folder_without_runs_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["runs"]) == 0
    assert "No runs in runs" in capsys.readouterr().err


def test_a_question_is_answered_with_the_count_of_rows(stored: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "r1", "r2", "SELECT run, link, kt FROM freight.flows ORDER BY 1, 2", "--most", "2"]) == 0
    told = capsys.readouterr()
    assert [line.split() for line in told.out.splitlines()] == [
        ["run", "link", "kt"], ["r1", "a", "0.333333"], ["r1", "b", "0.25"],
    ]  # fmt: skip
    assert told.err.startswith("2 of 6 rows; ")


def test_a_question_in_csv_and_json_gives_every_row_exactly(stored: None, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["query", "r1", "SELECT link, kt, teu FROM freight.flows ORDER BY kt"]
    assert main([*asked, "--csv", "--most", "1"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [float(row["kt"]) for row in rows] == [1 / 5, 1 / 4, 1 / 3]
    assert main([*asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["tables"]["query"]
    assert [row["teu"] for row in found] == [None] * 3
    assert found[0]["link"] == NASTY


def test_names_and_heads_are_shown_and_not_obeyed(stored: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "r1", f'SELECT link AS "{NASTY}" FROM freight.flows']) == 0
    told = capsys.readouterr().out
    assert "[red]x[/red]" in told
    assert not {"\x07", "\x1b"} & set(told)


@pytest.mark.parametrize(
    "words",
    [
        ["SELECT 1"],
        ["../runs/r1", "SELECT 1"],
        ["gone", "SELECT * FROM freight.flows"],
        ["r1", "r1", "SELECT 1"],
        ["r1", "SELECT 1; SELECT 2"],
        ["r1", "SELECT 1", "--csv", "--json"],
        ["r1", f"SELECT * FROM '{NASTY}.csv'"],
    ],
)
def test_a_question_that_cannot_be_asked_ends_with_2(
    stored: None, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["query", *words]) == 2
    told = capsys.readouterr()
    assert "\x1b" not in told.err + told.out
    assert "bad" in told.err or json.loads(told.out)["ok"] is False


def test_a_run_can_be_named_with_its_folder(stored: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "runs/r1", "SELECT count(*) AS n FROM freight.flows", "--csv"]) == 0
    assert capsys.readouterr().out == "n\n3\n"


def test_a_run_goes_to_an_object_store_and_is_listed_and_asked_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", written(tmp_path), "--out", "memory://shelf/runs", "--name", "first"]) == 0
    assert main(["runs", "memory://shelf/runs"]) == 0
    assert "first" in capsys.readouterr().out
    assert (
        main(
            [
                "query",
                "first",
                "SELECT sum(demand_kt) AS kt FROM freight.pairs",
                "--out",
                "memory://shelf/runs",
                "--csv",
            ]
        )
        == 0
    )
    assert float(capsys.readouterr().out.split()[1]) == pytest.approx(170.0)
    assert not any(".years-" in name for name in fsspec.filesystem("memory").find("/shelf"))
    fsspec.filesystem("memory").rm("/shelf", recursive=True)


def test_a_whole_run_leaves_no_years_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", written(tmp_path), "--name", "first", "--quiet"]) == 0
    assert [path.name for path in Path("runs").iterdir()] == ["first"]


@pytest.mark.slow
def test_a_run_killed_between_years_goes_on_and_gives_the_same_run(tmp_path: Path) -> None:
    command = [sys.executable, "-c", START, "run", "--quiet", "--json", "--years", "2023-2024"]
    with subprocess.Popen([*command, "--name", "cut"], cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        while not list(tmp_path.glob("runs/.cut.years-*/2023.json")):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    assert [path.name for path in (tmp_path / "runs").iterdir() if not path.name.startswith(".")] == []
    for name in ("cut", "straight"):
        subprocess.run([*command, "--name", name], cwd=tmp_path, stdout=subprocess.DEVNULL, check=True)
    cut, straight = (read_outcome(tmp_path / "runs" / name) for name in ("cut", "straight"))
    assert cut.convergence == straight.convergence
    for table, frame in straight.tables.items():
        pd.testing.assert_frame_equal(cut[table], frame, check_exact=True)
