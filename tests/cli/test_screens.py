"""What the terminal shows, at several widths."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from karvan.cli.actions.first_screen import show_outcome
from karvan.cli.screen import console, problem_table
from karvan.corridor.corridor import Corridor
from karvan.errors import Problem
from tests.report.made import FORMULA, corridor, outcome


def _shown(width: int, world: Corridor | None = None, encoding: str = "utf-8") -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace")
    to = Console(file=stream, width=width, markup=False, highlight=False, emoji=False)
    show_outcome(to, world or corridor(), outcome(first_kt=40, second_kt=120))
    stream.flush()
    stream.seek(0)
    return stream.read()


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(len(line) for line in _shown(width).splitlines()) <= width


def test_what_is_over_capacity_carries_a_sign_without_colour() -> None:
    (border,) = [line for line in _shown(80).splitlines() if line.startswith(FORMULA)]
    (line,) = [line for line in _shown(80).splitlines() if line.startswith("The line")]
    assert border.rstrip().endswith("▲ 120 %")
    assert line.rstrip().endswith(" 40 %")
    assert "▲" not in line


def test_the_sign_is_plain_where_the_terminal_knows_no_other() -> None:
    assert "! 120 %" in _shown(80, encoding="ascii")


def test_the_record_stands_beside_the_model() -> None:
    assert any(line.split()[:2] == ["Cargo", "across"] and "120 / 100" in line for line in _shown(80).splitlines())


def test_names_with_markup_and_control_characters_are_shown_and_not_obeyed() -> None:
    world = corridor()
    resources = world["resources"].assign(name=["[red]line[/red]", "bell\x07\x1b[31mborder"])
    told = _shown(100, world.replace(resources=resources))
    assert "[red]line[/red]" in told
    assert "\x1b" not in told
    assert "\x07" not in told


def test_a_problem_of_any_length_is_folded_and_never_cut(capsys: pytest.CaptureFixture[str]) -> None:
    remedy = "mend " * 60
    console().print(problem_table([Problem("wrong", "places.csv", row=7, column="name", remedy=remedy)]))
    assert capsys.readouterr().out.count("mend") == 60
