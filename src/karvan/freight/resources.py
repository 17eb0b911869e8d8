"""Resources as the equilibrium needs them: which queue, which are limited, and the wait at each utilisation.

A queue of parallel servers has a wait and, below full utilisation, a limit whose price rations it. Slots of fleets and
block trains and yearly limits have a price only (the wait for a departure is paid on boarding). A delay is a power law.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.numerics.queues import queue_slope, queue_utilisation, queue_wait
from karvan.units import HOURS_PER_YEAR

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Resources:
    """Resources of one year as arrays of shape (resources,).

    Attributes
    ----------
    keys, unit, owner
        Texts of the table.
    capacity, background
        Units a year.
    most_used
        Utilisation at which use is rationed.
    rent_share
        Share of the price that somebody earns.
    queue, delay, limited, closed
        Which resources queue, delay, have a price, or take no cargo at all: capacity 0, or no room beyond background.
    servers, service_h, variability, hours_open
        Queues; ``service_h`` is servers x units x hours open / capacity, so that the tables' identity always holds.
    delay_h, delay_power
        Delays: wait = delay_h x utilisation^power.
    """

    keys: NDArray[np.object_]
    unit: NDArray[np.object_]
    owner: NDArray[np.object_]
    capacity: Floats
    background: Floats
    most_used: Floats
    rent_share: Floats
    queue: Mask
    delay: Mask
    limited: Mask
    closed: Mask
    servers: Floats
    service_h: Floats
    variability: Floats
    hours_open: Floats
    delay_h: Floats
    delay_power: Floats

    @property
    def waiting(self) -> Mask:
        """Resources with a wait."""
        return self.queue | self.delay

    @property
    def room(self) -> Floats:
        """Units a year that cargo of the demand table may use at the limit."""
        return self.capacity * self.most_used - self.background

    def wait_hours(self, utilisation: Floats) -> Floats:
        """Calendar hours of wait at each utilisation; 0 where there is no wait."""
        safe = np.clip(utilisation, 0.0, 1.0 - 1e-12)
        queued = queue_wait(safe, self.servers, self.service_h, self.variability) * HOURS_PER_YEAR / self.hours_open
        delayed = self.delay_h * np.maximum(utilisation, 0.0) ** self.delay_power
        return np.where(self.queue, queued, np.where(self.delay, delayed, 0.0)).astype(np.float64)

    def utilisation(self, wait_h: Floats) -> tuple[Floats, Floats]:
        """Utilisation at which the calendar wait is ``wait_h``, and its derivative by the wait (per hour)."""
        calendar = HOURS_PER_YEAR / self.hours_open
        rho = queue_utilisation(wait_h / calendar, self.servers, self.service_h, self.variability)
        slope = queue_slope(np.maximum(rho, 1e-300), self.servers, self.service_h, self.variability) * calendar
        level = np.maximum(wait_h, 0.0) / self.delay_h
        share = level ** (1.0 / self.delay_power)
        flat = share / (self.delay_power * np.maximum(wait_h, 1e-300))
        level_used = np.where(self.queue, rho, share).astype(np.float64)
        return level_used, np.where(self.queue, 1.0 / slope, flat).astype(np.float64)


def resources_of(table: pd.DataFrame) -> Resources:
    """The resources of a state's table.

    Parameters
    ----------
    table
        ``resources`` of one year. A queue without hours open works all year; a delay needs ``delay_h`` and
        ``delay_power``.
    """

    def column(name: str, default: float) -> Floats:
        return np.asarray(table[name].astype(float).fillna(default), dtype=np.float64)

    behaviour = table["behaviour"].to_numpy()
    capacity, background = column("capacity_per_year", 0.0), column("background_per_year", 0.0)
    most = column("max_utilisation", 1.0)
    queue, delay = behaviour == "queue", behaviour == "delay"
    closed = (capacity <= 0.0) | ((capacity * most <= background) & ~delay)
    servers, hours = column("servers", 1.0), column("hours_open_per_year", HOURS_PER_YEAR)
    service = servers * column("units_per_service", 1.0) * hours / np.where(capacity > 0, capacity, 1.0)
    return Resources(
        keys=table["resource"].to_numpy(dtype=object),
        unit=table["unit"].to_numpy(dtype=object),
        owner=table["owner"].to_numpy(dtype=object),
        capacity=capacity,
        background=background,
        most_used=most,
        rent_share=column("rent_share", 1.0),
        queue=queue & ~closed,
        delay=delay & ~closed,
        limited=~delay & ~closed & ~(queue & (most >= 1.0)),
        closed=closed,
        servers=servers,
        service_h=np.where(queue & ~closed, service, 1.0),
        variability=np.where(queue, column("ca2_plus_cs2", 2.0), 2.0),
        hours_open=np.where(hours > 0, hours, HOURS_PER_YEAR),
        delay_h=np.where(delay, column("delay_h", 1.0), 1.0),
        delay_power=np.where(delay, column("delay_power", 1.0), 1.0),
    )


def widened(resources: Resources, chosen: int, factor: float) -> Resources:
    """The resources with one capacity multiplied; a queue's servers work faster by as much, its hours stay.

    Raises
    ------
    ValueError
        If the factor is not positive.
    """
    if factor <= 0:
        raise ValueError(f"a capacity is multiplied by something positive, not {factor}")
    capacity, service = resources.capacity.copy(), resources.service_h.copy()
    capacity[chosen] *= factor
    service[chosen] /= factor
    return replace(resources, capacity=capacity, service_h=service)
