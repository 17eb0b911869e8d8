"""Every claim of a corridor with what the record says of it: the table ``record.claims``."""

from __future__ import annotations

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome, outcome_table
from karvan.errors import DataError, KarvanError
from karvan.schema.tables import table
from karvan.study.claims.evidence import evidence, modelled
from karvan.study.claims.verdict import UNKNOWN, Verdict, figure, judge

_COUNTS_ROWS = ("count", "exists")
ESTIMATE = "estimate"


def claims(corridor: Corridor, known: str = "", outcome: Outcome | None = None) -> pd.DataFrame:
    """``record.claims``: what was said, what the record and the model say, the verdict and its sources.

    The verdict is that of the record alone; the model's figure stands beside it.

    Parameters
    ----------
    corridor
        With the tables ``claims``, ``sources`` and those that the claims name.
    known
        Day ``YYYY-MM-DD`` by which the evidence must have been published; empty: all of it.
    outcome
        A run whose ``record.comparison`` gives the model's figures; None: no figure of the model is told.

    Raises
    ------
    DataError
        If a claim asks a table or column that does not stand.
    """
    told = None if outcome is None else outcome["record.comparison"]
    rows = [
        {**_judged(corridor, claim, known), "model": "" if told is None else _modelled(told, claim)}
        for _, claim in corridor["claims"].iterrows()
    ]
    columns = list(table("record.claims", "outcomes").column_names)
    return outcome_table("record.claims", pd.DataFrame(rows, columns=columns))


def _judged(corridor: Corridor, claim: pd.Series, known: str) -> dict[str, object]:
    try:
        rows = evidence(corridor, claim, known)
        found = judge(claim, rows) if claim["checkable"] != "no" else Verdict("", UNKNOWN)
    except (KarvanError, KeyError) as error:
        raise DataError(f"claims.csv: claim {claim['claim']}: the query cannot be asked: {error}") from error
    sources = "|".join(dict.fromkeys(rows["source"])) if not rows.empty else ""
    same = ("claim", "text", "subject", "checkable", "unit", "note")
    return {
        **{name: claim[name] for name in same},
        "said": claim["value"],
        "record": found.record,
        "estimated": claim["table"] == "observations" and not rows.empty and ESTIMATE in set(rows["status"]),
        "verdict": found.verdict,
        "rows": len(rows),
        "said_by": claim["source"],
        "sources": sources,
    }


def _modelled(comparison: pd.DataFrame, claim: pd.Series) -> str:
    """The model's figure for a claim; empty where it has none or the claim is no figure of a series."""
    rows = modelled(comparison, claim)
    if rows.empty or claim["aggregate"] in _COUNTS_ROWS or claim["column"] != "value":
        return ""
    found = figure(claim, rows, "modelled")
    return "" if found is None else f"{found:.4g}"
