"""Services of one year, read from the tables of a state and brought to the capacity that freight has in it.

The tables of services tell one year, the corridor's base; what history and scenarios change stands in ``resources``.
So a service is run with its own times and places, and its pace or its room is scaled until it can do in a year what its
resource can: what stands works faster or slower, a ship takes more or less, and a fleet has the ships of the year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from karvan.corridor.checks.service_rules import CAPACITY_OF_UNIT
from karvan.corridor.opening import open_hours_per_year
from karvan.corridor.state import State
from karvan.units import HOURS_PER_YEAR

TRAIN, BERTH_UNIT = "train", "calls"
SHIPS = ("ferry", "ro_ro", "feeder", "barge")


@dataclass(frozen=True)
class Service:
    """One service in one year.

    Attributes
    ----------
    key, kind, place, links
        As in the tables; what stands has a place, what moves has links.
    unit, vehicles, room
        Servers, berths or ships, and the units that each takes at once.
    mean_h, sd_h, distribution, loading_h
        Times of a run or service, brought to the year's pace.
    departure, least, patience_h, headway_h
        When it leaves; ``least`` 0 and ``patience_h`` None where nothing is asked for.
    calendar
        Empty: always open.
    open_hours
        Mean open hours a year of the calendar.
    resource, capacity, background
        Freight's resource of it with its units a year (one direction of a ship), and the load of other traffic; missing
        (not a number) without one.
    pace
        Capacity of the resource over what the tables of services come to in that year, before it was scaled.
    per_load
        Units of the service in one unit of its resource.
    weight_of
        Resources that say how much a passage weighs here.
    """

    key: str
    kind: str
    place: str
    links: tuple[str, ...]
    unit: str
    vehicles: int
    room: float
    mean_h: float
    sd_h: float
    distribution: str
    loading_h: float
    departure: str
    least: float
    patience_h: float | None
    headway_h: float
    priority: int
    calendar: str
    open_hours: float
    resource: str
    capacity: float
    background: float
    variability: float
    pace: float
    per_load: float
    failures_h: float
    repair_h: float

    @property
    def stands(self) -> bool:
        """Whether it serves at a place rather than moves over links."""
        return not self.links

    @property
    def is_berth(self) -> bool:
        """Whether it serves ships and not cargo."""
        return self.unit == BERTH_UNIT

    @property
    def is_train(self) -> bool:
        """Whether it leaves by a timetable over a chain of links."""
        return self.kind == TRAIN

    @property
    def served_h(self) -> float:
        """Mean calendar hours of one service: the work, and the closed hours that fall into it."""
        return self.mean_h * HOURS_PER_YEAR / self.open_hours if self.open_hours > 0 else self.mean_h

    @property
    def part(self) -> str:
        """What part of a journey its work is."""
        return "border" if self.kind in ("border_post", "yard") else "handling"


def services_of(state: State) -> tuple[Service, ...]:
    """The services that work in the year, in the order of the table.

    Parameters
    ----------
    state
        Tables of one year.

    Returns
    -------
    tuple
        Without services whose resource has no capacity left in the year, and ships that have none.
    """
    services = state["services"]
    ships = _ships(state)
    found = []
    for row in services.to_dict("records"):
        service = _moving(state, row, ships) if row["links"] else _standing(state, row)
        if service is not None and service.vehicles > 0 and service.room > 0:
            found.append(service)
    return tuple(found)


def _standing(state: State, row: dict[Any, Any]) -> Service | None:
    """Servers at a place; their pace is that of the resource."""
    hours = open_hours_per_year(state["calendars"], str(row["calendar"]))
    its = _resource(state, str(row["resource"]))
    if its is None:
        return _made(row, 1, float(row["capacity_units"]), 1.0, hours, None)
    capacity = float(its["capacity_per_year"])
    implied = float(row["capacity_units"]) * hours / float(row["mean_hours"])
    if not capacity > 0.0:
        return None
    servers = 1 if pd.isna(its["servers"]) else int(its["servers"])
    return _made(row, servers, float(row["capacity_units"]) / servers, capacity / implied, hours, its)


def _moving(state: State, row: dict[Any, Any], ships: pd.DataFrame) -> Service | None:
    """Ships, or trains by timetable; the room of a ship is that of the resource's capacity on its round."""
    hours = open_hours_per_year(state["calendars"], str(row["calendar"]))
    its = _resource(state, str(row["resource"]))
    if row["kind"] == TRAIN:
        return _made(row, 1, float(row["capacity_units"]), 1.0, hours, its)
    own = ships.loc[ships["service"] == row["service"]]
    if own.empty:
        return None
    if its is None:
        return _made(row, int(own["count"].sum()), float(row["capacity_units"]), 1.0, hours, None)
    share = float(own["share"].sum())
    wanted = float(its["ships"]) * share
    count = max(int(np.floor(wanted + 0.5)), 1) if wanted > 0 else 0
    implied = count * HOURS_PER_YEAR / float(its["cycle_h"]) * float(its["payload"])
    capacity = float(its["capacity_per_year"]) * share
    if not implied > 0.0 or not capacity > 0.0:
        return None
    longer = float(its["cycle_h"]) - _base_cycle(state, str(row["resource"]), float(its["cycle_h"]))
    made = {**row, "loading_h": float(row["loading_h"]) + max(longer, 0.0) / 2.0}
    its = {**its, "capacity_per_year": capacity}
    return _made(made, count, float(row["capacity_units"]) * capacity / implied, capacity / implied, hours, its)


def _made(
    row: dict[Any, Any], vehicles: int, room: float, pace: float, hours: float, its: dict[Any, Any] | None
) -> Service:
    """The service of a row."""
    moves = bool(row["links"])
    per_vehicle = float(row["capacity_units"]) / (1 if moves else vehicles)
    scale = 1.0 if moves else 1.0 / pace
    least = _number(row["least_units"], 0.0) if row["departure"] == "when_full" else 0.0
    return Service(
        key=str(row["service"]), kind=str(row["kind"]), place=str(row["place"]),
        links=tuple(str(row["links"]).split("|")) if moves else (), unit=str(row["unit"]), vehicles=vehicles, room=room,
        mean_h=float(row["mean_hours"]) * scale, sd_h=_number(row["sd_hours"], 0.0) * scale,
        distribution=str(row["distribution"]), loading_h=_number(row["loading_h"], 0.0),
        departure=str(row["departure"]), least=min(least * room / per_vehicle, room),
        patience_h=None if pd.isna(row["patience_h"]) else float(row["patience_h"]),
        headway_h=_number(row["headway_h"], 0.0), priority=int(_number(row["priority"], 0.0)),
        calendar=str(row["calendar"]), open_hours=hours, resource=str(row["resource"]),
        capacity=float("nan") if its is None else float(its["capacity_per_year"]),
        background=0.0 if its is None else _number(its["background_per_year"], 0.0),
        variability=2.0 if its is None else _number(its["ca2_plus_cs2"], 2.0), pace=pace,
        per_load=float(row["capacity_units"]) / float(its["payload"]) if its is not None and moves else 1.0,
        failures_h=_number(row["mean_hours_between_failures"], 0.0), repair_h=_number(row["mean_repair_h"], 0.0),
    )  # fmt: skip


def _ships(state: State) -> pd.DataFrame:
    """Vehicles of the year with the share that each row has in the loads of its resource."""
    fleet, services = state["fleet"], state["services"].drop_duplicates("service").set_index("service")
    fleet = fleet.loc[fleet["to"] == ""]
    unit = fleet["service"].map(services["unit"])
    own = pd.Series(np.nan, index=fleet.index)
    for name, column in CAPACITY_OF_UNIT.items():
        own = own.where(unit != name, fleet[column])
    whole = fleet["service"].map(services["capacity_units"]).astype(float)
    loads = fleet["count"].astype(float) * own / whole
    resource = fleet["service"].map(services["resource"])
    return fleet.assign(share=loads / loads.groupby(resource).transform("sum"))


def _base_cycle(state: State, resource: str, otherwise: float) -> float:
    """The round trip in the corridor's own table, before any lever."""
    rows = state.corridor["resources"]
    found = rows.loc[rows["resource"] == resource, "cycle_h"]
    return float(found.iloc[0]) if len(found) else otherwise


def _resource(state: State, key: str) -> dict[Any, Any] | None:
    rows = state["resources"]
    found = rows.loc[rows["resource"] == key]
    return None if not key or found.empty else found.iloc[0].to_dict()


def _number(value: object, otherwise: float) -> float:
    return otherwise if pd.isna(value) else float(str(value))  # type: ignore[call-overload]  # a scalar
