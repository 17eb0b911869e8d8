"""``karvan claims``: what was said, what the record and the model say, and the verdict."""

from __future__ import annotations

import pandas as pd
from rich.table import Table

from karvan.cli import inputs
from karvan.cli.actions.evidence import Request, provenance_of, save, stored_run
from karvan.cli.answers import print_answer
from karvan.cli.door import DONE, Door
from karvan.cli.screen import DIM, cell, console
from karvan.corridor.outcome import Outcome
from karvan.report.brief.claims_page import claims_page
from karvan.report.brief.sheet import recorded
from karvan.store.builtin import load
from karvan.study.claims.table import claims

_SHOWN = {"claim": 1, "text": 6, "said": 2, "record": 3, "model": 1, "verdict": 2, "sources": 4}
_STYLES = {"differs": "bold red", "loose": "yellow", "unknown": "dim"}
NOTE = "~ rests on an estimate, not on an observation"


def show_claims(door: Door, request: Request) -> int:
    """Show the claims of a corridor beside its record and, where a run is named, the model."""
    known = inputs.day("--known", request.known)
    corridor, outcome = load(request.corridor), stored_run(request.run)
    judged, origin = claims(corridor, known, outcome), provenance_of(corridor, known, outcome)
    if request.out:
        answer = Outcome("claims", {"record.claims": judged}, origin)
        save(door, request.out, {".html": lambda: claims_page(corridor, answer)})
    if door.as_json:
        print_answer(door, {"record.claims": judged}, origin)
    elif not request.out:
        console().print(_screen(judged if outcome else judged.drop(columns="model")))
        told = judged["verdict"].value_counts().sort_index()
        console().print(", ".join(f"{count} {word}" for word, count in told.items()) or "no claims in this corridor")
        console().print(cell(NOTE, DIM))
    return DONE


def _screen(judged: pd.DataFrame) -> Table:
    shown = Table(box=None, pad_edge=False)
    columns = [column for column in _SHOWN if column in judged]
    for column in columns:
        shown.add_column(column, ratio=_SHOWN[column], overflow="fold")
    for row in judged.to_dict("records"):
        style = _STYLES.get(str(row["verdict"]), "")
        told = {**row, "record": recorded(row) if row["record"] else ""}
        shown.add_row(*(cell(told[column], style if column == "verdict" else "") for column in columns))
    return shown
