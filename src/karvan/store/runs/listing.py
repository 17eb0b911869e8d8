"""The runs in a folder as a table: what each is of, when it was written and whether it is whole."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from karvan.errors import DataError
from karvan.store.outcomes import is_whole, run_folders
from karvan.store.runs.manifest import OUTCOME_FILE, read_manifest
from karvan.store.runs.places import Place, place

COLUMNS = (
    "run", "corridor", "scenario", "years", "version", "written", "converged", "bytes", "whole", "problem",
)  # fmt: skip


def stored_runs(folder: str | Path) -> pd.DataFrame:
    """One row a run, in alphabetical order; a broken run has a row that says what is wrong with it.

    Parameters
    ----------
    folder
        A path or URL of the folder that holds the runs; without rows where there is none.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`COLUMNS`: ``written`` is UTC in ISO 8601, ``bytes`` the size of all files, ``whole`` whether
        every file is there in its size (checksums are held when a run is read).
    """
    held = place(folder)
    rows = [run_row(held.inside(name)) for name in run_folders(held)]
    return pd.DataFrame([row for row in rows if row], columns=list(COLUMNS))


def run_row(run: Place) -> dict[str, object] | None:
    """The row of one run; None where the folder has no ``outcome.json``."""
    try:
        size = run.size(OUTCOME_FILE)
        written = run.modified(OUTCOME_FILE).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OSError:
        return None
    row: dict[str, object] = {"run": run.name, "written": written, "bytes": size, "whole": False, "problem": ""}
    try:
        manifest = read_manifest(run)
    except DataError as error:
        return {**row, **dict.fromkeys(COLUMNS[1:5], ""), "converged": False, "problem": error.problems[0].value}
    origin = manifest.origin()
    whole = is_whole(run)
    return {
        **row,
        "corridor": origin.corridor,
        "scenario": origin.scenario,
        "years": str(origin.options.get("years", "")),
        "version": origin.version,
        "converged": all(part.converged for part in manifest.convergence),
        "bytes": size + sum(file.bytes for file in manifest.files.values()),
        "whole": whole,
        "problem": "" if whole else "a file is gone or cut short; run again",
    }
