"""Countries and bodies under all their names: earlier ones, other alphabets, codes that have changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.names import Named, find_key
from karvan.errors import UnknownKeyError
from karvan.register.lists import items_of
from karvan.schema.dates import first_day


@dataclass(frozen=True)
class Names:
    """Names of parties.

    Parameters
    ----------
    current
        Key of today by each code or name that stood before it.
    shown
        Name by key.
    before
        Name by key as it was before a day (ordinal), where it was changed.
    countries, bodies
        What people may call each country and organisation.
    """

    current: Mapping[str, str]
    shown: Mapping[str, str]
    before: Mapping[str, tuple[int, str]]
    countries: tuple[Named, ...]
    bodies: tuple[Named, ...]

    def key(self, code: str) -> str:
        """The key of today for a code as it stands in a table."""
        return self.current.get(code, code)

    def on(self, key: str, day: int) -> str:
        """How a party was called on a day (ordinal); its key where it has no name."""
        changed, name = self.before.get(key, (0, ""))
        return name if day < changed else self.shown.get(key, key)

    def body(self, text: str) -> str:
        """The organisation that a text names.

        Raises
        ------
        UnknownKeyError
            If none or several are meant.
        """
        return find_key(text, "organisation", self.bodies)

    def party(self, text: str) -> str:
        """The country or organisation that a text names.

        Raises
        ------
        UnknownKeyError
            If none or several are meant.
        """
        return find_key(text, "country or organisation", (*self.countries, *self.bodies))

    def is_party(self, text: str) -> bool:
        """Whether exactly one country or organisation has this name."""
        try:
            return bool(self.party(text))
        except UnknownKeyError:
            return False


def names_of(corridor: Corridor, parties: Iterable[str] = ()) -> Names:
    """The names of a corridor's countries and organisations, and of other parties by their key alone."""
    countries = tuple(
        Named(str(row.country), str(row.name), (*items_of(row.aliases), *items_of(row.earlier_codes)))
        for row in corridor["countries"].itertuples(index=False)
    )
    bodies = tuple(
        Named(str(row.organisation), str(row.name), (*items_of(row.earlier_names), *items_of(row.aliases)))
        for row in corridor["organisations"].itertuples(index=False)
    )
    known = {one.key for one in (*countries, *bodies)}
    codes = corridor["countries"]
    current = {old: str(key) for key, cell in zip(codes["country"], codes["earlier_codes"], strict=True)
               for old in items_of(cell)}  # fmt: skip
    current |= {name: one.key for one in bodies for name in one.others if name not in known}
    loose = sorted({current.get(party, party) for party in parties} - known)
    shown = {one.key: one.name for one in (*countries, *bodies)}
    return Names(current, shown, _renamed(corridor["organisations"]), (*countries, *map(_alone, loose)), bodies)


def _alone(key: str) -> Named:
    return Named(key, key)


def _renamed(bodies: pd.DataFrame) -> dict[str, tuple[int, str]]:
    rows = bodies.loc[(bodies["renamed"] != "") & (bodies["earlier_names"] != "")]
    return {
        str(row.organisation): (first_day(str(row.renamed)), items_of(row.earlier_names)[0])
        for row in rows.itertuples(index=False)
    }
