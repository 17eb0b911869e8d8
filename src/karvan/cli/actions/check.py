"""``karvan check``: every problem in the tables of a corridor."""

from __future__ import annotations

import pandas as pd

from karvan import __version__
from karvan.cli.answers import print_answer
from karvan.cli.door import DONE, Door, refuse
from karvan.cli.screen import console
from karvan.corridor.corridor import Corridor, fingerprints
from karvan.corridor.outcome import Provenance
from karvan.errors import DataError
from karvan.study.check import check


def check_corridor(door: Door, name: str) -> int:
    """Check a corridor and say what was found."""
    corridor, problems = check(name)
    if problems or corridor is None:
        return refuse(door, DataError(problems=problems))
    tables = [table for table in corridor if table in corridor]
    rows = [len(corridor[table]) for table in tables]
    if door.as_json:
        frame = pd.DataFrame({"table": tables, "rows": rows})
        provenance = Provenance(__version__, corridor.info.name, "", fingerprints(corridor))
        print_answer(door, {"check.tables": frame}, provenance)
    else:
        console().print(_clean(corridor, len(tables), sum(rows)))
    return DONE


def _clean(corridor: Corridor, tables: int, rows: int) -> str:
    return f"{corridor.info.name}: no problems in {tables} tables, {rows:,} rows"
