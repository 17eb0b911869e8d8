"""Arrays kept between starts of the page: one file, put in place at once, read without running anything in it."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
_KEY = "key"


def write_arrays(path: Path, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Keep arrays under a key; a file that stood there is replaced, and no half of one is ever seen.

    Raises
    ------
    OSError
        If the place cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=".writing", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            np.savez(stream, allow_pickle=False, **{_KEY: np.array(key), **arrays})
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def read_arrays(path: Path, key: str) -> Arrays | None:
    """The arrays kept under a key; None where there are none, or they were kept under another key or are damaged."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
            if str(kept[_KEY]) != key:
                return None
            return {name: kept[name] for name in kept.files if name != _KEY}
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def code_fingerprint(rooms: tuple[str, ...]) -> str:
    """A short hash of the code of some rooms, so that what older code kept is not taken for that of newer."""
    digest = hashlib.sha256()
    for room in rooms:
        for path in sorted(Path(str(files("karvan") / room)).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
