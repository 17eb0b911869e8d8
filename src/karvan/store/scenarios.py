"""Scenario files as text, and the ready ones of a corridor; what stands in them is for the room of scenarios to say.

A corridor's folder may hold ``scenarios/NAME.toml``: scenarios that come with it and are called by name. They are kept
when the corridor is written.
"""

from __future__ import annotations

from pathlib import Path

from karvan.errors import DataError, Problem
from karvan.store.sheets import read_text as read_within

LARGEST_SCENARIO_BYTES = 2_000_000
SCENARIOS = "scenarios"
SUFFIX = ".toml"


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


def ready_scenarios(folder: str | Path) -> dict[str, Path]:
    """The files of the scenarios that come with a corridor, by name, in alphabetical order.

    A corridor that was built by code has no folder and no ready scenarios. Files that lead out of the folder by a
    symbolic link are left aside.
    """
    if not str(folder):
        return {}
    inside = Path(folder) / SCENARIOS
    if not inside.is_dir():
        return {}
    home = inside.resolve()
    files = (path for path in sorted(inside.glob(f"*{SUFFIX}")) if path.is_file() and not path.name.startswith("."))
    return {path.stem: path for path in files if path.resolve().parent == home}
