"""Where a run lies: a folder of this machine, or a prefix of what fsspec opens (``s3://``, ``memory://``, ...).

A folder is replaced by renaming (:mod:`karvan.store.folders`). An object store cannot rename, so there every writer
puts its files under a prefix of its own and then one object, the manifest that names the prefix: readers see the old
run or the new one, and two writers never mix.
"""

from __future__ import annotations

import errno
import re
import shutil
import uuid
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from karvan.errors import DataError, Problem

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(::[A-Za-z0-9+.:/-]*)?://")


@dataclass(frozen=True)
class Place:
    """A folder of this machine (``path``), or a prefix ``root`` of the fsspec file system ``objects``."""

    shown: str
    path: Path | None = None
    objects: Any = None
    root: str = ""

    @property
    def name(self) -> str:
        """The last part of the place, which is the name of the run there."""
        return self.path.name if self.path else self.root.rsplit("/", 1)[-1]

    @property
    def parent(self) -> Place:
        """The place that holds this one."""
        if self.path:
            return Place(str(self.path.parent), path=self.path.parent)
        return Place(self.shown.rsplit("/", 1)[0], objects=self.objects, root=self.root.rpartition("/")[0])

    def inside(self, name: str) -> Place:
        """The place of that name below this one."""
        if self.path:
            return Place(str(self.path / name), path=self.path / name)
        return Place(f"{self.shown}/{name}", objects=self.objects, root=f"{self.root}/{name}")

    def exists(self) -> bool:
        """Whether a folder, or anything below the prefix, is there."""
        return self.path.is_dir() if self.path else bool(self.objects.isdir(self.root))

    def folders(self, *, hidden: bool = False) -> list[str]:
        """Names of the folders in it, either those in sight or the hidden ones, in alphabetical order.

        Raises
        ------
        OSError
            If it cannot be listed.
        """
        if self.path:
            names = [entry.name for entry in self.path.iterdir() if entry.is_dir()]
        else:
            self.objects.invalidate_cache()
            entries = self.objects.ls(self.root, detail=True)
            names = [e["name"].rstrip("/").rsplit("/", 1)[-1] for e in entries if e["type"] == "directory"]
        return sorted(name for name in names if name.startswith(".") is hidden)

    def read(self, name: str) -> bytes:
        """The bytes of one of its files.

        Raises
        ------
        OSError
            If there is no such file, or it is a link, which could lead out of the run.
        """
        if self.path is None:
            return bytes(self.objects.cat_file(f"{self.root}/{name}"))
        file = self.path / name
        if file.is_symlink():
            raise OSError(errno.ELOOP, "it is a link, which could lead out of the run")
        return file.read_bytes()

    def write(self, name: str, data: bytes) -> None:
        """Put one file at once, parents made; OSError where it cannot be written."""
        if self.path is None:
            self.objects.makedirs(self.root, exist_ok=True)
            self.objects.pipe_file(f"{self.root}/{name}", data)
            return
        self.path.mkdir(parents=True, exist_ok=True)
        beside = self.path / f".{name}.{new_prefix()}"
        beside.write_bytes(data)
        beside.replace(self.path / name)

    def remove(self) -> None:
        """Remove the folder with all in it, as far as that is possible."""
        if self.path:
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            with suppress(OSError):
                self.objects.rm(self.root, recursive=True)

    def size(self, name: str) -> int:
        """Bytes of one of its files; OSError where there is none."""
        return (self.path / name).stat().st_size if self.path else int(self.objects.size(f"{self.root}/{name}"))

    def modified(self, name: str) -> datetime:
        """When one of its files was written, in UTC; OSError where there is none."""
        if self.path:
            return datetime.fromtimestamp((self.path / name).stat().st_mtime, UTC)
        found: datetime = self.objects.modified(f"{self.root}/{name}")
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def place(text: str | Path | Place) -> Place:
    """The place that a path or URL names; ``file://`` is a folder of this machine.

    Raises
    ------
    DataError
        If fsspec knows no such file system, or its package is not installed.

    >>> place("runs/base").name, place("memory://runs/base").name
    ('base', 'base')
    """
    if isinstance(text, Place):
        return text
    if isinstance(text, Path):
        return Place(str(text), path=text)
    if text.startswith("file://"):
        return Place(text, path=Path(text.removeprefix("file://")))
    if not _URL.match(text):
        return Place(text, path=Path(text))
    from fsspec.core import url_to_fs

    try:
        objects, root = url_to_fs(text.rstrip("/"))
    except (ImportError, ValueError) as error:
        expected = "a folder, or a URL that fsspec can open"
        remedy = "name another place, or install the package that it lacks"
        found = Problem("no such file system", text, value=str(error), expected=expected, remedy=remedy)
        raise DataError(problems=[found]) from error
    return Place(text.rstrip("/"), objects=objects, root=str(root).rstrip("/"))


def find_run(text: str, folder: str = "runs") -> Place:
    """The place of a run that a user named: ``NAME`` in ``folder``, or ``FOLDER/NAME``.

    A name never leaves its folder: not by ``..`` and not by a link.

    Raises
    ------
    DataError
        If it would.

    >>> find_run("base").shown, find_run("other/base").shown
    ('runs/base', 'other/base')
    """
    held, slash, name = text.replace("\\", "/").rstrip("/").rpartition("/")
    if ".." in text.replace("\\", "/").split("/") or name in ("", "."):
        raise _leaves(text, "name the folder that holds the runs with --out")
    found = place(held or "/" if slash else folder).inside(name)
    if found.path and found.path.resolve().parent != found.path.parent.resolve():
        raise _leaves(text, "it is a link; name the folder that it leads to")
    return found


def put_objects(target: Place, contents: Mapping[str, bytes], manifest: bytes, prefix: str, old: str) -> None:
    """Write a run on an object store: its files under ``prefix``, then the manifest, then the files of the old run go.

    Raises
    ------
    OSError
        If the store refuses; what was written is cleared and the old run stands.
    """
    fs, root = target.objects, target.root
    with ExitStack() as failed:
        failed.callback(target.inside(prefix).remove)
        fs.makedirs(f"{root}/{prefix}", exist_ok=True)
        for name, data in contents.items():
            fs.pipe_file(f"{root}/{prefix}/{name}", data)
        fs.pipe_file(f"{root}/outcome.json", manifest)
        failed.pop_all()
    if old:
        target.inside(old).remove()


def new_prefix() -> str:
    """A name that no other writer takes."""
    return uuid.uuid4().hex


def _leaves(text: str, remedy: str) -> DataError:
    expected = "a run inside its folder"
    return DataError(problems=[Problem("run leaves its folder", value=text, expected=expected, remedy=remedy)])
