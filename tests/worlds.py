"""Tiny corridors built by code, valid under every rule, for tests of every room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import pandas as pd

from karvan.corridor.corridor import Corridor, CorridorInfo
from karvan.schema.tables import dtype_of, table

SOURCE = {"source": "made", "confidence": "low"}
GAUGE_MM = 1520
YEAR = 2024


def frame(name: str, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """A typed input table from rows that name only the cells that matter."""
    schema = table(name)
    columns = {}
    for column in schema.columns:
        empty: object = "" if dtype_of(column) == "str" else None
        default = {"yes": True, "no": False}.get(column.default, column.default) or empty
        if column.type == "float" and default is not None:
            default = float(str(default))
        filled = [{**SOURCE, **row}.get(column.name, default) for row in rows]
        columns[column.name] = pd.Series(filled, dtype=dtype_of(column))
    return pd.DataFrame(columns)


def place(key: str, country: str, lon: float, lat: float, **cells: object) -> dict[str, object]:
    """A place that is a zone unless the cells say otherwise."""
    row = {"place": key, "name": key.title(), "country": country, "lon_deg": lon, "lat_deg": lat, "kind": "terminal"}
    return {**row, "gauges_mm": str(GAUGE_MM), "zone": True, **cells}


def rail(key: str, start: str, end: str, length_km: float, **cells: object) -> dict[str, object]:
    """A two-way railway that carries boxes and wagons at 40 km/h, USD 0.5 an FEU-km and 0.02 a t-km."""
    row = {"link": key, "from_place": start, "to_place": end, "mode": "rail", "traction": "diesel", "both_ways": True}
    price = {"usd_per_feu": 0.5 * length_km, "usd_per_t": 0.02 * length_km}
    classes = {"handling_classes": "container|wagon", "gauge_mm": GAUGE_MM, "heading": "westbound", "zigzag": False}
    return {**row, **classes, "length_km": length_km, "hours": length_km / 40, **price, **cells}


def loading(places: Sequence[str]) -> list[dict[str, object]]:
    """Loading and unloading at zones: 12 hours, USD 50 a TEU or 4 a tonne."""
    rows: list[dict[str, object]] = []
    for zone in places:
        for handling_class, price in (("container", {"usd_per_teu": 50.0}), ("wagon", {"usd_per_t": 4.0})):
            row = {"place": zone, "handling_class": handling_class, "hours": 12.0, **price}
            rows.append({**row, "from_mode": "zone", "to_mode": "rail", "to_gauge_mm": GAUGE_MM})
            rows.append({**row, "from_mode": "rail", "from_gauge_mm": GAUGE_MM, "to_mode": "zone"})
    return rows


def commodity(key: str, handling_class: str) -> dict[str, object]:
    """Goods of USD 2,000 a tonne that lose 0.5 % a day."""
    row = {"commodity": key, "handling_class": handling_class, "t_per_teu": 12.0, "value_usd_per_t": 2000.0}
    time = {"ad_valorem_pct_per_day": 0.5, "usd_per_t_day": 10.0, "choice_usd_per_t_day": 2.0}
    return {**row, **time, "t_per_wagon": 50.0, "dispersion": 5.0}


def demand(origin: str, destination: str, name: str, handling_class: str, kt: float) -> dict[str, object]:
    """Cargo of one year; boxes hold 12 t a TEU."""
    teu = kt * 1000 / 12 if handling_class == "container" else 0.0
    row = {"segment": "all", "origin": origin, "destination": destination, "commodity": name, "year": YEAR}
    return {**row, "handling_class": handling_class, "kt": kt, "teu": teu}


def two_links() -> Corridor:
    """East - Middle - West: two railways of 1,000 km in a row, a border between them, boxes west and wagons back.

    East - Middle lies inside one country, Middle - West crosses a border; Middle is no zone.
    The forward direction of both links runs from east to west.
    """
    places = [place("east", "AAA", 62.0, 45.0), place("middle", "AAA", 50.0, 45.0, zone=False)]
    return Corridor(
        CorridorInfo("two-links", "Two links", YEAR, YEAR, YEAR, YEAR, licence="CC0-1.0"),
        {
            "places": frame("places", [*places, place("west", "BBB", 38.0, 45.0)]),
            "links": frame("links", [rail("first", "east", "middle", 1e3), rail("second", "middle", "west", 1e3)]),
            "borders": frame("borders", [{"link": "second", "hours_forward": 10.0, "hours_back": 10.0}]),
            "transfers": frame("transfers", loading(["east", "west"])),
            "commodities": frame("commodities", [commodity("goods", "container"), commodity("metals", "wagon")]),
            "segments": frame("segments", [{"segment": "all", "name": "All cargo"}]),
            "demand": frame(
                "demand",
                [
                    demand("east", "west", "goods", "container", 120.0),
                    demand("west", "east", "metals", "wagon", 50.0),
                ],
            ),
            "modes": frame("modes", [{"mode": "rail", "traction": "diesel", "gco2e_per_tkm": 25.0}]),
            "sources": frame("sources", [{"source": "made", "citation": "Made up for tests"}]),
        },
    )


def info(name: str, first_year: int = YEAR) -> CorridorInfo:
    """What is said of a made-up corridor whose base and last year is YEAR."""
    return CorridorInfo(name, name.replace("-", " ").title(), YEAR, first_year, YEAR, YEAR, licence="CC0-1.0")


def feeder(key: str, start: str, end: str, length_km: float, **cells: object) -> dict[str, object]:
    """A two-way box ship service of its own at 25 km/h, USD 0.2 an FEU-km, every 48 hours."""
    row = {"link": key, "from_place": start, "to_place": end, "mode": "feeder", "traction": "oil", "both_ways": True}
    price = {"usd_per_feu": 0.2 * length_km, "hours": length_km / 25, "headway_h": 48.0, "service": f"line_{key}"}
    classes = {"handling_classes": "container", "heading": "westbound", "zigzag": False}
    return {**row, **classes, "length_km": length_km, **price, **cells}


def transfer(place_key: str, from_mode: str, to_mode: str, **cells: object) -> dict[str, object]:
    """Handling of boxes: 20 hours and USD 60 a TEU; rails have the gauge of all worlds."""
    row = {"place": place_key, "handling_class": "container", "from_mode": from_mode, "to_mode": to_mode}
    gauges = {f"{side}_gauge_mm": GAUGE_MM for side, mode in (("from", from_mode), ("to", to_mode)) if mode == "rail"}
    return {**row, **gauges, "hours": 20.0, "usd_per_teu": 60.0, **cells}


def limit(key: str, capacity: float, **cells: object) -> dict[str, object]:
    """A resource that allows a yearly number of boxes."""
    row = {"resource": key, "name": key.title(), "owner": "port", "behaviour": "limit", "unit": "TEU"}
    rest = {"direction": "both", "capacity_per_year": capacity, "background_per_year": 0.0, "max_utilisation": 1.0}
    return {**row, **rest, "rent_share": 0.5, "sd_hours": 0.0, **cells}


def use(resource: str, link: str, direction: str = "both", **cells: object) -> dict[str, object]:
    """A link takes one unit of a resource for each box."""
    row = {"resource": resource, "link": link, "direction": direction, "handling_class": "container"}
    return {**row, "units_per_teu": 1.0, **cells}


Rows = Sequence[Mapping[str, object]]


def corridor_of(name: str, rows: Mapping[str, Rows], first_year: int = YEAR) -> Corridor:
    """A corridor from rows by table, with goods, metals, one segment, emission factors and the source of all rows."""
    always = {key: made.copy() for key, made in _always().items() if key not in rows}
    return Corridor(info(name, first_year), {**always, **{key: frame(key, value) for key, value in rows.items()}})


@cache
def _always() -> dict[str, pd.DataFrame]:
    """The tables that every corridor of :func:`corridor_of` has unless it brings its own."""
    rows: dict[str, Rows] = {
        "commodities": [commodity("goods", "container"), commodity("metals", "wagon")],
        "segments": [{"segment": "all", "name": "All cargo"}],
        "modes": [
            {"mode": "rail", "traction": "diesel", "gco2e_per_tkm": 25.0},
            {"mode": "feeder", "traction": "oil", "gco2e_per_tkm": 20.0},
            {"mode": "hub", "traction": "", "kgco2e_per_t_handled": 1.5},
        ],
        "sources": [{"source": "made", "citation": "Made up for tests"}],
    }
    return {key: frame(key, value) for key, value in rows.items()}


def y_corridor(first_year: int = YEAR, **more: Rows) -> Corridor:
    """East to west by one trunk and then either of two ports: upper (nearer, named gateway) or lower (a ship a week).

    East and Fork are of AAA, each port and West of a country of its own. Boxes change from rail to ship at the ports;
    the lower line takes berths. ``more`` adds or replaces tables.
    """
    zone, stop = {"zone": True}, {"zone": False}
    changes = (("rail", "feeder"), ("feeder", "rail"))
    rows: dict[str, Rows] = {
        "places": [
            place("east", "AAA", 52.0, 45.0, **zone), place("fork", "AAA", 51.0, 45.0, **stop),
            place("upper", "BBB", 50.5, 45.5, **stop), place("lower", "CCC", 50.5, 44.5, **stop),
            place("west", "DDD", 49.0, 45.0, **zone),
        ],
        "links": [
            rail("trunk", "east", "fork", 1000.0), rail("to_upper", "fork", "upper", 500.0),
            rail("to_lower", "fork", "lower", 600.0),
            feeder("upper_ship", "upper", "west", 400.0, gateway_group="upper_sea"),
            feeder("lower_ship", "lower", "west", 400.0, headway_h=168.0),
        ],
        "borders": [
            {"link": "to_upper", "hours_forward": 10.0, "hours_back": 16.0},
            {"link": "to_lower", "hours_forward": 8.0, "hours_back": 8.0},
            {"link": "upper_ship", "hours_forward": 0.0, "hours_back": 0.0},
            {"link": "lower_ship", "hours_forward": 0.0, "hours_back": 0.0},
        ],
        "transfers": [
            *loading(["east"]),
            *(transfer(port, *modes) for port in ("upper", "lower") for modes in changes),
            transfer("west", "feeder", "zone"), transfer("west", "zone", "feeder"),
        ],
        "demand": [demand("east", "west", "goods", "container", 120.0)],
        "resources": [limit("berths", 1e6, sd_hours=12.0)],
        "uses": [use("berths", "lower_ship", units_per_teu=2.0)],
    }  # fmt: skip
    return corridor_of("y-corridor", {**rows, **more}, first_year)


def braess(bridge_open: bool = True) -> Corridor:
    """Braess's network: start to end by upper or lower, each half limited and half free, and a bridge between them.

    All four roads take 25 hours; the limited ones are resources ``first`` and ``last``. The bridge takes 2.5 hours.
    """
    open_from = "" if bridge_open else "9999"
    return corridor_of(
        "braess",
        {
            "places": [
                place("start", "AAA", 50.0, 45.0), place("upper", "AAA", 49.8, 45.2, zone=False),
                place("lower", "AAA", 49.8, 44.8, zone=False), place("end", "AAA", 49.6, 45.0),
            ],
            "links": [
                rail("first", "start", "upper", 1000.0, both_ways=False),
                rail("upper_end", "upper", "end", 1000.0, both_ways=False, gateway_group="upper_end"),
                rail("start_lower", "start", "lower", 1000.0, both_ways=False, gateway_group="start_lower"),
                rail("last", "lower", "end", 1000.0, both_ways=False),
                rail("bridge", "upper", "lower", 100.0, both_ways=False, gateway_group="bridge", open_from=open_from),
            ],
            "transfers": loading(["start", "end"]),
            "demand": [demand("start", "end", "goods", "container", 120.0)],
            "resources": [limit("first", 10_000.0), limit("last", 10_000.0)],
            "uses": [use("first", "first", "forward"), use("last", "last", "forward")],
        },
    )  # fmt: skip
