"""Finished years of a run that is not whole yet, so that the same run, interrupted, goes on where it stood.

They lie in a hidden folder beside the run, named for the run and for all that it rests on, one file a year, each put
at once. They are no part of a run: a year that cannot be read counts as not finished.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from karvan.errors import DataError, Problem
from karvan.store.runs.places import Place, place

Numbers = Mapping[str, list[float]]


def kept_year(run: str | Path | Place, key: str, year: int) -> Numbers | None:
    """The numbers of a finished year; None where it is not finished.

    Parameters
    ----------
    run
        Where the run will stand.
    key
        Fingerprint of all that the run rests on: another one's years are not found.
    year
        Calendar year.
    """
    try:
        content = json.loads(_folder(place(run), key).read(f"{year}.json"))
        numbers = {str(name): [float(v) for v in values] for name, values in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return numbers if all(math.isfinite(v) for values in numbers.values() for v in values) else None


def keep_year(run: str | Path | Place, key: str, year: int, numbers: Numbers) -> None:
    """Keep the numbers of a finished year, exactly.

    Raises
    ------
    DataError
        If they cannot be written.
    """
    folder = _folder(place(run), key)
    try:
        folder.write(f"{year}.json", json.dumps({name: list(values) for name, values in numbers.items()}).encode())
    except OSError as error:
        reason = error.strerror or str(error)
        problem = Problem("cannot write", folder.shown, value=reason, remedy="choose another place")
        raise DataError(problems=[problem]) from error


def forget_years(run: str | Path | Place) -> None:
    """Remove the finished years of every run of that name, once one of them is whole."""
    target = place(run)
    with suppress(OSError):
        for name in target.parent.folders(hidden=True):
            if name.startswith(f".{target.name}.years-"):
                target.parent.inside(name).remove()


def _folder(run: Place, key: str) -> Place:
    return run.parent.inside(f".{run.name}.years-{key}")
