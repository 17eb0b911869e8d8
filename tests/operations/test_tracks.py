"""Single track: traffic both ways drains whatever comes, where reserving only section and next track does not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.numerics.events.layout import LENGTH
from karvan.numerics.events.replication import Span
from karvan.operations.assemble import assemble
from karvan.operations.distributions import Constant, Exponential, Uniform
from karvan.operations.network import Line, Network, Process, Section, Source
from karvan.operations.simulate import Records, simulate
from karvan.operations.steps import Tally, Travel
from karvan.operations.twin.run import run_twin
from karvan.operations.twin.world import Rules

WAYS = ("east", "west")


def both_ways(sections: tuple[Section, ...], every_h: float, until_h: float = 500.0) -> Network:
    """A line with trains at random from both ends until an hour, tallied at the other end."""
    trains = tuple(Process(way, (Travel("line", back=way == "west"), Tally(way))) for way in WAYS)
    sources = tuple(Source(way, way, Exponential(every_h), until_h=until_h) for way in WAYS)
    return Network(trains, sources, lines=(Line("line", sections),))


def drained(network: Network, seed: int = 1) -> Records:
    """A replication without end: it stops when nothing is left to happen."""
    return simulate(assemble(network), seed=seed, replications=1, span=Span(np.inf))


def waiting(records: Records) -> int:
    """Trains that still wait when nothing is left to happen."""
    return int(records.runs[0].places[:, LENGTH].sum())


def any_free_track(tracks: int, standing: Sequence[int], _direction: int) -> bool:
    """The plain rule: whoever finds a free track at the next loop may have it, with the section, all or nothing."""
    return sum(standing) < tracks


@pytest.mark.parametrize("tracks", [2, 3])
def test_traffic_that_deadlocks_by_the_plain_rule_drains_by_ours(tracks: int) -> None:
    network = both_ways((Section(1, Constant(1.0), tracks),) * 5, every_h=2.1, until_h=300.0)
    seeds, plain = range(1, 6), Rules(takes_track=any_free_track)
    left = [run_twin(network, seed=seed, replication=0, span=Span(np.inf), rules=plain).waiting for seed in seeds]
    assert any(sum(places.values()) > 0 for places in left)
    assert [waiting(drained(network, seed)) for seed in seeds] == [0] * 5


section = st.builds(
    Section,
    tracks=st.sampled_from([1, 1, 1, 2]),
    time=st.sampled_from([Constant(1.0), Constant(0.4), Uniform(0.5, 1.5)]),
    loop_tracks=st.integers(1, 4),
    headway_h=st.sampled_from([0.0, 0.1]),
)


@settings(deadline=None)
@given(st.lists(section, min_size=1, max_size=7), st.integers(1, 10_000))
def test_random_traffic_at_95_percent_always_drains(sections: list[Section], seed: int) -> None:
    network = both_ways(tuple(sections), every_h=2.0 * _block_hours(sections) / 0.95, until_h=300.0)
    records = drained(network, seed)
    assert records.runs[0].drained
    assert waiting(records) == 0


def _block_hours(sections: list[Section]) -> float:
    """Hours of the slowest stretch between places where trains can pass, which says what the line can carry."""
    hours, slowest = 0.0, 0.0
    for each in sections:
        hours += each.time.hours if isinstance(each.time, Constant) else 1.0
        if each.loop_tracks > 1:
            slowest, hours = max(slowest, hours), 0.0
    return max(slowest, hours)


def test_two_trains_meet_at_the_loop_and_one_waits() -> None:
    """East enters at 0, west at 0: east runs 1 h to the loop, west 2 h; east waits 1 h for the second section."""
    sections = (Section(1, Constant(1.0), 2), Section(1, Constant(2.0)))
    trains = tuple(Process(way, (Travel("line", back=way == "west"), Tally(way))) for way in WAYS)
    once = tuple(Source(way, way, Constant(1.0), until_h=1.5) for way in WAYS)
    records = drained(Network(trains, once, lines=(Line("line", sections),)))
    assert records.hours_of("east")[0].tolist() == [4.0]
    assert records.hours_of("west")[0].tolist() == [3.0]


def test_trains_of_one_direction_keep_their_headway() -> None:
    """Three trains at once on an hour of track, 15 minutes apart."""
    train = Process("east", (Travel("line"), Tally("east")))
    three = Source("three", "east", Constant(1.0), count=3, until_h=1.5)
    line = Line("line", (Section(1, Constant(1.0), headway_h=0.25),))
    assert drained(Network((train,), (three,), lines=(line,))).hours_of("east")[0].tolist() == [1.0, 1.25, 1.5]


def test_a_loop_with_one_track_is_no_place_to_pass() -> None:
    """Two sections of an hour about one track are one block of two hours: the second train waits for all of it."""
    sections = (Section(1, Constant(1.0), 1), Section(1, Constant(1.0)))
    trains = tuple(Process(way, (Travel("line", back=way == "west"), Tally(way))) for way in WAYS)
    once = tuple(Source(way, way, Constant(1.0), until_h=1.5) for way in WAYS)
    records = drained(Network(trains, once, lines=(Line("line", sections),)))
    assert sorted(float(records.hours_of(way)[0][0]) for way in WAYS) == [2.0, 4.0]
