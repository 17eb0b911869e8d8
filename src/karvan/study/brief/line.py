"""One line of a brief, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

_LEVELS = ("high", "medium", "low")


@dataclass(frozen=True)
class Line:
    """What a line tells, from which day it could be known, how far it can be trusted, and its sources."""

    text: str
    value: float = float("nan")
    unit: str = ""
    when: str = ""
    year: int | None = None
    status: str = ""
    place: str = ""
    rival: bool = False
    published: str = ""
    basis: str = "assumed"
    confidence: str = "low"
    sources: str = ""


def resting_on(line: Line, rows: pd.DataFrame) -> Line:
    """The line with what it rests on: rows with ``day`` and ``basis`` of publication, ``confidence`` and ``source``.

    It is known once the last of its rows is, and is as good as the worst of them.
    """
    last = rows.sort_values(["day", "basis"]).iloc[-1]
    sources = dict.fromkeys(key for cell in sorted(rows["source"]) for key in cell.split("|"))
    return replace(
        line,
        published=str(last["day"]),
        basis=str(last["basis"]),
        confidence=lowest(rows["confidence"]),
        sources="|".join(sources),
    )


def lowest(confidence: Iterable[str]) -> str:
    """The lowest of some levels of confidence.

    >>> lowest(["high", "low", "medium"])
    'low'
    """
    return max(confidence, key=_LEVELS.index)
