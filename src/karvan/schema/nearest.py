"""The nearest name to one that stands nowhere, for remedies."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches


def fold(name: str) -> str:
    """A name without case, accents, or the difference between blanks, hyphens and underscores.

    >>> fold("Poți_Batumi")
    'poti batumi'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(plain.casefold().replace("-", " ").replace("_", " ").split())


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Up to ``most`` known names like this one, the most alike first; empty where none is.

    >>> nearest("lat", ["lon_deg", "lat_deg", "kind"])
    ['lat_deg']
    """
    by_folded: dict[str, str] = {}
    for candidate in known:
        by_folded.setdefault(fold(candidate), candidate)
    folded = fold(name)
    close = get_close_matches(folded, by_folded, n=most, cutoff=0.6)
    starts = [other for other in by_folded if folded and other.startswith(folded) and other not in close]
    return [by_folded[other] for other in (close + starts)[:most]]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A remedy that names the nearest known name, or nothing.

    >>> did_you_mean("place", ["places", "links"])
    "did you mean 'places'?"
    """
    found = nearest(name, known, most=1)
    return f"did you mean {found[0]!r}?" if found else ""
