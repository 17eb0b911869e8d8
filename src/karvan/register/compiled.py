"""The register of a corridor, read once and ready for every question: canonical parties, days as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor
from karvan.register.known import ASSUMED, SOURCE, Knowledge, knowledge
from karvan.register.lists import Codes, Labels, labelled
from karvan.register.names import Names, names_of
from karvan.register.valid import Mask, Positions, Statuses, standing, statuses, surely
from karvan.schema.dates import ALWAYS_AFTER, iso, last_day

AGREEMENT = "agreement:"
_PARTY_COLUMNS = {"memberships": "party", "parties": "party", "events": "host"}
_THINGS = {
    "memberships": ("organisation", "party"),
    "agreements": ("agreement",),
    "parties": ("agreement", "party"),
    "events": ("event",),
    "commitments": ("commitment",),
    "organisations": ("organisation",),
}
_BEGINS = {"events": "date", "commitments": "made", "organisations": "founded"}


@dataclass(frozen=True)
class Moment:
    """What is asked: how things stand on a day, by what was known on another; ordinals."""

    on: int = ALWAYS_AFTER
    known: int = ALWAYS_AFTER


def moment(on: str = "", known: str = "") -> Moment:
    """The days as typed; an empty one is the end of time.

    >>> moment("2024-08-01").on == moment(known="2024-08-01").known
    True
    """
    return Moment(last_day(on), last_day(known))


@dataclass(frozen=True)
class Attendance:
    """Who took part in which event: one entry a country and event.

    Parameters
    ----------
    event
        Position of the event; shape (m,).
    party
        Code of the country in ``codes``; shape (m,).
    host
        Whether it was the host; shape (m,).
    codes
        Keys of countries by code, in alphabetical order.
    name, source
        Labels of the key and the source of each event; codes into ``names`` and ``sources``.
    names, sources
        Keys of events and of sources, in alphabetical order.
    """

    event: Positions
    party: Positions
    host: Mask
    codes: tuple[str, ...]
    name: Codes
    source: Codes
    names: Labels
    sources: Labels


@dataclass(frozen=True)
class Bound:
    """Who is party to what: one entry a row of ``parties``.

    Parameters
    ----------
    agreement, party
        Codes of both; shape (m,).
    step
        Code of the agreement of each row of ``agreements``; shape (n,).
    agreements, parties
        What the codes stand for, in alphabetical order.
    """

    agreement: Codes
    party: Codes
    step: Codes
    agreements: Labels
    parties: Labels


@dataclass(frozen=True)
class Register:
    """Tables of the register with what questions need of them.

    Parameters
    ----------
    tables
        Rows as in the corridor, parties under their key of today.
    statuses, known
        Days of validity and of knowledge, by table.
    attendance, bound
        Who took part in the events, who is party to the agreements.
    names
        Names of parties.
    levers
        Keys of the levers that each agreement pulls.
    """

    tables: Mapping[str, pd.DataFrame]
    statuses: Mapping[str, Statuses]
    known: Mapping[str, Knowledge]
    attendance: Attendance
    bound: Bound
    names: Names
    levers: Mapping[str, tuple[str, ...]]

    def usable(self, name: str, at: Moment) -> Mask:
        """Which rows of a table could be known by then."""
        usable: Mask = self.known[name].day <= at.known
        return usable

    def standing(self, name: str, at: Moment) -> Positions:
        """Positions of the rows of a table that hold."""
        return standing(self.statuses[name], at.on, self.usable(name, at))

    def rows(self, name: str, positions: Positions, at: Moment) -> pd.DataFrame:
        """Rows of a table with ``certain``, ``known_from`` and ``basis``."""
        known = self.known[name]
        days = [iso(int(day)) for day in known.day[positions]]
        return (
            self.tables[name]
            .iloc[positions]
            .assign(
                certain=surely(self.statuses[name], positions, at.on),
                known_from=pd.Series(days, dtype=str).to_numpy(),
                basis=np.where(known.assumed[positions], ASSUMED, SOURCE),
            )
        )


def register_of(corridor: Corridor) -> Register:
    """The register of a corridor.

    Parameters
    ----------
    corridor
        With any of the tables ``organisations``, ``memberships``, ``agreements``, ``parties``, ``commitments`` and
        ``events``.
    """
    parties = {str(key) for table, column in _PARTY_COLUMNS.items() for key in corridor[table][column].unique()}
    names = names_of(corridor, parties - {""})
    tables = {name: _canonical(corridor[name], name, names) for name in _THINGS}
    made = {name: statuses(tables[name], things, _BEGINS.get(name, "from")) for name, things in _THINGS.items()}
    known = {name: knowledge(frame, corridor["sources"]) for name, frame in tables.items()}
    frozen = (MappingProxyType(tables), MappingProxyType(made), MappingProxyType(known))
    return Register(*frozen, _attendance(tables["events"], names), _bound(tables), names, _levers(corridor["levers"]))


def _levers(levers: pd.DataFrame) -> Mapping[str, tuple[str, ...]]:
    """Levers by the agreement that owns them."""
    owned = levers.loc[levers["owner"].str.startswith(AGREEMENT)]
    found: dict[str, tuple[str, ...]] = {}
    for owner, lever in zip(owned["owner"].str.removeprefix(AGREEMENT), owned["lever"], strict=True):
        found[str(owner)] = (*found.get(str(owner), ()), str(lever))
    return MappingProxyType(found)


def _canonical(frame: pd.DataFrame, name: str, names: Names) -> pd.DataFrame:
    """The table with parties under their key of today."""
    columns = [column for column in ("organisation", _PARTY_COLUMNS.get(name, "")) if column in frame]
    changed: dict[str, pd.Series] = {}
    for column in columns:
        codes, written = pd.factorize(frame[column])
        keys = np.array([names.key(str(one)) for one in written] or [""], dtype=object)
        changed[column] = pd.Series(keys[codes] if len(codes) else [], index=frame.index, dtype=str)
    return frame.assign(**changed)


def _attendance(events: pd.DataFrame, names: Names) -> Attendance:
    """Hosts and guests of events, none twice of one event."""
    guests = _exploded(events["guests"])
    hosts = np.flatnonzero((events["host"] != "").to_numpy(dtype=bool))
    event = np.concatenate([hosts, guests.index.to_numpy(dtype=np.int64)])
    written = pd.concat([events["host"].iloc[hosts], guests])
    raw, texts = pd.factorize(written)
    keys = [names.key(str(text)) for text in texts]
    codes = {key: n for n, key in enumerate(sorted(set(keys)))}
    party = np.array([codes[key] for key in keys], dtype=np.int64)[raw] if len(raw) else np.zeros(0, dtype=np.int64)
    is_host: NDArray[np.bool_] = np.arange(len(event)) < len(hosts)
    _, first = np.unique(event * max(len(codes), 1) + party, return_index=True)
    name, names_of_events = labelled(events["event"])
    source, sources = labelled(events["source"])
    return Attendance(event[first], party[first], is_host[first], tuple(codes), name, source, names_of_events, sources)


def _bound(tables: Mapping[str, pd.DataFrame]) -> Bound:
    """Parties and agreements as codes."""
    rows, steps = tables["parties"], tables["agreements"]
    codes, agreements = labelled([*rows["agreement"], *steps["agreement"]])
    party, parties = labelled(rows["party"])
    return Bound(codes[: len(rows)], party, codes[len(rows) :], agreements, parties)


def _exploded(cells: pd.Series) -> pd.Series:
    """Items of lists, the index being the position of the cell."""
    filled = cells.reset_index(drop=True)
    parts = filled.loc[filled != ""].str.split("|").explode()
    return parts.loc[parts != ""].astype(str)
