"""``karvan runs`` and ``karvan query``: what is stored, and questions to it."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import pandas as pd
from rich.table import Table

from karvan import __version__
from karvan.cli.answers import print_answer
from karvan.cli.door import DONE, Door, OptionError, printable
from karvan.cli.screen import cell, console, figures_table
from karvan.corridor.outcome import Provenance
from karvan.errors import Problem
from karvan.store.runs.listing import stored_runs
from karvan.store.runs.places import find_run
from karvan.store.runs.query import query

_HEADS = ("run", "corridor", "scenario", "years", "version", "written", "converged", "size", "whole", "problem")
_PREFIXES = ("B", "kB", "MB", "GB")
_THOUSAND = 1000.0
_MANY = 1e6


@dataclass(frozen=True)
class Question:
    """What was typed: names of runs, the SQL, the folder of the runs, rows on the screen and whether CSV is wanted."""

    runs: tuple[str, ...]
    sql: str
    out: str
    most: int
    as_csv: bool


def list_runs(door: Door, folder: str) -> int:
    """Show the runs of a folder."""
    found = stored_runs(folder)
    if door.as_json:
        print_answer(door, {"runs": found}, _nobody())
    elif found.empty:
        door.note(f"No runs in {folder}; `karvan run --out {folder}` writes one")
    else:
        shown = found.assign(size=[readable_size(int(count)) for count in found["bytes"]])[list(_HEADS)]
        for name in ("converged", "whole"):
            shown[name] = shown[name].map({True: "yes", False: "no"})
        written = shown["written"].str.replace("T", " ").str.replace("Z", " UTC")
        shown = shown.assign(written=written)
        console().print(_table(shown if shown["problem"].any() else shown.drop(columns="problem")))
    return DONE


def answer_query(door: Door, question: Question) -> int:
    """Show the answer to one question."""
    if not question.runs:
        raise OptionError(
            problems=[Problem("no runs named", column="RUN", expected="RUN... SQL", remedy="see karvan runs")]
        )
    if question.as_csv and door.as_json:
        raise OptionError(problems=[Problem("two forms at once", column="--csv", remedy="ask for --csv or --json")])
    answer = query([find_run(run, question.out) for run in question.runs], question.sql)
    if door.as_json:
        print_answer(door, {"query": answer}, _nobody())
    elif question.as_csv:
        text = answer.to_csv(index=False, lineterminator="\n")
        sys.stdout.write(printable(text) if sys.stdout.isatty() else text)
    else:
        console().print(_table(answer.head(question.most)))
        shown, rows = min(question.most, len(answer)), len(answer)
        rest = "; --most N shows more, --csv and --json all of them" if shown < rows else ""
        door.note(f"{shown:,} of {rows:,} rows{rest}")
    return DONE


def readable_size(count: int) -> str:
    """A number of bytes in the unit that keeps it short.

    >>> readable_size(999), readable_size(1_234_567)
    ('999 B', '1.2 MB')
    """
    size, step = float(count), 0
    while size >= _THOUSAND and step < len(_PREFIXES) - 1:
        size, step = size / _THOUSAND, step + 1
    return f"{size:.1f} {_PREFIXES[step]}" if step else f"{count} B"


def _table(frame: pd.DataFrame) -> Table:
    """Every column of a frame: figures to the right, text folded and never obeyed."""
    made = figures_table()
    for name in frame.columns:
        figures = pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name])
        made.add_column(cell(name), justify="right" if figures else "left", overflow="fold", no_wrap=figures)
    for row in frame.itertuples(index=False):
        made.add_row(*(cell(_written(value)) for value in row))
    return made


def _written(value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload]  # every cell is a scalar
        return ""
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if _MANY <= abs(value) < _MANY**2 else f"{value:.6g}"


def _nobody() -> Provenance:
    """The provenance of what rests on stored runs only; each run carries its own."""
    return Provenance(__version__, "", "", {})
