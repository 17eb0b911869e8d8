"""What a scenario changes in waits, queue by queue, each replication beside the one of the same luck without it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.outcome import outcome_table
from karvan.operations.corridor.build import Built
from karvan.operations.corridor.readout import Reading, queues
from karvan.operations.statistics import half_width

NAME = "operations.wait_changes"
SERVED, WAITED = 0, 1


def wait_change_rows(year: int, built: Sequence[Built], readings: Sequence[Sequence[Reading]]) -> pd.DataFrame:
    """``operations.wait_changes``: queues that both runs have and in which somebody was served in every replication.

    Parameters
    ----------
    year
        Calendar year.
    built
        Network of the run without the scenario and of the one with it.
    readings
        The replications of both, in the same order.
    """
    first, second = (queues(each) for each in built)
    shared = [queue for queue in first if queue in set(second)]
    base, plan = (_waits(runs, [order.index(queue) for queue in shared])
                  for runs, order in zip(readings, (list(first), list(second)), strict=True))  # fmt: skip
    seen = np.isfinite(base).all(axis=0) & np.isfinite(plan).all(axis=0)
    change = (plan - base)[:, seen]
    return outcome_table(NAME, pd.DataFrame({
        "year": year, "service": np.array(shared, dtype=object)[seen], "base_hours": base[:, seen].mean(axis=0),
        "plan_hours": plan[:, seen].mean(axis=0), "change_hours": change.mean(axis=0),
        "half_width_hours": half_width(change),
    }))  # fmt: skip


def _waits(runs: Sequence[Reading], chosen: Sequence[int]) -> NDArray[np.float64]:
    """Mean wait of each replication and queue, shape (replications, queues); missing where nobody was served."""
    every = np.stack([run.queues for run in runs])[:, list(chosen)]
    served, waited = every[:, :, SERVED], every[:, :, WAITED]
    return np.asarray(np.divide(waited, served, out=np.full(served.shape, np.nan), where=served > 0))
