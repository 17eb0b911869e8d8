"""Times drawn in Python from numpy's generators, by the formulas of the compiled loop."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from karvan.numerics.streams import generator
from karvan.operations.distributions import (
    Constant,
    Distribution,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    Uniform,
)


class Streams:
    """The random streams of one replication, by purpose."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self._streams: dict[str, np.random.Generator] = {}

    def uniform(self, purpose: str) -> float:
        """The next number of a purpose, in [0, 1)."""
        if purpose not in self._streams:
            self._streams[purpose] = generator(self.seed, self.replication, purpose)
        return float(self._streams[purpose].random())

    def exponential(self, purpose: str) -> float:
        """An exponential number of mean 1."""
        return -math.log1p(-self.uniform(purpose))

    def draw(self, time: Distribution, purpose: str) -> float:
        """The next time of a distribution, hours."""
        if isinstance(time, Constant):
            return float(time.hours)
        if isinstance(time, Exponential):
            return self.exponential(purpose) * time.mean_h
        if isinstance(time, Erlang):
            return sum(self.exponential(purpose) * (time.mean_h / time.shape) for _ in range(time.shape))
        if isinstance(time, Hyperexponential):
            mean = time.first_mean_h if self.uniform(purpose) < time.first_share else time.second_mean_h
            return self.exponential(purpose) * mean
        return _of_one(time, self.uniform(purpose))


def _of_one(time: Distribution, u: float) -> float:
    """A time that takes one uniform number."""
    if isinstance(time, Uniform):
        return time.low_h + (time.high_h - time.low_h) * u
    if isinstance(time, Lognormal):
        variance = math.log1p((time.sd_h / time.mean_h) ** 2)
        return math.exp(math.log(time.mean_h) - variance / 2.0 + math.sqrt(variance) * float(ndtri(u)))
    hours = getattr(time, "hours", ())
    x = u * (len(hours) - 1)
    at = int(x)
    return float(hours[at] + (x - at) * (hours[at + 1] - hours[at]))
