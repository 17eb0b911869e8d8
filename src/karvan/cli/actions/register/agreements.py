"""``karvan agreements``: their status on a day, what binds some parties, the steps and levers of one."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from rich.table import Table
from rich.text import Text

from karvan.cli.actions.register.asked import Asked, answer, listed, split
from karvan.cli.door import Door
from karvan.cli.screen import DIM, HEAD, cell
from karvan.register.agreements import agreements, find_agreement, steps

_COLUMNS = {"agreement": 2, "name": 7, "status": 2, "from": 2, "parties": 4, "levers": 1, "source": 4}


def show_agreements(door: Door, asked: Asked, names: tuple[str, ...], between: str) -> int:
    """Show agreements on a day; of those named also every step that led there."""
    told = agreements(asked.register, asked.at, split(between))
    tables = {"register.agreements": told}
    if names:
        keys = [find_agreement(asked.register, text) for text in names]
        tables["register.agreements"] = told.loc[told["agreement"].isin(keys)].reset_index(drop=True)
        history = [steps(asked.register, key, asked.at) for key in dict.fromkeys(keys)]
        tables["register.steps"] = pd.concat(history, ignore_index=True)
    return answer(door, asked, tables, lambda: _screen(asked, tables), between=between, names="|".join(names))


def _screen(asked: Asked, tables: dict[str, pd.DataFrame]) -> Sequence[Table | Text]:
    told = tables["register.agreements"]
    counted = f"{len(told)} agreements, {int(told['in_force'].sum())} in force, {int(told['binding'].sum())} binding"
    made = [cell(asked.told("agreements"), HEAD), *listed(told, _COLUMNS, ("levers",)), cell(counted, DIM)]
    if "register.steps" in tables:
        columns = {"agreement": 1, "from": 2, "status": 2, "known_from": 2, "basis": 2, "source": 4, "note": 6}
        made += [cell("steps", HEAD), *listed(tables["register.steps"], columns)]
    return made
