"""CSV files read strictly and written canonically.

Reading turns a file into a frame of text and a list of problems; it never raises for what stands in the file or for
how the file is kept. Writing turns a typed table into the one text that stands for it: comma, LF, quotes only where
needed, the shortest digits that read back the same, ``yes`` and ``no``.
"""

from __future__ import annotations

import csv
import io
import stat
from pathlib import Path

import pandas as pd

from karvan.errors import Problem
from karvan.schema.cells import cell_text, printable, shown
from karvan.schema.tables import TableSchema
from karvan.schema.validate import with_rest

LARGEST_FILE_BYTES = 100_000_000
_ROWS_KEPT = 1000
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class _BrokenSheetError(Exception):
    """The CSV text breaks off; caught in this module."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        super().__init__(reason)


def read_text(path: Path, within: Path, file: str) -> tuple[str | None, list[Problem]]:
    """The text of a UTF-8 file, a byte-order mark dropped; None and the problem where it cannot be had.

    ``within`` is the folder that the file must lie in after symbolic links are followed.
    """
    refusal = _refusal(path, within, file)
    if refusal:
        return None, [refusal]
    try:
        data = path.read_bytes()
    except OSError as error:
        return None, [Problem("unreadable file", file, value=error.strerror or "", remedy="mend its permissions")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [_encoding_problem(data, error.start, file)]
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        remedy = "the file is damaged or no text: save it anew as CSV, UTF-8"
        return None, [Problem("NUL byte", file, row=line, expected="text", remedy=remedy)]
    return text, []


def read_sheet(path: Path, within: Path, file: str) -> tuple[pd.DataFrame | None, list[Problem]]:
    """A CSV file as a frame of text whose index is the line number minus 2, and everything wrong with its form.

    Rows with too few or too many cells are reported and left out; None where there is nothing to read.
    """
    text, problems = read_text(path, within, file)
    if text is None:
        return None, problems
    if not text.strip():
        remedy = "write the header or remove the file"
        return None, [Problem("empty file", file, expected="a header line", remedy=remedy)]
    try:
        header, lines, rows = _records(text)
    except _BrokenSheetError as error:
        remedy = "check the quotes around this line: a quote inside a cell is written twice"
        return None, [Problem("broken CSV", file, row=error.line, value=str(error), remedy=remedy)]
    separator = next((mark for mark in (";", "\t") if len(header) == 1 and mark in header[0]), None)
    if separator:
        remedy = "save the file with commas between cells"
        return None, [Problem("wrong separator", file, row=1, value=separator, expected=",", remedy=remedy)]
    problems = _header_problems(header, file) + _ragged(header, lines, rows, file)
    whole = [(line, row) for line, row in zip(lines, rows, strict=True) if len(row) == len(header)]
    kept = {name: place for place, name in reversed(list(enumerate(header))) if name}
    index = pd.Index([line - 2 for line, _ in whole], dtype="int64")
    columns = {}
    for name, place in sorted(kept.items(), key=lambda item: item[1]):
        columns[name] = pd.Series([row[place] for _, row in whole], index=index, dtype="str")
    return pd.DataFrame(columns, index=index), problems


def sheet_text(frame: pd.DataFrame, schema: TableSchema) -> str:
    """The canonical text of a typed table, its columns in the order of the schema.

    >>> from karvan.schema.tables import table
    >>> from karvan.corridor.corridor import empty_table
    >>> sheet_text(empty_table("shocks"), table("shocks")).startswith("shock,name,happened")
    True
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(schema.column_names)
    writer.writerows(zip(*(map(cell_text, frame[c.name]) for c in schema.columns), strict=True))
    return buffer.getvalue()


def _refusal(path: Path, within: Path, file: str) -> Problem | None:
    """Why a file is not read at all."""
    try:
        target = path.resolve(strict=True)
        status = target.stat()
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be followed"
        return Problem("unreadable file", file, value=reason, remedy="check that it exists and may be read")
    if not target.is_relative_to(within.resolve()):
        expected, remedy = "a file in the folder", "put the file itself there"
        return Problem("link out of the folder", file, value=printable(str(target)), expected=expected, remedy=remedy)
    if stat.S_ISDIR(status.st_mode):
        return Problem("folder instead of a file", file, expected="a CSV file", remedy="rename or remove the folder")
    if not stat.S_ISREG(status.st_mode):
        return Problem("no ordinary file", file, expected="a file on disk", remedy="remove it")
    if status.st_size > LARGEST_FILE_BYTES:
        size, limit = f"{status.st_size / 1e6:,.0f} MB", f"at most {LARGEST_FILE_BYTES / 1e6:,.0f} MB"
        return Problem("file too large", file, value=size, expected=limit, remedy="split or thin the table")
    return None


def _encoding_problem(data: bytes, position: int, file: str) -> Problem:
    line = data.count(b"\n", 0, position) + 1
    shown = f"byte 0x{data[position]:02x}"
    if data.startswith(_UTF16_MARKS):
        line, shown = 1, "UTF-16"
    return Problem("wrong encoding", file, row=line, value=shown, expected="UTF-8", remedy="save the file as CSV UTF-8")


def _records(text: str) -> tuple[list[str], list[int], list[list[str]]]:
    """The header, the line on which each further record starts, and its cells; blank lines at the end are dropped.

    Raises
    ------
    _BrokenSheetError
        With the line, where a quote is wrong or a cell too long.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines, rows = [], []
    try:
        header = next(reader)
        start = reader.line_num + 1
        for row in reader:
            lines.append(start)
            rows.append(row)
            start = reader.line_num + 1
    except csv.Error as error:
        raise _BrokenSheetError(reader.line_num, str(error)) from error
    while rows and not rows[-1]:
        rows.pop()
        lines.pop()
    return header, lines, rows


def _header_problems(header: list[str], file: str) -> list[Problem]:
    problems = []
    for place, name in enumerate(header):
        if not name:
            text = f"column {place + 1} has no name"
            remedy = "name or remove the column"
            problems.append(Problem("column without a name", file, row=1, value=text, remedy=remedy))
        elif name in header[:place]:
            remedy = "keep one of the two"
            problems.append(Problem("duplicate column", file, "", 1, shown(name), "", "each column once", remedy))
    return problems


def _ragged(header: list[str], lines: list[int], rows: list[list[str]], file: str) -> list[Problem]:
    wrong = [(line, len(row)) for line, row in zip(lines, rows, strict=True) if len(row) != len(header)]
    expected = f"{len(header)} cells as in the header"
    kept = []
    for line, cells in wrong[:_ROWS_KEPT]:
        remedy = "remove the line" if cells == 0 else "put text that holds a comma between quotes"
        kept.append(Problem("ragged row", file, row=line, value=f"{cells} cells", expected=expected, remedy=remedy))
    return with_rest(kept, len(wrong))
