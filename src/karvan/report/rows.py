"""Rows of the page's tables on bottlenecks, rents and ways: figures turned to text, bars drawn."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from karvan.corridor.corridor import Corridor
from karvan.report import charts, numbers
from karvan.report.ways import Ways

Row = dict[str, object]


def valued_rows(ranked: pd.DataFrame, corridor: Corridor) -> list[Row]:
    """Bottlenecks as :func:`tables.with_lines` orders them; none where no value was computed."""
    if not ranked["value_usd_per_percent"].notna().any():
        return []
    sources = corridor["sources"]
    cited = dict(zip(sources["source"].astype(str), sources["citation"].astype(str), strict=True))
    rows: list[Row] = []
    for rank, row in enumerate(ranked.to_dict("records"), start=1):
        load, background, capacity = (float(row[name]) for name in ("load", "background", "capacity"))
        bar = charts.utilisation_bar(load, background, capacity, rationed=bool(row["full"]))
        rows.append(
            {
                "rank": rank,
                "name": row["name"],
                "full": row["full"],
                "bar": Markup(bar),  # noqa: S704  # figures only
                "utilisation": numbers.percent(float(row["utilisation"])),
                "wait": numbers.duration(float(row["wait_hours"])),
                "price": numbers.per(float(row["price_usd_per_unit"]), str(row["unit"])),
                "worth": numbers.millions(float(row["value_usd_per_percent"])),
                "users": numbers.millions(float(row["users_usd_per_percent"])),
                "far": numbers.millions(float(row["far_outside_usd_per_percent"])),
                "rent": numbers.millions(float(row["rent_usd"])),
                "owner": row["owner"],
                "source": row["source"],
                "citation": cited.get(str(row["source"]), ""),
                "confidence": row["confidence"],
            }
        )
    return rows


def rent_rows(rents: pd.DataFrame) -> list[Row]:
    """Owners with what they earn, a bar each."""
    largest = float(rents["rent_usd"].max()) if len(rents) else 0.0
    return [
        {
            "owner": row["owner"],
            "resources": row["resources"],
            "rent": numbers.millions(float(row["rent_usd"])),
            "bar": Markup(charts.amount_bar(float(row["rent_usd"]), largest)),  # noqa: S704  # figures only
        }
        for row in rents.to_dict("records")
    ]


def way_rows(ways: Ways) -> list[Row]:
    """Ways between the two regions, a row each."""
    largest = float(ways.table["teu"].max())
    return [
        {
            "name": row["name"],
            "bar": Markup(charts.amount_bar(float(row["teu"]), largest)),  # noqa: S704  # figures only
            "teu": numbers.amount(float(row["teu"]), "TEU"),
            "share": numbers.percent(float(row["share"])),
            "days": f"{float(row['days']):.1f}",
            "wait": f"{float(row['wait_days']):.1f}",
            "usd": numbers.figure(float(row["usd_per_feu"])),
            "scarcity": numbers.figure(float(row["scarcity_usd_per_feu"])),
            "co2e": numbers.figure(float(row["co2e_kg_per_feu"])),
        }
        for row in ways.table.to_dict("records")
    ]
