"""Bottlenecks of freight and of power in one list, by what 1 % more of each is worth a year.

Resources of freight tell their worth through the whole equilibrium, lines of power from the dispatch with fixed
capacities: both are what everybody gains, rents included, in US dollars of the price year. Only what a model has valued
is ranked; a share of capacity is the one measure that a port, a border and a line have in common.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from karvan.corridor.corridor import empty_table
from karvan.corridor.outcome import outcome_table

LINES, RESOURCES, RANKED = "power.lines", "freight.resources", "run.bottlenecks"
_WORTH = "value_usd_per_percent"


def ranked(tables: Mapping[str, pd.DataFrame], owners: Mapping[str, str]) -> pd.DataFrame:
    """``run.bottlenecks``: every valued resource and line of each year, the most worth first.

    Parameters
    ----------
    tables
        Outcome tables by name; ``freight.resources`` and ``power.lines`` are read where they are there.
    owners
        Owner of each resource of freight.
    """
    resources = tables.get(RESOURCES, empty_table(RESOURCES, "outcomes"))
    lines = tables.get(LINES, empty_table(LINES, "outcomes"))
    freight = resources.assign(model="freight", owner=resources["resource"].map(owners).fillna(""))
    power = lines.rename(columns={"line": "resource", "capacity_mw": "capacity"}).assign(model="power", unit="MW")
    rows = pd.concat([frame for frame in (freight, power) if len(frame)] or [freight], ignore_index=True)
    rows = rows.loc[rows[_WORTH].notna() & (rows["capacity"] > 0)]
    order = ["year", _WORTH, "model", "resource"]
    rows = rows.sort_values(order, ascending=[True, False, True, True], kind="stable")
    columns = list(empty_table(RANKED, "outcomes").columns)
    return outcome_table(RANKED, rows.assign(rank=rows.groupby("year").cumcount() + 1)[columns])
