"""``karvan claims``: what was said, what the record and the model say, and the verdict."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd
from rich.table import Table

from karvan import __version__
from karvan.cli.answers import print_answer
from karvan.cli.door import DONE, Door, OptionError
from karvan.cli.screen import DIM, cell, console, progress
from karvan.corridor.corridor import Corridor, fingerprints
from karvan.corridor.outcome import Outcome, Provenance
from karvan.errors import Problem
from karvan.report.brief.claims_page import claims_page
from karvan.report.brief.sheet import recorded
from karvan.store.builtin import load
from karvan.store.outcomes import read_outcome
from karvan.store.runs.places import find_run, place
from karvan.study.backcast.outlook import outlook
from karvan.study.calibrate.told import usual_end
from karvan.study.claims.table import claims

_SHOWN = {"claim": 1, "text": 6, "said": 2, "record": 3, "model": 1, "verdict": 2, "sources": 4}
_STYLES = {"differs": "bold red", "loose": "yellow", "unknown": "dim"}
FORECAST, YEARS_AHEAD = "forecast", 5
NOTE = "~ rests on an estimate, not on an observation"
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True)
class Request:
    """What was typed: the corridor, the day of knowledge, a stored run and the page that is wanted."""

    corridor: str
    known: str = ""
    run: str = ""
    out: str = ""


def show_claims(door: Door, request: Request) -> int:
    """Show the claims of a corridor beside its record and, where a run is named, the model."""
    known = day("--known", request.known)
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


def day(option: str, text: str) -> str:
    """The day typed, or nothing.

    Raises
    ------
    OptionError
        If it is no day of the form ``YYYY-MM-DD``.
    """
    if text and not _DAY.fullmatch(text):
        raise OptionError(problems=[Problem("bad value", column=option, value=text, expected="a day, 2024-08-15")])
    return text


def stored_run(text: str) -> Outcome | None:
    """The stored run of that name or folder; None for nothing typed."""
    return read_outcome(find_run(text)) if text else None


def model_of(door: Door, corridor: Corridor, text: str, known: str) -> Outcome | None:
    """The stored run of a name, or with ``forecast`` the outlook of the model fitted to what was known."""
    if text != FORECAST:
        return stored_run(text)
    last = corridor.info.last_year
    with progress(door) as report:
        return outlook(corridor, range(last + 1, last + 1 + YEARS_AHEAD), known or usual_end(corridor), progress=report)


def save(door: Door, file: str, forms: Mapping[str, Callable[[], str]]) -> None:
    """Write the text that the ending of a file asks for, whole or not at all.

    Raises
    ------
    OptionError
        If there is no form of that ending.
    """
    form = next((make for ending, make in forms.items() if file.endswith(ending)), None)
    if form is None:
        expected = f"a file that ends in {' or '.join(forms)}"
        raise OptionError(problems=[Problem("bad value", column="--out", value=file, expected=expected)])
    target = place(file)
    target.parent.write(target.name, form().encode())
    door.note(f"Written to {target.shown}")


def provenance_of(corridor: Corridor, known: str, outcome: Outcome | None = None) -> Provenance:
    """What an answer from the record rests on: the corridor's tables, the day of knowledge, the run beside it."""
    options = {"known": known} if known else {}
    if outcome is not None:
        options["run"] = outcome.name
    scenario = outcome.provenance.scenario if outcome is not None else ""
    return Provenance(__version__, corridor.info.name, scenario, fingerprints(corridor), options)


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
