"""Random streams: the same bits as numpy's, whatever else is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from karvan.numerics.events.replication import Span
from karvan.numerics.streams import generator
from karvan.operations.assemble import assemble
from karvan.operations.distributions import Distribution, Exponential, Lognormal, Uniform
from karvan.operations.network import Network, Process, Start
from karvan.operations.simulate import simulate
from karvan.operations.steps import Delay, Loop, Mark, Tally

COUNT = 2000


def drawn(time: Distribution, seed: int, replication: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Times as the event loop draws them."""
    steps = (Loop((Mark("from"), Delay(time, purpose="sailing"), Tally("time", "from"))),)
    program = assemble(Network((Process("one", steps),), starts=(Start("one"),)))
    records = simulate(program, seed=seed, replications=1, span=Span(COUNT / 2.0), first=replication)
    ends = records.runs[0].tally_times[:, 1]
    return np.asarray(ends)


@pytest.mark.parametrize(("seed", "replication"), [(1, 0), (1, 1), (2026, 499)])
def test_the_loop_draws_the_bits_of_numpys_philox(seed: int, replication: int) -> None:
    """Sums of uniform times on [0, 1) taken in the same order are equal to the last bit."""
    ends = drawn(Uniform(0.0, 1.0), seed, replication)
    assert ends.size > 900
    assert np.array_equal(ends, np.cumsum(generator(seed, replication, "sailing").random(ends.size)))


def test_a_key_of_numpys_own_gives_the_same_stream() -> None:
    """The generator is numpy's Philox with our key and the replication as the highest word of its counter."""
    one, other = generator(3, 5, "sailing"), generator(3, 5, "sailing")
    state = one.bit_generator.state["state"]
    assert state["counter"].tolist() == [0, 0, 0, 5]
    assert one.random(9).tolist() == other.random(9).tolist()
    assert generator(3, 6, "sailing").random() != generator(3, 5, "sailing").random()
    assert generator(3, 5, "loading").random() != generator(3, 5, "sailing").random()


def test_exponential_and_lognormal_times_are_their_quantiles() -> None:
    numbers = generator(1, 0, "sailing").random(COUNT)
    exponential = drawn(Exponential(1.0), 1, 0)
    assert np.allclose(exponential, np.cumsum(-np.log1p(-numbers))[: exponential.size], rtol=1e-12)
    lognormal = drawn(Lognormal(1.0, 0.5), 1, 0)
    variance = np.log1p(0.25)
    exact = np.exp(-variance / 2.0 + np.sqrt(variance) * ndtri(numbers))
    assert np.allclose(lognormal, np.cumsum(exact)[: lognormal.size], rtol=1e-12)
