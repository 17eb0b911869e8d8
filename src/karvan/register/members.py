"""Who is what in which organisation on a day, and what organisations have in common."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from karvan.corridor.outcome import outcome_table
from karvan.register.compiled import Moment, Register
from karvan.schema.tables import table

FULL = frozenset({"founding_member", "member", "participant", "contracting_party"})


def memberships(register: Register, at: Moment) -> pd.DataFrame:
    """Every standing of every party on a day: the table ``register.members``.

    No party stands twice in one organisation. ``full`` marks members with a vote; ``certain`` is no where the sources
    leave it open whether the standing had begun or ended by then.
    """
    rows = register.rows("memberships", register.standing("memberships", at), at)
    told = rows.assign(
        name=[register.names.on(str(key), at.on) for key in rows["party"]], full=rows["status"].isin(FULL)
    )
    ordered = told.sort_values(["organisation", "full", "status", "party"], ascending=[True, False, True, True])
    return outcome_table("register.members", ordered[list(table("register.members", "outcomes").column_names)])


def members(register: Register, bodies: Sequence[str], at: Moment) -> pd.DataFrame:
    """Those of :func:`memberships` that are in some organisations, or of parties; all where none is named.

    Raises
    ------
    UnknownKeyError
        If a name is neither an organisation nor a party.
    """
    told = memberships(register, at)
    if not bodies:
        return told
    keys = [register.names.party(text) for text in bodies]
    return told.loc[told["organisation"].isin(keys) | told["party"].isin(keys)].reset_index(drop=True)


def full_members(register: Register, at: Moment) -> pd.DataFrame:
    """Organisation and party of every full member on a day, as rows of the table ``memberships``."""
    rows = register.tables["memberships"].iloc[register.standing("memberships", at)]
    return rows.loc[rows["status"].isin(FULL), ["organisation", "party"]]


def organisations(register: Register, at: Moment) -> pd.DataFrame:
    """Organisations as they were called on a day, with how many are in them: ``register.organisations``."""
    told = memberships(register, at)
    rows = register.rows("organisations", register.standing("organisations", at), at)
    counts = told.groupby("organisation")["full"].agg(["sum", "size"])
    full = rows["organisation"].map(counts["sum"]).fillna(0).astype(int)
    every = rows["organisation"].map(counts["size"]).fillna(0).astype(int)
    made = rows.assign(name=[register.names.on(str(key), at.on) for key in rows["organisation"]], full=full,
                       others=every - full)  # fmt: skip
    columns = list(table("register.organisations", "outcomes").column_names)
    return outcome_table("register.organisations", made.sort_values("organisation")[columns])


def overlap(register: Register, bodies: Sequence[str], at: Moment) -> pd.DataFrame:
    """Full members that each two organisations share: ``register.overlap``.

    Parameters
    ----------
    register
        The register.
    bodies
        Organisations by any name; all that have members where fewer than two are named.
    at
        The day, and what was known.

    Raises
    ------
    UnknownKeyError
        If a name is no organisation.
    """
    told = memberships(register, at)
    full = told.loc[told["full"]].groupby("organisation")["party"].agg(set)
    keys = [register.names.body(text) for text in bodies] if len(bodies) > 1 else sorted(full.index)
    inside = {key: full.get(key, set()) for key in dict.fromkeys(keys)}
    rows = [
        {"organisation": one, "other": two, "shared": len(a & b), "parties": "|".join(sorted(a & b)),
         "only_here": len(a - b), "only_there": len(b - a)}
        for (one, a), (two, b) in combinations(inside.items(), 2)
    ]  # fmt: skip
    columns = list(table("register.overlap", "outcomes").column_names)
    return outcome_table("register.overlap", pd.DataFrame(rows, columns=columns))
