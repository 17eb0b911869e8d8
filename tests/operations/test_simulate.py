"""Replications against answers known outside: queues, timetables, and the same numbers on any thread."""

from __future__ import annotations

import numpy as np
import pytest

from karvan.numerics.events.replication import Span
from karvan.operations.assemble import assemble
from karvan.operations.distributions import Constant, Exponential
from karvan.operations.simulate import Records, simulate
from tests.operations.networks import eight_stations, queue_of, timetabled


def mean_of(records: Records, tally: str) -> tuple[float, float]:
    """Mean over the replications' means, and its standard error."""
    means = np.array([hours.mean() for hours in records.hours_of(tally)])
    return float(means.mean()), float(means.std(ddof=1) / np.sqrt(means.size))


@pytest.mark.parametrize(("service", "wait"), [(Exponential(1.0), 4.0), (Constant(1.0), 2.0)])
def test_one_server_waits_as_pollaczek_and_khinchine_say(service: Exponential | Constant, wait: float) -> None:
    program = assemble(queue_of(Exponential(1.25), service))
    records = simulate(program, seed=1, replications=30, span=Span(20_000.0, 500.0))
    mean, error = mean_of(records, "wait")
    assert abs(mean - wait) < 3.0 * error
    assert error < 0.05 * wait


def test_departures_by_timetable_are_waited_for_half_a_headway() -> None:
    records = simulate(assemble(timetabled(Exponential(1.0 / 3.0), 12.0)), seed=1, replications=20, span=Span(5000.0))
    mean, error = mean_of(records, "wait")
    assert abs(mean - 6.0) < 3.0 * error


def test_a_replication_gives_the_same_numbers_alone_and_on_two_threads() -> None:
    program = assemble(eight_stations())
    one, two = (simulate(program, seed=3, replications=4, span=Span(2000.0), threads=n) for n in (1, 2))
    alone = simulate(program, seed=3, replications=1, span=Span(2000.0), first=2)
    for left, right in zip(one.runs, two.runs, strict=True):
        assert left.tally_times.tobytes() == right.tally_times.tobytes()
    assert alone.runs[0].tally_times.tobytes() == one.runs[2].tally_times.tobytes()
