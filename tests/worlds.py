"""Tiny corridors built by code, valid under every rule, for tests of every room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    info = CorridorInfo("two-links", "Two links", YEAR, YEAR, YEAR, YEAR, licence="CC0-1.0")
    places = [place("east", "AAA", 62.0, 45.0), place("middle", "AAA", 50.0, 45.0, zone=False)]
    return Corridor(
        info,
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
