"""Agreements on a day: their status, who is party to them, what binds some parties together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from karvan.corridor.names import Named, find_key
from karvan.corridor.outcome import outcome_table
from karvan.errors import UnknownKeyError
from karvan.register.compiled import Moment, Register
from karvan.register.lists import gathered
from karvan.register.members import full_members
from karvan.register.valid import Positions
from karvan.schema.tables import table

BINDING = frozenset({"signed", "ratified", "in_force"})


def agreements(register: Register, at: Moment, between: Sequence[str] = ()) -> pd.DataFrame:
    """Agreements with their status on a day: ``register.agreements``, the last change first.

    Parameters
    ----------
    register
        The register.
    at
        The day, and what was known.
    between
        Countries or organisations by any name; only agreements to which all of them are party, themselves or by an
        organisation of which they are full members.

    Raises
    ------
    UnknownKeyError
        If a name is neither a country nor an organisation.
    """
    bound, steps_ = register.bound, register.standing("agreements", at)
    inside = register.standing("parties", at)
    for text in between:
        reached = _acting_for(register, register.names.party(text), at)
        mine = inside[np.isin(bound.parties[bound.party[inside]].astype(str), reached)]
        steps_ = steps_[np.isin(bound.step[steps_], bound.agreement[mine])]
    inside = inside[np.isin(bound.agreement[inside], bound.step[steps_])]
    named, lists = gathered(bound.agreement[inside], bound.party[inside], bound.parties)
    among = dict(zip(named.tolist(), lists, strict=True))
    rows = register.rows("agreements", steps_, at)
    told = rows.assign(
        parties=pd.Series([among.get(code, "") for code in bound.step[steps_].tolist()], index=rows.index, dtype=str),
        in_force=rows["status"] == "in_force",
        binding=rows["status"].isin(BINDING),
        levers=[len(register.levers.get(key, ())) for key in bound.agreements[bound.step[steps_]].tolist()],
    )
    columns = list(table("register.agreements", "outcomes").column_names)
    ordered = told.sort_values(["from", "agreement"], ascending=[False, True], kind="stable")
    return outcome_table("register.agreements", ordered[columns])


def steps(register: Register, agreement: str, at: Moment) -> pd.DataFrame:
    """The history of an agreement's status up to a day, as known: ``register.steps``, the first step first.

    ``standing`` marks the step that holds on the day.
    """
    frame = register.tables["agreements"]
    usable = register.usable("agreements", at) & (register.statuses["agreements"].first <= at.on)
    chosen: Positions = np.flatnonzero(usable & (frame["agreement"] == agreement).to_numpy(dtype=bool))
    ordered = chosen[np.argsort(register.statuses["agreements"].first[chosen], kind="stable")]
    rows = register.rows("agreements", ordered, at)
    told = rows.assign(standing=np.isin(ordered, register.standing("agreements", at)))
    return outcome_table("register.steps", told[list(table("register.steps", "outcomes").column_names)])


def find_agreement(register: Register, text: str) -> str:
    """The key of the agreement that a text names: by key, or by a name or part of one.

    Raises
    ------
    UnknownKeyError
        If none or several are meant.
    """
    rows = register.tables["agreements"].drop_duplicates(["agreement", "name"])
    try:
        return find_key(text, "agreement", map(Named, rows["agreement"], rows["name"]))
    except UnknownKeyError as error:
        if register.names.is_party(text):
            told = f"{text!r} is a party and no agreement; ask for what is between parties (--between)"
            raise UnknownKeyError(told) from error
        raise


def _acting_for(register: Register, party: str, at: Moment) -> list[str]:
    """A party, and the organisations of which it is a full member on a day."""
    inside = full_members(register, at)
    return [party, *inside.loc[inside["party"] == party, "organisation"]]
