"""The compiled loop against its twin in SimPy: the same times, consignment by consignment."""

from __future__ import annotations

import numpy as np

from karvan.numerics.events.replication import Span
from karvan.operations.assemble import assemble
from karvan.operations.network import Network
from karvan.operations.simulate import simulate
from karvan.operations.twin.run import run_twin
from tests.operations.networks import eight_stations, every_step


def assert_same(network: Network, span: Span, seed: int, replication: int) -> int:
    """Name, serial number and every time of every row agree, in the same order; returns how many rows there are."""
    program = assemble(network)
    (ours,) = simulate(program, seed=seed, replications=1, span=span, first=replication).runs
    twin = run_twin(network, seed=seed, replication=replication, span=span)
    assert [program.tallies[name] for name in ours.tally_items[:, 0]] == list(twin.names)
    assert ours.tally_items[:, 1].tolist() == twin.serials.tolist()
    assert np.abs(ours.tally_times - twin.times).max() < 1e-9
    return len(twin.names)


def test_the_corridor_of_eight_stations_gives_the_same_transit_time_for_every_consignment() -> None:
    assert assert_same(eight_stations(), Span(1500.0, 100.0), seed=7, replication=1) > 3500


def test_every_kind_of_step_gives_the_same_times() -> None:
    assert assert_same(every_step(), Span(1000.0), seed=3, replication=2) > 1000
