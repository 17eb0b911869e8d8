"""A year with and without each cable: put in alone, taken out of all, and with plants built anew.

Plants of a year to come are those that an expansion without any of the cables finds; they are held while a cable is put
in or taken out, so that the difference is the cable's own. With plants following, both sides are expansions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
import pypsa

from karvan.corridor.state import State
from karvan.power.build import network, put_in
from karvan.power.failures import failures, without_lines
from karvan.power.results.countries import countries
from karvan.power.results.lines import lines
from karvan.power.results.reading import read
from karvan.power.results.tables import heat_of_gas
from karvan.power.solve import dispatch, expand, fixed

PUT_IN, TAKE_OUT, FOLLOW = "put_in", "take_out", "plants_follow"
MUSD = 1e-6


@dataclass(frozen=True)
class Ran:
    """A year that was run: ``power.countries``, ``power.lines``, and charges of every line in MUSD."""

    countries: pd.DataFrame
    lines: pd.DataFrame
    charges_musd: pd.Series


@dataclass(frozen=True)
class Tried:
    """One cable in one test: the year with it and without; taken out, also the hours in which it fails alone."""

    key: str
    test: str
    after: Ran
    before: Ran
    failures: pd.DataFrame = field(default_factory=pd.DataFrame)


def trials(
    plain: State, alone: Mapping[str, State], together: State, lines_of: Mapping[str, tuple[str, ...]], seed: int,
    *, renewed: bool, follow: bool,
) -> list[Tried]:  # fmt: skip
    """Every cable of a year put in alone; those that stand together taken out one at a time; with plants following.

    Parameters
    ----------
    plain
        The year without any of the cables.
    alone
        The year with one cable, by its key.
    together
        The year with all cables that ``lines_of`` does not leave out.
    lines_of
        Names of the lines of those that stand together, by key.
    seed
        Seed of the weather.
    renewed
        Build plants for the year first, without cables.
    follow
        Try each with plants built anew too.
    """
    free = network(plain, seed=seed)
    fleet = fixed(expand(free)) if renewed else fixed(free)
    before = _ran(plain, fleet)
    found = [Tried(key, PUT_IN, _ran(with_it, put_in(fleet, with_it)), before) for key, with_it in alone.items()]
    if lines_of:
        whole = dispatch(put_in(fleet, together))
        after = _read(together, whole)
        found += [
            Tried(key, TAKE_OUT, after, _ran(together, without_lines(whole, names)), failures(whole, names))
            for key, names in lines_of.items()
        ]
    if follow:
        built = _ran(plain, expand(free))
        found += [Tried(key, FOLLOW, _ran(made, expand(put_in(free, made))), built) for key, made in alone.items()]
    return found


def _ran(state: State, made: pypsa.Network) -> Ran:
    """A network run with its capacities."""
    return _read(state, dispatch(made))


def _read(state: State, solved: pypsa.Network) -> Ran:
    """What a solved network says."""
    reading = read(solved)
    charges = pd.Series(reading.hours @ reading.charges.to_numpy(), reading.ways.index) * MUSD
    return Ran(countries(reading, heat_of_gas(state, reading)), lines(reading), charges)
