"""Items gathered to lists by a key, for many keys at once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SEPARATOR = "|"
Codes = NDArray[np.int64]
Labels = NDArray[np.object_]


def labelled(texts: Iterable[str]) -> tuple[Codes, Labels]:
    """Codes of texts, and the texts in alphabetical order that the codes stand for; shapes (n,) and (k,).

    >>> codes, labels = labelled(["b", "a", "b"])
    >>> codes.tolist(), labels.tolist()
    ([1, 0, 1], ['a', 'b'])
    """
    codes, labels = pd.factorize(np.array(list(texts), dtype=object), sort=True)
    return codes.astype(np.int64), np.asarray(labels, dtype=object)


def gathered(keys: Codes, items: Codes, labels: Labels) -> tuple[Codes, list[str]]:
    """The items of each key, none twice, in the order of their labels, joined by ``|``.

    Parameters
    ----------
    keys, items
        Codes; shape (n,), not negative.
    labels
        Texts that the codes of items stand for; shape (k,).

    Returns
    -------
    tuple
        Keys that occur, ascending, and a list for each.

    >>> found = gathered(np.array([7, 3, 7]), np.array([1, 0, 0]), np.array(["a", "b"], dtype=object))
    >>> found[0].tolist(), found[1]
    ([3, 7], ['a', 'a|b'])
    """
    if not len(keys):
        return np.zeros(0, dtype=np.int64), []
    pairs = np.sort(keys * len(labels) + items)
    key, item = np.divmod(pairs[np.append(True, pairs[1:] != pairs[:-1])], len(labels))
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
    texts = labels[item].tolist()
    bounds = [*starts.tolist(), len(texts)]
    return key[starts], [SEPARATOR.join(texts[a:b]) for a, b in pairwise(bounds)]


def joined(keys: Iterable[str], items: Iterable[str]) -> dict[str, str]:
    """The items of each key in alphabetical order, none twice, joined by ``|``.

    >>> joined(["x", "y", "x", "x"], ["b", "a", "a", "b"])
    {'x': 'a|b', 'y': 'a'}
    """
    key, named = labelled(keys)
    found, lists = gathered(key, *labelled(items))
    return dict(zip(named[found].tolist(), lists, strict=True))


def items_of(cell: object) -> list[str]:
    """The items of a list as a cell holds it.

    >>> items_of("a|b"), items_of("")
    (['a', 'b'], [])
    """
    return [item for item in str(cell).split(SEPARATOR) if item]
