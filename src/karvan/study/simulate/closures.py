"""When the calendars of a simulated year were closed, storms as they were drawn: what explains ships that lie still."""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan.corridor.outcome import outcome_table
from karvan.operations.corridor.replicate import Year, openings
from karvan.operations.opening import Intervals

NAME = "operations.closures"


def closure_rows(year: Year, seed: int, replication: int) -> pd.DataFrame:
    """``operations.closures``: every closed stretch of every calendar in one replication, in order.

    Parameters
    ----------
    year
        A year ready to run.
    seed, replication
        Of its storms.
    """
    frames = []
    for calendar, opened in zip(year.program.network.calendars, openings(year, seed, replication), strict=True):
        closed = between(opened, year.days.span.hours)
        frames.append(pd.DataFrame({
            "replication": replication, "calendar": calendar.calendar, "number": np.arange(1, len(closed) + 1),
            "from_hour": closed[:, 0], "to_hour": closed[:, 1],
        }))  # fmt: skip
    columns = ["replication", "calendar", "number", "from_hour", "to_hour"]
    return outcome_table(NAME, pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns))


def between(opened: Intervals, hours: float) -> Intervals:
    """What open intervals leave of the hours from 0 on, shape (n, 2).

    >>> between(np.array([[2.0, 5.0], [7.0, 12.0]]), 10.0).tolist()
    [[0.0, 2.0], [5.0, 7.0]]
    """
    begins = np.concatenate([[0.0], opened[:, 1]])
    ends = np.concatenate([opened[:, 0], [np.inf]])
    closed = np.column_stack([begins, np.minimum(ends, hours)])
    return np.asarray(closed[closed[:, 0] < closed[:, 1]], dtype=np.float64)
