"""How a rule says which rows break it: a frame, a mask, and words with the row's own figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from karvan.errors import Problem
from karvan.schema.cells import cell_text, shown
from karvan.schema.tables import file_of

ROWS_KEPT = 1000

Row = Mapping[str, object]
Words = str | Callable[[Row], str]


@dataclass(frozen=True)
class Finding:
    """What a rule says of each row that breaks it; words may be made from the row."""

    kind: str
    column: str
    expected: Words
    remedy: Words = ""


def found(table: str, frame: pd.DataFrame, wrong: ArrayLike, finding: Finding) -> list[Problem]:
    """A problem for each row of ``frame`` where ``wrong`` is true; the last counts those beyond a thousand.

    ``frame`` may have more columns than the table, so that the words can name figures that were worked out; its index
    is the table's.
    """
    positions = np.flatnonzero(np.asarray(wrong, dtype=bool))
    if positions.size == 0:
        return []
    rows = frame.iloc[positions[:ROWS_KEPT]]
    problems = []
    for line, cells in zip(rows.index, rows.to_dict("records"), strict=True):
        row = {str(name): value for name, value in cells.items()}
        value = shown(cell_text(row.get(finding.column, "")))
        expected, remedy = _said(finding.expected, row), _said(finding.remedy, row)
        problems.append(
            Problem(finding.kind, file_of(table), table, int(line) + 2, finding.column, value, expected, remedy)
        )
    if len(positions) > len(problems):
        problems[-1] = replace(problems[-1], rest=len(positions) - len(problems))
    return problems


def _said(words: Words, row: Mapping[str, object]) -> str:
    return words if isinstance(words, str) else words(row)
