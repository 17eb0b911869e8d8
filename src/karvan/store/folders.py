"""Folders put in place at once.

A folder is written in a hidden workspace beside its place, flushed to disk, and renamed into place; one that stood
there is renamed into the workspace first and deleted last. Whenever the process dies, the place holds the old folder,
the new one, or nothing while the workspace holds the old one, which :func:`recover` puts back. Renames happen under a
lock on the parent folder and a workspace is locked by its writer, so that only leftovers of the dead are cleared.

For the place ``runs/base`` the workspace is ``runs/.base.writing-*`` and, once only rubbish is left in it,
``runs/.base.discard-*``.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from karvan.errors import DataError, Problem

try:
    import fcntl

    _HAS_LOCKS = True
except ImportError:  # Windows has no such locks; leftovers are then left alone
    _HAS_LOCKS = False

_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_NAMED = 5


def replaced_folder(
    target: Path, contents: Mapping[str, bytes], foreign: Callable[[Path], list[str] | None], sort: str
) -> None:
    """Put a folder with these files in place, whole or not at all.

    Parameters
    ----------
    target
        Its place. A folder of the same sort that stands there is replaced; missing parents are made.
    contents
        Bytes by relative path with forward slashes; written in this order.
    foreign
        Says of an existing folder which of its files are of another sort, or None where the whole folder is.
    sort
        What such a folder is called in messages.

    Raises
    ------
    DataError
        If the place cannot be written, or what stands there is not of the same sort.
    """
    if target.name in ("", ".."):
        remedy = f"name the folder of the {sort}"
        raise DataError(problems=[Problem("no name for a folder", str(target), remedy=remedy)])
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held:
            with _locked(target.parent):
                recover(target, locked=True)
                _refuse_foreign(target, foreign, sort)
                workspace = Path(tempfile.mkdtemp(prefix=f".{target.name}.writing-", dir=target.parent))
                held.callback(_give_up, workspace, target)
                held.enter_context(_locked(workspace))
            _fill(workspace / "new", contents)
            with _locked(target.parent):
                _refuse_foreign(target, foreign, sort)
                rubbish = _swap(workspace, target)
            shutil.rmtree(rubbish, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or str(error)
        problem = Problem("cannot write", str(target), value=reason, remedy="choose another place")
        raise DataError(problems=[problem]) from error


def recover(target: Path, *, locked: bool = False) -> None:
    """Put back a folder whose replacement was cut off, and clear what dead writers left beside its place.

    ``locked`` says that the caller holds the lock on the parent folder. Where nothing was cut off, nothing happens.
    """
    leftovers = _leftovers(target)
    if leftovers and not locked:
        with suppress(OSError), _locked(target.parent):
            recover(target, locked=True)
        return
    for workspace in leftovers:
        if _is_being_written(workspace):
            continue
        if ".discard-" in workspace.name:
            shutil.rmtree(workspace, ignore_errors=True)
        else:
            _give_up(workspace, target)


def cut_off(parent: Path) -> set[str]:
    """Names of folders in ``parent`` that dead or living writers have left traces of."""
    found = (re.fullmatch(r"\.(.+)\.(writing|discard)-[a-z0-9_]{8}", entry.name) for entry in parent.iterdir())
    return {match[1] for match in found if match}


def _swap(workspace: Path, target: Path) -> Path:
    """Exchange the new folder for the one in place; the workspace, renamed as rubbish."""
    if os.path.lexists(target):
        target.rename(workspace / "old")
    (workspace / "new").rename(target)
    _flush_folder(target.parent)
    rubbish = workspace.with_name(workspace.name.replace(".writing-", ".discard-"))
    workspace.rename(rubbish)
    return rubbish


def _give_up(workspace: Path, target: Path) -> None:
    """Clear the workspace; the folder that stood in place goes back where an error or interrupt came between."""
    old = workspace / "old"
    if old.is_dir() and not os.path.lexists(target):
        old.rename(target)
    shutil.rmtree(workspace, ignore_errors=True)


def _fill(folder: Path, contents: Mapping[str, bytes]) -> None:
    folder.mkdir()
    for name, data in contents.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    for inside in [path for path in folder.rglob("*") if path.is_dir()]:
        _flush_folder(inside)
    _flush_folder(folder)


def _refuse_foreign(target: Path, foreign: Callable[[Path], list[str] | None], sort: str) -> None:
    if not os.path.lexists(target):
        return
    kind, value = "", ""
    if target.is_symlink() or not target.is_dir():
        kind = f"no folder of a {sort}"
    elif any(entry.name not in _LITTER for entry in target.iterdir()):
        others = foreign(target)
        if others is None:
            kind = f"a folder that is no {sort}"
        else:
            others = [name for name in others if name not in _LITTER]
            kind = f"files that are no part of a {sort}" if others else ""
            value = ", ".join(others[:_NAMED]) + (f" and {len(others) - _NAMED} more" if len(others) > _NAMED else "")
    if kind:
        remedy = "nothing was written: choose another place, or move what stands there"
        raise DataError(problems=[Problem(kind, str(target), value=value, remedy=remedy)])


def _leftovers(target: Path) -> list[Path]:
    pattern = re.compile(rf"\.{re.escape(target.name)}\.(writing|discard)-[a-z0-9_]{{8}}")
    try:
        return sorted(entry for entry in target.parent.iterdir() if pattern.fullmatch(entry.name))
    except OSError:
        return []


@contextmanager
def reading(target: Path) -> Iterator[None]:
    """Hold off whoever would replace the folder, while its files are read."""
    if not target.parent.is_dir():
        yield
        return
    with _locked(target.parent, shared=True):
        yield


@contextmanager
def _locked(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock on a folder; where the file system has none, go on without."""
    if not _HAS_LOCKS:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_being_written(workspace: Path) -> bool:
    """Whether a living process holds the workspace, or that cannot be told."""
    if not _HAS_LOCKS:
        return True
    try:
        handle = os.open(workspace, os.O_RDONLY)
    except OSError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def _flush_folder(folder: Path) -> None:
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
