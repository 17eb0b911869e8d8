"""The verdict on a claim by rule: what the rows come to, and how that stands to what was said.

The rules are few and know no claim: how rows are put together (``aggregate``), how the result must stand to the figure
(``relation``) and how far it may be off (``tolerance``, ``loose_tolerance``) are cells of the claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

AGREES, LOOSE, DIFFERS, UNKNOWN = "agrees", "loose", "differs", "unknown"
_PERCENT = 100.0
_LISTED = 3
_COUNTS = ("count", "distinct")
_IN_ORDER = ["year", "period", "preferred", "published", "scope", "source"]


class Verdict(NamedTuple):
    """What the record says, and how the claim stands to it."""

    record: str
    verdict: str


def judge(claim: pd.Series, rows: pd.DataFrame) -> Verdict:
    """The verdict that rows give on a claim.

    Without rows the verdict is ``unknown``, but for a count, which is nought only where the table is there at all.

    >>> claim = pd.Series(dict(aggregate="count", value="2", relation="equal", tolerance=0.0, loose_tolerance=0.5,
    ...                        scale=1.0, column=""))
    >>> judge(claim, pd.DataFrame({"party": ["A"]}))
    Verdict(record='1', verdict='loose')
    """
    if rows.empty:
        return Verdict("", UNKNOWN)
    if claim["aggregate"] == "exists":
        return Verdict(_listed(rows[claim["column"]]) if claim["column"] else f"{len(rows)} rows", AGREES)
    if claim["aggregate"] not in _COUNTS and not pd.api.types.is_numeric_dtype(rows[claim["column"]]):
        return _named(claim["value"], rows[claim["column"]].tolist())
    found = figure(claim, rows, claim["column"])
    if found is None:
        return Verdict("", UNKNOWN)
    said = _number(claim["value"])
    return Verdict(f"{found:.4g}", UNKNOWN if said is None else _stands(claim, said, found))


def figure(claim: pd.Series, rows: pd.DataFrame, column: str) -> float | None:
    """What a column of some rows comes to in the unit of the claim; None where it comes to nothing.

    >>> claim = pd.Series(dict(aggregate="growth", scale=1.0))
    >>> figure(claim, pd.DataFrame({"year": [2022, 2023], "value": [2.0, 3.0]}), "value")
    50.0
    """
    if claim["aggregate"] == "count":
        found: float | None = float(len(rows))
    elif claim["aggregate"] == "distinct":
        found = float(len(set(rows[column])))
    else:
        found = _figure(rows, column, claim["aggregate"])
    return None if found is None else found * float(claim["scale"])


def _figure(rows: pd.DataFrame, column: str, aggregate: str) -> float | None:
    """One figure of many rows, in the order of time; none where a change has no two ends."""
    order = [name for name in _IN_ORDER if name in rows]
    values = (rows.sort_values(order) if order else rows)[column].dropna().astype(float)
    if values.empty:
        return None
    if aggregate not in {"growth", "ratio"}:
        return float(values.iloc[-1] if aggregate == "last" else values.agg(aggregate))
    first, last = float(values.iloc[0]), float(values.iloc[-1])
    if len(values) == 1 or first == 0.0:
        return None
    return last / first if aggregate == "ratio" else (last / first - 1.0) * _PERCENT


def _stands(claim: pd.Series, said: float, found: float) -> str:
    """How far the record is off on the side that counts, against the two tolerances."""
    off = (found - said) / abs(said) if said else found
    if claim["relation"] == "at_least":
        off = min(off, 0.0)
    elif claim["relation"] == "at_most":
        off = max(off, 0.0)
    for limit, word in ((claim["tolerance"], AGREES), (claim["loose_tolerance"], LOOSE)):
        if abs(off) <= float(limit):
            return word
    return DIFFERS


def _named(said: str, found: Sequence[str]) -> Verdict:
    """A name, status or date agrees where one of the rows holds it or, as a date, is less exact."""
    told = _listed(found)
    if not said:
        return Verdict(told, UNKNOWN)
    wanted = _plain(said)
    same = any(wanted in _plain(text) or (text and wanted.startswith(_plain(text))) for text in found)
    return Verdict(told, AGREES if same else DIFFERS)


def _listed(found: Iterable[str]) -> str:
    """Different texts in alphabetical order, the first few of them."""
    told = sorted({text for text in found if text})
    return " | ".join(told[:_LISTED]) + (f" and {len(told) - _LISTED} more" if len(told) > _LISTED else "")


def _plain(text: str) -> str:
    return text.replace("_", " ").casefold().strip()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
