"""The README tells the truth: its commands stand, and no command is left out."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SET_UP = [
    "python -m pip install -c constraints.txt -e . && karvan run",
    "python -m pip install -c constraints.txt -e '.[test]' && pytest",
]
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
LINES = [line for block in BLOCKS for line in block.splitlines()]


def _commands() -> set[str]:
    from karvan.cli.main import app

    group = typer.main.get_command(app)
    return {name for name, command in getattr(group, "commands", {}).items() if not command.hidden}


def test_the_readme_has_exactly_two_set_up_commands() -> None:
    assert [line for line in README.splitlines() if "pip install" in line] == SET_UP


def test_the_first_answer_stands_within_ten_lines_of_its_heading() -> None:
    lines = README.splitlines()
    start = lines.index("## A first answer")
    assert any(line.startswith("karvan routes") for line in lines[start : start + 10])


def test_ci_runs_the_test_command_of_the_readme_word_for_word() -> None:
    assert f"    {SET_UP[1]}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_command_is_in_the_table_and_the_table_has_no_other() -> None:
    listed = re.findall(r"^\| `karvan (\w+)", README, re.MULTILINE)
    assert sorted(listed) == sorted(_commands())


@pytest.mark.slow
@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("karvan ")])
def test_every_command_that_the_readme_shows_runs(line: str, tmp_path: Path) -> None:
    code = f"import sys; sys.argv = {shlex.split(line)!r}; from karvan.cli.main import run; run()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
