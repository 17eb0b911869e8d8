"""Who brought which part of a difference: Shapley's value over the owners of levers that differ.

The owners that only the plan has, and those that only the base has, are players; a coalition is the base with these
owners as in the plan. With few players every coalition is solved and the parts add up exactly (Shapley 1953, A value
for n-person games). With many, an owner's part is the mean of what it brings when it comes first and when it comes
last, and what is left stands in a row of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

MOST_EXACT = 6
REMAINDER = "remainder"
Coalition = frozenset[str]


@dataclass(frozen=True)
class Parts:
    """Parts of a difference: one column a player and, where they do not add up, one named ``remainder``.

    ``method`` is ``shapley`` or ``first and last``.
    """

    parts: pd.DataFrame
    method: str


def attribute(players: Sequence[str], value: Callable[[Coalition], pd.Series], most_exact: int = MOST_EXACT) -> Parts:
    """Split the difference between all players and none.

    Parameters
    ----------
    players
        Names.
    value
        The measures of a coalition; coalitions are asked for from small to large, each once.
    most_exact
        Up to so many players all 2^n coalitions are valued.

    Returns
    -------
    Parts
        Rows as the index of the values; over its columns they add up to ``value(all) - value(none)``.

    >>> worth = {frozenset(): 0.0, frozenset("a"): 1.0, frozenset("b"): 2.0, frozenset("ab"): 5.0}
    >>> split = attribute("ab", lambda names: pd.Series({"welfare": worth[names]}))
    >>> split.parts.loc["welfare"].to_dict(), split.method
    ({'a': 2.0, 'b': 3.0}, 'shapley')
    """
    if len(players) <= most_exact:
        return Parts(_shapley(players, value), "shapley")
    return Parts(_first_and_last(players, value), "first and last")


def coalitions(players: Sequence[str]) -> list[Coalition]:
    """Every coalition, small ones first."""
    every = [frozenset(p for n, p in enumerate(players) if bits >> n & 1) for bits in range(1 << len(players))]
    return sorted(every, key=lambda coalition: (len(coalition), sorted(coalition)))


def _shapley(players: Sequence[str], value: Callable[[Coalition], pd.Series]) -> pd.DataFrame:
    order = coalitions(players)
    number = {coalition: n for n, coalition in enumerate(order)}
    table = _aligned([value(coalition) for coalition in order])
    worth = table.to_numpy(dtype=float)
    size = len(players)
    weight = [factorial(n) * factorial(size - n - 1) / factorial(size) for n in range(size)]
    parts = {
        player: sum(
            (weight[len(c)] * (worth[:, number[c | {player}]] - worth[:, number[c]]) for c in order if player not in c),
            start=np.zeros(len(table)),
        )
        for player in players
    }
    return pd.DataFrame(parts, index=table.index)


def _first_and_last(players: Sequence[str], value: Callable[[Coalition], pd.Series]) -> pd.DataFrame:
    everyone = frozenset(players)
    asked = [frozenset(), *(frozenset({p}) for p in players), *(everyone - {p} for p in players), everyone]
    table = _aligned([value(coalition) for coalition in asked])
    worth = table.to_numpy(dtype=float)
    first, last = worth[:, 1 : len(players) + 1], worth[:, len(players) + 1 : -1]
    whole: NDArray[np.float64] = worth[:, -1] - worth[:, 0]
    mean = ((first - worth[:, :1]) + (worth[:, -1:] - last)) / 2.0
    parts = pd.DataFrame(mean, index=table.index, columns=list(players))
    return parts.assign(**{REMAINDER: whole - mean.sum(axis=1)})


def _aligned(values: list[pd.Series]) -> pd.DataFrame:
    """One column a value; a measure that a coalition lacks is 0 there."""
    return pd.concat(dict(enumerate(values)), axis=1).fillna(0.0)


def moved(base: Mapping[str, object], plan: Mapping[str, object]) -> tuple[str, ...]:
    """Players of two sets of owners: those that only the plan has, then those that only the base has.

    >>> moved({"history": 1, "shock:RED": 1}, {"history": 1, "project:PORT": 1})
    ('project:PORT', 'shock:RED')
    """
    return (*sorted(set(plan) - set(base)), *sorted(set(base) - set(plan)))
