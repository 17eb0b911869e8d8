"""``karvan scenario show``: what it prints and answers, and what it says of odd input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from karvan.cli.main import main
from tests.cli.shell import written
from tests.worlds import y_corridor

PLAN = """
name = "second-berth"
title = "<b>A second berth</b>"
[[levers]]
table = "resources"
where = {resource = "berths"}
column = "capacity_per_year"
multiply = 2
from = 2024-07-01
[[levers]]
table = "links"
where = {link = "lower_ship"}
column = "hours"
add = 4
"""

TRACTION = {"rail": "diesel", "feeder": "oil"}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The Y corridor in a folder of its own, which is the working directory, with a plan."""
    monkeypatch.chdir(tmp_path)
    Path("plan.toml").write_text(PLAN, encoding="utf-8")
    modes = [{"mode": mode, "traction": kind, "gco2e_per_tkm": 20.0} for mode, kind in TRACTION.items()]
    return written(tmp_path, y_corridor(first_year=2023, modes=modes))


def _show(world: str, *arguments: str) -> int:
    return main(["scenario", "show", *arguments, "--corridor", world])


def test_every_changed_cell_is_printed_with_its_years_folded(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _show(world, "plan.toml") == 0
    out = capsys.readouterr().out
    hours, capacity = (next(line for line in out.splitlines() if word in line) for word in ("hours", "capacity"))
    assert hours.split() == ["lower_ship", "hours", "2023-2024", "16", "20", "h", "scenario:second-berth"]
    assert "levers[2]" in out
    assert capacity.split()[:5] == ["berths", "capacity_per_year", "2024", "1,000,000", "1,502,732.24"]
    assert "second-berth: <b>A second berth</b>" in out
    assert "3 cells of 2 rows in 2 tables, 2023-2024" in out


def test_the_json_has_every_cell_as_a_row(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _show(world, "plan.toml", "--json", "--years", "2024") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["command"], answer["ok"]) == ("scenario show", True)
    rows = {row["column"]: row for row in answer["tables"]["scenario.cells"]}
    assert rows["hours"] == {
        "table": "links", "row": "link=lower_ship", "column": "hours", "year": 2024, "change": "changed",
        "before": "16", "after": "20", "difference": 4.0, "unit": "h", "owners": "scenario:second-berth",
        "levers": "levers[2]",
    }  # fmt: skip


def test_a_scenario_that_changes_nothing_says_so(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("idle.toml").write_text(PLAN.replace("multiply = 2", "multiply = 1").replace("add = 4", "add = 0"), "utf-8")
    assert _show(world, "idle.toml") == 0
    told = capsys.readouterr()
    assert "changes nothing in 2023-2024" in told.out
    assert "scenario:second-berth levers[2] changes nothing in these years" in told.err


def test_the_base_changes_nothing(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _show(world, "base") == 0
    assert "changes nothing" in capsys.readouterr().out


def test_years_outside_the_corridor_are_refused(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _show(world, "plan.toml", "--years", "2024-2050") == 2
    assert "expected years of 2023-2024" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("name = 'x'\n[[levers]\n", "not TOML"),
        ("name = 'x'\nx = " + "[" * 9000, "not TOML"),
        ("\x00\x1b[2J", "NUL byte"),
        ("# " + "x" * 2_000_001, "file too large"),
        ("name = '<script>'", "wrong value"),
        ('name = "x"\ninclude = ["shock:\\u001b[2J"]', "unknown owner"),
        ("name = 'x'\n[[levers]]\ntable = '<b>links</b>'\nwhere = {link = 'a'}\ncolumn = 'hours'\nset = 1", "unknown"),
    ],
)
def test_odd_files_are_told_without_a_traceback(
    world: str, capsys: pytest.CaptureFixture[str], text: str, kind: str
) -> None:
    Path("odd.toml").write_text(text, encoding="utf-8")
    assert _show(world, "odd.toml") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert kind in told.err
    assert "Traceback" not in told.err
    assert "\x1b" not in told.err


@pytest.mark.parametrize("name", ["plan", "plan.tml", "../none.toml", "x" * 5000, "\x1b[2J", ".", ""])
def test_a_name_that_is_no_scenario_is_told(world: str, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert _show(world, name) == 2
    told = capsys.readouterr()
    assert told.err.startswith("karvan: bad ")
    assert "\x1b" not in told.err


def test_every_problem_is_told_in_json_and_nothing_is_written(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = PLAN.replace("berths", "berth").replace('column = "hours"', 'column = "hour"')
    Path("wrong.toml").write_text(wrong, encoding="utf-8")
    there = sorted(Path().rglob("*"))
    assert _show(world, "wrong.toml", "--json") == 2
    answer = json.loads(capsys.readouterr().out)
    found = {(p["file"], p["column"]): p["remedy"] for p in answer["problems"]}
    assert found == {
        ("wrong.toml", "levers[1].where"): "did you mean 'berths'?",
        ("wrong.toml", "levers[2].column"): "did you mean 'hours'?",
    }
    assert sorted(Path().rglob("*")) == there
