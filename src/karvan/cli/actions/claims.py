"""``karvan claims``: what was said, what the record says, and the verdict."""

from __future__ import annotations

import re

import pandas as pd
from rich.table import Table

from karvan import __version__
from karvan.cli.answers import print_answer
from karvan.cli.door import DONE, Door, OptionError
from karvan.cli.screen import cell, console
from karvan.corridor.corridor import fingerprints
from karvan.corridor.outcome import Provenance
from karvan.store.builtin import load
from karvan.study.claims.table import claims

_SHOWN = {"claim": 1, "text": 6, "said": 2, "record": 3, "verdict": 2, "sources": 4}
_STYLES = {"differs": "bold red", "loose": "yellow", "unknown": "dim"}


def show_claims(door: Door, name: str, known: str) -> int:
    """Show the claims of a corridor beside its record."""
    if known and not re.fullmatch(r"\d{4}-\d\d-\d\d", known):
        raise OptionError(f"--known {known!r}: expected a day such as 2024-08-15")
    corridor = load(name)
    judged = claims(corridor, known)
    if door.as_json:
        options = {"known": known} if known else {}
        provenance = Provenance(__version__, corridor.info.name, "", fingerprints(corridor), options)
        print_answer(door, {"record.claims": judged}, provenance)
    else:
        console().print(_screen(judged))
        told = judged["verdict"].value_counts().sort_index()
        console().print(", ".join(f"{count} {word}" for word, count in told.items()) or "no claims in this corridor")
    return DONE


def _screen(judged: pd.DataFrame) -> Table:
    shown = Table(box=None, pad_edge=False)
    for column, ratio in _SHOWN.items():
        shown.add_column(column, ratio=ratio, overflow="fold")
    for row in judged.to_dict("records"):
        style = _STYLES.get(str(row["verdict"]), "")
        shown.add_row(*(cell(row[column], style if column == "verdict" else "") for column in _SHOWN))
    return shown
