"""One replication in the twin.

The compiled loop knows the rules of dispatch that are written into it. Whoever needs another one writes it as a
function of Python (:class:`karvan.operations.twin.world.Rules`) and pays with speed; all else stays the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from karvan.errors import DataError, KarvanError
from karvan.numerics.events.replication import Span
from karvan.operations.network import Network
from karvan.operations.review import review


@dataclass(frozen=True)
class TwinLeft:
    """What a replication of the twin leaves: rows of the tally, in the order in which they were written.

    ``names`` and ``serials`` (n,), ``times`` (n, 5): since, at, and the parts in hours, as the compiled loop writes
    them; ``waiting`` counts those in each place at the end.
    """

    names: tuple[str, ...]
    serials: NDArray[np.int64]
    times: NDArray[np.float64]
    waiting: dict[str, int]


def run_twin(network: Network, *, seed: int, replication: int, span: Span, rules: object = None) -> TwinLeft:
    """Run one replication of a network in SimPy, on the streams of the compiled loop.

    Parameters
    ----------
    network
        As for :func:`karvan.operations.assemble.assemble`.
    seed, replication, span
        As for :func:`karvan.operations.simulate.simulate`; sums by period and logs are not kept.
    rules
        :class:`karvan.operations.twin.world.Rules` with functions of one's own; by default those of the compiled loop.

    Raises
    ------
    DataError
        With every problem of the network.
    KarvanError
        Where SimPy is not installed.

    Examples
    --------
    >>> from karvan.operations.distributions import Constant
    >>> from karvan.operations.network import Process, Source
    >>> from karvan.operations.steps import Delay, Tally
    >>> walk = Process("walk", (Delay(Constant(2.0)), Tally("there")))
    >>> network = Network((walk,), (Source("door", "walk", Constant(3.0)),))
    >>> left = run_twin(network, seed=1, replication=0, span=Span(9.0))
    >>> left.times[:, :2].tolist()
    [[3.0, 5.0], [6.0, 8.0]]
    """
    problems = review(network)
    if problems:
        raise DataError(problems=problems)
    try:
        from karvan.operations.twin.draws import Streams
        from karvan.operations.twin.walk import source, start
        from karvan.operations.twin.world import Rules, World
    except ModuleNotFoundError as error:
        if error.name != "simpy":
            raise
        raise KarvanError("the twin needs SimPy: install karvan[twin]") from error
    given = rules if isinstance(rules, Rules) else Rules()
    world = World(network, Streams(seed, replication), span.hours, given)
    for each in network.sources:
        entity = world.born(0)
        entity.steps = source(world, entity, each)
        world.wake(entity)
    for there in network.starts:
        for _ in range(there.count):
            entity = world.born(there.priority)
            entity.born = there.at_h
            start(world, entity, there.process)
            world.wake_at(entity, there.at_h)
    world.clock.run_to(span.hours)
    kept = [row for row in world.rows if row[2][0] >= span.warm_up]
    return TwinLeft(
        names=tuple(name for name, _, _ in kept),
        serials=np.array([serial for _, serial, _ in kept], dtype=np.int64),
        times=np.array([times for _, _, times in kept], dtype=np.float64).reshape(-1, 5),
        waiting={key: len(place.queue) for key, place in world.places.items()},
    )
