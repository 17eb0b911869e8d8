"""The backcast: fitted to what was known on a day, set beside what came later and beside naive forecasts.

One set of routes serves every origin; it is structure, found from all years, and holds no observation. The fit sees
observations published by the day and the states of years that had ended by then. The column ``known`` leaves drivers and
demand as they stood in the last of these years; ``hindsight`` takes those of the year itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan import __version__
from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Convergence, Outcome, Provenance, outcome_table
from karvan.corridor.state import State
from karvan.errors import DataError, Problem
from karvan.freight.equilibrium import Equilibrium, solve
from karvan.freight.prepare import Prepared
from karvan.freight.tables import GatewayCells, gateway_cells
from karvan.freight.year import Year, problem_of, year_of
from karvan.schema.tables import table
from karvan.study.calibrate.fit import LOG_SD, Fit, fit
from karvan.study.calibrate.free import NAME, FreeLever, free_levers, moved
from karvan.study.calibrate.known import known_on, naive
from karvan.study.calibrate.slopes import TABLE, passes_of, value_and_slopes
from karvan.study.record import Indicator, indicators, observed
from karvan.study.resume import input_fingerprints
from karvan.study.solve import Progress, prepared_for, silent, with_boxes
from karvan.study.spread import one_numeric_thread
from karvan.study.states import BASE, states

Floats = NDArray[np.float64]
BAND = 1.645


@dataclass(frozen=True)
class Ready:
    """What every origin shares: states of all years of the record with demand, routes, and measured indicators."""

    corridor: Corridor
    states: dict[int, State]
    prepared: Prepared
    cells: GatewayCells
    measured: tuple[tuple[Indicator, Floats], ...]


@one_numeric_thread
def ready(corridor: Corridor, progress: Progress | None = None) -> Ready:
    """Prepare the backcasts of a corridor.

    Raises
    ------
    DataError
        If the corridor has no free lever.
    """
    if corridor["calibration"].empty:
        problem = Problem("no free lever", table="calibration", expected="at least one row", remedy="add calibration.csv")
        raise DataError(problems=[problem])
    chosen = with_boxes(states(corridor, BASE))
    prepared, _ = prepared_for(chosen, progress=progress)
    cells = gateway_cells(prepared)
    summed = [each for each in indicators(corridor) if each.table == TABLE and each.aggregate == "sum"]
    measured = tuple((each, passes_of(prepared, cells, each)) for each in summed)
    return Ready(corridor, {state.year: state for state in chosen.years}, prepared, cells, measured)


def usual_day(corridor: Corridor) -> str:
    """The day on which two years of the record were still to come: 31 March of the year before the last."""
    return f"{corridor.info.last_year - 1}-03-31"


@one_numeric_thread
def backcast(at_hand: Ready, day: str, progress: Progress | None = None) -> Outcome:
    """Fit to what was known on a day and judge on the rest.

    Parameters
    ----------
    at_hand
        From :func:`ready`.
    day
        ``YYYY-MM-DD``; the fit sees years before that day's.
    progress
        Called with a text and the share done.

    Returns
    -------
    Outcome
        Tables ``record.levers`` and ``record.backcast``.

    Raises
    ------
    DataError
        If no year of the record had ended by the day.
    """
    tell = progress or silent
    last = int(day[:4]) - 1
    fitted_years = tuple(year for year in at_hand.states if year <= last)
    if not fitted_years:
        expected = f"a day after {min(at_hand.states)}"
        raise DataError(problems=[Problem("nothing was known", column="known", value=day, expected=expected)])
    levers = free_levers(at_hand.corridor)
    solver = _Solver(at_hand, levers)
    known = known_on(at_hand.corridor["observations"], day)
    tell("fit", 0.1)
    targets = _targets(at_hand, known, fitted_years)
    found = fit(solver.model(targets), targets["value"].to_numpy(float), _log_sd(targets), levers)
    tell("judge", 0.8)
    rows = _judged(at_hand, solver, found, known, fitted_years)
    options = {"known": day, "observations": len(targets), "singular_values": ", ".join(f"{s:.2f}" for s in found.singular)}
    return Outcome(
        name="backcast",
        tables={
            "record.levers": outcome_table("record.levers", _lever_rows(levers, found)),
            "record.backcast": outcome_table("record.backcast", rows),
        },
        provenance=Provenance(
            __version__, at_hand.corridor.info.name, NAME, input_fingerprints(at_hand.corridor, BASE), options
        ),
        convergence=(Convergence("calibration", found.converged, found.steps, found.optimality), *solver.failures()),
    )


class _Solver:
    """Solves years at values of the levers, each from the point reached before."""

    def __init__(self, at_hand: Ready, levers: Sequence[FreeLever]) -> None:
        self.at_hand, self.levers = at_hand, levers
        self._reached: dict[int, tuple[Year, Equilibrium]] = {}

    def at(self, year: int, values: Floats) -> tuple[Floats, Floats]:
        """Measured indicators of a year and their slopes."""
        ready_, before = self.at_hand, self._reached.get(year)
        this = year_of(ready_.prepared, moved(ready_.states[year], self.levers, values), before and before[0].free)
        answer = solve(problem_of(ready_.prepared, this), before[1].point if before else None)
        self._reached[year] = (this, answer)
        return value_and_slopes(ready_.prepared, this, answer, ready_.measured, self.levers)

    def model(self, targets: pd.DataFrame):  # type: ignore[no-untyped-def]
        """From values of the levers to what the targets are and their Jacobian."""
        years, number = targets["year"].to_numpy(), targets["number"].to_numpy()

        def of(values: Floats) -> tuple[Floats, Floats]:
            by_year = {int(year): self.at(int(year), values) for year in np.unique(years)}
            told = [by_year[int(year)] for year in years]
            value = np.array([each[0][n] for each, n in zip(told, number, strict=True)])
            return value, np.array([each[1][n] for each, n in zip(told, number, strict=True)])

        return of

    def failures(self) -> tuple[Convergence, ...]:
        """Years whose last equilibrium did not converge."""
        ended = (answer.convergence for _, answer in self._reached.values())
        return tuple(each for each in ended if not each.converged)


def _targets(at_hand: Ready, known: pd.DataFrame, years: tuple[int, ...]) -> pd.DataFrame:
    """Observations that the fit is held to, with the number of the indicator that makes each."""
    record = {name for names in at_hand.corridor["calibration"]["record"] for name in str(names).split("|")}
    parts = [
        observed(known, each, years).assign(number=number)
        for number, (each, _) in enumerate(at_hand.measured)
        if each.indicator in record
    ]
    rows = pd.concat([*parts, known.iloc[:0].assign(number=0)], ignore_index=True)
    return rows.loc[rows["value"] > 0].reset_index(drop=True)


def _log_sd(targets: pd.DataFrame) -> Floats:
    return targets["confidence"].map(LOG_SD).to_numpy(float)


def _judged(
    at_hand: Ready, solver: _Solver, found: Fit, known: pd.DataFrame, fitted_years: tuple[int, ...]
) -> pd.DataFrame:
    """``record.backcast``: every measured indicator in every year observed."""
    told = {year: solver.at(year, found.values) for year in at_hand.states}
    record, last = _targets(at_hand, known, fitted_years), fitted_years[-1]
    fitted = set(zip(record["number"], record["subject"], record["scope"], record["year"], strict=True))
    parts = []
    for number, (indicator, _) in enumerate(at_hand.measured):
        rows = observed(at_hand.corridor["observations"], indicator, tuple(at_hand.states))
        seen = observed(known, indicator, tuple(range(1990, last + 1)))
        for row in rows.to_dict("records"):
            year, mark = int(row["year"]), (number, row["subject"], row["scope"], row["year"])
            value, slope = told[year][0][number], told[year][1][number]
            spread = BAND * float(np.sqrt(slope @ found.covariance @ slope)) / value if value > 0 else np.nan
            mine = seen.loc[(seen["subject"] == row["subject"]) & (seen["scope"] == row["scope"])]
            history = dict(zip(mine["year"].astype(int), mine["value"].astype(float), strict=True))
            guess = naive(history, year) if year > last else (np.nan, np.nan)
            then = "calibration" if mark in fitted else "before"
            parts.append(
                {**row, "observed": row["value"], "part": then if year <= last else "holdout", "hindsight": value,
                 "known": told[min(year, last)][0][number], "low": value * np.exp(-spread),
                 "high": value * np.exp(spread), "naive_last": guess[0], "naive_trend": guess[1]}
            )  # fmt: skip
    columns = list(table("record.backcast", "outcomes").column_names)
    made = pd.DataFrame(parts, columns=columns)
    return made.drop_duplicates(["indicator", "subject", "scope", "year", "period"]).reset_index(drop=True)


def _lever_rows(levers: Sequence[FreeLever], found: Fit) -> pd.DataFrame:
    """``record.levers``."""
    sd = np.sqrt(np.diag(found.covariance))
    correlation = found.covariance / np.outer(sd, sd) - np.eye(sd.size)
    rows = []
    for n, each in enumerate(levers):
        value, other = float(found.values[n]), int(np.argmax(np.abs(correlation[n])))
        at_bound = min(value - each.low, each.high - value) < 1e-3 * (each.high - each.low)
        state = ("bound" if at_bound else "free") if found.free[n] else "held"
        paired = bool(found.free[n]) and len(levers) > 1
        rows.append(
            {"lever": each.lever, "name": each.name, "unit": "USD/TEU" if each.column.endswith("teu") else "USD/t",
             "state": state, "prior": each.prior, "prior_sd": each.sd, "value": value, "sd": sd[n], "low": each.low,
             "high": each.high, "record_share": float(np.clip(1.0 - (sd[n] / each.sd) ** 2, 0.0, 1.0)),
             "confounded_with": levers[other].lever if paired else "",
             "correlation": correlation[n, other] if paired else np.nan}
        )  # fmt: skip
    return pd.DataFrame(rows)
