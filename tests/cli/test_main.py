"""The command line itself: help, usage, exit codes, what is loaded."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from karvan import __version__
from karvan.cli.main import main

HEAVY = {"pandas", "numpy", "numba", "pandera", "scipy", "pyarrow", "rich", "jinja2", "pydantic", "duckdb", "fsspec"}


def test_the_command_line_loads_nothing_heavy() -> None:
    look = "import sys, karvan.cli.main; print('\\n'.join({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.split()
    assert not HEAVY & set(loaded)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(f"\n  {command} " in told for command in ("run", "runs", "query", "routes", "check"))


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"karvan {__version__}\n"


@pytest.mark.parametrize("arguments", [["rum"], ["run", "--yeers", "2024"], ["routes", "A"], ["run", "a", "b"]])
def test_a_wrong_command_line_ends_with_2_and_one_line_of_reason(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("karvan: bad usage: ")


def test_a_wrong_command_line_is_told_in_json_where_that_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--yeers", "2024", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert "--years" in told["problems"][0]["remedy"]


def test_a_near_miss_of_a_command_is_suggested(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routess"]) == 2
    assert "Did you mean 'routes'?" in capsys.readouterr().err
