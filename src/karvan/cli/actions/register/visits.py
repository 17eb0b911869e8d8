"""``karvan visits``: journeys by pair, direction and year, and the counts of officials beside them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from rich.table import Table
from rich.text import Text

from karvan.cli.actions.register.asked import Asked, answer, listed, split
from karvan.cli.door import Door
from karvan.cli.screen import DIM, HEAD, cell
from karvan.register.visits import rival_counts, visits

NOTE = "journeys that the table of events holds: no full record; same or next day in one country is one journey"


def show_visits(door: Door, asked: Asked, between: str, level: str) -> int:
    """Show journeys up to a day beside official counts."""
    sides = split(between)
    tables = {
        "register.visits": visits(asked.register, asked.at, sides, level),
        "register.counts": rival_counts(asked.register, asked.at, sides),
    }
    return answer(door, asked, tables, lambda: _screen(asked, tables), between=between, level=level)


def _screen(asked: Asked, tables: dict[str, pd.DataFrame]) -> Sequence[Table | Text]:
    told, rivals = tables["register.visits"], tables["register.counts"]
    columns = {"guest": 1, "host": 1, "year": 1, "visits": 1, "meetings": 1, "events": 6}
    sums = f"{int(told['visits'].sum())} visits, {int(told['meetings'].sum())} journeys for meetings alone"
    made = [cell(asked.told("journeys up to and"), HEAD), *listed(told, columns, ("year", "visits", "meetings"))]
    made += [cell(sums), cell(NOTE, DIM)]
    if len(rivals):
        sides = {"title": 5, "from": 2, "to": 2, "count": 1, "ours": 1, "known_from": 2, "source": 4}
        made += [cell("as officials counted, beside ours", HEAD), *listed(rivals, sides, ("count", "ours"))]
    return made
