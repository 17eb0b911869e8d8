"""The Y corridor with trade: East, AAA, sells boxes of goods to West, DDD; the ports' countries trade beside them."""

from __future__ import annotations

from itertools import product

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from tests.worlds import YEAR, Rows, demand, limit, use, y_corridor

COUNTRIES = ("AAA", "BBB", "CCC", "DDD")
SIZE = {"AAA": 400.0, "BBB": 150.0, "CCC": 150.0, "DDD": 900.0}


def trading(capacity: float = 1e6, **more: Rows) -> Corridor:
    """The corridor; its upper line allows ``capacity`` boxes a year."""
    total = sum(SIZE.values())
    pairs = [
        {
            "exporter": seller,
            "importer": buyer,
            "sector": sector,
            "year": YEAR,
            "musd": part * SIZE[seller] * (SIZE[buyer] / total if seller != buyer else 1.5),
            "basis": "filled",
        }
        for seller, buyer in product(COUNTRIES, repeat=2)
        for sector, part in (("goods", 0.6), ("services", 0.4))
    ]
    rows: dict[str, Rows] = {
        "trade": pairs,
        "sectors": [
            {"sector": "goods", "name": "Goods", "usd_per_t": 2000.0},
            {"sector": "boxed", "name": "Boxed goods", "part_of": "goods", "commodity": "goods", "usd_per_t": 2000.0},
            {"sector": "services", "name": "Services", "usd_per_t": 1.0, "trade_elasticity": 3.0},
        ],
        "tariffs": [
            {"exporter": seller, "importer": buyer, "sector": "goods", "from": "2000", "regime": "MFN",
             "applied_pct": 10.0, "exempt_share": 0.2}
            for seller, buyer in (("AAA", "DDD"), ("DDD", "AAA"))
        ],
        "parameters": [
            {"parameter": "trade_base_year", "value": float(YEAR)},
            {"parameter": "trade_elasticity", "value": 5.0, "low": 3.0, "high": 8.0},
            {"parameter": "empty_t_per_teu", "value": 2.3},
        ],
        "demand": [
            demand("east", "west", "goods", "container", 120.0), demand("west", "east", "goods", "container", 60.0),
        ],
        "resources": [limit("berths", 1e6, sd_hours=12.0), limit("upper", capacity)],
        "uses": [use("berths", "lower_ship", units_per_teu=2.0), use("upper", "upper_ship")],
    }  # fmt: skip
    return y_corridor(YEAR, **{**rows, **more})


def faster() -> Scenario:
    """The trunk at half its hours and 80 % of its price."""
    trunk = (("link", ("trunk",)),)
    return Scenario(
        "faster",
        levers=(
            Lever("scenario:faster", "links", "multiply", "hours", 0.5, trunk),
            Lever("scenario:faster", "links", "multiply", "usd_per_feu", 0.8, trunk),
        ),
    )


def tariff_free() -> Scenario:
    """No tariff on anything."""
    every = (("regime", ("MFN",)),)
    return Scenario("free", levers=(Lever("scenario:free", "tariffs", "multiply", "applied_pct", 0.0, every),))


def asked(table: pd.DataFrame, exporter: str, importer: str) -> pd.Series:
    """Of the outcome's pairs, the row of goods between two countries."""
    found = table.loc[(table["exporter"] == exporter) & (table["importer"] == importer) & (table["sector"] == "goods")]
    return found.iloc[0]
