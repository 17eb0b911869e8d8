"""Weighted least squares on log values, with a prior on every lever and the exact Jacobian.

Minimised: sum over observations of ((log model - log observed) / s)^2 + sum over levers of ((x - prior) / sd)^2 within
bounds; of a lever that comes after another, x is the step from it. s^2 is the square of what the confidence says plus
that of the model's own error, so that no count rules alone. The answer is a mode with a normal approximation around it,
widened where the record scatters more than s. It is too sure where a lever ends at a bound, or where a limit holds a
flow whatever a constant says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from karvan.study.calibrate.free import FreeLever, chains, prior_means, prior_rows

Floats = NDArray[np.float64]
LOG_SD = {"high": 0.1, "medium": 0.2, "low": 0.4}
ESTIMATE_FACTOR = 2.0
MODEL_LOG_SD = 0.2
OBSERVATIONS_A_LEVER = 4
MOST_STEPS = 25
BAND_SDS = 1.645  # nine tenths of a normal distribution
STEP, FALL = 1e-4, 1e-4
ROUNDING = 1e-9


class Model(Protocol):
    """What is fitted, as a function of the addends of all levers, shape (levers,)."""

    def modelled(self, addends: Floats) -> Floats:
        """Modelled observations, shape (observations,)."""

    def jacobian(self, addends: Floats) -> Floats:
        """Their derivatives, shape (observations, levers)."""


@dataclass(frozen=True)
class Fit:
    """Fitted levers.

    ``addends`` and ``free`` have shape (levers,), ``covariance`` (levers, levers) with the prior's for those
    that were held. ``singular`` are the singular values of the Jacobian of the record alone, in units of the priors'
    standard deviations, largest first: below 1 the prior says more than the record. ``misfit`` is the root mean square
    of the residuals' logarithms.
    """

    addends: Floats
    free: NDArray[np.bool_]
    covariance: Floats
    singular: Floats
    misfit: float
    converged: bool
    steps: int
    optimality: float


def log_sd(confidence: Sequence[str], estimated: Sequence[bool]) -> Floats:
    """Standard deviation of the logarithm of each observation: its confidence, twice that of an estimate, the model.

    >>> log_sd(["high", "medium"], [False, True]).round(3).tolist()
    [0.224, 0.447]
    """
    own = np.array([LOG_SD[each] for each in confidence])
    return np.asarray(np.hypot(own * np.where(estimated, ESTIMATE_FACTOR, 1.0), MODEL_LOG_SD))


def freed(
    counts: Sequence[int], observations: int, chain: Sequence[int] = (), worth: Sequence[float] = ()
) -> NDArray[np.bool_]:
    """Which levers are free: the first that have observations of their own, one for every four of all.

    Parameters
    ----------
    counts
        Observations of each lever, shape (levers,).
    observations
        Observations of all.
    chain
        Place of the lever that began the chain of each, shape (levers,); a chain is free or held as a whole. None: all
        alone.
    worth
        How many levers the chain of each counts for, shape (levers,), at least 1; None: 1.

    >>> freed([3, 0, 4, 2], 9).tolist()
    [True, False, True, False]

    A chain of three that counts for 1.5:

    >>> freed([2, 1, 0, 4], 8, [0, 0, 0, 3], [1.5, 1.5, 1.5, 1.0]).tolist()
    [True, True, True, False]
    """
    first = np.array(chain, dtype=int) if len(chain) else np.arange(len(counts))
    own = np.bincount(first, weights=counts, minlength=len(counts)) > 0
    begins = first == np.arange(len(counts))
    used = np.cumsum(np.where(begins & own, np.array(worth) if len(worth) else 1.0, 0.0))
    within = own & (used <= observations / OBSERVATIONS_A_LEVER + ROUNDING)
    chosen: NDArray[np.bool_] = np.asarray(within, dtype=np.bool_)[first]
    return chosen


def worth_of(slopes: Floats, levers: Sequence[FreeLever]) -> Floats:
    """How many levers the chain of each counts for, shape (levers,): 1 alone, else its effective number, at least 1.

    The effective number is the trace of (J' J + P)^-1 J' J, the share of the record in what each of its addends would
    come to (Hastie and Tibshirani 1990, Generalized additive models): near 1 where the steps are held so tight that the
    chain moves as one, near its length where every year is free to go its own way.

    Parameters
    ----------
    slopes
        Derivatives of the logarithms of the observations, each over its standard deviation, shape (observations,
        levers).
    levers
        All levers; others are taken to be held while a chain is counted.

    Examples
    --------
    Two years with a figure of their own each. With a wide step they count for two levers, with a narrow one for one:

    >>> one = FreeLever("a", "A", "", "hours", 0.0, 100.0, 0.0, 1.0, "")
    >>> wide, narrow = (one._replace(lever="b", sd=sd, after="a") for sd in (100.0, 0.001))
    >>> [float(worth_of(np.eye(2), [one, two])[0].round(2)) for two in (wide, narrow)]
    [2.0, 1.0]
    """
    first, rows = chains(levers), prior_rows(levers)
    worth = np.ones(len(levers))
    for begun in np.unique(first):
        own = np.flatnonzero(first == begun)
        if own.size > 1:
            record, prior = slopes[:, own].T @ slopes[:, own], rows[np.ix_(own, own)]
            worth[own] = max(1.0, float(np.trace(np.linalg.solve(record + prior.T @ prior, record))))
    return worth


def fit(model: Model, observed: Floats, sd: Floats, levers: Sequence[FreeLever], free: NDArray[np.bool_]) -> Fit:
    """Fit the free levers to observations, the others held at their prior.

    Parameters
    ----------
    model
        Told the addends of all levers.
    observed
        Values above zero, shape (observations,).
    sd
        Standard deviations of their logarithms, from :func:`log_sd`.
    levers, free
        All levers, and which of them may move.
    """
    low, high = (_column(levers, name) for name in ("low", "high"))
    prior, rows = prior_means(levers), prior_rows(levers)
    known: Floats = np.asarray(np.linalg.inv(rows.T @ rows), dtype=np.float64)
    rows = rows[np.ix_(free, free)]

    def whole(x: Floats) -> Floats:
        addends = prior.copy()
        addends[free] = x
        return addends

    def residual(x: Floats) -> Floats:
        return np.asarray(np.log(model.modelled(whole(x)) / observed) / sd)

    def slope(x: Floats) -> Floats:
        return model.jacobian(whole(x))[:, free] / (model.modelled(whole(x)) * sd)[:, None]

    if not free.any():
        misfit = _root_mean_square(residual(prior[free]) * sd) if observed.size else np.nan
        return Fit(prior, free, known, np.empty(0), misfit, True, 0, 0.0)

    def with_prior(x: Floats) -> Floats:
        return np.concatenate((residual(x), rows @ (x - prior[free])))

    def with_prior_slope(x: Floats) -> Floats:
        return np.concatenate((slope(x), rows))

    found = least_squares(
        with_prior,
        prior[free],
        jac=with_prior_slope,
        bounds=(low[free], high[free]),
        x_scale=np.sqrt(np.diag(known))[free],
        max_nfev=MOST_STEPS,
        xtol=STEP,
        ftol=FALL,
    )
    return Fit(
        addends=whole(found.x),
        free=free,
        covariance=_covariance(with_prior_slope(found.x), known, free, 2.0 * found.cost),
        singular=np.asarray(np.linalg.svd(slope(found.x) @ np.linalg.inv(rows), compute_uv=False), dtype=np.float64),
        misfit=_root_mean_square(residual(found.x) * sd),
        converged=bool(found.status > 0),
        steps=int(found.nfev),
        optimality=float(found.optimality),
    )


def _covariance(jacobian: Floats, known: Floats, free: NDArray[np.bool_], squares: float) -> Floats:
    """The covariance of all levers, where the record counts less by how much more it scatters than it should."""
    levers = int(free.sum())
    record, prior = jacobian[:-levers], jacobian[-levers:]
    scatter = max(1.0, squares / max(len(record) - levers, 1))
    covariance = known.copy()
    covariance[np.ix_(free, free)] = np.linalg.inv(record.T @ record / scatter + prior.T @ prior)
    return covariance


def _column(levers: Sequence[FreeLever], name: str) -> Floats:
    return np.array([getattr(each, name) for each in levers], dtype=np.float64)


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))
