"""Journeys: what cargo of one kind meets between its ends, service by service, with the hours in between.

A flow of freight becomes a chain of rides, each in the queue of a service, and fixed hours before, between and after
them. Flows with the same chain between the same ends are one journey; those that are too small to be met once a month
are one journey for all ends. Consignments of a journey are equal: a lot of boxes, a group of wagons, some trucks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.checks.service_rules import chain_places
from karvan.corridor.state import State
from karvan.operations.corridor.loads import Loads, Passage
from karvan.operations.corridor.services import Service

MEASURE_OF_UNIT = {"TEU": "teu", "trains": "teu", "wagons": "wagons", "trucks": "trucks", "t": "trucks"}
FORWARD, BACK = "forward", "back"
MOVING, BORDER, HANDLING, BOARDING = range(4)
PARTS_OF_WAY = 4
SAME_WEIGHT = 0.01
CONTAINER = "container"


class Ride(NamedTuple):
    """One meeting with a service: the queue, and what one unit of the cargo's class weighs there in its measure."""

    queue: str
    service: str
    weight: float


@dataclass(frozen=True)
class Lots:
    """Units in one consignment: TEU of boxes, tonnes on rails or ships, tonnes on trucks."""

    teu: float
    wagon_t: float
    truck_t: float

    def of(self, handling_class: str) -> float:
        """Units of one consignment of a handling class."""
        if handling_class == CONTAINER:
            return self.teu
        return self.truck_t if handling_class == "truck" else self.wagon_t


@dataclass(frozen=True)
class Journey:
    """Equal consignments on one chain.

    ``fixed_h`` has shape (rides + 1, 4): hours moving, at borders, handled and waiting for what is not simulated,
    before the first ride, between rides and after the last. ``units`` a year and ``lot`` are in TEU or t; ``origin``
    and ``destination`` are empty where small flows of many ends are put together.
    """

    origin: str
    destination: str
    commodity: str
    handling_class: str
    rides: tuple[Ride, ...]
    fixed_h: NDArray[np.float64]
    units: float
    lot: float

    @property
    def chain(self) -> str:
        """The services in order, joined by ``>``."""
        return " > ".join(ride.service for ride in self.rides)

    @property
    def per_year(self) -> float:
        """Consignments a year."""
        return self.units / self.lot


@dataclass(frozen=True)
class Met:
    """What a passage means for cargo: rides there, hours beside them, whether a ship carries it over the link."""

    rides: tuple[Ride, ...]
    hours: tuple[float, float, float, float]
    shipped: bool


@dataclass(frozen=True)
class Plan:
    """Journeys of a year, and the units a year that reach no service's queue as themselves.

    ``unweighed`` are units a year by service that come as its background, since a consignment has one weight in each
    measure; ``left_out`` counts units of flows that meet no service, by handling class.
    """

    journeys: tuple[Journey, ...]
    unweighed: Mapping[str, float] = field(default_factory=dict)
    left_out: Mapping[str, float] = field(default_factory=dict)


def queue_of(service: Service, *, back: bool = False) -> str:
    """The key of the queue in which cargo waits for a service."""
    return service.key if service.stands else f"{service.key} {BACK if back else FORWARD}"


def train_ways(
    services: Iterable[Service], links: pd.DataFrame, passages: Sequence[Passage]
) -> dict[str, tuple[int, ...]]:
    """The passages of boxes that each train runs over, in order; trains without passages are left out."""
    number = {(p.link, p.back): at for at, p in enumerate(passages) if p.link and p.handling_class == CONTAINER}
    indexed = links.drop_duplicates("link").set_index("link")
    found = {}
    for service in services:
        if not service.is_train:
            continue
        places = chain_places(list(service.links), indexed)
        ways = [(key, places[at] != indexed["from_place"][key]) for at, key in enumerate(service.links)]
        if all(way in number for way in ways):
            found[service.key] = tuple(number[way] for way in ways)
    return found


def meetings(services: Sequence[Service], passages: Sequence[Passage], slots: frozenset[str]) -> list[Met]:
    """What each passage means, in order; trains are not looked at. ``slots`` are the resources that fleets are."""
    standing: dict[str, list[Service]] = {}
    shipped = {}
    for service in services:
        if service.stands and not service.is_berth:
            standing.setdefault(service.resource, []).append(service)
        elif not service.stands and not service.is_train:
            shipped[service.links[0]] = service
    scale = {service.key: _per_measure(service, passages) for service in services}
    return [_met(passage, standing, shipped, slots, scale) for passage in passages]


def _per_measure(service: Service, passages: Sequence[Passage]) -> float:
    """What one unit of a service counts in its measure: a train as many TEU as boxes make one."""
    if service.unit != "trains":
        return 1.0
    for passage in passages:
        used = dict(passage.uses).get(service.resource, 0.0)
        if passage.handling_class == CONTAINER and used > 0:
            return 1.0 / used
    return 1.0


def room_in_measure(service: Service, passages: Sequence[Passage]) -> float:
    """What one vehicle of a service takes, in its measure."""
    return service.room * _per_measure(service, passages)


def _met(
    passage: Passage,
    standing: Mapping[str, list[Service]],
    shipped: Mapping[str, Service],
    slots: frozenset[str],
    scale: Mapping[str, float],
) -> Met:
    hours = [passage.moving, passage.border, passage.handling, passage.boarding]
    rides = []
    for resource, used in passage.uses:
        for service in standing.get(resource, ()):
            rides.append(Ride(queue_of(service), service.key, used * scale[service.key]))
            part = BORDER if service.part == "border" else HANDLING
            hours[part] = max(hours[part] - service.served_h, 0.0)
    ship = shipped.get(passage.link) if passage.link else None
    if ship is not None:
        taken = [used for resource, used in passage.uses if resource in slots]
        if taken:
            rides.append(Ride(queue_of(ship, back=passage.back), ship.key, taken[0] * ship.per_load))
            hours[MOVING] = 0.0
            return Met(tuple(rides), (hours[0], hours[1], hours[2], hours[3]), True)
    return Met(tuple(rides), (hours[0], hours[1], hours[2], hours[3]), False)


def plan(loads: Loads, services: Sequence[Service], state: State, lots: Lots, least: float = 12.0) -> Plan:
    """Journeys of all flows that meet a service.

    Parameters
    ----------
    loads
        Cargo of the year.
    services, state
        Those of the same year, and the tables they are from.
    lots
        Units in one consignment.
    least
        Consignments a year below which flows of one chain are put together for all ends.

    Returns
    -------
    Plan
        The units of all journeys and of what is left out are those of the loads.
    """
    resources = state["resources"]
    slots = frozenset(resources.loc[resources["behaviour"] == "slots", "resource"])
    met = meetings(services, loads.passages, slots)
    ways = train_ways(services, state["links"], loads.passages)
    firsts: dict[int, list[tuple[str, tuple[int, ...]]]] = {}
    for key, way in sorted(ways.items(), key=lambda item: -len(item[1])):
        firsts.setdefault(way[0], []).append((key, way))
    together: dict[tuple[str, ...], list[tuple[float, NDArray[np.float64], tuple[Ride, ...]]]] = {}
    left: dict[str, float] = {}
    columns = loads.flows[["origin", "destination", "commodity", "handling_class", "units"]]
    for number, (origin, destination, commodity, handling, units) in enumerate(columns.itertuples(index=False)):
        way = loads.way[loads.start[number] : loads.start[number + 1]].tolist()
        rides, fixed = _chain(way, met, firsts)
        if not rides:
            left[handling] = left.get(handling, 0.0) + float(units)
            continue
        ends = (origin, destination) if units / lots.of(handling) >= least else ("", "")
        same = (*ends, commodity, handling, *(ride.queue for ride in rides))
        together.setdefault(same, []).append((float(units), fixed, rides))
    unweighed: dict[str, float] = {}
    journeys = [_journey(key, parts, lots, services, unweighed) for key, parts in together.items()]
    return Plan(_alike_joined(journeys), unweighed, left)


def _chain(
    way: Sequence[int], met: Sequence[Met], firsts: Mapping[int, list[tuple[str, tuple[int, ...]]]]
) -> tuple[tuple[Ride, ...], NDArray[np.float64]]:
    """Rides of a way and the hours about them, shape (rides + 1, 4); a ship's boarding is its own queue."""
    rides: list[Ride] = []
    fixed = [[0.0] * PARTS_OF_WAY]
    boarding = 0.0
    at = 0
    while at < len(way):
        train = next((found for found in firsts.get(way[at], ()) if tuple(way[at : at + len(found[1])]) == found[1]),
                     None)  # fmt: skip
        if train is not None:
            rides.append(Ride(f"{train[0]} {FORWARD}", train[0], 1.0))
            fixed.append([0.0] * PARTS_OF_WAY)
            at, boarding = at + len(train[1]), 0.0
            continue
        here = met[way[at]]
        for ride in here.rides:
            rides.append(ride)
            fixed.append([0.0] * PARTS_OF_WAY)
        last = fixed[-1]
        for part in (MOVING, BORDER, HANDLING):
            last[part] += here.hours[part]
        boarding = 0.0 if here.shipped else boarding + here.hours[BOARDING]
        if here.hours[MOVING] > 0.0 or at == len(way) - 1:
            last[BOARDING] += boarding
            boarding = 0.0
        at += 1
    return tuple(rides), np.array(fixed)


def _alike_joined(journeys: Sequence[Journey]) -> tuple[Journey, ...]:
    """Journeys that have become alike, once rides were left out, as one."""
    alike: dict[tuple[str, ...], list[Journey]] = {}
    for each in journeys:
        queues = (ride.queue for ride in each.rides)
        key = (each.origin, each.destination, each.commodity, each.handling_class, *queues)
        alike.setdefault(key, []).append(each)
    joined = []
    for members in alike.values():
        units = sum(each.units for each in members)
        fixed = np.sum([each.units * each.fixed_h for each in members], axis=0) / units
        joined.append(replace(members[0], units=units, fixed_h=fixed))
    return tuple(joined)


def _journey(
    key: tuple[str, ...],
    parts: Sequence[tuple[float, NDArray[np.float64], tuple[Ride, ...]]],
    lots: Lots,
    services: Sequence[Service],
    unweighed: dict[str, float],
) -> Journey:
    """Flows of one chain as one journey; rides whose weight its lot cannot have become hours and a background."""
    units = sum(share for share, _, _ in parts)
    fixed = sum((share * hours for share, hours, _ in parts), np.zeros_like(parts[0][1])) / units
    by_key = {service.key: service for service in services}
    sizes: dict[str, float] = {}
    rides: list[Ride] = []
    rows: list[NDArray[np.float64]] = [fixed[0].copy()]
    for ride, after in zip(parts[0][2], fixed[1:], strict=True):
        service = by_key[ride.service]
        measure = MEASURE_OF_UNIT[service.unit]
        size = sizes.setdefault(measure, ride.weight)
        if abs(size - ride.weight) <= SAME_WEIGHT * size:
            rides.append(ride)
            rows.append(after.copy())
            continue
        unweighed[ride.service] = unweighed.get(ride.service, 0.0) + units * ride.weight
        rows[-1][BORDER if service.part == "border" else HANDLING] += service.served_h
        rows[-1] += after
    return Journey(key[0], key[1], key[2], key[3], tuple(rides), np.array(rows), units, lots.of(key[3]))
