"""The network of parties by what they share: full memberships and binding agreements on a day.

Two countries are tied by every organisation of which both are full members and by every agreement that binds both
themselves; the weight of a tie is their number. Centrality is the first eigenvector of the weights, the largest 1
(Bonacich 1972, Factoring and weighting approaches to status scores); groups are those of Louvain's modularity (Blondel
et al. 2008, Fast unfolding of communities), whose result holds for one seed. Ties are counted, not what they are worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.outcome import outcome_table
from karvan.register.agreements import BINDING
from karvan.register.compiled import Moment, Register
from karvan.register.lists import Codes, Labels, labelled
from karvan.register.members import full_members
from karvan.schema.dates import iso
from karvan.schema.tables import table

SEED = 0
Counts = NDArray[np.int64]


class Weights(NamedTuple):
    """Countries, and how many organisations and agreements each two of them share; shapes (n,), (n, n), (n, n)."""

    parties: tuple[str, ...]
    organisations: Counts
    agreements: Counts


def weights(register: Register, at: Moment) -> Weights:
    """What each two countries share on a day; symmetric, nought on the diagonal."""
    bodies = {body.key for body in register.names.bodies}
    members = full_members(register, at)
    members = members.loc[~members["party"].isin(bodies)]
    bound, standing = register.bound, register.standing("agreements", at)
    binding = standing[register.tables["agreements"]["status"].iloc[standing].isin(BINDING).to_numpy(dtype=bool)]
    inside = register.standing("parties", at)
    inside = inside[np.isin(bound.agreement[inside], bound.step[binding])]
    inside = inside[~np.isin(bound.parties[bound.party[inside]].astype(str), sorted(bodies))]
    party = bound.parties[bound.party[inside]]
    parties = sorted({*members["party"], *party})
    thing, _ = labelled(members["organisation"])
    return Weights(
        tuple(parties),
        _shared(thing, np.array(members["party"], dtype=object), parties),
        _shared(bound.agreement[inside], party, parties),
    )


def ties(register: Register, at: Moment, parties: Sequence[str] = ()) -> pd.DataFrame:
    """Each two countries that share anything: ``register.ties``, the strongest tie first.

    Raises
    ------
    UnknownKeyError
        If a name is not known; only ties among those named are told, or of the one named.
    """
    found = weights(register, at)
    keys = [register.names.party(text) for text in parties]
    one, other = np.nonzero(np.triu(found.organisations + found.agreements))
    names = np.array(found.parties, dtype=object)
    frame = pd.DataFrame(
        {
            "party": pd.Series(names[one], dtype=str),
            "other": pd.Series(names[other], dtype=str),
            "organisations": found.organisations[one, other],
            "agreements": found.agreements[one, other],
        }
    ).assign(weight=lambda rows: rows["organisations"] + rows["agreements"])
    if keys:
        inside = frame["party"].isin(keys).astype(int) + frame["other"].isin(keys).astype(int)
        frame = frame.loc[inside >= min(len(keys), 2)]
    ordered = frame.sort_values(["weight", "party", "other"], ascending=[False, True, True], kind="stable")
    return outcome_table("register.ties", ordered)


def network(register: Register, days: Sequence[int], known: int) -> pd.DataFrame:
    """The place of every country in the network on some days: ``register.network``.

    Parameters
    ----------
    register
        The register.
    days
        Ordinals.
    known
        Day of knowledge; an ordinal, the same for all days.
    """
    parts = [_on(register, Moment(day, known)) for day in days]
    columns = list(table("register.network", "outcomes").column_names)
    made = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return outcome_table("register.network", made[columns])


def _on(register: Register, at: Moment) -> pd.DataFrame:
    found = weights(register, at)
    weight = found.organisations + found.agreements
    told = pd.DataFrame(
        {
            "day": iso(at.on),
            "party": pd.Series(found.parties, dtype=str),
            "name": pd.Series([register.names.on(key, at.on) for key in found.parties], dtype=str),
            "ties": (weight > 0).sum(axis=1),
            "organisations": found.organisations.sum(axis=1),
            "agreements": found.agreements.sum(axis=1),
            "weight": weight.sum(axis=1),
            "centrality": _centrality(weight),
            "group": _groups(weight),
        }
    )
    return told.sort_values(["centrality", "party"], ascending=[False, True], kind="stable")


def _shared(things: Codes, parties: Labels, order: Sequence[str]) -> Counts:
    """How many things each two parties share."""
    from scipy.sparse import csr_array

    place = {key: n for n, key in enumerate(order)}
    row = np.array([place[key] for key in parties], dtype=np.int64)
    size = (len(order), int(things.max()) + 1 if len(things) else 0)
    present = csr_array((np.ones(len(things), dtype=np.int64), (row, things)), shape=size)
    present.data[:] = 1
    shared: Counts = (present @ present.T).toarray()
    np.fill_diagonal(shared, 0)
    return shared


def _centrality(weight: Counts) -> NDArray[np.float64]:
    """The first eigenvector of the weights, the largest 1; nought where nobody is tied."""
    if not weight.any():
        return np.zeros(len(weight))
    first = np.abs(np.linalg.eigh(weight.astype(float))[1][:, -1])
    scaled: NDArray[np.float64] = first / first.max()
    return scaled


def _groups(weight: Counts) -> Counts:
    """The number of each party's group, the largest group 1; who is tied to nobody is a group alone."""
    import networkx as nx

    graph = nx.from_numpy_array(weight.astype(float))
    found = sorted(nx.community.louvain_communities(graph, seed=SEED), key=lambda some: (-len(some), min(some)))
    group = np.zeros(len(weight), dtype=np.int64)
    for number, some in enumerate(found, start=1):
        group[list(some)] = number
    return group
