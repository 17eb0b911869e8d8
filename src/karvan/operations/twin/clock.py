"""SimPy's clock, with events at given times and the order that the compiled loop has within one instant."""

from __future__ import annotations

import math
from collections.abc import Callable
from heapq import heappush

import simpy

# What is woken comes after every event that was set for the instant before, first come first served.
WOKEN = 1_000_000


class Moment(simpy.Event):
    """An event that happens when its time comes, as SimPy's own timeouts do."""

    def __init__(self, clock: simpy.Environment, action: Callable[[simpy.Event], None]) -> None:
        super().__init__(clock)
        self._ok = True
        self._value = None
        self.callbacks = [action]


class Clock(simpy.Environment):
    """An environment of SimPy in which events may be set for a time, not only after a delay.

    A delay would be added to the clock and miss the time by its last digit, and so the order of what comes together.
    """

    def at(self, time: float, priority: int, action: Callable[[simpy.Event], None]) -> None:
        """Do something at a time; of what is set for one time, lower priorities first, else in order of setting."""
        heappush(self._queue, (time, priority, next(self._eid), Moment(self, action)))  # type: ignore[misc]  # any priority

    def run_to(self, horizon: float) -> None:
        """Process every event up to a time, that time included, or until none is left."""
        while not math.isinf(self.peek()) and self.peek() <= horizon:
            self.step()
