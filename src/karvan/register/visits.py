"""Who visited whom, by pair, direction and year; the counts of officials side by side with ours.

A journey is one guest country in one host country; events of the same two on the same or the next day are one journey.
It is a visit where one of its events is called a visit, else a meeting (a summit, a signing). Only what the table of
events holds is counted: it is no full record, and an official count that is higher is told beside it, not corrected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from karvan.corridor.outcome import outcome_table
from karvan.errors import UnknownKeyError
from karvan.register.compiled import Moment, Register
from karvan.register.lists import gathered, items_of
from karvan.register.members import full_members
from karvan.register.valid import Mask, Positions
from karvan.schema.dates import Days, years_of
from karvan.schema.nearest import did_you_mean
from karvan.schema.tables import table

VISIT, COUNT = "visit", "count"
MET = (VISIT, "summit", "meeting", "signing", "opening")
_SAME_JOURNEY = 1
_YEARS = 10_000


@dataclass(frozen=True)
class Journeys:
    """One entry a guest, host and event, by guest, host and day; shapes (m,).

    Parameters
    ----------
    event
        Position of the event.
    guest, host
        Codes of countries as in the register's attendance.
    day
        First day of the event.
    begins
        Whether a new journey begins with it.
    """

    event: Positions
    guest: Positions
    host: Positions
    day: Days
    begins: Mask


def journeys(register: Register, at: Moment, level: str = "") -> Journeys:
    """All journeys up to a day, as known; of one level of rank where one is named."""
    events, present = register.tables["events"], register.attendance
    wanted = register.usable("events", at) & (register.statuses["events"].first <= at.on)
    wanted &= events["kind"].isin(MET).to_numpy(dtype=bool)
    if level:
        wanted &= (events["level"] == level).to_numpy(dtype=bool)
    host_of = np.full(len(events), -1, dtype=np.int64)
    host_of[present.event[present.host]] = present.party[present.host]
    came = ~present.host & wanted[present.event] & (host_of[present.event] >= 0)
    event, guest = present.event[came], present.party[came]
    host, day = host_of[event], register.statuses["events"].first[event]
    order = np.lexsort((event, day, host, guest))
    event, guest, host, day = event[order], guest[order], host[order], day[order]
    begins = np.ones(len(event), dtype=bool)
    begins[1:] = (guest[1:] != guest[:-1]) | (host[1:] != host[:-1]) | (day[1:] - day[:-1] > _SAME_JOURNEY)
    return Journeys(event, guest, host, day, begins)


def visits(register: Register, at: Moment, between: Sequence[str] = (), level: str = "") -> pd.DataFrame:
    """Journeys by guest, host and year: ``register.visits``.

    Parameters
    ----------
    register
        The register.
    at
        The last day counted, and what was known.
    between
        Countries or organisations by any name, an organisation standing for its full members on that day. One: journeys
        from and to it; more: journeys from one to another of them.
    level
        Rank of those who met, such as heads_of_state; empty: any.

    Raises
    ------
    UnknownKeyError
        If a name or the rank is not known.
    """
    _refuse_unknown_rank(level)
    found = journeys(register, at, level)
    chosen = _between(register, found, [_sides(register, text, at) for text in between])
    return outcome_table("register.visits", _by_year(register, found, chosen))


def rival_counts(register: Register, at: Moment, between: Sequence[str] = ()) -> pd.DataFrame:
    """What officials counted beside what the events come to: ``register.counts``, the earliest first.

    An event of kind ``count`` names who travelled (guests) and where (its host, or the members of its organisation);
    ``ours`` are the journeys that the register knows between the same two sides in the same days, of the same rank.

    Raises
    ------
    UnknownKeyError
        If a name is not known.
    """
    events = register.tables["events"]
    first = register.statuses["events"].first
    usable = register.usable("events", at) & (first <= at.on)
    told = usable & (events["kind"] == COUNT).to_numpy(dtype=bool) & events["count"].notna().to_numpy(dtype=bool)
    positions = np.flatnonzero(told)
    rows = register.rows("events", positions[np.argsort(first[positions], kind="stable")], at)
    wanted = [_sides(register, text, at) for text in between]
    levels = {level: journeys(register, at, level) for level in rows["level"].unique()}
    made = [row for _, one in rows.iterrows() if (row := _count(register, at, one, levels[one["level"]], wanted))]
    columns = list(table("register.counts", "outcomes").column_names)
    return outcome_table("register.counts", pd.DataFrame(made, columns=columns))


def _refuse_unknown_rank(level: str) -> None:
    ranks = table("events").column("level").range.split("|")
    if level and level not in ranks:
        remedy = did_you_mean(level, ranks) or f"there are {', '.join(ranks)}"
        raise UnknownKeyError(f"no rank is called {level!r}; {remedy}")


def _by_year(register: Register, found: Journeys, chosen: Positions) -> pd.DataFrame:
    """Journeys added up; a journey belongs to the year in which it began."""
    present, columns = register.attendance, list(table("register.visits", "outcomes").column_names)
    if not len(chosen):
        return pd.DataFrame(columns=columns)
    begins = np.flatnonzero(found.begins[chosen])
    entries = np.diff(np.append(begins, len(chosen)))
    guest, host = found.guest[chosen[begins]], found.host[chosen[begins]]
    year = years_of(found.day[chosen[begins]])
    event = found.event[chosen]
    visit = (register.tables["events"]["kind"] == VISIT).to_numpy(dtype=bool)[event]
    is_visit = np.logical_or.reduceat(visit, begins)
    count = len(present.codes)
    key, group = np.unique((guest * count + host) * _YEARS + year, return_inverse=True)
    of_entry = np.repeat(group, entries)
    pair, told_year = np.divmod(key, _YEARS)
    codes = np.array(present.codes, dtype=object)
    visits_ = np.bincount(group, weights=is_visit).astype(np.int64)
    return pd.DataFrame(
        {
            "guest": pd.Series(codes[pair // count], dtype=str),
            "host": pd.Series(codes[pair % count], dtype=str),
            "year": told_year,
            "visits": visits_,
            "meetings": np.bincount(group) - visits_,
            "events": pd.Series(gathered(of_entry, present.name[event], present.names)[1], dtype=str),
            "sources": pd.Series(gathered(of_entry, present.source[event], present.sources)[1], dtype=str),
        }
    )[columns]


def _between(register: Register, found: Journeys, sides: Sequence[set[str]]) -> Positions:
    """Positions of the journeys between the sides; of one side, those from and to it."""
    if not sides:
        return np.arange(len(found.event))
    codes = register.attendance.codes
    inside = [np.array([code in side for code in codes], dtype=bool) for side in sides]
    if not codes:
        return np.zeros(0, dtype=np.int64)
    if len(sides) == 1:
        return np.flatnonzero(inside[0][found.guest] | inside[0][found.host])
    wanted = np.zeros(len(found.event), dtype=bool)
    for one, a in enumerate(inside):
        for other, b in enumerate(inside):
            if one != other:
                wanted |= a[found.guest] & b[found.host]
    return np.flatnonzero(wanted)


def _sides(register: Register, text: str, at: Moment) -> set[str]:
    """A country, or the full members of an organisation."""
    return _members(register, register.names.party(text), at)


def _members(register: Register, key: str, at: Moment) -> set[str]:
    """The full members of an organisation; of anything else, itself."""
    inside = full_members(register, at)
    return set(inside.loc[inside["organisation"] == key, "party"]) or {key}


def _count(
    register: Register, at: Moment, row: pd.Series, found: Journeys, wanted: Sequence[set[str]]
) -> dict[str, object] | None:
    """One official count beside ours; None where it is not about the sides asked for."""
    position = np.flatnonzero((register.tables["events"]["event"] == row["event"]).to_numpy(dtype=bool))
    first = int(register.statuses["events"].first[position[0]])
    last = min(int(register.statuses["events"].last[position[0]]), at.on)
    guests = set(map(register.names.key, items_of(row["guests"])))
    there = {row["host"]} if row["host"] else _members(register, row["organisation"], Moment(last, at.known)) - guests
    if not guests or not there or not all(side & (guests | there) for side in wanted):
        return None
    came, went = (np.isin(np.array(register.attendance.codes, dtype=str), sorted(side)) for side in (guests, there))
    begun = came[found.guest] & went[found.host]
    ours = int((found.begins & begun & (found.day >= first) & (found.day <= last)).sum())
    same = ("event", "title", "known_from", "basis", "source", "confidence", "note")
    told: dict[str, object] = {name: row[name] for name in same}
    return {**told, "from": row["date"], "to": row["to"], "guests": "|".join(sorted(guests)),
            "hosts": "|".join(sorted(there)), "count": row["count"], "ours": ours}  # fmt: skip
