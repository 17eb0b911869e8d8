"""Outcomes on disk: a folder of Parquet tables beside ``outcome.json``.

``outcome.json`` is written last and holds the size and SHA-256 of every other file, so a folder is a whole run or is
told apart from one. A page or other file made from the outcome can land in the same step.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from karvan.corridor.outcome import Convergence, Outcome, Provenance, outcome_table
from karvan.errors import DataError, Problem
from karvan.schema.nearest import did_you_mean
from karvan.schema.tables import tables
from karvan.store.folders import cut_off, reading, recover, replaced_folder

OUTCOME_FILE = "outcome.json"
LONGEST_NAME = 80
_NAMED = 8
_FORMAT = "karvan outcome 1"
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    part: str
    converged: bool
    iterations: int
    residual: float | None
    message: str


class _Origin(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: str
    corridor: str
    scenario: str
    fingerprints: dict[str, str]
    options: dict[str, bool | int | float | str]
    seed: int


class _Manifest(BaseModel):
    """What ``outcome.json`` holds."""

    model_config = ConfigDict(extra="forbid")
    format: str = Field(pattern=f"^{_FORMAT}$")
    name: str
    provenance: _Origin
    convergence: list[_Part]
    warnings: list[str]
    tables: list[str]
    files: dict[str, _File]


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


def write_outcome(outcome: Outcome, folder: str | Path, extras: Mapping[str, str | bytes] | None = None) -> None:
    """Write an outcome as a folder, whole or not at all; reading it gives the same outcome.

    Parameters
    ----------
    folder
        Its place; its last part is the name of the run. A run that stands there is replaced.
    extras
        Further files of the run by plain name (``report.html``), as text or bytes.

    Raises
    ------
    DataError
        If the name is no name for a run, something that is no run stands there, or the place cannot be written.
    """
    folder = Path(folder)
    run_name(folder.name)
    contents = {f"{name}.parquet": _parquet(outcome_table(name, frame)) for name, frame in outcome.tables.items()}
    for name, content in (extras or {}).items():
        if name in contents or name == OUTCOME_FILE or run_name(name) != name:
            raise DataError(f"{name}: a run has a file of that name already")
        contents[name] = content.encode() if isinstance(content, str) else content
    contents[OUTCOME_FILE] = _manifest_text(outcome, contents).encode()
    replaced_folder(folder, contents, _foreign_files, "run")


def read_outcome(folder: str | Path) -> Outcome:
    """The outcome in a folder.

    Raises
    ------
    DataError
        If there is no run, the run is not whole, or a table is not as its schema says.
    """
    folder = Path(folder)
    recover(folder)
    try:
        with reading(folder):
            manifest = _manifest(folder) if (folder / OUTCOME_FILE).is_file() else None
            files = manifest.files if manifest else {}
            contents = {name: _verified(folder, name, file) for name, file in files.items()}
    except OSError as error:
        raise _not_whole(folder, "", error.strerror or "unreadable") from error
    if manifest is None:
        raise _no_run(folder)
    frames = {}
    for name in manifest.tables:
        if name not in tables("outcomes"):
            raise _not_whole(folder, f"{name}.parquet", "this version of Karvan has no such table; run again")
        frames[name] = _frame(folder, name, contents)
    origin = manifest.provenance
    provenance = Provenance(**origin.model_dump())
    convergence = tuple(
        Convergence(p.part, p.converged, p.iterations, math.nan if p.residual is None else p.residual, p.message)
        for p in manifest.convergence
    )
    return Outcome(manifest.name, frames, provenance, convergence, tuple(manifest.warnings))


def runs(folder: str | Path) -> list[str]:
    """Names of the whole runs in a folder, in alphabetical order; empty where there is no such folder.

    A run is taken as whole if every file that it names is there in its size; :func:`read_outcome` looks closer.
    """
    folder = Path(folder)
    if not folder.is_dir():
        return []
    try:
        for name in cut_off(folder):
            recover(folder / name)
        with reading(folder / "any"):
            names = [entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith(".")]
            return sorted(name for name in names if _is_whole(folder / name))
    except OSError as error:
        problem = Problem("unreadable folder", str(folder), value=error.strerror or "", remedy="mend its permissions")
        raise DataError(problems=[problem]) from error


def _parquet(frame: pd.DataFrame) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), buffer, compression="zstd")
    return buffer.getvalue()


def _frame(folder: Path, name: str, contents: Mapping[str, bytes]) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = f"{name}.parquet"
    if file not in contents:
        raise _not_whole(folder, file, "outcome.json does not list it")
    try:
        return outcome_table(name, pq.read_table(io.BytesIO(contents[file])).to_pandas())
    except (pa.ArrowException, DataError, ValueError, TypeError) as error:
        raise _not_whole(folder, file, f"it is not as its schema says: {error}") from error


def _manifest_text(outcome: Outcome, contents: Mapping[str, bytes]) -> str:
    parts = [asdict(part) for part in outcome.convergence]
    for part in parts:
        part["residual"] = float(part["residual"]) if math.isfinite(part["residual"]) else None
        part["converged"], part["iterations"] = bool(part["converged"]), int(part["iterations"])
    origin = outcome.provenance
    content = {
        "format": _FORMAT,
        "name": outcome.name,
        "provenance": {
            **{key: getattr(origin, key) for key in ("version", "corridor", "scenario", "seed")},
            "fingerprints": dict(origin.fingerprints),
            "options": dict(origin.options),
        },
        "convergence": parts,
        "warnings": list(outcome.warnings),
        "tables": list(outcome.tables),
        "files": {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in contents.items()
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _manifest(folder: Path) -> _Manifest:
    path = folder / OUTCOME_FILE
    try:
        return _Manifest.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise _not_whole(folder, OUTCOME_FILE, error.strerror or "unreadable") from error
    except (ValueError, RecursionError) as error:
        reason = "it has not the form of a run's" if isinstance(error, ValidationError) else "it is no JSON text"
        raise _not_whole(folder, OUTCOME_FILE, reason) from error


def _verified(folder: Path, name: str, file: _File) -> bytes:
    if Path(name).name != name:
        raise _not_whole(folder, OUTCOME_FILE, f"it names the file {name!r} outside the run")
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise _not_whole(folder, name, error.strerror or "unreadable") from error
    if len(data) != file.bytes or hashlib.sha256(data).hexdigest() != file.sha256:
        raise _not_whole(folder, name, "it was changed after the run")
    return data


def _is_whole(folder: Path) -> bool:
    try:
        manifest = _manifest(folder)
        return all((folder / name).stat().st_size == file.bytes for name, file in manifest.files.items())
    except (DataError, OSError):
        return False


def _foreign_files(folder: Path) -> list[str] | None:
    """Files in the folder that its run did not write; None where it is no run."""
    try:
        manifest = _manifest(folder)
    except DataError:
        return None
    return sorted({entry.name for entry in folder.iterdir()} - {OUTCOME_FILE, *manifest.files})


def _no_run(folder: Path) -> DataError:
    beside = runs(folder.parent)
    remedy = did_you_mean(folder.name, beside)
    if not remedy and beside:
        remedy = f"runs there are {', '.join(beside[:_NAMED])}{', ...' if len(beside) > _NAMED else ''}"
    return DataError(problems=[Problem("no run", str(folder), expected=f"a folder with {OUTCOME_FILE}", remedy=remedy)])


def _not_whole(folder: Path, name: str, reason: str) -> DataError:
    problem = Problem("run is not whole", str(folder / name), value=reason, remedy="run again")
    return DataError(problems=[problem])
