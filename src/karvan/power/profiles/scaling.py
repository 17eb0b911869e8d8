"""Scaling of a made profile to a mean that is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from karvan.errors import RangeError

Floats = NDArray[np.float64]
_LARGEST_FACTOR = 20.0


def scaled_to(mean: float, made: Callable[[float], Floats], name: str) -> Floats:
    """``made(factor)`` at the factor, 0 to 20, where its mean is ``mean``; the mean has to rise with the factor.

    Raises
    ------
    RangeError
        If no factor gives that mean: the means of parameters contradict each other.

    Examples
    --------
    >>> scaled_to(0.5, lambda factor: np.minimum(np.array([0.2, 0.4]) * factor, 1.0), "made").round(3).tolist()
    [0.333, 0.667]
    """

    def miss(factor: float) -> float:
        return float(made(factor).mean()) - mean

    if mean == 0:
        return made(0.0)
    highest = _highest(miss)
    if highest is None:
        reached = miss(_LARGEST_FACTOR) + mean
        said = f"profile {name}: a mean of {mean:g} cannot be reached, at most {reached:.3g}; lower mean_pu or losses"
        raise RangeError(said)
    return made(float(brentq(miss, 0.0, highest, xtol=1e-9)))


def _highest(miss: Callable[[float], float]) -> float | None:
    """The first of ever larger factors whose mean is too high."""
    for factor in np.geomspace(0.1, _LARGEST_FACTOR, 40):
        if miss(float(factor)) >= 0:
            return float(factor)
    return None
