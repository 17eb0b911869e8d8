"""``karvan commitments``: what was promised, and whether it was kept."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from rich.table import Table
from rich.text import Text

from karvan.cli.actions.register.asked import Asked, answer, listed, split
from karvan.cli.door import Door
from karvan.cli.screen import DIM, HEAD, cell
from karvan.report import numbers
from karvan.study.agreements.kept import commitments

_SIGNS = {"at_least": "", "at_most": "max ", "exactly": "= "}


def show_commitments(door: Door, asked: Asked, between: str) -> int:
    """Show commitments on a day, the next due first."""
    told = commitments(asked.corridor, asked.register, asked.at, split(between))
    return answer(door, asked, {"register.commitments": told}, lambda: _screen(asked, told), between=between)


def _screen(asked: Asked, told: pd.DataFrame) -> Sequence[Table | Text]:
    last = [str(cell_).rpartition("|")[2] for cell_ in told["evidence"]]
    shown = told.assign(promised=[_promised(row) for _, row in told.iterrows()], last_evidence=last)
    columns = {"agreement": 1, "description": 4, "promised": 2, "due": 2, "status": 2, "met_on": 2, "last_evidence": 4}
    counts = told["status"].value_counts()
    counted = ", ".join(f"{count} {status}" for status, count in counts.items()) or "no commitments known"
    return [cell(asked.told("commitments"), HEAD), *listed(shown, columns), cell(counted, DIM)]


def _promised(row: pd.Series) -> str:
    if pd.isna(row["quantity"]):
        return ""
    return f"{_SIGNS[str(row['direction'])]}{numbers.figure(float(row['quantity']))} {row['unit']}"
