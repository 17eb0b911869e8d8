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


EVERYWHERE = {"--json", "--quiet", "--debug", "--help"}


def _commands() -> dict[str, set[str]]:
    """Every command with its long options; those of a group by both words, as ``scenario show``."""
    from karvan.cli.main import app

    found: dict[str, set[str]] = {}
    left = list(getattr(typer.main.get_command(app), "commands", {}).items())
    for name, command in left:
        inner = getattr(command, "commands", {})
        left += [(f"{name} {other}", below) for other, below in inner.items()]
        if not inner and not command.hidden:
            found[name] = {option for p in command.params for option in p.opts if option.startswith("--")}
    return found


def test_the_readme_has_exactly_two_set_up_commands() -> None:
    assert [line for line in README.splitlines() if "pip install" in line] == SET_UP


def test_the_first_answer_stands_within_ten_lines_of_its_heading() -> None:
    lines = README.splitlines()
    start = lines.index("## A first answer")
    assert any(line.startswith("karvan routes") for line in lines[start : start + 10])


def test_ci_runs_the_test_command_of_the_readme_word_for_word() -> None:
    assert f"    {SET_UP[1]}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_command_is_in_the_table_and_the_table_has_no_other() -> None:
    listed = re.findall(r"^\| `karvan ([a-z]+(?: [a-z]+)*)", README, re.MULTILINE)
    assert sorted(listed) == sorted(_commands())


def test_the_page_of_commands_has_every_option_of_every_command_and_no_other() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    sections = {text.split("\n")[0]: text for text in page.split("\n## karvan ")[1:]}
    for name, options in _commands().items():
        listed = set(re.findall(r"^\| `(--[\w-]+)` \|", sections[name], re.MULTILINE))
        assert listed == options - EVERYWHERE, name


@pytest.mark.slow
@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("karvan ")])
def test_every_command_that_the_readme_shows_runs(line: str, tmp_path: Path) -> None:
    code = f"import sys; sys.argv = {shlex.split(line)!r}; from karvan.cli.main import run; run()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
