"""Power of the years of a run.

Solved when it is asked for, taken from a stored run that rests on the same tables, or left out with the command that
computes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from karvan import __version__
from karvan.corridor.corridor import fingerprint
from karvan.corridor.outcome import Outcome
from karvan.corridor.state import State
from karvan.errors import DataError
from karvan.schema.tables import tables
from karvan.store.outcomes import read_outcome, runs
from karvan.store.runs.manifest import read_manifest
from karvan.store.runs.places import Place

Choice = Literal["", "weeks", "year"]
CHOICES: tuple[Choice, ...] = ("weeks", "year")
SEED = 1
KEY, CHOSEN = "power_key", "power"
_ZONES = "power.buses"
_BESIDE = ("rates", "parameters")


@dataclass(frozen=True)
class Powered:
    """Tables ``power.*`` with what the provenance and the reader are told of them; empty where there is no power."""

    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def powered(states: Sequence[State], choice: Choice = "", stored: Place | None = None) -> Powered:
    """Power of some years.

    Parameters
    ----------
    states
        One a year, levers applied; those without zones or load of the year are left out.
    choice
        ``weeks``: four weeks in steps of three hours; ``year``: every hour, in windows. Empty: only what is stored.
    stored
        The folder of runs where results of the same tables are looked for.
    """
    ready = [state for state in states if _stands(state)]
    if not ready:
        return Powered()
    left = [str(state.year) for state in states if state not in ready]
    told = (f"power of {', '.join(left)} is left out: power/loads.csv has no load of it",) if left else ()
    for asked in (choice,) if choice else reversed(CHOICES):
        key = power_key(ready, asked)
        options = {CHOSEN: asked, KEY: key}
        found = _found(stored, key)
        if found is not None:
            return Powered(found, options, told)
    if not choice:
        return Powered(warnings=(*told, "power is left out: no stored run has it; `karvan run --power weeks` adds it"))
    return Powered(_solved(ready, choice), options, told)


def power_key(states: Sequence[State], choice: str) -> str:
    """A short hash of all that power results rest on: version, years, tables, seed and the hours solved.

    Levers on other tables leave it as it is.
    """
    names = [name for name in tables("inputs") if name.startswith("power.")]
    held = {state.year: [fingerprint(state[name]) for name in (*names, *_BESIDE)] for state in states}
    content = json.dumps([__version__, SEED, choice, repr(states[0].info), held], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _stands(state: State) -> bool:
    return not state[_ZONES].empty and bool((state["power.loads"]["year"] == state.year).any())


def _solved(states: Sequence[State], choice: Choice) -> dict[str, pd.DataFrame]:
    from karvan.power import network
    from karvan.power.horizon import whole_year
    from karvan.power.results.tables import power_tables
    from karvan.power.solve import dispatch, dispatch_in_windows

    made: dict[str, list[pd.DataFrame]] = {}
    for state in states:
        hours = whole_year() if choice == "year" else None
        run = dispatch_in_windows if choice == "year" else dispatch
        for name, frame in power_tables(state, run(network(state, hours, seed=SEED))).items():
            made.setdefault(name, []).append(frame)
    return {name: pd.concat(frames, ignore_index=True) for name, frames in made.items()}


def _found(stored: Place | None, key: str) -> dict[str, pd.DataFrame] | None:
    """The power tables of a stored run with that key; a run that is not whole is passed by."""
    for run in [stored.inside(name) for name in runs(stored)] if stored else []:
        try:
            manifest = read_manifest(run)
            if manifest.provenance.options.get(KEY) == key:
                return _power_of(read_outcome(run, [n for n in manifest.tables if n.startswith("power.")]))
        except DataError:
            continue
    return None


def _power_of(outcome: Outcome) -> dict[str, pd.DataFrame]:
    return {name: frame for name, frame in outcome.tables.items() if name.startswith("power.")}
