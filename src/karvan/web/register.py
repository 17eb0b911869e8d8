"""``/api/v1/register``: the register, as its commands tell it; read once, asked for any day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Annotated, Literal

import pandas as pd
from fastapi import APIRouter, Query

from karvan import __version__
from karvan.corridor.corridor import Corridor
from karvan.register.agreements import agreements, find_agreement, steps
from karvan.register.compiled import Moment, Register, moment, register_of
from karvan.register.members import members, organisations, overlap
from karvan.register.network import network, ties
from karvan.register.timeline import timeline
from karvan.register.visits import rival_counts, visits
from karvan.study.agreements.kept import commitments
from karvan.study.agreements.worth import compared, pulled, worth
from karvan.web import frames
from karvan.web.desk import Desk

MOST_NAMES = 12
Question = Literal[
    "organisations", "members", "overlap", "agreements", "commitments", "visits", "network", "timeline"
]  # fmt: skip
On = Annotated[date | None, Query(description="how things stand on this day; else today")]
Known = Annotated[date | None, Query(description="only what could be known by this day")]
Name = Annotated[str, Query(max_length=120)]
Names = Annotated[list[Name] | None, Query(max_length=MOST_NAMES, description="countries or organisations by any name")]
WorthIn = Annotated[
    int | None, Query(description="a year: what a run of it says the agreement is worth; takes some seconds")
]
Level = Annotated[str, Query(max_length=40, description="visits: rank of those who met; else any")]


@dataclass(frozen=True)
class Asked:
    """A question with what it is put to."""

    corridor: Corridor
    register: Register
    at: Moment
    names: tuple[str, ...]
    level: str


ANSWERS: Mapping[Question, Mapping[str, Callable[[Asked], pd.DataFrame]]] = {
    "organisations": {"register.organisations": lambda q: organisations(q.register, q.at)},
    "members": {"register.members": lambda q: members(q.register, q.names, q.at)},
    "overlap": {"register.overlap": lambda q: overlap(q.register, q.names, q.at)},
    "agreements": {"register.agreements": lambda q: agreements(q.register, q.at, q.names)},
    "commitments": {"register.commitments": lambda q: commitments(q.corridor, q.register, q.at, q.names)},
    "visits": {
        "register.visits": lambda q: visits(q.register, q.at, q.names, q.level),
        "register.counts": lambda q: rival_counts(q.register, q.at, q.names),
    },
    "network": {
        "register.network": lambda q: network(q.register, [q.at.on], q.at.known),
        "register.ties": lambda q: ties(q.register, q.at, q.names),
    },
    "timeline": {"register.timeline": lambda q: timeline(q.register, q.at, q.names)},
}


def router(desk: Desk) -> APIRouter:
    """The questions to the register of the desk's corridor."""
    made = APIRouter(prefix="/api/v1/register", tags=["register"])
    register = cache(partial(register_of, desk.corridor))

    @made.get("/agreements/{key}", summary="The steps of an agreement and the levers it pulls")
    async def agreement(
        key: str, on: On = None, known: Known = None, worth_in: WorthIn = None
    ) -> dict[str, object]:
        def found() -> tuple[str, dict[str, pd.DataFrame]]:
            name, at = find_agreement(register(), key), _moment(on, known)
            told = {"register.steps": steps(register(), name, at), "register.levers": pulled(desk.corridor, [name])}
            return name, told

        name, tables = await desk.ask(found)
        if worth_in is not None:
            years = (desk.year(worth_in),)
            beside = await desk.ask_apart(lambda: compared(desk.corridor, [name], years))
            tables["register.worth"] = worth(beside, [name])
            return {**_told(tables, on, known), "ok": beside.converged, "warnings": list(beside.warnings)}
        return _told(tables, on, known)

    @made.get("/{question}", summary="A question to the register, as the command of that name answers it")
    async def asked(
        question: Question, name: Names = None, level: Level = "", on: On = None, known: Known = None
    ) -> dict[str, object]:
        def found() -> dict[str, pd.DataFrame]:
            put = Asked(desk.corridor, register(), _moment(on, known), tuple(name or ()), level)
            return {table: answer(put) for table, answer in ANSWERS[question].items()}

        return _told(await desk.ask(found), on, known)

    return made


def _moment(on: date | None, known: date | None) -> Moment:
    return moment(_day(on), known.isoformat() if known else "")


def _day(on: date | None) -> str:
    return (on or datetime.now(UTC).date()).isoformat()


def _told(tables: Mapping[str, pd.DataFrame], on: date | None, known: date | None) -> dict[str, object]:
    rows = {name: frames.records(frame) for name, frame in tables.items()}
    return {"version": __version__, "on": _day(on), "known": known.isoformat() if known else None, "tables": rows}
