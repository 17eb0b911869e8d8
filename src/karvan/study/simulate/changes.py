"""What a scenario changes in times, each replication beside the one of the same luck without it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from karvan.corridor.outcome import outcome_table
from karvan.operations.corridor.readout import COUNT, MEAN, P95, Reading
from karvan.operations.statistics import half_width
from karvan.schema.tables import table

MEASURES = {"mean": MEAN, "p95": P95}
NAME = "operations.changes"


def change_rows(year: int, groups: Sequence[pd.DataFrame], readings: Sequence[Sequence[Reading]]) -> pd.DataFrame:
    """``operations.changes``: groups that both runs have.

    Parameters
    ----------
    year
        Calendar year.
    groups
        Groups of the run without the scenario and of the one with it.
    readings
        The replications of both, in the same order.
    """
    plain, planned = (np.stack([one.times[:, 0] for one in each], dtype=np.float64) for each in readings)
    first, second = (pd.MultiIndex.from_frame(each) for each in groups)
    both = second.get_indexer(first)
    shared = np.flatnonzero(both >= 0)
    a, b = plain[:, shared], planned[:, both[shared]]
    seen = (a[:, :, COUNT] > 0).all(axis=0) & (b[:, :, COUNT] > 0).all(axis=0)
    named = groups[0].iloc[shared[seen]]
    frames = []
    for measure, column in MEASURES.items():
        base, plan = a[:, seen, column], b[:, seen, column]
        change = plan - base
        frames.append(named.assign(
            year=year, measure=measure, base_hours=base.mean(axis=0), plan_hours=plan.mean(axis=0),
            change_hours=change.mean(axis=0), half_width_hours=half_width(change),
            variance_ratio=_variance_ratio(base, plan, change),
        ))  # fmt: skip
    columns = list(table(NAME, "outcomes").column_names)
    return outcome_table(NAME, pd.concat(frames, ignore_index=True)[columns])


def _variance_ratio(base: np.ndarray, plan: np.ndarray, change: np.ndarray) -> np.ndarray:
    """Variance of the difference of two runs apart over that of the pairs; missing where it cannot be told."""
    if len(change) < 2:
        return np.full(change.shape[1], np.nan)
    apart, paired = base.var(axis=0, ddof=1) + plan.var(axis=0, ddof=1), change.var(axis=0, ddof=1)
    return np.asarray(np.divide(apart, paired, out=np.full(paired.shape, np.nan), where=paired > 0))
