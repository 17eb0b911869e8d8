"""``outcome.json``: what a run holds, where it came from, and the size and SHA-256 of every file."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import PurePath

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from karvan.corridor.outcome import Convergence, Outcome, Provenance
from karvan.errors import DataError, Problem
from karvan.store.runs.places import Place

OUTCOME_FILE = "outcome.json"
_FORMAT = "karvan outcome 1"


class File(BaseModel):
    """Size and checksum of one file."""

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


class Manifest(BaseModel):
    """What ``outcome.json`` holds; ``prefix`` is where the files lie below the run, on an object store."""

    model_config = ConfigDict(extra="forbid")
    format: str = Field(pattern=f"^{_FORMAT}$")
    name: str
    provenance: _Origin
    convergence: list[_Part]
    warnings: list[str]
    tables: list[str]
    files: dict[str, File]
    prefix: str = Field(default="", pattern="^([0-9a-f]{32})?$")

    def origin(self) -> Provenance:
        """The provenance as a noun."""
        return Provenance(**self.provenance.model_dump())

    def parts(self) -> tuple[Convergence, ...]:
        """How every iterative part ended."""
        return tuple(
            Convergence(p.part, p.converged, p.iterations, math.nan if p.residual is None else p.residual, p.message)
            for p in self.convergence
        )


def manifest_text(outcome: Outcome, contents: Mapping[str, bytes], prefix: str = "") -> str:
    """The text of ``outcome.json`` for an outcome and its files."""
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
        **({"prefix": prefix} if prefix else {}),
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def read_manifest(run: Place) -> Manifest:
    """The manifest of a run.

    Raises
    ------
    DataError
        If there is none, or it has not the form of one.
    """
    try:
        return Manifest.model_validate(json.loads(run.read(OUTCOME_FILE).decode("utf-8")))
    except OSError as error:
        raise not_whole(run, OUTCOME_FILE, error.strerror or "unreadable") from error
    except (ValueError, RecursionError) as error:
        reason = "it has not the form of a run's" if isinstance(error, ValidationError) else "it is no JSON text"
        raise not_whole(run, OUTCOME_FILE, reason) from error


def verified(run: Place, name: str, manifest: Manifest) -> bytes:
    """The bytes of a file of the run, if they are those that were written.

    Raises
    ------
    DataError
        If the manifest does not list the file, it is gone, or it was changed.
    """
    file = manifest.files.get(name)
    if file is None:
        raise not_whole(run, name, f"{OUTCOME_FILE} does not list it")
    if PurePath(name).name != name or "\\" in name:
        raise not_whole(run, OUTCOME_FILE, f"it names the file {name!r} outside the run")
    try:
        data = run.read(inner(manifest, name))
    except OSError as error:
        raise not_whole(run, name, error.strerror or "it is gone") from error
    if len(data) != file.bytes or hashlib.sha256(data).hexdigest() != file.sha256:
        raise not_whole(run, name, "it was changed after the run")
    return data


def inner(manifest: Manifest, name: str) -> str:
    """Where a file lies below its run."""
    return f"{manifest.prefix}/{name}" if manifest.prefix else name


def not_whole(run: Place, name: str, reason: str) -> DataError:
    """The error that a run is not whole, and why."""
    problem = Problem("run is not whole", f"{run.shown}/{name}", value=reason, remedy="run again")
    return DataError(problems=[problem])
