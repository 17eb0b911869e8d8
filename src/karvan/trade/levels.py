"""Values of effects, level by level, told from what remains of the equation once the terms are taken off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.errors import NotConvergedError

Floats = NDArray[np.float64]
Levels = tuple[NDArray[np.int64], list[str]]
CLOSE = 1e-5
MOST_STEPS = 20_000


def level_codes(frame: pd.DataFrame, name: str) -> Levels:
    """The level of each row as a number, and the names of the levels: values joined by ``^`` as the columns are.

    >>> codes, names = level_codes(pd.DataFrame({"exporter": ["B", "A"], "year": [2006, 2006]}), "exporter^year")
    >>> codes.tolist(), names
    ([1, 0], ['A^2006', 'B^2006'])
    """
    code, parts = np.zeros(len(frame), dtype=np.int64), []
    for part in name.split("^"):
        each, values = pd.factorize(frame[part], sort=True)
        parts.append([str(value) for value in values])
        code = code * len(values) + each
    found, codes = np.unique(code, return_inverse=True)
    names = []
    for level in found.tolist():
        words, left = [], level
        for words_of_part in reversed(parts):
            left, at = divmod(left, len(words_of_part))
            words.append(words_of_part[at])
        names.append("^".join(reversed(words)))
    return codes, names


def told_by_levels(flow: Floats, levels: Sequence[NDArray[np.int64]]) -> NDArray[np.bool_]:
    """Which rows a level tells whole: all trade of the level is zero, so that its value would be minus infinity.

    Rows that are told leave other levels with less; it is asked again until nothing more is.

    >>> told_by_levels(np.array([0.0, 0.0, 2.0]), [np.array([0, 0, 1])]).tolist()
    [True, True, False]
    """
    told = np.zeros(flow.size, dtype=bool)
    while True:
        before = int(told.sum())
        for codes in levels:
            told |= np.bincount(codes, np.where(told, 0.0, flow))[codes] == 0.0
        if int(told.sum()) == before:
            return told


def effect_levels(levels: Mapping[str, Levels], rest: Floats) -> dict[str, pd.Series]:
    """The value of every level of every effect, such that the sum over a row's levels is ``rest``.

    The first effect holds the level; of each further one the first level by name is 0 and stands as such. Where the
    rows fall into parts that share no level, each part has one such free shift, and least squares takes the smallest.

    Parameters
    ----------
    levels
        By effect, the level of each row that took part, and the names of levels, as :func:`level_codes` gives them;
        levels without a row are left out.
    rest
        Shape (rows,): log of fitted trade less the terms.

    Raises
    ------
    NotConvergedError
        The levels do not add up to ``rest`` within 1e-5.
    """
    if not levels:
        return {}
    from scipy.sparse import csr_array, hstack
    from scipy.sparse.linalg import lsqr

    rows, blocks, names = np.arange(rest.size), [], []
    for at, (codes, every) in enumerate(levels.values()):
        present = np.flatnonzero(np.bincount(codes, minlength=len(every)))
        place = np.full(len(every), -1, dtype=np.int64)
        place[present] = np.arange(present.size)
        whole = csr_array((np.ones(rest.size), (rows, place[codes])), shape=(rest.size, present.size))
        blocks.append(whole if at == 0 else whole[:, 1:])
        names.append([every[level] for level in present.tolist()])
    matrix = hstack(blocks, format="csr")
    values = lsqr(matrix, rest, atol=1e-13, btol=1e-13, iter_lim=MOST_STEPS)[0]
    off = float(np.max(np.abs(matrix @ values - rest)))
    if off > CLOSE:
        raise NotConvergedError(f"values of the effects miss the fitted logarithms by up to {off:.2g}")
    told, start = {}, 0
    for at, (effect, found) in enumerate(zip(levels, names, strict=True)):
        free = len(found) - (at > 0)
        part = values[start : start + free]
        told[effect] = pd.Series(part if at == 0 else np.concatenate([[0.0], part]), index=found, name=effect)
        start += free
    return told
