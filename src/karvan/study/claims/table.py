"""Every claim of a corridor with what the record says of it: the table ``record.claims``."""

from __future__ import annotations

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import outcome_table
from karvan.errors import DataError, KarvanError
from karvan.schema.tables import table
from karvan.study.claims.evidence import evidence
from karvan.study.claims.verdict import UNKNOWN, Verdict, judge


def claims(corridor: Corridor, known: str = "") -> pd.DataFrame:
    """``record.claims``: what was said, what the record says, the verdict and its sources.

    Parameters
    ----------
    corridor
        With the tables ``claims``, ``sources`` and those that the claims name.
    known
        Day ``YYYY-MM-DD`` by which the evidence must have been published; empty: all of it.

    Raises
    ------
    DataError
        If a claim asks a table or column that does not stand.
    """
    rows = [_judged(corridor, claim, known) for _, claim in corridor["claims"].iterrows()]
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
        "verdict": found.verdict,
        "rows": len(rows),
        "said_by": claim["source"],
        "sources": sources,
    }
