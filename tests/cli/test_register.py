"""Questions to the register as a user puts them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from karvan.cli.main import main
from karvan.store.corridors import write_corridor
from tests.register.made import member
from tests.report.made import corridor as sound
from tests.worlds import frame


@pytest.fixture(name="world")
def _world(tmp_path: Path) -> str:
    bodies = [{"organisation": key, "name": key.title(), "kind": "bloc"} for key in ("CLUB", "UNION")]
    rows = [member("CLUB", "AAA", "2010/2012"), member("UNION", "AAA", "2001"), member("UNION", "BBB", "2020")]
    tables = {"organisations": frame("organisations", bodies), "memberships": frame("memberships", rows)}
    tables["sources"] = frame("sources", [{"source": "made", "citation": "made by hand"}])
    write_corridor(sound(border_name="The border").replace(**tables), tmp_path / "world")
    return str(tmp_path / "world")


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main([*words, "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_members_are_told_with_what_they_share(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = told(capsys, "members", "club", "union", "--corridor", world, "--on", "2011-01-01")
    tables = answer["tables"]
    assert isinstance(tables, dict)
    assert [(row["organisation"], row["party"], row["certain"]) for row in tables["register.members"]] == [
        ("CLUB", "AAA", False), ("UNION", "AAA", True),
    ]  # fmt: skip
    assert tables["register.overlap"][0]["parties"] == "AAA"


def test_the_screen_marks_what_is_open(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["members", "club", "--corridor", world, "--on", "2011-01-01"]) == 0
    shown = capsys.readouterr().out
    assert "~2010/2012" in shown
    assert "1 member" in shown


BAD = [
    ["members", "--on", "soon"],
    ["members", "--known", "2024-13-01"],
    ["members", "nobody"],
    ["agreements", "--worth", "2030"],
    ["agreements", "nothing"],
]


@pytest.mark.parametrize("words", BAD)
def test_what_cannot_be_asked_is_bad_input(words: list[str], world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--corridor", world]) == 2
    assert capsys.readouterr().err.startswith("karvan: bad")


@pytest.mark.parametrize(
    ("words", "table"),
    [(["agreements"], "register.agreements"), (["visits"], "register.visits"), (["network"], "register.network"),
     (["timeline"], "register.timeline")],
)  # fmt: skip
def test_each_question_answers_as_json_and_on_the_screen(
    words: list[str], table: str, world: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--corridor", world] if words == ["agreements"] else [world]
    tables = told(capsys, *words, *place)["tables"]
    assert isinstance(tables, dict)
    assert table in tables
    assert main([*words, *place, "--on", "2021-01-01", "--between", "AAA,BBB"]) == 0
    assert "2021-01-01" in capsys.readouterr().out
