"""What the record cannot tell apart: directions of levers by singular value, and pairs of levers that do the same.

All levers with figures of their own are looked at, free or held, at the addends of the fit. J are the derivatives of
the logarithms of the observations over their deviations, R the rows of the prior: the singular values are those of
J R^-1, the covariance that would be is (J' J + R' R)^-1. A pair is looked at without the prior too, by the cosine
between its columns of J: the prior gives every lever a deviation, whatever the record says.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.outcome import outcome_table
from karvan.schema.tables import table
from karvan.study.calibrate.fitted import Fitted, record_slopes
from karvan.study.calibrate.free import prior_rows
from karvan.study.calibrate.ground import Ground

Floats = NDArray[np.float64]
APART = 0.95
MOVES = 1e-9


def directions(ground: Ground, fitted: Fitted) -> pd.DataFrame:
    """``record.directions``: combinations of levers, those of which the record says most first.

    Each direction is a unit of the prior's deviations; of a chain, ``lever`` stands for its step.
    """
    names, slopes, rows = _looked_at(ground, fitted)
    singular, weights = np.linalg.svd(slopes @ np.linalg.inv(rows), full_matrices=True)[1:]
    every = np.concatenate((singular, np.zeros(len(names) - singular.size)))
    made = [
        {"rank": rank, "lever": name, "singular": value, "weight": float(weight)}
        for rank, (value, own) in enumerate(zip(every, weights, strict=True), start=1)
        for name, weight in zip(names, own, strict=True)
    ]
    return outcome_table("record.directions", pd.DataFrame(made, columns=_columns("record.directions")))


def pairs(ground: Ground, fitted: Fitted) -> pd.DataFrame:
    """``record.pairs``: levers that share a figure, those that the record can tell apart least first."""
    names, slopes, rows = _looked_at(ground, fitted)
    covariance = np.linalg.inv(slopes.T @ slopes + rows.T @ rows)
    sd, length = np.sqrt(np.diag(covariance)), np.linalg.norm(slopes, axis=0)
    inner, correlation = slopes.T @ slopes, covariance / np.outer(sd, sd)
    made = []
    for one, two in zip(*np.triu_indices(len(names), 1), strict=True):
        if length[one] * length[two] == 0.0 or abs(inner[one, two]) < MOVES * length[one] * length[two]:
            continue
        cosine, shared = inner[one, two] / (length[one] * length[two]), float(correlation[one, two])
        for lever, other in ((one, two), (two, one)):
            made.append(
                {"lever": names[lever], "other": names[other], "cosine": float(np.clip(cosine, -1.0, 1.0)),
                 "correlation": float(np.clip(shared, -1.0, 1.0)), "sd_together": sd[lever],
                 "sd_alone": sd[lever] * np.sqrt(max(0.0, 1.0 - shared**2)), "told_apart": abs(cosine) < APART}
            )  # fmt: skip
    frame = pd.DataFrame(made, columns=_columns("record.pairs"))
    order = (-frame["cosine"].abs()).argsort(kind="stable")
    return outcome_table("record.pairs", frame.iloc[order].reset_index(drop=True))


def alike(told: pd.DataFrame) -> list[str]:
    """The pairs of :func:`pairs` that the record cannot tell apart, each once, as a reader would say them."""
    found, seen = [], set()
    for row in told.loc[~told["told_apart"]].to_dict("records"):
        pair = frozenset((row["lever"], row["other"]))
        if pair not in seen:
            seen.add(pair)
            found.append(f"{row['lever']} and {row['other']} ({row['cosine']:+.2f})")
    return found


def _looked_at(ground: Ground, fitted: Fitted) -> tuple[list[str], Floats, Floats]:
    """Names of the levers with figures of their own, their columns of J, and the rows of the prior.

    A chain is looked at as a whole, since the prior of a year rests on that of the years before.
    """
    own = np.flatnonzero(fitted.counted)
    slopes, rows = record_slopes(fitted), prior_rows(ground.levers)
    return [ground.levers[number].lever for number in own], slopes[:, own], rows[np.ix_(own, own)]


def _columns(name: str) -> list[str]:
    return list(table(name, "outcomes").column_names)
