"""The backcast: fitted to what was known on a day, set beside what came later and beside naive forecasts.

Two fits to the same figures, those published by the day for years that had ended. ``known`` stands on routes and states
that hold no shock or change of later; it leaves drivers and demand as they stood in the last year that had ended.
``hindsight`` knows the drivers and demand of every year (ocean prices, capacities, programmes), but carries the
aversions of shippers on from the last year that had ended, since these are what is fitted.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from karvan.corridor.outcome import Outcome, outcome_table
from karvan.schema.tables import table
from karvan.study.backcast.naive import naive
from karvan.study.backcast.nowcast import nowcasts
from karvan.study.backcast.skill import skill
from karvan.study.calibrate.fit import BAND_SDS
from karvan.study.calibrate.fitted import Fitted, calibrated, log_sds
from karvan.study.calibrate.ground import Ground, ground_of
from karvan.study.calibrate.known import KEY, as_known, known_on
from karvan.study.calibrate.told import ends, lever_table, provenance
from karvan.study.record import observed
from karvan.study.solve import Progress, silent


class Fits(NamedTuple):
    """The two fits of one day."""

    later: Fitted
    then: Fitted


def backcast(whole: Ground, day: str, progress: Progress | None = None) -> Outcome:
    """Fit to what was known on a day and judge on the rest.

    Parameters
    ----------
    whole
        Every year of the record, from :func:`~karvan.study.calibrate.ground.ground_of`.
    day
        ``YYYY-MM-DD``; the fit sees years before that day's.
    progress
        Called with a text and the share done.

    Returns
    -------
    Outcome
        Tables ``record.levers`` (of the fit with hindsight), ``record.backcast``, ``record.skill`` and
        ``record.nowcast``.

    Raises
    ------
    DataError
        If no year of the record had ended by the day.
    """
    fits = fits_of(whole, day, progress)
    rows = judged(whole, fits, day)
    return Outcome(
        name="backcast",
        tables={
            "record.levers": lever_table(whole, fits.later),
            "record.backcast": rows,
            "record.skill": skill(rows),
            "record.nowcast": nowcasts(whole.corridor, day),
        },
        provenance=provenance(whole, fits.later, day),
        convergence=(*ends(fits.later, "fit with hindsight"), *ends(fits.then, "fit as known then")),
    )


def fits_of(whole: Ground, day: str, progress: Progress | None = None) -> Fits:
    """Fit on the whole ground, and on one that holds nothing of later."""
    tell = progress or silent
    tell("fit with hindsight", 0.1)
    later = calibrated(whole, day)
    tell("fit as known then", 0.5)
    ended = [year for year in whole.states if year <= later.last]
    return Fits(later, calibrated(ground_of(as_known(whole.corridor, day), ended), day))


def judged(whole: Ground, fits: Fits, day: str) -> pd.DataFrame:
    """``record.backcast``: every measured indicator in every year observed."""
    later, record = fits.later, whole.corridor["observations"]
    known, years = known_on(whole.corridor, day), tuple(whole.states)
    sds = {year: BAND_SDS * log_sds(later, year) for year in years}
    made = []
    for number, each in enumerate(whole.measured):
        seen = observed(known, each.indicator, tuple(range(later.last + 1)))
        for row in observed(record, each.indicator, years).to_dict("records"):
            year, history = int(row["year"]), _history(seen, row)
            last_value, trend = naive(history, year)
            value, spread = later.solver.told(year)[number], sds[year][number]
            made.append(
                {**row, "observed": row["value"], "part": _part(later, number, row, history), "hindsight": value,
                 "known": fits.then.solver.told(min(year, later.last))[number], "low": value * np.exp(-spread),
                 "high": value * np.exp(spread), "naive_last": last_value, "naive_trend": trend}
            )  # fmt: skip
    frame = pd.DataFrame(made, columns=list(table("record.backcast", "outcomes").column_names))
    return outcome_table("record.backcast", frame.drop_duplicates(KEY).reset_index(drop=True))


def _history(seen: pd.DataFrame, row: Mapping[Hashable, Any]) -> dict[int, float]:
    """What was known of the same subject and scope, by year."""
    mine = seen.loc[(seen["subject"] == row["subject"]) & (seen["scope"] == row["scope"])]
    return dict(zip(mine["year"].astype(int), mine["value"].astype(float), strict=True))


def _part(fitted: Fitted, number: int, row: Mapping[Hashable, Any], history: Mapping[int, float]) -> str:
    """Whether a fit was held to a row, knew it, or did not."""
    targets = fitted.targets
    mine = (targets["number"] == number) & (targets["year"] == row["year"])
    if (mine & (targets["subject"] == row["subject"]) & (targets["scope"] == row["scope"])).any():
        return "calibration"
    return "before" if int(row["year"]) in history else "holdout"
