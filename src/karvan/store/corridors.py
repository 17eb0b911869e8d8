"""Corridors on disk: a folder of CSV tables beside ``corridor.toml``.

Reading collects every problem of every file before it gives up; writing puts a whole folder in place at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.errors import DataError, Problem, RangeError, SchemaError, UnknownKeyError
from karvan.schema.cells import printable
from karvan.schema.nearest import did_you_mean
from karvan.schema.tables import file_of, table, tables
from karvan.schema.validate import reference_problems, typed
from karvan.store.folders import recover, replaced_folder
from karvan.store.scenarios import SCENARIOS, read_text, ready_scenarios
from karvan.store.settings import CORRIDOR_FILE, info_text, read_info
from karvan.store.sheets import read_sheet, sheet_text

REQUIRED_TABLES = ("places", "links", "commodities", "demand")
GROUPS = ("power",)

_SCHEMA_KINDS = {"missing column", "unknown column", "wrong type", "missing table", "unknown table", "missing value"}
_KEY_KINDS = {"unknown key"}
_RANGE_KINDS = {"out of range", "not among the alternatives", "wrong form"}


def read_corridor(folder: str | Path) -> Corridor:
    """The corridor in a folder.

    Raises
    ------
    DataError
        If anything is wrong; it carries all problems of all files. Where all are of one sort it is a ``SchemaError``,
        ``UnknownKeyError`` or ``RangeError``.
    """
    corridor, problems = examine(folder)
    if problems or corridor is None:
        raise _error_for(problems)("", problems)
    return corridor


def examine(folder: str | Path) -> tuple[Corridor | None, list[Problem]]:
    """The corridor in a folder as far as it can be read, and everything that is wrong with its files.

    The corridor is None where ``corridor.toml`` or a required table cannot be read. Otherwise its tables have their
    columns and types; a cell with a problem is missing in it.
    """
    folder = Path(folder)
    recover(folder)
    refusal = _folder_problem(folder)
    if refusal:
        return None, [refusal]
    info, problems = read_info(folder)
    files, unknown = _table_files(folder)
    problems += unknown
    for name in REQUIRED_TABLES:
        if name not in files:
            remedy = "every corridor has one; write it with the columns " + ", ".join(table(name).column_names)
            problems.append(Problem("missing table", file_of(name), name, remedy=remedy))
    frames: dict[str, pd.DataFrame] = {}
    for name, path in sorted(files.items()):
        raw, found = read_sheet(path, folder, file_of(name))
        problems += found
        if raw is not None:
            frames[name], found = typed(raw, table(name), file_of(name))
            problems += found
    problems += reference_problems(frames)
    if info is None or any(name not in frames for name in REQUIRED_TABLES):
        return None, problems
    return Corridor(info, frames, str(folder)), problems


def write_corridor(corridor: Corridor, folder: str | Path) -> None:
    """Write a corridor as a folder, whole or not at all; reading it gives the same corridor.

    An existing corridor at that place is replaced. Ready scenarios go with the corridor from the folder it was read
    from; where there are none, those that stand at that place stay.

    Raises
    ------
    DataError
        If something else stands there, or a corridor folder holds files that are no tables of a corridor.
    """
    texts = {CORRIDOR_FILE: info_text(corridor.info)}
    texts.update({file_of(name): sheet_text(corridor.tables[name], table(name)) for name in corridor})
    contents = {name: text.encode() for name, text in texts.items()}
    ready = ready_scenarios(corridor.folder) or ready_scenarios(folder)
    contents.update({f"{SCENARIOS}/{path.name}": read_text(path).encode() for path in ready.values()})
    replaced_folder(Path(folder), contents, _foreign_files, "corridor")


def _foreign_files(folder: Path) -> list[str] | None:
    """Files in the folder that a corridor does not have; None where it is no corridor."""
    if not (folder / CORRIDOR_FILE).is_file():
        return None
    known = {CORRIDOR_FILE, *(file_of(name) for name in tables("inputs"))}
    files = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    known |= {f"{SCENARIOS}/{path.name}" for path in ready_scenarios(folder).values()}
    return sorted({path.relative_to(folder).as_posix() for path in files} - known)


def _folder_problem(folder: Path) -> Problem | None:
    name = printable(str(folder))
    try:
        if folder.is_dir():
            next(folder.iterdir(), None)
            return None
        exists = folder.exists()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Problem("unreadable folder", name, value=reason, remedy="check its name and permissions")
    if exists:
        return Problem("file instead of a folder", name, remedy="name the folder that holds corridor.toml")
    near = did_you_mean(folder.name, _names_beside(folder))
    return Problem("missing folder", name, remedy=near or "name a folder that holds corridor.toml")


def _names_beside(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.parent.iterdir() if entry.is_dir()]
    except OSError:
        return []


def _table_files(folder: Path) -> tuple[dict[str, Path], list[Problem]]:
    """CSV files by table, and a problem for each that is no table."""
    entries = [("", entry) for entry in folder.iterdir()]
    problems = []
    for group in GROUPS:
        inside = folder / group
        if not inside.is_dir():
            continue
        if inside.resolve().is_relative_to(folder.resolve()):
            entries += [(f"{group}.", entry) for entry in inside.iterdir()]
        else:
            problems.append(Problem("link out of the folder", group, remedy="put the folder itself there"))
    known = tables("inputs")
    files = {}
    for prefix, entry in sorted(entries):
        name = prefix + entry.name[: -len(".csv")]
        if entry.name.startswith(".") or not entry.name.casefold().endswith(".csv"):
            continue
        if name in known and entry.name.endswith(".csv"):
            files[name] = entry
        else:
            near = did_you_mean(name, known) or "tables are " + ", ".join(known)
            problems.append(Problem("unknown table", printable(prefix.replace(".", "/") + entry.name), remedy=near))
    return files, problems


def _error_for(problems: Sequence[Problem]) -> type[DataError]:
    kinds = {problem.kind for problem in problems}
    for sort, error in ((_SCHEMA_KINDS, SchemaError), (_KEY_KINDS, UnknownKeyError), (_RANGE_KINDS, RangeError)):
        if kinds <= sort:
            return error
    return DataError
