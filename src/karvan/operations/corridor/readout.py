"""What one replication says: times of groups of consignments, and what happened at every queue, as small arrays.

A replication leaves a row for each consignment; hundreds of them would not fit into memory, so each is read at once.
Those who set out within the year count, and the year is followed by some weeks in which they may arrive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.operations.corridor.build import ROUND, RUN, Built, added_hours
from karvan.operations.corridor.journeys import queue_of
from karvan.units import HOURS_PER_DAY

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Integers = NDArray[np.int64]
TIMES = ("total", "moving", "waiting", "handling", "border")
COUNT, MEAN, SD, P50, P80, P95 = range(6)
STATISTICS = 6
QUANTILES = (0.5, 0.8, 0.95)
ALL = "all"
# Groups are sorted as one array: each lies this many hours above the one before.
_APART = float(1 << 20)


@dataclass(frozen=True)
class Groups:
    """Groups of tallies that are told together.

    ``rows`` names them: service (a chain, two ends, a train or a stretch) and commodity. ``of_tally`` (memberships,
    tallies) is the group of each tally in every way of grouping, -1 where it has none; ``added_h`` (tallies, 4) what is
    added to total, moving, handling and border hours of each.
    """

    rows: pd.DataFrame
    of_tally: Integers
    added_h: Floats


@dataclass(frozen=True)
class Reading:
    """One replication, read.

    ``times`` (groups, 5 times, 6 statistics) and ``daily`` (queues, days of warm-up and of the year, 3: mean
    consignments waiting, those who came, their mean wait) in single precision, since hundreds of replications are held
    together; ``on_time`` (trains,) share; ``rounds_h`` (ships' services,) mean round; ``queues`` (queues, 5): served,
    sums of waits and of their squares, units loaded, those who waited at all; ``open_share`` (calendars, days of the
    year): share of each day that hours and storms leave open; ``events`` of the replication.
    """

    times: Singles
    on_time: Floats
    rounds_h: Floats
    queues: Floats
    daily: Singles
    open_share: Floats
    events: int


def groups(built: Built, tallies: Sequence[str]) -> Groups:
    """The groups of a network: every chain, every pair of ends that is a journey, trains and stretches."""
    number = {name: at for at, name in enumerate(tallies)}
    rows: dict[tuple[str, str], int] = {}
    of_tally = np.full((3, len(tallies)), -1, dtype=np.int64)
    added = np.zeros((len(tallies), 4))

    def group(service: str, commodity: str) -> int:
        return rows.setdefault((service, commodity), len(rows))

    for at, journey in enumerate(built.journeys):
        tally = number[str(at)]
        added[tally] = added_hours(journey)
        of_tally[0, tally] = group(journey.chain, journey.commodity)
        if journey.origin:
            of_tally[1, tally] = group(f"{journey.origin} > {journey.destination}", journey.commodity)
            of_tally[2, tally] = group(f"{journey.origin} > {journey.destination}", ALL)
    for name in built.stretches:
        of_tally[0, number[name]] = group(name, ALL)
    for train in built.scheduled_h:
        of_tally[0, number[f"{RUN} {train}"]] = group(train, ALL)
    named = pd.DataFrame(list(rows), columns=["service", "commodity"])
    return Groups(named, of_tally, added)


def ships(built: Built) -> list[str]:
    """Services whose vehicles go round, in order."""
    return [s.key for s in built.services if not s.stands and not s.is_train]


def queues(built: Built) -> list[str]:
    """Keys of all queues, in the order of the services."""
    return [queue.queue for queue in built.network.queues]


@dataclass(frozen=True)
class Tallied:
    """Rows of a replication's tallies: name, begin, end, and the hours moving, handled and at borders."""

    name: Integers
    begin: Floats
    end: Floats
    parts: Floats


def times_of(tallied: Tallied, grouped: Groups, begin: float, end: float) -> Singles:
    """Times of every group, shape (groups, 5, 6): count, mean, standard deviation and three quantiles of each time.

    Those count who set out in ``[begin, end)``, hours.
    """
    within = np.flatnonzero((tallied.begin >= begin) & (tallied.begin < end))
    name = tallied.name[within]
    # A row a time: what is worked on lies together.
    more_total, more_moving, more_handling, more_border = np.take(grouped.added_h.T, name, axis=1)
    moving, handling, border = np.take(tallied.parts, within, axis=0).T.copy()
    total = tallied.end[within] - tallied.begin[within] + more_total
    moving, handling, border = moving + more_moving, handling + more_handling, border + more_border
    values = (total, moving, total - moving - handling - border, handling, border)
    result = np.full((len(grouped.rows), len(TIMES), STATISTICS), np.nan, dtype=np.float32)
    result[:, :, COUNT] = 0.0
    # Small whole numbers are sorted by counting, ten times as fast.
    kept = np.int16 if len(grouped.rows) <= np.iinfo(np.int16).max else np.int64
    for way in grouped.of_tally.astype(kept):
        group = way[name]
        order = np.argsort(group, kind="stable")
        order = order[np.searchsorted(group[order], 0) :]
        if not order.size:
            continue
        sorted_group = group[order].astype(np.int64)
        starts = np.flatnonzero(np.concatenate([[True], sorted_group[1:] != sorted_group[:-1]]))
        counts, apart = np.diff(np.append(starts, sorted_group.size)), sorted_group * _APART
        for time, each in enumerate(values):
            result[sorted_group[starts], time] = _statistics(each[order], apart, starts, counts)
    return result


def _statistics(values: Floats, apart: Floats, starts: Integers, counts: Integers) -> Floats:
    """Count, mean, deviation and quantiles of each run of equal groups, shape (runs, 6).

    ``apart`` is added to sort all runs at once, each above the one before.
    """
    mean = np.add.reduceat(values, starts) / counts
    squares = np.add.reduceat((values - np.repeat(mean, counts)) ** 2, starts)
    ordered = np.sort(values + apart) - apart
    found = [counts.astype(np.float64), mean, np.sqrt(squares / np.maximum(counts - 1, 1))]
    for share in QUANTILES:
        place = share * (counts - 1)
        low = np.floor(place).astype(np.int64)
        high = np.minimum(low + 1, counts - 1)
        rest = place - low
        found.append(ordered[starts + low] * (1.0 - rest) + ordered[starts + high] * rest)
    return np.stack(found, axis=1)


def on_time(tallied: Tallied, built: Built, tallies: Sequence[str]) -> Floats:
    """Share of the runs of each train that take no longer than its timetable; missing where it tells no arrival."""
    found = []
    for train, scheduled in built.scheduled_h.items():
        runs = tallied.name == tallies.index(f"{RUN} {train}")
        hours = tallied.end[runs] - tallied.begin[runs]
        known = hours.size and np.isfinite(scheduled)
        found.append(float((hours <= scheduled).mean()) if known else np.nan)
    return np.array(found)


def rounds(tallied: Tallied, built: Built, tallies: Sequence[str]) -> Floats:
    """Mean hours of a round of each service's ships."""
    found = []
    for key in ships(built):
        rows = tallied.name == tallies.index(f"{ROUND} {key}")
        found.append(float((tallied.end[rows] - tallied.begin[rows]).mean()) if rows.any() else np.nan)
    return np.array(found)


def daily_of(periods: Floats, days: int) -> Singles:
    """Queues by day, shape (queues, days, 3), from sums by day: integral of the queue, those who came, their waits."""
    chosen = periods[:, :days]
    came = chosen[:, :, 1]
    waits = np.divide(chosen[:, :, 2], came, out=np.zeros_like(came), where=came > 0)
    return np.stack([chosen[:, :, 0] / HOURS_PER_DAY, came, waits], axis=2, dtype=np.float32)


def sides_of(built: Built) -> dict[str, tuple[str, bool]]:
    """The service of each queue and whether it is the one back."""
    found = {}
    for service in built.services:
        if service.is_berth:
            continue
        found[queue_of(service)] = (service.key, False)
        if not service.stands and not service.is_train:
            found[queue_of(service, back=True)] = (service.key, True)
    return found
