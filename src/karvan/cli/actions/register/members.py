"""``karvan members``: organisations, who is what in them, and what they have in common."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from rich.table import Table
from rich.text import Text

from karvan.cli.actions.register.asked import Asked, answer, listed
from karvan.cli.door import Door
from karvan.cli.screen import DIM, HEAD, cell
from karvan.register.members import members, organisations, overlap

UNSURE = "~ sources leave open whether it had begun or ended by that day"


def show_members(door: Door, asked: Asked, names: tuple[str, ...]) -> int:
    """Show all organisations where none is named, else who is in those named and what they share."""
    if not names:
        told = organisations(asked.register, asked.at)
        return answer(door, asked, {"register.organisations": told}, lambda: _bodies(asked, told))
    tables = {"register.members": members(asked.register, names, asked.at)}
    known = {body.key for body in asked.register.names.bodies}
    bodies = [key for key in map(asked.register.names.party, names) if key in known]
    if len(bodies) > 1:
        tables["register.overlap"] = overlap(asked.register, bodies, asked.at)
    return answer(door, asked, tables, lambda: _screen(asked, tables), names="|".join(names))


def _bodies(asked: Asked, told: pd.DataFrame) -> Sequence[Table | Text]:
    columns = {"organisation": 3, "name": 6, "kind": 2, "founded": 2, "full": 1, "others": 1, "source": 3}
    return [cell(asked.told("organisations"), HEAD), *listed(told, columns, ("full", "others"))]


def _screen(asked: Asked, tables: dict[str, pd.DataFrame]) -> Sequence[Table | Text]:
    told = tables["register.members"]
    columns = {"organisation": 3, "party": 2, "name": 4, "status": 3, "from": 3, "source": 4, "confidence": 2}
    made = [cell(asked.told("members"), HEAD), *listed(told, columns), cell(_counted(told), DIM)]
    if not told["certain"].all():
        made.append(cell(UNSURE, DIM))
    if "register.overlap" in tables:
        shared = {"organisation": 2, "other": 2, "shared": 1, "parties": 6, "only_here": 1, "only_there": 1}
        figures = ("shared", "only_here", "only_there")
        made += [cell("members of both", HEAD), *listed(tables["register.overlap"], shared, figures)]
    return made


def _counted(told: pd.DataFrame) -> str:
    counts = told["status"].str.replace("_", " ").value_counts()
    return ", ".join(f"{count} {status}" for status, count in counts.items()) or "nobody"
