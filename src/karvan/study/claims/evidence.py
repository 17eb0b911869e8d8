"""The rows that may decide a claim: valid on a day, known by a day, and not the claim itself."""

from __future__ import annotations

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.register.known import known_by
from karvan.register.valid import unrivalled, valid_on
from karvan.scenario.where import matching, parse_where
from karvan.schema.tables import table


def evidence(corridor: Corridor, claim: pd.Series, known: str) -> pd.DataFrame:
    """The rows that decide a claim; none where it names no table.

    A claim is no evidence for itself: rows of its own source are left out. A status is that of the day it was said.
    Rows are narrowed to what was known first, so that a status that came out later hides none that was known.
    """
    if not claim["table"]:
        return pd.DataFrame()
    schema = table(claim["table"])
    frame = corridor[claim["table"]]
    rows = frame.loc[frame["source"] != claim["source"]]
    if known:
        rows = known_by(rows, corridor["sources"], known)
    rows = valid_on(rows, schema.key, claim["said_on"])
    return unrivalled(rows.loc[matching(rows, parse_where(claim["where"]), schema)], schema.key)


def modelled(comparison: pd.DataFrame, claim: pd.Series) -> pd.DataFrame:
    """The model's rows that answer the question a claim puts to the record; none where the model has no such figure."""
    where = parse_where(claim["where"])
    if claim["table"] != "observations" or any(name not in comparison for name, _ in where):
        return comparison.iloc[:0]
    rows = comparison.loc[matching(comparison, where, table("record.comparison", "outcomes"))]
    return rows.dropna(subset="modelled")
