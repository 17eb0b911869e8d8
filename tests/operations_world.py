"""A tiny corridor with services: a block train and a ferry in a row, a terminal between them, storms in winter."""

from __future__ import annotations

from functools import cache

from karvan.corridor.corridor import Corridor
from tests.worlds import commodity, demand, feeder, frame, loading, place, rail, transfer, two_links, use

TERMINAL = {
    "resource": "cranes", "name": "Cranes", "owner": "port", "behaviour": "queue", "unit": "TEU", "direction": "both",
    "servers": 2, "units_per_service": 10.0, "service_hours": 5.0, "hours_open_per_year": 7300.0, "ca2_plus_cs2": 1.5,
    "max_utilisation": 0.95, "capacity_per_year": 29_200.0, "background_per_year": 2000.0, "sd_hours": 6.0,
}  # fmt: skip
SHIPS = {
    "owner": "line", "behaviour": "slots", "unit": "TEU", "ships": 2.0, "cycle_h": 120.0, "headway_h": 60.0,
    "payload": 120.0, "max_utilisation": 0.95, "capacity_per_year": 17_520.0, "background_per_year": 0.0,
    "sd_hours": 10.0,
}  # fmt: skip
CRANES = {
    "service": "terminal", "name": "Terminal", "kind": "terminal", "place": "middle", "resource": "cranes",
    "departure": "when_full", "capacity_units": 20.0, "least_units": 5.0, "unit": "TEU", "distribution": "lognormal",
    "mean_hours": 5.0, "sd_hours": 4.0, "patience_h": 6.0, "calendar": "shift",
}  # fmt: skip
FERRY = {
    "service": "ferry", "name": "Ferry", "kind": "feeder", "links": "second", "resource": "ships_forward",
    "departure": "when_full", "capacity_units": 120.0, "least_units": 40.0, "unit": "TEU", "distribution": "lognormal",
    "mean_hours": 40.0, "sd_hours": 4.0, "loading_h": 15.0, "patience_h": 12.0, "calendar": "wind",
}  # fmt: skip
TRAIN = {
    "service": "train", "name": "Block train", "kind": "train", "links": "first", "departure": "timetable",
    "capacity_units": 100.0, "unit": "TEU", "distribution": "lognormal", "mean_hours": 25.0, "sd_hours": 2.0,
    "loading_h": 4.0,
}  # fmt: skip
CALENDARS = (
    {"calendar": "shift", "rule": 1, "kind": "hours", "open_from_h": 2.0, "open_to_h": 22.0, "open": True},
    {"calendar": "wind", "rule": 1, "kind": "storm", "months": "11|12", "mean_open_h": 60.0, "mean_closed_h": 60.0},
)
DEPARTURES = tuple(
    {"service": "train", "departure": day + 1, "place": "east", "hour": 24.0 * day + 6.0, "cycle_h": 168.0,
     "arrival_hour": 24.0 * day + 36.0}
    for day in range(7)
)  # fmt: skip
SECTIONS = tuple(
    {"link": "first", "section": number, "length_km": 500.0, "tracks": 1, "hours": 12.5, "loop_tracks": 2}
    for number in (1, 2)
)
VESSEL = {"vehicle": "ship", "service": "ferry", "kind": "feeder", "count": 2, "capacity_teu": 120.0, "owner": "line"}


@cache
def served() -> Corridor:
    """East to West by train, terminal and ferry: 9,600 TEU a year west, all of it on the services; nothing back."""
    base = two_links()
    return base.replace(
        places=frame("places", [
            place("east", "AAA", 62.0, 45.0), place("middle", "AAA", 50.0, 45.0, zone=False),
            place("west", "BBB", 38.0, 45.0),
        ]),
        links=frame("links", [rail("first", "east", "middle", 1e3), feeder("second", "middle", "west", 1e3)]),
        borders=frame("borders", [{"link": "second", "hours_forward": 10.0, "hours_back": 10.0}]),
        transfers=frame("transfers", [
            *[row for row in loading(["east", "west"]) if row["handling_class"] == "container"],
            transfer("middle", "rail", "feeder"), transfer("middle", "feeder", "rail"),
            {"place": "west", "handling_class": "container", "from_mode": "feeder", "to_mode": "zone", "hours": 12.0,
             "usd_per_teu": 50.0},
        ]),
        commodities=frame("commodities", [commodity("goods", "container")]),
        demand=frame("demand", [demand("east", "west", "goods", "container", 115.2)]),
        modes=frame("modes", [
            {"mode": "rail", "traction": "diesel", "gco2e_per_tkm": 25.0},
            {"mode": "feeder", "traction": "oil", "gco2e_per_tkm": 15.0},
        ]),
        resources=frame("resources", [
            TERMINAL, {**SHIPS, "resource": "ships_forward", "name": "Ships west", "direction": "forward"},
            {**SHIPS, "resource": "ships_back", "name": "Ships east", "direction": "back"},
        ]),
        uses=frame("uses", [
            {"resource": "cranes", "place": "middle", "from_mode": "rail", "to_mode": "feeder", "direction": "forward",
             "handling_class": "container", "units_per_teu": 1.0},
            use("ships_forward", "second", "forward"), use("ships_back", "second", "back"),
        ]),
        services=frame("services", [CRANES, FERRY, TRAIN]),
        fleet=frame("fleet", [VESSEL]),
        calendars=frame("calendars", CALENDARS),
        timetables=frame("timetables", DEPARTURES),
        sections=frame("sections", SECTIONS),
        parameters=frame("parameters", [
            {"parameter": key, "value": value, "unit": "t", "description": "lot"}
            for key, value in (("group_teu", 10.0), ("group_wagon_t", 400.0), ("group_truck_t", 87.5))
        ]),
    )  # fmt: skip
