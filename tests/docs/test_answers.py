"""The answers in ``docs/answers`` are what their commands say today."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.name.removesuffix(".in.txt") for path in ROOT.glob("docs/answers/*.in.txt"))


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_an_answer_still_holds(name: str) -> None:
    script = ROOT / "docs" / "answers" / f"{name}.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_table_has_its_own_slack_up_to_the_next_empty_line_and_words_have_none() -> None:
    path = ROOT / "docs" / "answers" / "keeping.py"
    spec = importlib.util.spec_from_file_location("keeping", path)
    assert spec is not None
    assert spec.loader is not None
    keeping = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(keeping)
    old, loose = "| by party | a |\n| KAZ | 100 |\n\n| all | 100 |", {"| by party": 75.0}
    assert keeping.same(old, old.replace("KAZ | 100", "KAZ | 170"), loose)
    assert not keeping.same(old, old.replace("KAZ | 100", "KAZ | 170"))
    assert not keeping.same(old, old.replace("all | 100", "all | 103"), loose)
    assert keeping.same(old, old.replace("all | 100", "all | 102"), loose)
    assert not keeping.same(old, old.replace("KAZ", "KGZ"), loose)
    assert not keeping.same(old, old + "\n", loose)
