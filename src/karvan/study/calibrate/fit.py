"""Weighted least squares on log values, with a prior on every lever and the exact Jacobian.

Minimised: sum over observations of ((log model - log observed) / s)^2 + sum over levers of ((x - prior) / sd)^2 within
bounds. s^2 is the square of what the confidence says plus that of the model's own error, so that no count rules alone.
The answer is a mode with a normal approximation around it, widened where the record scatters more than s. It is too
sure where a lever ends at a bound, or where a limit holds a flow whatever a constant says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from karvan.study.calibrate.free import FreeLever

Floats = NDArray[np.float64]
LOG_SD = {"high": 0.1, "medium": 0.2, "low": 0.4}
ESTIMATE_FACTOR = 2.0
MODEL_LOG_SD = 0.2
OBSERVATIONS_A_LEVER = 4
MOST_STEPS = 25
BAND_SDS = 1.645  # nine tenths of a normal distribution
STEP, FALL = 1e-4, 1e-4


class Model(Protocol):
    """What is fitted, as a function of the addends of all levers, shape (levers,)."""

    def modelled(self, addends: Floats) -> Floats:
        """Modelled observations, shape (observations,)."""

    def jacobian(self, addends: Floats) -> Floats:
        """Their derivatives, shape (observations, levers)."""


@dataclass(frozen=True)
class Fit:
    """Fitted levers.

    ``addends`` and ``free`` have shape (levers,), ``covariance`` (levers, levers) with the prior's variance for those
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


def freed(counts: Sequence[int], observations: int) -> NDArray[np.bool_]:
    """Which levers are free: the first that have observations of their own, one for every four of all.

    >>> freed([3, 0, 4, 2], 9).tolist()
    [True, False, True, False]
    """
    has_record = np.array(counts, dtype=int) > 0
    return has_record & (np.cumsum(has_record) <= observations // OBSERVATIONS_A_LEVER)


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
    prior, prior_sd, low, high = (_column(levers, name) for name in ("prior", "sd", "low", "high"))

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
        return Fit(prior, free, np.diag(prior_sd**2), np.empty(0), misfit, True, 0, 0.0)

    def with_prior(x: Floats) -> Floats:
        return np.concatenate((residual(x), (x - prior[free]) / prior_sd[free]))

    def with_prior_slope(x: Floats) -> Floats:
        return np.concatenate((slope(x), np.diag(1.0 / prior_sd[free])))

    found = least_squares(
        with_prior,
        prior[free],
        jac=with_prior_slope,
        bounds=(low[free], high[free]),
        x_scale=prior_sd[free],
        max_nfev=MOST_STEPS,
        xtol=STEP,
        ftol=FALL,
    )
    return Fit(
        addends=whole(found.x),
        free=free,
        covariance=_covariance(with_prior_slope(found.x), prior_sd, free, 2.0 * found.cost),
        singular=np.asarray(np.linalg.svd(slope(found.x) * prior_sd[free], compute_uv=False), dtype=np.float64),
        misfit=_root_mean_square(residual(found.x) * sd),
        converged=bool(found.status > 0),
        steps=int(found.nfev),
        optimality=float(found.optimality),
    )


def _covariance(jacobian: Floats, prior_sd: Floats, free: NDArray[np.bool_], squares: float) -> Floats:
    """The covariance of all levers, where the record counts less by how much more it scatters than it should."""
    levers = int(free.sum())
    record, prior = jacobian[:-levers], jacobian[-levers:]
    scatter = max(1.0, squares / max(len(record) - levers, 1))
    covariance = np.diag(prior_sd**2)
    covariance[np.ix_(free, free)] = np.linalg.inv(record.T @ record / scatter + prior.T @ prior)
    return covariance


def _column(levers: Sequence[FreeLever], name: str) -> Floats:
    return np.array([getattr(each, name) for each in levers], dtype=np.float64)


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))
