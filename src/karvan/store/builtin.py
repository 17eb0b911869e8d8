"""Corridors that come with Karvan, found by name."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from karvan.corridor.corridor import Corridor
from karvan.errors import UnknownKeyError
from karvan.schema.nearest import did_you_mean, fold
from karvan.store.corridors import read_corridor
from karvan.store.settings import CORRIDOR_FILE


def builtin_names() -> tuple[str, ...]:
    """Names of the corridors that come with Karvan, in alphabetical order."""
    return tuple(sorted(folder.name.replace("_", "-") for folder in _folders()))


def folder_of(name_or_folder: str | Path) -> Path:
    """The folder of a corridor that is named or pointed to.

    A built-in name wins over a folder of that name in the working directory; write ``./NAME`` for the folder.

    Raises
    ------
    UnknownKeyError
        If a bare name is neither built in nor a folder; the message suggests near ones.
    """
    text = str(name_or_folder)
    if not isinstance(name_or_folder, Path):
        for folder in _folders():
            if fold(folder.name) == fold(text):
                return folder
    path = Path(name_or_folder)
    bare = not isinstance(name_or_folder, Path) and text == path.name
    if bare and not _stands(path):
        names = builtin_names()
        near = did_you_mean(text, names) or f"built in: {', '.join(names)}"
        raise UnknownKeyError(f"no corridor {text!r}: neither a built-in name nor a folder; {near}")
    return path


def load(name_or_folder: str | Path) -> Corridor:
    """A built-in corridor by name, or the corridor in a folder.

    Raises
    ------
    UnknownKeyError
        If a bare name is neither built in nor a folder.
    DataError
        If the folder's files have problems; it carries all of them.
    """
    return read_corridor(folder_of(name_or_folder))


def _folders() -> list[Path]:
    data = Path(str(files("karvan"))) / "data"
    return sorted(path.parent for path in data.glob(f"*/{CORRIDOR_FILE}"))


def _stands(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
