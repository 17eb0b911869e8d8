"""The answers in ``docs/answers`` are what their commands say today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("script", sorted((ROOT / "docs" / "answers").glob("*.py")), ids=lambda path: path.stem)
def test_an_answer_still_holds(script: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(script), "--check"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
