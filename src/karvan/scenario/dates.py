"""Years and days: how long something is in force in one year.

Dates are those of :mod:`karvan.schema.dates`: a year or month stands for its first day as a beginning and for its last
as an end, both inclusive; an empty date has no end. Days are counted by the calendar, leap days included.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor
from karvan.schema.dates import Days, first_days, last_days


def horizon(corridor: Corridor) -> tuple[int, int]:
    """The first and last calendar year of which a corridor says anything.

    It begins with the record or, where that is earlier, with demand, and ends with the last year of growth, of demand
    or of the record, whichever is latest. A lever that acts in none of these years changes nothing.
    """
    info, demanded, grown = corridor.info, corridor["demand"]["year"].dropna(), corridor["growth"]["to_year"].dropna()
    years = [info.first_year, info.last_year, info.base_year, *demanded.unique(), *grown.unique()]
    return int(min(years)), int(max(years))


def days_of(year: int) -> int:
    """Days in a year.

    >>> days_of(2023), days_of(2024)
    (365, 366)
    """
    return date(year, 12, 31).toordinal() - date(year, 1, 1).toordinal() + 1


def days_in_force(first: Days, last: Days, year: int) -> Days:
    """Days of the year that each span ``first..last`` (ordinals, inclusive) covers, 0 to 366.

    >>> from karvan.schema.dates import first_day, last_day
    >>> days_in_force(np.array([first_day("2024-07-01")]), np.array([last_day("")]), 2024).tolist()
    [184]
    """
    start, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    covered: Days = np.minimum(last, end) - np.maximum(first, start) + 1
    return np.maximum(covered, 0)


def most_of_year(days: Days, year: int) -> NDArray[np.bool_]:
    """The half-year rule: what cannot be shared out is in force in a year when so for at least half its days.

    >>> most_of_year(np.array([182, 183]), 2023).tolist()
    [False, True]
    """
    half: NDArray[np.bool_] = 2 * days >= days_of(year)
    return half


def in_force(starts: list[str], ends: list[str], year: int) -> NDArray[np.bool_]:
    """Which rows with these dates hold in the year, by the half-year rule.

    >>> in_force(["2017-10-30", "2024-05-20", ""], ["", "", "2019"], 2024).tolist()
    [True, True, False]
    """
    return most_of_year(days_in_force(first_days(starts), last_days(ends), year), year)
