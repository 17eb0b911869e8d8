"""Names that only the built-in corridor's tables may say, read from these tables."""

from __future__ import annotations

import csv
import re
from functools import cache

from tests.architecture.source_files import PACKAGE

FOLDER = PACKAGE / "data" / "middle_corridor"
PROPER = re.compile(r"\b[A-Z][\w'-]{4,}")  # shorter names are also words
# Words of names that are plain words of the field or of English.
WORDS = {"Black", "International", "Gateway", "North", "South", "States", "Trade", "United"}


@cache
def names() -> frozenset[str]:
    """Proper words of the names and aliases of places and countries."""
    written = _column("places", "name") | _column("places", "aliases") | _column("countries", "name")
    return frozenset(word for cell in written for word in PROPER.findall(cell)) - WORDS


@cache
def identifiers() -> frozenset[str]:
    """Keys of places and indicators, and country codes."""
    return _column("places", "place") | _column("countries", "country") | _column("indicators", "indicator")


def _column(table: str, column: str) -> frozenset[str]:
    path = FOLDER / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return frozenset(row[column] for row in csv.DictReader(stream)) - {""}
