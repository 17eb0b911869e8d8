"""Where ships are over time, read from the events of one replication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from karvan.operations.corridor.build import LANDED, ROUND

START, END = 0.0, 1.0


@dataclass(frozen=True)
class Track:
    """One ship between the two ends of its line: hours and places (0 where its link starts, 1 where it ends)."""

    ship: int
    hours: tuple[float, ...]
    places: tuple[float, ...]


def tracks(events: pd.DataFrame, service: str) -> list[Track]:
    """The tracks of all ships of a service, from when each first lands; it lies still where it does not sail.

    Parameters
    ----------
    events
        ``operations.events`` of one replication.
    service
        A service with ships.
    """
    own = events.loc[events["process"] == service]
    found = []
    for ship, rows in own.groupby("entity", sort=True):
        hours, steps, names = (rows[column].tolist() for column in ("hour", "step", "names"))
        made = _track(int(str(ship)), hours, list(zip(steps, names, strict=True)), service)
        if len(made.hours) > 1:
            found.append(made)
    return found


def _track(ship: int, hours: Sequence[float], steps: Sequence[tuple[str, str]], service: str) -> Track:
    """A ship's departures and landings: it sails from the event before each landing."""
    times: list[float] = []
    places: list[float] = []
    for at, step in enumerate(steps):
        landing = {("Mark", LANDED): END, ("Tally", f"{ROUND} {service}"): START}.get(step)
        if landing is None or at == 0:
            continue
        times += [hours[at - 1], hours[at]]
        places += [START + END - landing, landing]
    return Track(ship, tuple(times), tuple(places))
