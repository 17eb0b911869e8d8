"""Items gathered to lists by a key, for many keys at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable

SEPARATOR = "|"


def joined(keys: Iterable[Hashable], items: Iterable[str]) -> dict[Hashable, str]:
    """The items of each key in order, none twice, joined by ``|``.

    >>> joined(["x", "y", "x", "x"], ["b", "a", "a", "b"])
    {'x': 'a|b', 'y': 'a'}
    """
    found: defaultdict[Hashable, set[str]] = defaultdict(set)
    for key, item in zip(keys, items, strict=True):
        found[key].add(item)
    return {key: SEPARATOR.join(sorted(some)) for key, some in found.items()}


def items_of(cell: object) -> list[str]:
    """The items of a list as a cell holds it.

    >>> items_of("a|b"), items_of("")
    (['a', 'b'], [])
    """
    return [item for item in str(cell).split(SEPARATOR) if item]
