"""What replications tell, with honest intervals: over replications, never over pooled and dependent observations.

Warm-up by MSER-5 (White 1997, An effective truncation heuristic for bias reduction in simulation output; in batches of
five as Spratt 1998) on the mean across replications: on a single one a cluster of storms can fool it. Intervals are
Student's over the replications' own means or quantiles, which are independent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from karvan.numerics.events.replication import Span
from karvan.operations.assemble import Program
from karvan.operations.simulate import Records, simulate

Floats = NDArray[np.float64]
BATCH = 5
LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean over replications and the half-width of its interval; infinite where there is one replication."""

    mean: float
    half_width: float
    replications: int

    @property
    def relative(self) -> float:
        """Half-width as a share of the mean."""
        return self.half_width / abs(self.mean) if self.mean else np.inf

    @property
    def error(self) -> float:
        """Standard error of the mean."""
        return self.half_width / float(stdtrit(max(self.replications - 1, 1), 0.5 + LEVEL / 2.0))


@dataclass(frozen=True)
class Rule:
    """When there are enough replications: relative half-widths of mean and p95, at least and at most so many."""

    mean: float = 0.01
    p95: float = 0.03
    least: int = 10
    most: int = 1000

    def is_met(self, replications: int, mean: float, p95: float) -> bool:
        """Whether so many replications with these relative half-widths are enough."""
        return replications >= self.least and mean <= self.mean and p95 <= self.p95


def half_width(values: Floats) -> Floats:
    """Half-width of the t interval (95 %) of the mean over the first axis, shape of the others; missing with one value.

    What is not a number (a replication without any) is left out.

    Examples
    --------
    >>> half_width(np.array([1.0, 3.0])).round(2).tolist()
    12.71
    """
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    mean = np.where(known, values, 0.0).sum(axis=0) / np.maximum(count, 1)
    squares = (np.where(known, values - mean, 0.0) ** 2).sum(axis=0)
    freedom = np.maximum(count - 1, 1)
    width = stdtrit(freedom, 0.5 + LEVEL / 2.0) * np.sqrt(squares / freedom / np.maximum(count, 1))
    return np.where(count > 1, width, np.nan)


def estimate(values: Sequence[float] | Floats) -> Estimate:
    """Mean and t interval (95 %) of independent values; what is not a number (a replication without any) is left out.

    Examples
    --------
    >>> found = estimate([1.0, 2.0, 3.0])
    >>> found.mean, round(found.half_width, 3), found.replications
    (2.0, 2.484, 3)
    """
    kept = np.asarray(values, dtype=np.float64)
    kept = kept[~np.isnan(kept)]
    if kept.size == 0:
        return Estimate(np.nan, np.inf, 0)
    return Estimate(float(kept.mean()), float(half_width(kept)) if kept.size > 1 else np.inf, int(kept.size))


def mean_of(records: Records, tally: str) -> Estimate:
    """The mean of a tally over replications, hours."""
    return estimate([hours.mean() if hours.size else np.nan for hours in records.hours_of(tally)])


def quantile_of(records: Records, tally: str, share: float) -> Estimate:
    """A quantile of a tally: of each replication its own, then the mean of these; hours, share in [0, 1]."""
    return estimate([np.quantile(hours, share) if hours.size else np.nan for hours in records.hours_of(tally)])


def paired(base: Records, plan: Records, tally: str) -> Estimate:
    """The mean difference of a tally, plan less base, replication by replication under the same luck.

    Raises
    ------
    ValueError
        Where the two were not run with one seed, one span and the same replications.
    """
    if (base.seed, base.first, len(base.runs), base.span) != (plan.seed, plan.first, len(plan.runs), plan.span):
        raise ValueError("a paired difference needs one seed, one span and the same replications")
    both = zip(base.hours_of(tally), plan.hours_of(tally), strict=True)
    return estimate([float(after.mean() - before.mean()) for before, after in both])


def mser5(series: Floats) -> int:
    """How many observations at the beginning to leave out: the cut, in batches of five, with the least standard error.

    Cuts in the second half are not looked at: where the best one would lie there, the series is too short.

    Parameters
    ----------
    series
        Observations in order, shape (n,), the mean across replications.

    Examples
    --------
    Ten observations of a beginning that is not like the rest:

    >>> rest = np.tile(np.repeat([1.0, 2.0], 5), 10)
    >>> mser5(np.concatenate([np.full(10, 30.0), rest]))
    10
    """
    count = series.size // BATCH
    if count < 2:
        return 0
    batches = series[: count * BATCH].reshape(count, BATCH).mean(axis=1)
    # Sums from the end give the variance of what each cut leaves in one pass.
    left = np.arange(count, 0, -1)
    mean = np.cumsum(batches[::-1])[::-1] / left
    squares = np.cumsum((batches**2)[::-1])[::-1] / left
    errors = np.maximum(squares - mean**2, 0.0) / left
    return int(np.argmin(errors[: count // 2 + 1])) * BATCH


def warm_up(records: Records, tally: str, step_h: float = 24.0) -> float:
    """Hours of warm-up of a tally: MSER-5 on its mean by time of birth, across replications.

    The records must have been made without warm-up. Steps in which nobody was born count as the step before.
    """
    if records.span.warm_up:
        raise ValueError("the warm-up is found on replications without one")
    steps = int(records.span.hours // step_h)
    name = records.program.tallies.index(tally)
    rows = [run.tally_times[run.tally_items[:, 0] == name] for run in records.runs]
    since = np.concatenate([each[:, 0] for each in rows])
    hours = np.concatenate([each[:, 1] - each[:, 0] for each in rows])
    at = np.minimum((since // step_h).astype(np.int64), max(steps - 1, 0))
    counts, sums = np.bincount(at, minlength=steps), np.bincount(at, hours, minlength=steps)
    # The last who were born have not all arrived: those that have were quick.
    known = np.flatnonzero(counts)
    series = np.interp(np.arange(steps), known, sums[known] / counts[known])
    late = int(np.ceil(float(np.quantile(hours, 0.99)) / step_h))
    return mser5(series[: max(steps - late, 0)]) * step_h


def add_until(rule: Rule, add: Callable[[range], None], is_enough: Callable[[], bool]) -> bool:
    """Call for replications by their numbers until there are enough of them, or as many as the rule allows.

    First the least, then half as many again as there are: of a well-behaved answer not many more than it takes.

    Returns
    -------
    bool
        Whether there are enough.

    Examples
    --------
    >>> made = []
    >>> add_until(Rule(least=10, most=40), made.extend, lambda: len(made) >= 21), len(made)
    (True, 30)
    """
    done = 0
    while True:
        more = min(max(rule.least, done // 2), rule.most - done)
        add(range(done, done + more))
        done += more
        if is_enough():
            return True
        if done >= rule.most:
            return False


def simulate_until(
    program: Program, tally: str, *, seed: int, span: Span, rule: Rule | None = None, threads: int = 1
) -> tuple[Records, bool]:
    """Add replications until there are enough of them for a tally, or as many as the rule allows.

    Returns
    -------
    records
        All replications, from number 0 on.
    converged
        Whether both intervals are narrow enough.
    """
    wanted = rule or Rule()
    made: list[Records] = []

    def together() -> Records:
        return replace(made[0], runs=tuple(one for each in made for one in each.runs))

    def add(numbers: range) -> None:
        made.append(
            simulate(program, seed=seed, replications=len(numbers), span=span, threads=threads, first=numbers.start)
        )

    def is_enough() -> bool:
        records = together()
        means, p95 = mean_of(records, tally), quantile_of(records, tally, 0.95)
        return wanted.is_met(means.replications, means.relative, p95.relative)

    converged = add_until(wanted, add, is_enough)
    return together(), converged
