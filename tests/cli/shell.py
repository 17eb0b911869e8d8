"""The command line as a user meets it: a process of its own."""

from __future__ import annotations

from pathlib import Path

from karvan.corridor.corridor import Corridor
from karvan.store.corridors import write_corridor
from tests.report.made import corridor

START = "import sys; from karvan.cli.main import run; sys.argv[0] = 'karvan'; run()"


def written(folder: Path, world: Corridor | None = None) -> str:
    """A small corridor on disk, and its folder as a user would type it."""
    write_corridor(world or corridor(border_name="The border"), folder / "world")
    return "./world"
