"""The commands claims, monitor and brief: screens, JSON, files, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from karvan.cli.main import main
from tests.cli.shell import written


@pytest.mark.parametrize(
    ("words", "table", "rows"),
    [
        (["claims"], "record.claims", 68),
        (["monitor", "--known", "2024-08-15"], "record.monitor", 10),
        (["brief", "--as-of", "2024-08-15"], "brief.lines", 100),
    ],
)
def test_each_answers_in_one_object(
    words: list[str], table: str, rows: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["command"] == words[0]
    assert len(answer["tables"][table]) >= rows


def test_a_brief_is_written_as_page_and_markdown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, text = tmp_path / "b.html", tmp_path / "b.md"
    for file in (page, text):
        assert main(["brief", "--as-of", "2024-08-15", "--out", str(file)]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert text.read_text(encoding="utf-8").startswith("# ")
    assert capsys.readouterr().out == ""


def test_a_brief_on_the_screen_ends_with_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["brief", "--as-of", "2024-08-15"]) == 0
    shown = capsys.readouterr().out
    assert "FUNDS" in shown
    assert shown.index("OUTLOOK") < shown.index("SOURCES") < shown.index("[1] ")


def test_claims_and_targets_on_the_screen_tell_what_they_come_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims"]) == 0
    assert "44 agrees, 11 differs, 13 unknown" in capsys.readouterr().out
    assert main(["monitor"]) == 0
    assert "at risk" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["claims", "--known"], ["monitor", "--known"], ["brief", "--as-of"]])
def test_a_text_that_is_no_day_is_refused_with_what_was_expected(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "2024-13-01"]) == 2
    assert "expected a day" in capsys.readouterr().err


def test_a_run_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "--run", str(tmp_path / "none")]) == 2
    assert "none" in capsys.readouterr().err


def test_a_file_of_another_form_is_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["claims", "--out", str(tmp_path / "c.pdf")]) == 2
    assert "ends in .html" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_corridor_without_a_brief_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["brief", written(tmp_path)]) == 0
    assert "nothing to tell" in capsys.readouterr().out


@pytest.mark.slow
def test_the_forecast_of_the_model_stands_beside_the_trend_with_its_band(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["monitor", "--run", "forecast", "--json"]) == 0
    rows = {row["target"]: row for row in json.loads(capsys.readouterr().out)["tables"]["record.monitor"]}
    boxes = rows["titr_boxes_2030"]
    assert boxes["modelled_low"] < boxes["modelled"] < boxes["modelled_high"]
    assert rows["titr_boxes_2030"]["modelled"] < rows["titr_boxes_2030"]["wanted"]
