"""Questions to a made register of 100,000 events and 10,000 agreements."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import process_time

import numpy as np
import pandas as pd

from benchmarks.measured import Rows, timed
from karvan.corridor.corridor import Corridor, CorridorInfo, empty_table
from karvan.register.agreements import agreements, steps
from karvan.register.compiled import Register, moment, register_of
from karvan.register.members import members, organisations, overlap
from karvan.register.network import network, ties
from karvan.register.timeline import timeline
from karvan.register.visits import rival_counts, visits
from karvan.schema.dates import iso, last_day
from karvan.study.agreements.kept import commitments

EVENTS, AGREEMENTS, COMMITMENTS, BODIES, COUNTRIES = 100_000, 10_000, 1_000, 40, 60
REPEATS = 5
FIRST, LAST = last_day("1990"), last_day("2025")


def register() -> Rows:
    """Every question, best and worst of five and processor seconds of each; the register is read once before them."""
    world = made()
    found: list[Register] = []
    rows: Rows = [{"case": "read the register", "seconds": timed(lambda: found.append(register_of(world)))}]
    asked = found[0]
    for name, question in _questions(world, asked).items():
        began = process_time()
        taken = [timed(question) for _ in range(REPEATS)]
        each = (process_time() - began) / REPEATS
        rows.append({"case": name, "seconds": min(taken), "worst": max(taken), "processor": each})
    sizes = {name: len(world[name]) for name in ("events", "parties", "memberships", "commitments")}
    return [{"case": "sizes", "agreements": AGREEMENTS, "steps": len(world["agreements"]), **sizes}, *rows]


def _questions(world: Corridor, asked: Register) -> dict[str, Callable[[], object]]:
    at, pair = moment("2020-06-01", "2021-06-01"), ("C00", "C01")
    return {
        "organisations": partial(organisations, asked, at),
        "members of one": partial(members, asked, ["B00"], at),
        "overlap of all": partial(overlap, asked, [], at),
        "agreements, all": partial(agreements, asked, at),
        "agreements between two": partial(agreements, asked, at, pair),
        "steps of one": partial(steps, asked, "A00007", at),
        "ties": partial(ties, asked, at),
        "network on a day": partial(network, asked, [at.on], at.known),
        "visits, all": partial(visits, asked, at),
        "visits between two": partial(visits, asked, at, pair),
        "rival counts": partial(rival_counts, asked, at),
        "timeline of one": partial(timeline, asked, at, ["C00"]),
        "commitments": partial(commitments, world, asked, at),
    }


def made() -> Corridor:
    """The same register every time."""
    chance = np.random.default_rng(7)
    tables = {
        "sources": _frame("sources", {"source": [f"S{n:03}" for n in range(500)], "citation": "made",
                                      "published": _days(chance, 500)}),
        "countries": _frame("countries", {"country": _countries(), "name": [f"Land {key}" for key in _countries()]}),
        "organisations": _frame("organisations", {"organisation": [f"B{n:02}" for n in range(BODIES)], "kind": "bloc",
                                                  "name": [f"Body {n}" for n in range(BODIES)]}),
        "memberships": _memberships(chance),
        **_agreements(chance),
        "events": _events(chance),
        "commitments": _commitments(chance),
        "observations": _observations(),
    }  # fmt: skip
    info = CorridorInfo("made", "Made", 2024, 2019, 2025, 2025)
    return Corridor(info, tables)


def _memberships(chance: np.random.Generator) -> pd.DataFrame:
    body, party = np.divmod(np.arange(BODIES * COUNTRIES * 2) // 2, COUNTRIES)
    cells = {"organisation": [f"B{n:02}" for n in body], "party": [f"C{n:02}" for n in party],
             "from": _days(chance, len(body)), "status": chance.choice(["member", "observer"], len(body))}  # fmt: skip
    return _frame("memberships", {**cells, **_trust(chance, len(body))})


def _agreements(chance: np.random.Generator) -> dict[str, pd.DataFrame]:
    keys = [f"A{n:05}" for n in range(AGREEMENTS)]
    steps_ = np.repeat(keys, 2)
    status = np.tile(["signed", "in_force"], AGREEMENTS)
    cells = {"agreement": steps_, "from": _days(chance, len(steps_)), "name": [f"Accord {key}" for key in steps_],
             "kind": "treaty", "status": status, **_trust(chance, len(steps_))}  # fmt: skip
    bound = np.repeat(keys, 3)
    party = [f"C{n:02}" for n in chance.integers(0, COUNTRIES, len(bound))]
    inside = {"agreement": bound, "party": party, "from": "1990", **_trust(chance, len(bound))}
    return {"agreements": _frame("agreements", cells), "parties": _frame("parties", inside)}


def _events(chance: np.random.Generator) -> pd.DataFrame:
    guests = chance.integers(0, COUNTRIES, (EVENTS, 3))
    cells = {"event": [f"E{n:06}" for n in range(EVENTS)], "date": _days(chance, EVENTS), "title": "a meeting",
             "kind": chance.choice(["visit", "summit", "meeting", "opening"], EVENTS),
             "host": [f"C{n:02}" for n in chance.integers(0, COUNTRIES, EVENTS)],
             "guests": [f"C{a:02}|C{b:02}|C{c:02}" for a, b, c in guests]}  # fmt: skip
    frame = _frame("events", {**cells, **_trust(chance, EVENTS)})
    counts = frame.index[:10]
    frame.loc[counts, "kind"] = "count"
    frame.loc[counts, "to"] = "2025"
    frame.loc[counts, "count"] = 9
    return frame


def _commitments(chance: np.random.Generator) -> pd.DataFrame:
    keys = range(COMMITMENTS)
    cells = {"commitment": [f"K{n:04}" for n in keys], "agreement": [f"A{n:05}" for n in keys], "description": "more",
             "responsible": "C00|C01", "quantity": 10.0, "unit": "t", "direction": "at_least", "scale": 1.0,
             "made": _days(chance, COMMITMENTS), "due": "2025",
             "where": [f"indicator=I{n % 20:02}" for n in keys]}  # fmt: skip
    return _frame("commitments", {**cells, **_trust(chance, COMMITMENTS)})


def _observations() -> pd.DataFrame:
    named, year = np.divmod(np.arange(20 * 30), 30)
    cells = {"indicator": [f"I{n:02}" for n in named], "subject": "here", "scope": "all", "year": 1995 + year,
             "period": "Y", "value": year / 2.0, "unit": "t", "status": "observed", "preferred": True, "source": "S000",
             "published": [f"{1996 + n}-03-01" for n in year], "published_basis": "source"}  # fmt: skip
    return _frame("observations", cells)


def _countries() -> list[str]:
    return [f"C{n:02}" for n in range(COUNTRIES)]


def _days(chance: np.random.Generator, count: int) -> list[str]:
    return [iso(int(day)) for day in chance.integers(FIRST, LAST, count)]


def _trust(chance: np.random.Generator, count: int) -> dict[str, object]:
    sources = [f"S{n:03}" for n in chance.integers(0, 500, count)]
    return {"source": sources, "confidence": chance.choice(["high", "medium", "low"], count)}


def _frame(name: str, cells: dict[str, object]) -> pd.DataFrame:
    """A table with these cells; what is not given is empty."""
    empty = empty_table(name)
    count = max(len(cell) for cell in cells.values() if isinstance(cell, list | np.ndarray))
    absent = {str(column): "" if empty[column].dtype == "str" else None for column in empty}
    filled = {column: pd.Series([cell] * count if isinstance(cell, str | float | int | None) else cell)
              for column, cell in {**absent, **cells}.items()}  # fmt: skip
    return pd.DataFrame(filled).astype(empty.dtypes.to_dict())
