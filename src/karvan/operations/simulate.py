"""Replications of a network of operations, on one thread or several, with the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from karvan.errors import InfeasibleError
from karvan.numerics.events.layout import LENGTH, Floats, Status
from karvan.numerics.events.replication import Left, Luck, Rooms, Span, replicate
from karvan.operations.assemble import Program
from karvan.operations.opening import open_intervals


@dataclass(frozen=True)
class Records:
    """What the replications of a program left, in order.

    ``runs[k]`` is replication ``first + k``.
    """

    program: Program
    seed: int
    span: Span
    first: int
    runs: tuple[Left, ...]

    @property
    def events(self) -> int:
        """Timed events of all replications."""
        return sum(run.events for run in self.runs)

    def stalled(self) -> list[tuple[int, dict[str, int]]]:
        """Replications in which nothing was left to happen while somebody waited: number, and how many in each place.

        That is a deadlock, or cargo for which no vehicle comes any more; a vehicle without cargo is none.
        """
        found = []
        for number, run in enumerate(self.runs, start=self.first):
            lengths = dict(zip(self.program.places, run.places[:, LENGTH].tolist(), strict=True))
            if run.drained and any(lengths.values()):
                found.append((number, {key: length for key, length in lengths.items() if length}))
        return found

    def hours_of(self, tally: str) -> list[Floats]:
        """The times of a tally by replication, hours, in the order in which they were written."""
        name = self.program.tallies.index(tally)
        found = ((run, run.tally_items[:, 0] == name) for run in self.runs)
        return [run.tally_times[rows, 1] - run.tally_times[rows, 0] for run, rows in found]

    def place(self, key: str) -> int:
        """The row of a place: a resource, a queue, or a block of a line."""
        return self.program.places.index(key)

    def sums_of(self, key: str, column: int) -> Floats:
        """One sum of a place (a column of the layout) by replication, shape (replications,)."""
        return np.array([run.sums[self.place(key), column] for run in self.runs])


def simulate(
    program: Program,
    *,
    seed: int,
    replications: int,
    span: Span,
    threads: int = 1,
    first: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Records:
    """Run replications ``first`` to ``first + replications - 1``; each gives the same numbers alone and on any thread.

    Parameters
    ----------
    program
        Assembled network.
    seed
        Of all random streams; two scenarios under one seed meet the same luck.
    replications
        How many, at least 1.
    span
        Hours, warm-up, period of the sums by period; ``logged`` keeps who went on when.
    threads
        Worker threads; the loop holds no lock of the interpreter.
    first
        Number of the first replication.
    progress
        Called with the share that is done.

    Returns
    -------
    Records
        By replication, in order.

    Raises
    ------
    InfeasibleError
        Where a replication does not get past one instant.

    Examples
    --------
    A train every 6 hours; whoever comes waits for the next one:

    >>> from karvan.operations.assemble import assemble
    >>> from karvan.operations.distributions import Constant
    >>> from karvan.operations.network import Network, Process, Queue, Source, Start, Timetable
    >>> from karvan.operations.steps import Depart, Hold, Load, Loop, Room, Tally, Unload
    >>> train = Process("train", (Loop((Depart("daily"), Load("yard", Room()), Unload())),))
    >>> wagon = Process("wagon", (Hold("yard"), Tally("waited")))
    >>> network = Network((train, wagon), (Source("plant", "wagon", Constant(5.0)),), (Start("train"),),
    ...                   queues=(Queue("yard"),), timetables=(Timetable("daily", (0.0, 6.0, 12.0, 18.0), 24.0),))
    >>> records = simulate(assemble(network), seed=1, replications=1, span=Span(24.0))
    >>> records.hours_of("waited")[0].tolist()
    [1.0, 2.0, 3.0, 4.0]
    """
    network, keys = program.network, program.keys(seed)

    def one(number: int, rooms: Rooms) -> Left:
        open_ = [open_intervals(each, network.first_day, span.hours, seed, number) for each in network.calendars]
        status, left = replicate(program.image, Luck(number, keys, open_), span, rooms)
        if status == Status.STUCK:
            raise InfeasibleError(
                f"replication {number} does not get past hour {left.last:g}: entities go on for ever without time"
            )
        return left

    # The first tells how much room the others need, so that few have to be run twice.
    runs = [one(first, Rooms())]
    _tell(progress, 1.0 / replications)
    others = range(first + 1, first + replications)
    with ThreadPoolExecutor(threads) as pool:
        for left in pool.map(lambda number: one(number, runs[0].rooms), others):
            runs.append(left)
            _tell(progress, len(runs) / replications)
    return Records(program, seed, span, first, tuple(runs))


def _tell(progress: Callable[[float], None] | None, share: float) -> None:
    """Tell how far it is, where somebody listens."""
    if progress is not None:
        progress(share)


