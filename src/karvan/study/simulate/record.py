"""The record beside a simulation: what was published of times, ships and ports, whatever its year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import outcome_table
from karvan.schema.tables import table
from karvan.study.record import SIMULATED, indicators, modelled_by_year

NAME = "operations.record"


def record_rows(corridor: Corridor, tables: Mapping[str, pd.DataFrame], year: int) -> pd.DataFrame:
    """``operations.record``: every indicator of operations beside all of its observations, plans among them.

    Years and periods of the record are those of the observations; the modelled figure is of the year simulated.
    """
    observations = corridor["observations"]
    frames = []
    for indicator in indicators(corridor):
        if not indicator.table.startswith(SIMULATED) or indicator.table not in tables:
            continue
        seen = observations.loc[
            (observations["indicator"] == indicator.indicator)
            & (observations["unit"] == indicator.unit)
            & ((observations["subject"] == indicator.subject) | (indicator.subject == ""))
            & ((observations["scope"] == indicator.scope) | (indicator.scope == ""))
        ]
        modelled = modelled_by_year(tables[indicator.table], indicator, (year,))[year]
        ratio = modelled / seen["value"].replace(0.0, np.nan)
        frames.append(seen.rename(columns={"value": "observed"}).assign(
            name=_name(corridor, indicator.indicator, indicator.subject), modelled=modelled, ratio=ratio,
            simulated_year=year,
        ))  # fmt: skip
    columns = list(table(NAME, "outcomes").column_names)
    rows = pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
    return outcome_table(NAME, rows)


def _name(corridor: Corridor, indicator: str, subject: str) -> str:
    rows = corridor["indicators"]
    return str(rows.loc[(rows["indicator"] == indicator) & (rows["subject"] == subject), "name"].iloc[0])
