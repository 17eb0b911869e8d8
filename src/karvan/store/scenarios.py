"""Scenario files as text; what stands in them is for the room of scenarios to say."""

from __future__ import annotations

from pathlib import Path

from karvan.errors import DataError, Problem
from karvan.store.sheets import read_text as read_within

LARGEST_SCENARIO_BYTES = 2_000_000


def read_text(path: str | Path) -> str:
    """The text of a scenario file.

    Raises
    ------
    DataError
        If the file is missing, no file, not UTF-8 or larger than any scenario written by hand.
    """
    path = Path(path)
    if path.is_file() and path.stat().st_size > LARGEST_SCENARIO_BYTES:
        expected = f"at most {LARGEST_SCENARIO_BYTES:,} bytes"
        raise DataError(problems=[Problem("file too large", str(path), expected=expected, remedy="is it a scenario?")])
    text, problems = read_within(path, path.resolve().parent, str(path))
    if text is None:
        raise DataError(problems=problems)
    return text
