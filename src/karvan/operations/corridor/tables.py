"""Outcome tables of operations from the readings of all replications: means over replications and their t intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.outcome import outcome_table
from karvan.corridor.state import State
from karvan.numerics.queues import queue_wait
from karvan.operations.corridor.build import Built
from karvan.operations.corridor.loads import Passage
from karvan.operations.corridor.readout import (
    COUNT,
    MEAN,
    P50,
    P80,
    P95,
    SD,
    TIMES,
    Groups,
    Reading,
    queues,
    ships,
    sides_of,
)
from karvan.operations.corridor.services import Service
from karvan.operations.statistics import half_width, mser5
from karvan.units import HOURS_PER_YEAR

Floats = NDArray[np.float64]
HEADWAY_CV = 0.4
MOST_UTILISATION = 0.999
# Below this a ratio to freight's formula says nothing: nobody waits.
LEAST_FORMULA_H = 0.1


def transit_rows(year: int, grouped: Groups, readings: Sequence[Reading], built: Built) -> pd.DataFrame:
    """``operations.transits``: a row a group and part of the time; groups that nobody was seen in are left out."""
    seen = _every(readings, 0, COUNT).sum(axis=0)
    kept = np.flatnonzero(seen > 0)
    named = grouped.rows.iloc[kept].assign(year=year, consignments=seen[kept].astype(int), on_time_share=np.nan)
    frames = []
    for at, part in enumerate(TIMES):
        of = {statistic: _every(readings, at, statistic)[:, kept] for statistic in (MEAN, SD, P50, P80, P95)}
        mean = {statistic: np.nanmean(values, axis=0) for statistic, values in of.items()}
        frames.append(named.assign(
            part=part, mean_hours=_above_zero(mean[MEAN]), half_width_hours=half_width(of[MEAN]), sd_hours=mean[SD],
            p50_hours=_above_zero(mean[P50]), p80_hours=_above_zero(mean[P80]), p95_hours=_above_zero(mean[P95]),
            p95_half_width_hours=half_width(of[P95]),
        ))  # fmt: skip
    shares = np.stack([reading.on_time for reading in readings])
    for train, share in zip(built.scheduled_h, shares.T, strict=True):
        frames[0].loc[frames[0]["service"] == train, "on_time_share"] = _mean(share)
    return outcome_table("operations.transits", pd.concat(frames, ignore_index=True))


def _every(readings: Sequence[Reading], part: int, statistic: int) -> Floats:
    """One statistic of one part of the time, shape (replications, groups)."""
    return np.stack([reading.times[:, part, statistic] for reading in readings], dtype=np.float64)


def _mean(values: Floats) -> float:
    """The mean of what is a number; missing where nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")


def _above_zero(values: Floats) -> Floats:
    """The values, with what rounding has put below 0 at 0."""
    return np.maximum(values, 0.0)


def service_rows(state: State, services: Sequence[Service]) -> pd.DataFrame:
    """``operations.services``: what each service is in the year, and how far freight's capacity is from its tables."""
    return outcome_table("operations.services", pd.DataFrame({
        "year": state.year, "service": [s.key for s in services], "resource": [s.resource for s in services],
        "vehicles": [s.vehicles for s in services], "room_units": [s.room for s in services],
        "unit": [s.unit for s in services], "kind": [s.kind for s in services],
        "mean_hours": [s.mean_h for s in services],
        "open_hours": [s.open_hours for s in services], "capacity": [s.capacity for s in services],
        "pace": [s.pace for s in services],
    }))  # fmt: skip


def resource_rows(
    state: State, built: Built, passages: Sequence[Passage], readings: Sequence[Reading], hours: float
) -> pd.DataFrame:
    """``operations.resources``: every queue beside the formula of freight; services of one resource are one row.

    Parameters
    ----------
    state, built, passages
        Of the year.
    readings
        All replications.
    hours
        Hours over which the queues counted.
    """
    every = np.stack([reading.queues for reading in readings])
    rounds = np.stack([reading.rounds_h for reading in readings])
    waiting: Floats = np.stack([reading.daily[:, :, 0] for reading in readings], dtype=np.float64).mean(axis=0)
    named = _resources_of(state, built, passages)
    by_key = {service.key: service for service in built.services}
    units = dict(zip(state["resources"]["resource"], state["resources"]["unit"], strict=True))
    sides, order = sides_of(built), queues(built)
    at_ship = {key: at for at, key in enumerate(ships(built))}
    found = []
    for resource in dict.fromkeys(named.values()):
        members = [at for at, queue in enumerate(order) if named.get(queue) == resource]
        service = by_key[sides[order[members[0]]][0]]
        wait, deviation = _waits(every[:, members])
        scale = HOURS_PER_YEAR / hours * _told_units(service, passages) / service.per_load
        load = float(every[:, members, 3].sum(axis=1).mean()) * scale
        ship = [at_ship[sides[order[at]][0]] for at in members if sides[order[at]][0] in at_ship]
        capacity = sum(by_key[sides[order[at]][0]].capacity for at in members)
        analytic = _analytic(state, service, load / capacity if capacity > 0 else np.nan)
        found.append({
            "year": state.year, "resource": resource, "unit": units.get(resource, service.unit), "load": load,
            "capacity": capacity,
            "utilisation": min(load / capacity, 1.0) if capacity > 0 else 0.0, "wait_hours": float(np.nanmean(wait)),
            "half_width_hours": float(half_width(wait)),
            "sd_hours": float(np.hypot(deviation, service.sd_h * service.served_h / service.mean_h)),
            "analytic_wait_hours": analytic,
            "ratio": float(np.nanmean(wait)) / analytic if analytic > LEAST_FORMULA_H else np.nan,
            "cycles_per_year": HOURS_PER_YEAR / float(np.nanmean(rounds[:, ship])) if ship else np.nan,
            "transient_days": mser5(waiting[members].sum(axis=0)),
        })  # fmt: skip
    rows = pd.DataFrame(found, columns=None if found else list(_COLUMNS)).dropna(subset=["wait_hours"])
    return outcome_table("operations.resources", rows)


_COLUMNS = (
    "year", "resource", "unit", "load", "capacity", "utilisation", "wait_hours", "half_width_hours", "sd_hours",
    "analytic_wait_hours", "ratio", "cycles_per_year", "transient_days",
)  # fmt: skip


def _told_units(service: Service, passages: Sequence[Passage]) -> float:
    """Units of the service in one of its measure."""
    from karvan.operations.corridor.journeys import room_in_measure

    return service.room / room_in_measure(service, passages)


def _waits(every: Floats) -> tuple[Floats, float]:
    """Mean wait of each replication over some queues, and the standard deviation of a wait, from all of them."""
    served, waited, squared = (every[:, :, column].sum(axis=1) for column in range(3))
    with np.errstate(invalid="ignore", divide="ignore"):
        wait = waited / served
        mean = waited.sum() / served.sum()
        return wait, float(np.sqrt(max(squared.sum() / served.sum() - mean * mean, 0.0)))


def _resources_of(state: State, built: Built, passages: Sequence[Passage]) -> dict[str, str]:
    """The resource of each queue: a ship's two directions have one each, as their links use them; else the service."""
    resources = state["resources"]
    slots = set(resources.loc[resources["behaviour"] == "slots", "resource"])
    used: dict[tuple[str, bool], str] = {}
    for passage in passages:
        for resource, _ in passage.uses:
            if passage.link and resource in slots:
                used[passage.link, passage.back] = resource
    by_key = {service.key: service for service in built.services}
    found = {}
    for queue, (key, back) in sides_of(built).items():
        service = by_key[key]
        own = service.resource or service.key
        found[queue] = own if service.stands or service.is_train else used.get((service.links[0], back), "")
    return {queue: resource for queue, resource in found.items() if resource}


def _analytic(state: State, service: Service, utilisation: float) -> float:
    """Freight's wait at that load: its queue formula, or half a headway of its ships."""
    resources = state["resources"]
    row = resources.loc[resources["resource"] == service.resource]
    if row.empty or not np.isfinite(utilisation):
        return float("nan")
    if not service.stands:
        cv = state.parameter("headway_cv", HEADWAY_CV)
        return float(row["headway_h"].iloc[0]) / 2.0 * (1.0 + cv * cv)
    rho = np.array([min(utilisation, MOST_UTILISATION)])
    servers, work = np.array([float(service.vehicles)]), np.array([service.mean_h])
    wait = queue_wait(rho, servers, work, np.array([service.variability]))
    return float(wait[0]) * HOURS_PER_YEAR / service.open_hours


def queue_rows(state: State, built: Built, readings: Sequence[Reading]) -> pd.DataFrame:
    """``operations.queues``: every queue day by day of the year."""
    sides, by_key = sides_of(built), {service.key: service for service in built.services}
    drawn = np.mean([reading.open_share for reading in readings], axis=0)
    open_share = {each.calendar: share for each, share in zip(built.network.calendars, drawn, strict=True)}
    per_unit = _units_a_consignment(readings)
    days = readings[0].open_share.shape[1]
    frames = []
    for at, queue in enumerate(queues(built)):
        calendar = by_key[sides[queue][0]].calendar
        daily = np.stack([reading.daily[at, -days:] for reading in readings], dtype=np.float64)
        waiting = daily[:, :, 0] * per_unit[at]
        came = daily[:, :, 1].sum(axis=0)
        waited = (daily[:, :, 1] * daily[:, :, 2]).sum(axis=0)
        frames.append(pd.DataFrame({
            "year": state.year, "service": queue, "day": np.arange(1, days + 1), "mean_queue": waiting.mean(axis=0),
            "p95_queue": np.quantile(waiting, 0.95, axis=0),
            "mean_wait_h": np.divide(waited, came, out=np.zeros(days), where=came > 0),
            "open_share": open_share.get(calendar, np.ones(days)),
        }))  # fmt: skip
    return outcome_table("operations.queues", pd.concat(frames, ignore_index=True))


def _units_a_consignment(readings: Sequence[Reading]) -> Floats:
    """Mean units of one who is served, by queue."""
    every = np.stack([reading.queues for reading in readings]).sum(axis=0)
    return np.asarray(np.divide(every[:, 3], every[:, 0], out=np.zeros(len(every)), where=every[:, 0] > 0))
