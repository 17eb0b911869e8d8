"""The answers in ``docs/answers`` are what their commands say today."""

from __future__ import annotations

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
