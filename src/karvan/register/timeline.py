"""What happened, in order: events, steps of agreements, standings in organisations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from karvan.corridor.outcome import outcome_table
from karvan.register.compiled import Moment, Register
from karvan.register.lists import items_of, joined
from karvan.register.valid import Mask, beginnings
from karvan.schema.dates import ALWAYS_BEFORE
from karvan.schema.tables import table

MOST = 200


def timeline(
    register: Register, at: Moment, of: Sequence[str] = (), since: int = ALWAYS_BEFORE, most: int = MOST
) -> pd.DataFrame:
    """The last so many things up to a day, as known: ``register.timeline``, by day.

    Parameters
    ----------
    register
        The register.
    at
        The last day, and what was known.
    of
        Countries or organisations by any name; only what all of them have part in.
    since
        The first day; an ordinal.
    most
        Rows to tell; the latest are kept.

    Raises
    ------
    UnknownKeyError
        If a name is not known.
    """
    keys = [register.names.party(text) for text in of]
    parts = []
    for name, tell in (("events", _events), ("agreements", _agreements), ("memberships", _memberships)):
        first = register.statuses[name].first
        chosen = register.usable(name, at) & (first <= at.on) & (first >= since)
        for key in keys:
            chosen &= _involved(register, name, key)
        latest = beginnings(register.statuses[name], chosen)[-most:]
        parts.append(tell(register, register.rows(name, latest, at)).assign(_day=first[latest]))
    every = pd.concat(parts, ignore_index=True).sort_values(["_day", "table", "key"], kind="stable").tail(most)
    return outcome_table("register.timeline", every[list(table("register.timeline", "outcomes").column_names)])


def _involved(register: Register, name: str, key: str) -> Mask:
    """The rows of a table in which a party has part."""
    frame = register.tables[name]
    mine: Mask = np.array(frame["organisation"] == key, dtype=bool)
    if name == "memberships":
        mine |= np.array(frame["party"] == key, dtype=bool)
        return mine
    if name == "agreements":
        parties = register.tables["parties"]
        bound = set(parties.loc[parties["party"] == key, "agreement"])
        mine |= np.array(frame["agreement"].isin(bound), dtype=bool)
        return mine
    present = register.attendance
    if key in present.codes:
        mine[present.event[present.party == present.codes.index(key)]] = True
    return mine


def _events(register: Register, rows: pd.DataFrame) -> pd.DataFrame:
    who = [sorted({*map(register.names.key, [*items_of(guests), *items_of(host)])})
           for guests, host in zip(rows["guests"], rows["host"], strict=True)]  # fmt: skip
    return rows.assign(table="events", key=rows["event"], day=rows["date"], what=rows["kind"], text=rows["title"],
                       parties=["|".join(some) for some in who])  # fmt: skip


def _agreements(register: Register, rows: pd.DataFrame) -> pd.DataFrame:
    parties = register.tables["parties"]
    named = parties.loc[parties["agreement"].isin(set(rows["agreement"]))]
    among = joined(named["agreement"], named["party"])
    return rows.assign(table="agreements", key=rows["agreement"], day=rows["from"], what=rows["status"],
                       text=rows["name"], parties=[among.get(key, "") for key in rows["agreement"]])  # fmt: skip


def _memberships(register: Register, rows: pd.DataFrame) -> pd.DataFrame:
    text = [register.names.shown.get(str(key), str(key)) for key in rows["organisation"]]
    key = rows["organisation"] + "/" + rows["party"]
    return rows.assign(table="memberships", key=key, day=rows["from"], what=rows["status"],
                       text=pd.Series(text, index=rows.index, dtype=str), parties=rows["party"])  # fmt: skip
