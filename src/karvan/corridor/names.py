"""Finding a place, a country or a body by what people type."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

from karvan.errors import UnknownKeyError
from karvan.schema.nearest import nearest

_MOST_NEAR = 3


class Named(NamedTuple):
    """A key, the name that is shown, and whatever else people may call it."""

    key: str
    name: str
    others: Sequence[str] = ()


def find_place(places: pd.DataFrame, text: str) -> str:
    """The key of the place that a text names: by key, UN/LOCODE, name or alias.

    Parameters
    ----------
    places
        The table of that name.
    text
        What was typed; read as :func:`find_key` does.

    Raises
    ------
    UnknownKeyError
        If no place matches (near ones are suggested) or several do (they are listed).
    """
    rows = places.itertuples(index=False)
    return find_key(
        text, "place", [Named(str(r.place), str(r.name), (str(r.unlocode), *str(r.aliases).split("|"))) for r in rows]
    )


def find_key(text: str, what: str, among: Iterable[Named]) -> str:
    """The key of the one thing that a text names.

    Case, accents, apostrophes, blanks, hyphens and marks of direction make no difference. A part of a name is enough
    where only one thing has it.

    Parameters
    ----------
    text
        What was typed.
    what
        What is looked for, for the message.
    among
        All that may be meant.

    Raises
    ------
    UnknownKeyError
        If nothing matches (near ones are suggested) or several do (they are listed).

    >>> find_key("old name", "body", [Named("NEW", "New Name", ("Old Name",)), Named("X", "Other")])
    'NEW'
    """
    wanted = folded(text)
    if not wanted:
        raise UnknownKeyError(f"the name of a {what} is empty")
    everything = list(among)
    names: dict[str, dict[str, str]] = {}
    for one in everything:
        for name in filter(None, (one.key, one.name, *one.others)):
            names.setdefault(folded(name), {})[one.key] = one.name
    found = dict(names.get(wanted, {}))
    if not found:
        for written, keys in names.items():
            if len(wanted) > 2 and wanted in written:
                found.update(keys)
    if len(found) == 1:
        return next(iter(found))
    if found:
        listed = ", ".join(f"{name} ({key})" for key, name in sorted(found.items()))
        raise UnknownKeyError(f"{text!r} is more than one {what}: {listed}; name one by its key")
    near = _near(text, everything)
    hint = f"did you mean {', '.join(near)}?" if near else "the tables of the corridor list what there is"
    raise UnknownKeyError(f"no {what} is called {text!r}; {hint}")


def folded(name: str) -> str:
    """Letters and digits only, without case and accents.

    >>> folded("Türkiye's") == folded("TURKIYES")
    True
    """
    plain = unicodedata.normalize("NFKD", name).casefold().replace("\u0131", "i")
    return "".join(c for c in plain if c.isalnum())


def _near(text: str, among: Sequence[Named]) -> list[str]:
    """Names like a text as a whole, else those of which a word is like it."""
    names = [one.name for one in among]
    whole = nearest(text, [*names, *(one.key for one in among)])
    if whole:
        return whole
    words = nearest(text, {word for name in names for word in name.split()}, most=1)
    return [name for name in names if set(words) & set(name.split())][:_MOST_NEAR]
