"""Distributions of times, as a caller writes them: hours, never below 0, and their means.

Each use of a distribution draws from a random stream of its own (see :mod:`karvan.numerics.streams`): one
uniform number a draw, two for a hyperexponential, as many as its shape for an Erlang time.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Constant:
    """Always the same time, in hours."""

    hours: float


@dataclass(frozen=True)
class Exponential:
    """An exponential time of this mean, in hours: no memory, coefficient of variation 1."""

    mean_h: float


@dataclass(frozen=True)
class Uniform:
    """Any time between two, equally likely, in hours."""

    low_h: float
    high_h: float


@dataclass(frozen=True)
class Erlang:
    """The sum of ``shape`` exponential times, together of this mean: coefficient of variation 1 / sqrt(shape)."""

    mean_h: float
    shape: int


@dataclass(frozen=True)
class Hyperexponential:
    """An exponential time of the first mean with probability ``first_share``, else of the second."""

    first_mean_h: float
    second_mean_h: float
    first_share: float


@dataclass(frozen=True)
class Lognormal:
    """A lognormal time of this mean and standard deviation, in hours."""

    mean_h: float
    sd_h: float


@dataclass(frozen=True)
class Quantiles:
    """Any other distribution: its quantiles at equal steps of probability from 0 to 1, in hours, straight between.

    What lies beyond the last value is not drawn, so the tail of an unbounded distribution is cut at it.
    """

    hours: tuple[float, ...]


Distribution = Constant | Exponential | Uniform | Erlang | Hyperexponential | Lognormal | Quantiles


def mean_hours(distribution: Distribution) -> float:
    """The mean of a distribution, in hours.

    Examples
    --------
    >>> mean_hours(Uniform(8.0, 14.0)), mean_hours(Hyperexponential(1.0, 3.0, 0.5)), mean_hours(Quantiles((0.0, 1.0)))
    (11.0, 2.0, 0.5)
    """
    if isinstance(distribution, Constant):
        return distribution.hours
    if isinstance(distribution, Uniform):
        return (distribution.low_h + distribution.high_h) / 2.0
    if isinstance(distribution, Hyperexponential):
        share = distribution.first_share
        return share * distribution.first_mean_h + (1.0 - share) * distribution.second_mean_h
    if isinstance(distribution, Quantiles):
        between = distribution.hours
        steps = [(low + high) / 2.0 for low, high in pairwise(between)]
        return sum(steps) / len(steps) if steps else 0.0
    return distribution.mean_h
