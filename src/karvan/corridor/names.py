"""Finding a place by what people type."""

from __future__ import annotations

import unicodedata

import pandas as pd

from karvan.errors import UnknownKeyError
from karvan.schema.nearest import nearest

_MOST_NEAR = 3


def find_place(places: pd.DataFrame, text: str) -> str:
    """The key of the place that a text names: by key, UN/LOCODE, name or alias.

    Case, accents, apostrophes, blanks and hyphens make no difference. A part of a name is enough where only one place
    has it.

    Parameters
    ----------
    places
        The table of that name.
    text
        What was typed.

    Raises
    ------
    UnknownKeyError
        If no place matches (near ones are suggested) or several do (they are listed).
    """
    wanted = _folded(text)
    if not wanted:
        raise UnknownKeyError("the name of a place is empty")
    names: dict[str, dict[str, str]] = {}
    for row in places.itertuples(index=False):
        for name in (str(row.place), str(row.unlocode), str(row.name), *str(row.aliases).split("|")):
            if name:
                names.setdefault(_folded(name), {})[str(row.place)] = str(row.name)
    found = dict(names.get(wanted, {}))
    if not found:
        for folded, keys in names.items():
            if len(wanted) > 2 and wanted in folded:
                found.update(keys)
    if len(found) == 1:
        return next(iter(found))
    if found:
        listed = ", ".join(f"{name} ({key})" for key, name in sorted(found.items()))
        raise UnknownKeyError(f"{text!r} is more than one place: {listed}; name one by its key")
    near = _near(text, places)
    hint = f"did you mean {', '.join(near)}?" if near else "`places` lists what there is"
    raise UnknownKeyError(f"no place is called {text!r}; {hint}")


def _near(text: str, places: pd.DataFrame) -> list[str]:
    """Names like a text as a whole, else those of which a word is like it."""
    names = places["name"].astype(str).tolist()
    whole = nearest(text, [*names, *places["place"].tolist()])
    if whole:
        return whole
    words = nearest(text, {word for name in names for word in name.split()}, most=1)
    return [name for name in names if set(words) & set(name.split())][:_MOST_NEAR]


def _folded(name: str) -> str:
    """Letters and digits only, without case and accents."""
    plain = unicodedata.normalize("NFKD", name).casefold().replace("\u0131", "i")
    return "".join(c for c in plain if c.isalnum())
