"""Hours that are solved: a whole year, or weeks that stand for it.

All times are UTC and name the beginning of an hour; a year has 8,760 of them, the 29th of February is left out. Four
weeks, each around the middle of a quarter, stand for a quarter of the year each; steps of several hours hold means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.errors import RangeError
from karvan.units import HOURS_PER_YEAR

HOURS = int(HOURS_PER_YEAR)
HOURS_PER_WEEK = 168
DEFAULT_STEP_H = 3


@dataclass(frozen=True)
class Horizon:
    """Which hours of a year are solved and what each stands for.

    ``starts`` are the positions, 0 to 8,759, of the first hours of the blocks of ``block_h`` hours; every block is cut
    into steps of ``step_h``. Each step weighs ``step_h`` hours in a store and 8,760 / steps in costs and energy: the
    weights of all steps add up to a year.
    """

    starts: tuple[int, ...]
    block_h: int
    step_h: int

    def __post_init__(self) -> None:
        if self.step_h < 1 or self.block_h % self.step_h:
            raise RangeError(f"a step of {self.step_h} h does not divide a block of {self.block_h} h; try 1, 2 or 3")
        if not self.starts or min(self.starts) < 0 or max(self.starts) + self.block_h > HOURS:
            raise RangeError(f"blocks of {self.block_h} h have to lie within the {HOURS} hours of the year")

    @property
    def steps(self) -> int:
        """How many snapshots are solved."""
        return len(self.starts) * self.block_h // self.step_h

    @property
    def first_hours(self) -> NDArray[np.intp]:
        """Position in the year of the first hour of every step, in order."""
        within = np.arange(0, self.block_h, self.step_h)
        return np.concatenate([start + within for start in self.starts])


def whole_year(step_h: int = 1) -> Horizon:
    """All hours of the year.

    >>> whole_year().steps
    8760
    """
    return Horizon((0,), HOURS, step_h)


def weeks(step_h: int = DEFAULT_STEP_H, count: int = 4) -> Horizon:
    """Weeks around the middle of equal parts of the year: for four, of January, April, July and October or near.

    >>> weeks().steps
    224
    """
    if not 1 <= count <= HOURS // HOURS_PER_WEEK:
        raise RangeError(f"{count} weeks: a year holds 1 to {HOURS // HOURS_PER_WEEK} of them")
    # The first part is centred on the middle of the coldest month, half a month into the year.
    shift = HOURS // 24
    centres = [shift + part * HOURS // count for part in range(count)]
    starts = tuple(24 * ((centre - HOURS_PER_WEEK // 2) // 24) for centre in centres)
    return Horizon(starts, HOURS_PER_WEEK, step_h)


def hours_of(year: int) -> pd.DatetimeIndex:
    """The 8,760 hours of a year, UTC, without the 29th of February."""
    hours = pd.date_range(f"{year}-01-01", periods=HOURS + 24, freq="h")
    kept = (hours.year == year) & ~((hours.month == 2) & (hours.day == 29))
    return hours[kept]


def snapshots_of(horizon: Horizon, year: int) -> pd.DatetimeIndex:
    """The beginnings of the steps."""
    return hours_of(year)[horizon.first_hours]


def means_of_steps(hourly: pd.DataFrame, horizon: Horizon) -> pd.DataFrame:
    """Hourly values as means of the steps, each column scaled to keep its mean of the year.

    What stands for a year has to hold the year's energy: a column with mean m over 8,760 hours has weighted mean m over
    the steps. A column whose steps are all zero stays so. Shares of capacity may rise above 1 by the scaling; whoever
    reads them as such cuts them there.

    Parameters
    ----------
    hourly
        8,760 rows.
    horizon
        Blocks and steps.

    Returns
    -------
    DataFrame
        One row a step, index 0..steps-1, same columns.
    """
    values = hourly.to_numpy(dtype=np.float64)
    rows = horizon.first_hours[:, None] + np.arange(horizon.step_h)[None, :]
    means = values[rows].mean(axis=1)
    held = means.mean(axis=0)
    factor = np.divide(values.mean(axis=0), held, out=np.ones_like(held), where=held > 0)
    return pd.DataFrame(means * factor, columns=hourly.columns)
