"""A ground fitted to what was published by a day about years that had ended.

A lever is held to the indicators of its own record; an observation counts once, however many levers name it. States of
years that had not ended carry on the aversions of the last one that had, since these are what is fitted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.state import State
from karvan.errors import DataError, Problem
from karvan.study.calibrate.fit import Fit, fit, freed, log_sd, worth_of
from karvan.study.calibrate.free import chains, prior_means
from karvan.study.calibrate.ground import Ground, Solver
from karvan.study.calibrate.known import known_on
from karvan.study.record import observed

Floats = NDArray[np.float64]
FITTED = "aversion"
MARK = ["number", "subject", "scope", "year"]


@dataclass(frozen=True)
class Fitted:
    """A fit, the solver that stands at it, the observations it was held to, and the last year that had ended.

    ``targets`` are rows of the record with ``number``, the place of their indicator among those measured. ``misfits``,
    shape (indicators,), is by how much each indicator missed what was known of it: the root mean square of logarithms,
    fitted or not, with the misfit of the fit as one figure more. ``counted``, shape (levers,), says which levers have
    figures of their own, or are of a chain that has, and ``worth`` for how many levers the chain of each counts.
    """

    fit: Fit
    solver: Solver
    targets: pd.DataFrame
    last: int
    misfits: Floats
    counted: NDArray[np.bool_]
    worth: Floats


def calibrated(ground: Ground, day: str) -> Fitted:
    """Fit the levers of a ground to what was published by a day about years that had ended.

    Parameters
    ----------
    ground
        From :func:`~karvan.study.calibrate.ground.ground_of`.
    day
        ``YYYY-MM-DD``; years before that day's had ended.

    Raises
    ------
    DataError
        If no year of the ground had ended by the day.
    """
    years = tuple(year for year in ground.states if year < int(day[:4]))
    if not years:
        expected = f"a day after {min(ground.states)}"
        raise DataError(problems=[Problem("nothing was known", column="known", value=day, expected=expected)])
    known = known_on(ground.corridor, day)
    named = _targets(ground, known, years)
    counts = [int((named["lever"] == number).sum()) for number in range(len(ground.levers))]
    targets = named.drop_duplicates(MARK).reset_index(drop=True)
    last = ground.states[years[-1]]
    carried = {
        year: state if year <= last.year else with_aversion_of(state, last) for year, state in ground.states.items()
    }
    solver = Solver(ground, carried)
    sd = _sds(targets)
    wanted = targets["value"].to_numpy(dtype=float)
    model, worth = _Targets(solver, targets), np.ones(len(ground.levers))
    if any(each.after for each in ground.levers):
        means = prior_means(ground.levers)
        worth = worth_of(model.jacobian(means) / (model.modelled(means) * sd)[:, None], ground.levers)
    chain = chains(ground.levers)
    free = freed(counts, len(targets), chain.tolist(), worth.tolist())
    counted = np.isin(chain, chain[np.array(counts) > 0])
    found = fit(model, wanted, sd, ground.levers, free)
    solver.solve(tuple(carried), found.addends)
    misfits = _misfits(ground, solver, known, found.misfit)
    return Fitted(found, solver, targets, last.year, misfits, counted, worth)


def record_slopes(fitted: Fitted) -> Floats:
    """Derivatives of the logarithms of the observations at the fit, each over its deviation; (observations, levers)."""
    model, at = _Targets(fitted.solver, fitted.targets), fitted.fit.addends
    return model.jacobian(at) / (model.modelled(at) * _sds(fitted.targets))[:, None]


def _sds(targets: pd.DataFrame) -> Floats:
    """Deviations of the logarithms of observations."""
    return log_sd(targets["confidence"].tolist(), (targets["status"] == "estimate").tolist())


def with_aversion_of(state: State, other: State) -> State:
    """The state with the constants of aversion of another year."""
    own, others = state["choice"], other["choice"]
    parts = [own.loc[own["kind"] != FITTED], others.loc[others["kind"] == FITTED]]
    return State(state.year, state.corridor, {**state.tables, "choice": pd.concat(parts, ignore_index=True)})


def log_sds(fitted: Fitted, year: int) -> Floats:
    """Standard deviation of the logarithm of each indicator of a year: that of the levers and the misfit together."""
    value, slope = fitted.solver.told(year), fitted.solver.slopes([year])[year]
    variance = np.einsum("ij,jk,ik->i", slope, fitted.fit.covariance, slope)
    relative = np.divide(variance, value**2, out=np.full(value.size, np.nan), where=value > 0)
    return np.asarray(np.sqrt(relative + fitted.misfits**2))


def _misfits(ground: Ground, solver: Solver, known: pd.DataFrame, pooled: float) -> Floats:
    """By how much each indicator missed what was known of it."""
    found = np.zeros(len(ground.measured))
    for number, each in enumerate(ground.measured):
        rows = observed(known, each.indicator, tuple(ground.states))
        model = np.array([solver.told(int(year))[number] for year in rows["year"]])
        seen = rows["value"].to_numpy(dtype=float)
        there = (seen > 0) & (model > 0)
        off = np.log(model[there] / seen[there])
        found[number] = np.sqrt((float(off @ off) + pooled**2) / (off.size + 1))
    return found


class _Targets:
    """The observations of a fit as a model makes them."""

    def __init__(self, solver: Solver, targets: pd.DataFrame) -> None:
        self.solver = solver
        self._year, self._number = targets["year"].to_numpy(dtype=int), targets["number"].to_numpy(dtype=int)
        self._years = sorted(set(self._year.tolist()))

    def modelled(self, addends: Floats) -> Floats:
        """What the observations are at some addends."""
        self.solver.solve(self._years, addends)
        return self._picked({year: self.solver.told(year) for year in self._years})

    def jacobian(self, addends: Floats) -> Floats:
        """Their derivatives there."""
        self.solver.solve(self._years, addends)
        return self._picked(self.solver.slopes(self._years))

    def _picked(self, told: dict[int, Floats]) -> Floats:
        return np.array([told[year][number] for year, number in zip(self._year, self._number, strict=True)])


def _targets(ground: Ground, known: pd.DataFrame, years: tuple[int, ...]) -> pd.DataFrame:
    """Observations that levers are held to, once a lever, with the numbers of the indicator and the lever."""
    parts = [known.iloc[:0].assign(number=0, lever=0)]
    for number, each in enumerate(ground.measured):
        of_levers = [at for at, lever in enumerate(ground.levers) if lever.held_to(each.indicator)]
        rows = observed(known, each.indicator, years) if of_levers else parts[0]
        parts += [rows.assign(number=number, lever=at) for at in of_levers]
    rows = pd.concat(parts, ignore_index=True)
    return rows.loc[rows["value"] > 0].reset_index(drop=True)
