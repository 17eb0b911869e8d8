"""``karvan agreements``: their status on a day, what binds some parties; the steps, levers and worth of those named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from rich.table import Table
from rich.text import Text

from karvan.cli import inputs
from karvan.cli.actions.register.asked import Asked, answer, listed, split
from karvan.cli.answers import note_warnings
from karvan.cli.door import MODEL_SAYS_NO, Door, OptionError, assumptions
from karvan.cli.screen import DIM, HEAD, cell, progress
from karvan.corridor.outcome import Outcome
from karvan.errors import Problem
from karvan.register.agreements import agreements, find_agreement, steps
from karvan.report import numbers
from karvan.study.agreements.worth import compared, pulled, worth

_COLUMNS = {"agreement": 2, "name": 7, "status": 2, "from": 2, "parties": 4, "levers": 1, "source": 4}
_STEPS = {"agreement": 1, "from": 2, "status": 2, "known_from": 2, "basis": 2, "source": 4, "note": 6}
_LEVERS = {"lever": 1, "table": 2, "where": 5, "column": 2, "operation": 1, "value": 2, "from": 1, "pending": 1}
_WORTH = {"agreement": 1, "year": 1, "measure": 2, "part": 2, "unit": 2, "method": 2}
UNNAMED = "name the agreements whose worth is asked, as in karvan agreements KEY --worth 2030"


@dataclass(frozen=True)
class Wanted:
    """What was typed: agreements, parties, and the years whose worth is asked."""

    names: tuple[str, ...]
    between: str
    worth: str


def show_agreements(door: Door, asked: Asked, wanted: Wanted) -> int:
    """Show agreements on a day; of those named also their steps, levers and, where it is asked, worth."""
    if wanted.worth and not wanted.names:
        raise OptionError(problems=[Problem("bad usage", column="--worth", value=wanted.worth, remedy=UNNAMED)])
    told = agreements(asked.register, asked.at, split(wanted.between))
    tables = {"register.agreements": told}
    beside = None
    if wanted.names:
        keys = list(dict.fromkeys(find_agreement(asked.register, text) for text in wanted.names))
        tables["register.agreements"] = told.loc[told["agreement"].isin(keys)].reset_index(drop=True)
        tables["register.steps"] = pd.concat([steps(asked.register, key, asked.at) for key in keys], ignore_index=True)
        tables["register.levers"] = pulled(asked.corridor, keys)
        if wanted.worth:
            beside = _compared(door, asked, keys, wanted.worth)
            tables["register.worth"] = worth(beside, keys)
    given = {"between": wanted.between, "names": "|".join(wanted.names), "worth": wanted.worth}
    code = answer(door, asked, tables, lambda: _screen(asked, tables), **given)
    if beside is not None and not beside.converged:
        note_warnings(door, beside.warnings, beside.convergence)
        return MODEL_SAYS_NO
    return code


def _compared(door: Door, asked: Asked, keys: Sequence[str], years: str) -> Outcome:
    """The base beside the base with the agreements."""
    with assumptions() as assumed, progress(door) as report:
        found = compared(asked.corridor, keys, inputs.years(years) or (), report)
    note_warnings(door, assumed)
    return found


def _screen(asked: Asked, tables: Mapping[str, pd.DataFrame]) -> Iterable[Table | Text]:
    told = tables["register.agreements"]
    counted = f"{len(told)} agreements, {int(told['in_force'].sum())} in force, {int(told['binding'].sum())} binding"
    yield cell(asked.told("agreements"), HEAD)
    yield from listed(told, _COLUMNS, ("levers",))
    yield cell(counted, DIM)
    for name, columns in (("steps", _STEPS), ("levers", _LEVERS)):
        frame = tables.get(f"register.{name}", pd.DataFrame())
        if not frame.empty:
            yield cell(name, HEAD)
            yield from listed(frame, columns)
    if "register.worth" in tables:
        shown = tables["register.worth"].assign(part=lambda rows: rows["part"].map(numbers.figure))
        yield cell("what a run with these agreements says each is worth against the base", HEAD)
        yield from listed(shown, _WORTH, ("year", "part"))
