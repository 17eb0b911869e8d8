"""Commitments on a day: met, late, still due, open, or not measurable, with the evidence.

Evidence are the published figures that a commitment names, an event that completes its agreement, and the agreement's
status ``fulfilled``; each counts from the day it is about, and only if it was known by then. A commitment is met where
its last evidence since the promise and up to the day it is due reaches it, late where it does not, whether or not it is
met since; evidence that ends a year or more before the due day tells of no lateness. Without evidence it is due while
its day lies ahead; where it has no day it is open if earlier figures measure it; else it is not measurable.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import outcome_table
from karvan.errors import DataError
from karvan.register.compiled import Moment, Register
from karvan.register.known import knowledge, period_end
from karvan.register.lists import items_of
from karvan.schema.dates import ALWAYS_AFTER, first_days, iso, last_days
from karvan.schema.tables import table
from karvan.study.brief.yearly import published_figures

MET, LATE, DUE, OPEN, UNMEASURABLE = "met", "late", "due", "open", "unmeasurable"
COMPLETING = frozenset({"completion", "opening", "first_run"})
FULFILLED = "fulfilled"
DECISIVE_DAYS = 365
_EXACT = 0.01
Row = Mapping[Hashable, Any]
_MARKS = {"estimate": " (estimate)"}


class Evidence(NamedTuple):
    """What tells of a commitment: the day it is about, whether it reaches what was promised, the figure, the source."""

    day: int
    reached: bool
    what: str
    source: str
    figure: float = float("nan")


def commitments(corridor: Corridor, register: Register, at: Moment, between: Sequence[str] = ()) -> pd.DataFrame:
    """``register.commitments``: what was promised by a day, as known, and whether it was kept; the next due first.

    Parameters
    ----------
    corridor
        With ``observations`` and ``sources``.
    register
        The register of that corridor.
    at
        The day, and what was known.
    between
        Countries or organisations by any name; only what all of them promised.

    Raises
    ------
    UnknownKeyError
        If a name is not known.
    DataError
        If a commitment asks a column that observations do not have.
    """
    rows = register.rows("commitments", register.standing("commitments", at), at)
    for text in between:
        key = register.names.party(text)
        promised = [key in map(register.names.key, items_of(cell)) for cell in rows["responsible"]]
        rows = rows.loc[promised]
    found = _Found(corridor, register, at)
    made, due = first_days(rows["made"]), last_days(rows["due"])
    cells = rows.to_dict("records")
    told = [_told(found, row, int(a), int(b)) for row, a, b in zip(cells, made, due, strict=True)]
    columns = list(table("register.commitments", "outcomes").column_names)
    frame = pd.DataFrame(told, columns=columns).iloc[np.argsort(due, kind="stable")]
    return outcome_table("register.commitments", frame)


def judged(evidence: Sequence[Evidence], due: int, on: int) -> tuple[str, int | None]:
    """Whether a commitment was kept, and since which day it has been.

    Parameters
    ----------
    evidence
        In the order of their days, none after ``on``.
    due
        Last day it is due; the end of the calendar where it has none.
    on
        The day asked for.

    >>> judged([Evidence(10, False, "", ""), Evidence(20, True, "", "")], 15, 30)
    ('late', 20)
    """
    if not evidence:
        return (DUE if on <= due < ALWAYS_AFTER else UNMEASURABLE), None
    in_time = _since([one for one in evidence if one.day <= due])
    if in_time is not None:
        return MET, in_time
    if on > due:
        decisive = evidence[-1].day > due - DECISIVE_DAYS
        return (LATE, _since(evidence)) if decisive else (UNMEASURABLE, None)
    return (DUE if due < ALWAYS_AFTER else OPEN), None


def _since(evidence: Sequence[Evidence]) -> int | None:
    """The first day from which all evidence reaches what was promised; None where the last does not."""
    since = None
    for one in reversed(evidence):
        if not one.reached:
            break
        since = one.day
    return since


class _Found:
    """The evidence of a moment, each question put to the record once."""

    def __init__(self, corridor: Corridor, register: Register, at: Moment) -> None:
        observations = corridor["observations"]
        known = knowledge(observations, corridor["sources"]).day
        self.on = at.on
        self._record = observations.assign(_known=known).loc[known <= at.known]
        self._figures: dict[tuple[str, str], list[tuple[int, float, str, str]]] = {}
        self._done = _completed(register, at)

    def of(self, row: Row) -> list[Evidence]:
        """The evidence on a commitment, also from before it was made, in order."""
        found = [_measured(row, *figure) for figure in self._asked(row)]
        return sorted([*found, *self._done.get(str(row["agreement"]), ())])

    def _asked(self, row: Row) -> list[tuple[int, float, str, str]]:
        where, unit = str(row["where"]), str(row["unit"]) if row["scale"] == 1.0 else ""
        if not where or np.isnan(float(row["quantity"])):
            return []
        if (where, unit) not in self._figures:
            try:
                self._figures[where, unit] = self._read(published_figures(self._record, where, unit))
            except DataError as error:
                raise DataError(f"commitments.csv: commitment {row['commitment']}: {error}") from error
        return self._figures[where, unit]

    def _read(self, figures: pd.DataFrame) -> list[tuple[int, float, str, str]]:
        """Day, value, what and source of figures: a figure is about the end of its period, or the day it came out."""
        told = []
        for _, one in figures.iterrows():
            day = min(period_end(int(one["year"]), str(one["period"])), int(one["_known"]))
            if day <= self.on:
                what = f"{one['subject']} {one['year']}: {float(one['value']):g} {one['unit']}"
                told.append((day, float(one["value"]), what + _MARKS.get(str(one["status"]), ""), str(one["source"])))
        return told


def _completed(register: Register, at: Moment) -> dict[str, list[Evidence]]:
    """Events up to a day that complete an agreement, and statuses that say it is fulfilled, by agreement."""
    events, first = register.tables["events"], register.statuses["events"].first
    chosen = register.usable("events", at) & (first <= at.on)
    chosen &= np.asarray(events["kind"].isin(COMPLETING) & (events["agreement"] != ""), dtype=bool)
    ends, standing = register.tables["agreements"], register.standing("agreements", at)
    fulfilled = standing[(ends["status"].iloc[standing] == FULFILLED).to_numpy(dtype=bool)]
    found: dict[str, list[Evidence]] = {}
    for what, frame, days in (
        ("event", events.loc[chosen], first[chosen]),
        ("agreement", ends.iloc[fulfilled], register.statuses["agreements"].first[fulfilled]),
    ):
        for agreement, key, source, day in zip(frame["agreement"], frame[what], frame["source"], days, strict=True):
            told = Evidence(int(day), reached=True, what=f"{what} {key}", source=str(source))
            found.setdefault(str(agreement), []).append(told)
    return found


def _measured(row: Row, day: int, value: float, what: str, source: str) -> Evidence:
    figure, wanted = value * float(row["scale"]), float(row["quantity"])
    reached = {
        "at_least": figure >= wanted,
        "at_most": figure <= wanted,
        "exactly": abs(figure - wanted) <= _EXACT * abs(wanted),
    }[str(row["direction"])]
    return Evidence(day, reached, what, source, figure)


def _told(found: _Found, row: Row, made: int, due: int) -> dict[str, object]:
    evidence = found.of(row)
    status, since = judged([one for one in evidence if one.day >= made], due, found.on)
    if status == UNMEASURABLE and evidence and due == ALWAYS_AFTER:
        status = OPEN
    figures = [one.figure for one in evidence if not np.isnan(one.figure)]
    same = ("commitment", "agreement", "description", "responsible", "quantity", "unit", "direction", "made", "due",
            "lever", "known_from", "basis", "source", "confidence", "note")  # fmt: skip
    return {
        **{name: row[name] for name in same},
        "status": status,
        "figure": figures[-1] if figures else float("nan"),
        "met_on": "" if since is None else iso(since),
        "evidence": "|".join(one.what for one in evidence),
        "evidence_sources": "|".join(dict.fromkeys(one.source for one in evidence)),
    }
