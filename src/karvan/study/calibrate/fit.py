"""Weighted least squares on log values, with a prior on every lever and the exact Jacobian.

Minimised: sum over observations of ((log model - log observed) / s)^2 + sum over levers of ((x - prior) / sd)^2 within
bounds, s by confidence. The fit is a mode with a normal approximation around it: where a lever ends at a bound, or the
record is short, its standard deviation is too small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from karvan.study.calibrate.free import FreeLever

Floats = NDArray[np.float64]
LOG_SD = {"high": 0.1, "medium": 0.2, "low": 0.4}
OBSERVATIONS_A_LEVER = 4
MOST_STEPS = 30
Model = Callable[[Floats], tuple[Floats, Floats]]


@dataclass(frozen=True)
class Fit:
    """Fitted levers.

    ``values`` and ``free`` have shape (levers,), ``covariance`` (levers, levers) with the prior's variance for those
    that were held; ``singular`` are the singular values of the Jacobian of the record alone, in units of the priors'
    standard deviations, largest first: below 1 the prior says more than the record.
    """

    values: Floats
    free: NDArray[np.bool_]
    covariance: Floats
    singular: Floats
    converged: bool
    steps: int
    optimality: float


def fit(model: Model, observed: Floats, log_sd: Floats, levers: Sequence[FreeLever]) -> Fit:
    """Fit levers to observations; only the first of every four observations' worth of levers are free.

    Parameters
    ----------
    model
        From the levers' values to the modelled values and their Jacobian, shapes (observations,) and
        (observations, levers).
    observed
        Values above zero.
    log_sd
        Standard deviations of their logarithms.
    levers
        Those that come after one per four observations are held at their prior.

    Examples
    --------
    >>> lever = FreeLever("a", "A", "", "", 0.0, 100.0, -5.0, 5.0)
    >>> found = fit(lambda x: (np.exp(x[[0] * 4]), np.exp(x[[0] * 4])[:, None]), np.full(4, np.e), np.full(4, 0.1), [lever])
    >>> round(float(found.values[0]), 3)
    1.0
    """
    prior, sd = (np.array([getattr(each, name) for each in levers]) for name in ("prior", "sd"))
    free = np.arange(len(levers)) < observed.size // OBSERVATIONS_A_LEVER
    if not free.any():
        return Fit(prior, free, np.diag(sd**2), np.empty(0), True, 0, 0.0)
    known: dict[bytes, tuple[Floats, Floats]] = {}

    def at(x: Floats) -> tuple[Floats, Floats]:
        if x.tobytes() not in known:
            whole = prior.copy()
            whole[free] = x
            value, slope = model(whole)
            known[x.tobytes()] = np.log(value / observed) / log_sd, slope[:, free] / (value * log_sd)[:, None]
        return known[x.tobytes()]

    bounds = [np.array([getattr(each, name) for each in levers])[free] for name in ("low", "high")]
    found = least_squares(
        lambda x: np.concatenate((at(x)[0], (x - prior[free]) / sd[free])),
        prior[free],
        jac=lambda x: np.concatenate((at(x)[1], np.diag(1.0 / sd[free]))),
        bounds=(bounds[0], bounds[1]),
        x_scale=sd[free],
        max_nfev=MOST_STEPS,
        xtol=1e-6,
        ftol=1e-8,
    )
    values, covariance = prior.copy(), np.diag(sd**2)
    values[free] = found.x
    covariance[np.ix_(free, free)] = np.linalg.inv(found.jac.T @ found.jac)
    singular = np.linalg.svd(at(found.x)[1] * sd[free], compute_uv=False)
    return Fit(values, free, covariance, singular, found.status > 0, int(found.nfev), float(found.optimality))
