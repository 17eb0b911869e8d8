"""Opening hours and storms as intervals: when a calendar is open, from hour 0 to the end of a simulation and beyond."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from karvan.numerics.streams import generator
from karvan.operations.network import Calendar, Opening
from karvan.units import HOURS_PER_DAY

Intervals = NDArray[np.float64]
# Work that goes on beyond the end must find its hours; a whole year holds every season.
BEYOND_H = 8784.0


def _whole(hours: float) -> Intervals:
    """Open always."""
    return np.array([[0.0, hours]])


def without(open_: Intervals, closed: Intervals) -> Intervals:
    """What is left of open intervals where others are closed; both (n, 2), ascending and apart.

    Examples
    --------
    >>> without(np.array([[0.0, 10.0], [12.0, 20.0]]), np.array([[2.0, 3.0], [9.0, 13.0]])).tolist()
    [[0.0, 2.0], [3.0, 9.0], [13.0, 20.0]]
    """
    left = []
    at = 0
    for begin, end in open_.tolist():
        now = begin
        while at < len(closed) and closed[at, 1] <= now:
            at += 1
        look = at
        while look < len(closed) and closed[look, 0] < end:
            if closed[look, 0] > now:
                left.append((now, float(closed[look, 0])))
            now = max(now, float(closed[look, 1]))
            look += 1
        if now < end:
            left.append((now, end))
    return np.array(left).reshape(-1, 2)


def joined(intervals: Intervals) -> Intervals:
    """Intervals put in order, those that meet or overlap made one."""
    kept: list[list[float]] = []
    for begin, end in sorted(intervals.tolist()):
        if kept and begin <= kept[-1][1]:
            kept[-1][1] = max(kept[-1][1], end)
        else:
            kept.append([begin, end])
    return np.array(kept).reshape(-1, 2)


def _days(opening: Opening, first_day: date, hours: float) -> list[float]:
    """Hours at which the local days begin on which a rule holds."""
    count = int(np.ceil(hours / HOURS_PER_DAY)) + 1
    found = []
    for number in range(-1, count):
        day = first_day + timedelta(days=number)
        in_month = not opening.months or day.month in opening.months
        if in_month and (not opening.weekdays or day.isoweekday() in opening.weekdays):
            found.append(number * HOURS_PER_DAY - opening.utc_offset_h)
    return found


def _within(begins: list[float], low: float, high: float, hours: float) -> Intervals:
    """These hours of each day, cut to the time simulated."""
    rows = np.array([(max(begin + low, 0.0), min(begin + high, hours)) for begin in begins]).reshape(-1, 2)
    return joined(rows[rows[:, 1] > rows[:, 0]])


@lru_cache(maxsize=256)
def _days_and_hours(opening: Opening, first_day: date, hours: float) -> tuple[Intervals, Intervals]:
    """The local days on which a rule holds, and its hours of them: without chance, so made once for all draws."""
    begins = _days(opening, first_day, hours)
    days = _within(begins, 0.0, HOURS_PER_DAY, hours)
    held = _within(begins, opening.open_from_h, opening.open_to_h, hours) if opening.kind == "hours" else days
    return days, held


def storms(opening: Opening, hours: float, random: np.random.Generator) -> Intervals:
    """Storms one after another: calm, then storm, both exponential, from a beginning without storm."""
    mean = opening.mean_open_h + opening.mean_closed_h
    count = int(hours / mean + 8.0 * np.sqrt(hours / mean) + 16.0)
    drawn = -np.log1p(-random.random(2 * count)).reshape(count, 2)
    calm, storm = drawn[:, 0] * opening.mean_open_h, drawn[:, 1] * opening.mean_closed_h
    ends = np.cumsum(calm + storm)
    rows = np.column_stack([ends - storm, ends])
    return rows[rows[:, 0] < hours]


def open_intervals(calendar: Calendar, first_day: date, hours: float, seed: int, replication: int) -> Intervals:
    """When a calendar is open, shape (n, 2): ascending hours apart from each other, a year beyond the end included.

    Parameters
    ----------
    calendar
        Rules in order; a later one overrides an earlier one, and storms close whatever is open.
    first_day
        The day at whose midnight (UTC) hour 0 stands.
    hours
        Length of the simulation.
    seed, replication
        Of the storms, whose purpose is the calendar and the number of the rule.

    Examples
    --------
    Open from 8 to 18 local time, three hours ahead of UTC, on weekdays; 1 January 2024 is a Monday:

    >>> hours = Opening("hours", weekdays=(1, 2, 3, 4, 5), open_from_h=8.0, open_to_h=18.0, utc_offset_h=3.0)
    >>> week = Opening("season", weekdays=(6, 7), open=False, utc_offset_h=3.0)
    >>> open_intervals(Calendar("border", (hours, week)), date(2024, 1, 1), 168.0, 1, 0)[4:6].tolist()
    [[101.0, 111.0], [173.0, 183.0]]
    """
    horizon = hours + BEYOND_H
    open_ = _whole(horizon)
    for number, opening in enumerate(calendar.openings, start=1):
        if opening.kind == "storm":
            random = generator(seed, replication, f"calendar {calendar.calendar} rule {number}")
            closed = storms(opening, horizon, random)
            if opening.months:
                days, _ = _days_and_hours(opening, first_day, horizon)
                closed = without(closed, without(_whole(horizon), days))
            open_ = without(open_, closed)
            continue
        days, held = _days_and_hours(opening, first_day, horizon)
        open_ = joined(np.concatenate([without(open_, days), held])) if opening.open else without(open_, held)
    return open_


def open_share_by_day(open_: Intervals, begin_h: float, days: int) -> NDArray[np.float64]:
    """Share of each day that intervals cover, shape (days,), from an hour on.

    Examples
    --------
    >>> open_share_by_day(np.array([[0.0, 6.0], [30.0, 72.0]]), 0.0, 3).tolist()
    [0.25, 0.75, 1.0]
    """
    if not open_.size:
        return np.zeros(days)
    so_far = np.repeat(np.concatenate([[0.0], np.cumsum(open_[:, 1] - open_[:, 0])]), 2)[1:-1]
    edges = begin_h + HOURS_PER_DAY * np.arange(days + 1)
    return np.asarray(np.diff(np.interp(edges, open_.ravel(), so_far)) / HOURS_PER_DAY)
