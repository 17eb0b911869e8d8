"""What a door makes of what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from karvan.cli.door import Door, attempt
from karvan.errors import DataError, InfeasibleError, NoRouteError, Problem, ScenarioError

BAD = Problem("out of range", "places.csv", "places", 3, "lat_deg", "95", "[-90,90]", "check the sign")
FIELDS = {"file", "table", "row", "column", "value", "expected", "remedy"}


def _raises(error: BaseException) -> Callable[[], int]:
    def action() -> int:
        raise error

    return action


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DataError("x"), 2),
        (ScenarioError("x"), 2),
        (NoRouteError("x"), 1),
        (InfeasibleError("x"), 1),
        (FileNotFoundError(2, "No such file", "gone.csv"), 2),
        (KeyboardInterrupt(), 130),
        (RuntimeError("a fault"), 70),
    ],
)
def test_each_kind_of_failure_has_its_exit_code_and_no_traceback(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert attempt(Door("run"), _raises(error)) == code
    assert "Traceback" not in capsys.readouterr().err


def test_a_traceback_is_shown_only_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    attempt(Door("run", debug=True), _raises(DataError("x")))
    assert "Traceback" in capsys.readouterr().err


def test_one_problem_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    attempt(Door("run"), _raises(DataError(problems=[BAD])))
    assert capsys.readouterr().err == f"karvan: bad data: {BAD}\n"


def test_many_problems_are_counted_and_told_at_most_five_a_kind(capsys: pytest.CaptureFixture[str]) -> None:
    many = [Problem("duplicate key", "a.csv", "a", row) for row in range(2, 14)]
    attempt(Door("run"), _raises(DataError(problems=many)))
    told = capsys.readouterr().err
    assert told.startswith("karvan: bad data: 12 problems\n")
    assert told.count("a.csv:") == 5
    assert "(and 7 more" in told


def test_json_problems_have_every_field_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert attempt(Door("run", as_json=True), _raises(DataError(problems=[BAD]))) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert set(told["problems"][0]) >= FIELDS
    assert told["problems"][0]["row"] == 3


def test_an_error_without_rows_is_still_a_problem_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    attempt(Door("routes", as_json=True), _raises(NoRouteError("A to B: link x is closed")))
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert (problem["kind"], problem["remedy"]) == ("no route", "A to B: link x is closed")


def test_control_characters_in_a_value_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    attempt(Door("run"), _raises(DataError("name \x1b[2J and [bold]markup[/bold]")))
    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert "[bold]markup[/bold]" in told
