"""A small register built by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from karvan.corridor.corridor import Corridor, CorridorInfo
from karvan.register.compiled import Register, register_of
from tests.worlds import frame

Rows = Sequence[Mapping[str, object]]

SOURCES: Rows = [
    {"source": "made", "citation": "made"},
    {"source": "early", "citation": "early", "published": "2020-01-01"},
    {"source": "late", "citation": "late", "published": "2025-01-01"},
]
COUNTRIES: Rows = [
    {"country": "AAA", "name": "Alland", "region": "r", "aliases": "Âłland|أرض", "earlier_codes": "AOL"},
    {"country": "BBB", "name": "Boland", "region": "r"},
    {"country": "CCC", "name": "Coland", "region": "r"},
]
BODIES: Rows = [
    {"organisation": "NEW", "name": "New Union", "earlier_names": "Old Council", "renamed": "2021-11-12",
     "kind": "bloc", "founded": "2009"},
    {"organisation": "CLUB", "name": "Club", "kind": "bloc", "founded": "2000-05"},
]  # fmt: skip


def corridor(**rows: Rows) -> Corridor:
    """A corridor with countries, two organisations and whatever else is given, by table."""
    tables = {"sources": SOURCES, "countries": COUNTRIES, "organisations": BODIES, **rows}
    return Corridor(
        CorridorInfo("made", "Made", 2024, 2019, 2025, 2025), {name: frame(name, told) for name, told in tables.items()}
    )


def register(**rows: Rows) -> Register:
    """Its register."""
    return register_of(corridor(**rows))


def member(organisation: str, party: str, start: str, **cells: object) -> dict[str, object]:
    """A row of memberships."""
    return {"organisation": organisation, "party": party, "from": start, "status": "member", **cells}


def agreement(key: str, start: str, status: str, **cells: object) -> dict[str, object]:
    """A row of agreements."""
    return {"agreement": key, "from": start, "name": f"Accord {key}", "kind": "treaty", "status": status, **cells}


def party(key: str, country: str, start: str = "2000", **cells: object) -> dict[str, object]:
    """A row of parties."""
    return {"agreement": key, "party": country, "from": start, "role": "party", **cells}


def event(key: str, date: str, host: str, guests: str, **cells: object) -> dict[str, object]:
    """A row of events: a visit unless the cells say otherwise."""
    row = {"event": key, "kind": "visit", "date": date, "title": f"event {key}", "host": host, "guests": guests}
    return {**row, **cells}
