"""Outcomes on disk: a folder of Parquet tables beside ``outcome.json``, here or on an object store.

``outcome.json`` is written last and holds the size and SHA-256 of every other file, so a folder is a whole run or is
told apart from one. A page or other file made from the outcome can land in the same step.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from karvan.corridor.outcome import Outcome, outcome_table
from karvan.errors import DataError, Problem
from karvan.schema.nearest import did_you_mean
from karvan.schema.tables import tables
from karvan.store.folders import cut_off, reading, recover, replaced_folder
from karvan.store.runs.manifest import (
    OUTCOME_FILE,
    Manifest,
    inner,
    manifest_text,
    not_whole,
    read_manifest,
    verified,
)
from karvan.store.runs.places import Place, new_prefix, place, put_objects

LONGEST_NAME = 80
_NAMED = 8
_TRIES = 3
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


def run_name(name: str) -> str:
    """The name, if a run may have it: 1 to 80 characters, no path separator, no leading dot, no blank at an end.

    Raises
    ------
    DataError
        If it may not.

    >>> run_name("alat 25 Mt")
    'alat 25 Mt'
    """
    fine = 0 < len(name) <= LONGEST_NAME and not name.startswith(".") and name == name.strip(" .")
    if not fine or _FORBIDDEN.search(name):
        expected = f"1 to {LONGEST_NAME} characters without / \\ : * ? < > | or quotes, no dot or blank at an end"
        remedy = "choose another name for the run"
        raise DataError(problems=[Problem("bad run name", value=name[:LONGEST_NAME], expected=expected, remedy=remedy)])
    return name


def write_outcome(
    outcome: Outcome, folder: str | Path | Place, extras: Mapping[str, str | bytes] | None = None
) -> None:
    """Write an outcome as a folder, whole or not at all; reading it gives the same outcome.

    Parameters
    ----------
    folder
        Its place, a path or a URL that fsspec opens; its last part is the name of the run. A run that stands there is
        replaced.
    extras
        Further files of the run by plain name (``report.html``), as text or bytes.

    Raises
    ------
    DataError
        If the name is no name for a run, something that is no run stands there, or the place cannot be written.
    """
    target = place(folder)
    run_name(target.name)
    contents = {f"{name}.parquet": _parquet(outcome_table(name, frame)) for name, frame in outcome.tables.items()}
    for name, content in (extras or {}).items():
        if name in contents or name == OUTCOME_FILE or run_name(name) != name:
            raise DataError(f"{name}: a run has a file of that name already")
        contents[name] = content.encode() if isinstance(content, str) else content
    if target.path is None:
        _put(target, outcome, contents)
    else:
        contents[OUTCOME_FILE] = manifest_text(outcome, contents).encode()
        replaced_folder(target.path, contents, _foreign_files, "run")


def read_outcome(folder: str | Path | Place, only: Collection[str] | None = None) -> Outcome:
    """The outcome in a folder, its files held to their checksums.

    Parameters
    ----------
    folder
        A path or URL of the run.
    only
        Tables to read; None: all of them, and every other file is verified too.

    Raises
    ------
    DataError
        If there is no run, the run is not whole, or a table is not as its schema says.
    """
    run = place(folder)
    manifest, contents = _read(run, only)
    frames = {}
    for name in manifest.tables:
        if only is not None and name not in only:
            continue
        if name not in tables("outcomes"):
            raise not_whole(run, f"{name}.parquet", "this version of Karvan has no such table; run again")
        frames[name] = _frame(run, name, contents)
    return Outcome(manifest.name, frames, manifest.origin(), manifest.parts(), tuple(manifest.warnings))


def runs(folder: str | Path | Place) -> list[str]:
    """Names of the whole runs in a folder, in alphabetical order; empty where there is no such folder.

    A run is taken as whole if every file that it names is there in its size; :func:`read_outcome` looks closer.
    """
    held = place(folder)
    return [name for name in run_folders(held) if is_whole(held.inside(name))]


def run_folders(held: Place) -> list[str]:
    """Names of the folders that may be runs, what was cut off put back first; empty where there is no such folder.

    Raises
    ------
    DataError
        If the folder cannot be read.
    """
    if not held.exists():
        return []
    try:
        if held.path is None:
            return held.folders()
        for name in cut_off(held.path):
            recover(held.path / name)
        with reading(held.path / "any"):
            return held.folders()
    except OSError as error:
        problem = Problem("unreadable folder", held.shown, value=error.strerror or "", remedy="mend its permissions")
        raise DataError(problems=[problem]) from error


def is_whole(run: Place) -> bool:
    """Whether every file that a run names is there in its size."""
    try:
        manifest = read_manifest(run)
        return all(run.size(inner(manifest, name)) == file.bytes for name, file in manifest.files.items())
    except (DataError, OSError):
        return False


def _read(run: Place, only: Collection[str] | None) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest and verified files of one run, also while somebody replaces it."""
    if run.path:
        recover(run.path)
        with reading(run.path):
            return _read_once(run, only)
    for _ in range(_TRIES - 1):
        before = _prefix(run)
        try:
            return _read_once(run, only)
        except DataError:
            if _prefix(run) == before:
                raise
    return _read_once(run, only)


def _read_once(run: Place, only: Collection[str] | None) -> tuple[Manifest, dict[str, bytes]]:
    try:
        run.size(OUTCOME_FILE)
    except FileNotFoundError as error:
        raise _no_run(run) from error
    except OSError as error:
        raise not_whole(run, OUTCOME_FILE, error.strerror or "unreadable") from error
    manifest = read_manifest(run)
    names = manifest.files if only is None else [f"{name}.parquet" for name in manifest.tables if name in only]
    return manifest, {name: verified(run, name, manifest) for name in names}


def _put(target: Place, outcome: Outcome, contents: Mapping[str, bytes]) -> None:
    """Write a run on an object store, unless something that is no run stands there."""
    try:
        if target.exists() and OUTCOME_FILE not in _objects_in(target):
            remedy = "nothing was written: choose another place, or move what stands there"
            raise DataError(problems=[Problem("a folder that is no run", target.shown, remedy=remedy)])
        prefix = new_prefix()
        manifest = manifest_text(outcome, contents, prefix).encode()
        put_objects(target, contents, manifest, prefix, _prefix(target))
    except OSError as error:
        problem = Problem(
            "cannot write", target.shown, value=error.strerror or str(error), remedy="choose another place"
        )
        raise DataError(problems=[problem]) from error


def _objects_in(target: Place) -> set[str]:
    """Names below a prefix; a writer that died may have left one of its own, which is no foreign one."""
    target.objects.invalidate_cache()
    names = {str(name).rstrip("/").rsplit("/", 1)[-1] for name in target.objects.ls(target.root, detail=False)}
    strays = {name for name in names if re.fullmatch("[0-9a-f]{32}", name)}
    return (names - strays) or {OUTCOME_FILE}


def _prefix(run: Place) -> str:
    """Where the files of the run that stands there lie; empty where none stands."""
    try:
        run.size(OUTCOME_FILE)
    except FileNotFoundError:
        return ""
    return read_manifest(run).prefix


def _parquet(frame: pd.DataFrame) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), buffer, compression="zstd")
    return buffer.getvalue()


def _frame(run: Place, name: str, contents: Mapping[str, bytes]) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = f"{name}.parquet"
    if file not in contents:
        raise not_whole(run, file, f"{OUTCOME_FILE} does not list it")
    try:
        return outcome_table(name, pq.read_table(io.BytesIO(contents[file])).to_pandas())
    except (pa.ArrowException, DataError, ValueError, TypeError) as error:
        raise not_whole(run, file, f"it is not as its schema says: {error}") from error


def _foreign_files(folder: Path) -> list[str] | None:
    """Files in the folder that its run did not write; None where it is no run."""
    try:
        manifest = read_manifest(place(folder))
    except DataError:
        return None
    return sorted({entry.name for entry in folder.iterdir()} - {OUTCOME_FILE, *manifest.files})


def _no_run(run: Place) -> DataError:
    held = run.parent
    beside = [name for name in run_folders(held) if is_whole(held.inside(name))]
    remedy = did_you_mean(run.name, beside)
    if not remedy and beside:
        remedy = f"runs there are {', '.join(beside[:_NAMED])}{', ...' if len(beside) > _NAMED else ''}"
    return DataError(problems=[Problem("no run", run.shown, expected=f"a folder with {OUTCOME_FILE}", remedy=remedy)])
