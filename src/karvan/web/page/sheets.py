"""Tables of an answer as the page shows them: columns with units and digits, rows with what they point at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.report.tables import gateway_names, place_names
from karvan.study.live.reaction import Reaction
from karvan.study.live.zone import ENDS
from karvan.study.routes import RouteAnswer
from karvan.units import HOURS_PER_DAY
from karvan.web.view import Json

Column = tuple[str, str, str, int | None]
MUSD, PERCENT = 1e6, 100.0
BOTTLENECKS: tuple[Column, ...] = (
    ("name", "Resource", "", None), ("owner", "Owner", "", None), ("capacity", "Capacity", "units a year", 0),
    ("unit", "Unit", "", None), ("utilisation", "Used", "%", 1), ("wait_hours", "Wait", "h", 1),
    ("price", "Price", "USD/unit", 2), ("worth", "1 % more", "MUSD a year", 3),
    ("base", "in the base", "MUSD a year", 3),
    ("users", "to users", "MUSD a year", 3), ("far", "outside doubled", "MUSD a year", 3),
    ("rent", "Rent", "MUSD a year", 1), ("confidence", "Confidence", "", None),
)  # fmt: skip
FLOWS: tuple[Column, ...] = (
    ("name", "Link", "", None), ("mode", "Mode", "", None), ("direction", "Direction", "", None),
    ("kt", "Cargo", "kt", 1), ("base", "in the base", "kt", 1),
    ("teu", "Boxes", "TEU", 0), ("empty", "Empty", "TEU", 0),
)  # fmt: skip
GATEWAYS: tuple[Column, ...] = (
    ("name", "Gateway", "", None), ("heading", "Heading", "", None), ("kt", "Cargo", "kt", 0),
    ("base_kt", "in the base", "kt", 0), ("teu", "Boxes", "TEU", 0), ("base_teu", "in the base", "TEU", 0),
)  # fmt: skip
PAIRS: tuple[Column, ...] = (
    ("origin", "From", "", None), ("destination", "To", "", None), ("commodity", "Cargo", "", None),
    ("class", "By", "", None), ("demand", "Demand", "kt", 1), ("served", "Moved", "kt", 1),
    ("usd", "Price", "USD/t", 1),
    ("days", "Time", "days", 1), ("sd", "Spread", "days", 1), ("co2e", "CO2e", "kg/t", 0),
)  # fmt: skip
ZONES: tuple[Column, ...] = (
    ("name", "Zone", "", None), ("sent", "Sends", "kt", 0), ("received", "Receives", "kt", 0),
    ("moved", "of both moved", "kt", 0), ("base", "in the base", "kt", 0), ("served", "Served", "%", 1),
    ("usd", "Price", "USD/t", 1), ("days", "Time", "days", 1),
)  # fmt: skip
WAYS: tuple[Column, ...] = (
    ("way", "Way", "", None), ("share", "Share", "%", 1), ("price", "Price", "USD/FEU or t", 0),
    ("days", "Time", "days", 1), ("wait", "of it waiting", "days", 1), ("sd", "Spread", "days", 1),
    ("co2e", "CO2e", "kg/FEU or t", 0), ("borders", "Borders", "", 0), ("km", "Length", "km", 0),
)  # fmt: skip
RELIEF: tuple[Column, ...] = (
    ("name", "Widened", "", None), ("owner", "Owner", "", None), ("capacity_before", "From", "units a year", 0),
    ("capacity_after", "To", "units a year", 0), ("unit", "Unit", "", None), ("gain", "Gain", "MUSD a year", 2),
    ("all", "in all", "MUSD a year", 2),
)  # fmt: skip
YEARS: tuple[Column, ...] = (
    ("year", "Year", "", None), ("plan", "Plan", "", 3), ("base", "Base", "", 3), ("record", "Record", "", 3),
    ("kind", "Record is", "", None),
)  # fmt: skip


def sheet(caption: str, columns: Sequence[Column], frame: pd.DataFrame, kind: str = "", key: str = "") -> Json:
    """A frame as a table element takes it; rows point at ``kind`` and the key in a column, where both are named."""
    plain = frame[[column[0] for column in columns]].astype(object)
    plain = plain.where(plain.notna(), None)
    keys = frame[key].tolist() if key else [None] * len(frame)
    full = frame["full"].tolist() if "full" in frame else [False] * len(frame)
    rows = [
        {"key": at, "cells": list(cells), "full": bool(is_full), "pick": {"kind": kind, "id": name} if kind else None}
        for at, (cells, name, is_full) in enumerate(zip(plain.to_numpy().tolist(), keys, full, strict=True))
    ]
    file = f"{caption.lower().replace(' ', '-')}.csv"
    return {"caption": caption, "columns": [list(c) for c in columns], "rows": rows, "file": file}


def bottlenecks(corridor: Corridor, reaction: Reaction, base: Reaction) -> pd.DataFrame:
    """Resources, those worth most first."""
    rows = reaction.resources
    known = corridor["resources"].set_index("resource").reindex(rows["resource"])
    then = base.resources.set_index("resource")["value_usd_per_percent"].reindex(rows["resource"])
    frame = pd.DataFrame(
        {
            "resource": rows["resource"],
            **{name: known[name].to_numpy() for name in ("name", "owner", "confidence")},
            "capacity": rows["capacity"],
            "unit": rows["unit"],
            "utilisation": PERCENT * rows["utilisation"].replace(np.inf, np.nan),
            "wait_hours": rows["wait_hours"],
            "price": rows["price_usd_per_unit"],
            "worth": rows["value_usd_per_percent"] / MUSD,
            "base": then.to_numpy() / MUSD,
            "users": rows["users_usd_per_percent"] / MUSD,
            "far": rows["far_outside_usd_per_percent"] / MUSD,
            "rent": rows["rent_usd"] / MUSD,
            "full": rows["binding"],
        }
    )
    return frame.sort_values("worth", ascending=False, kind="stable").reset_index(drop=True)


def flows(corridor: Corridor, reaction: Reaction, base: Reaction) -> pd.DataFrame:
    """Links by direction, those that carry most first."""
    key, amounts = ["link", "direction"], ["kt", "teu", "empty_teu"]
    now = reaction.flows.groupby(key)[amounts].sum()
    then = base.flows.groupby(key)["kt"].sum()
    both = now.join(then.rename("base"), how="outer").fillna(0.0).reset_index()
    links, names = corridor["links"].set_index("link"), place_names(corridor)
    ends = [links[column].reindex(both["link"]).map(names).to_numpy() for column in ("from_place", "to_place")]
    forward = both["direction"] == "forward"
    start, end = np.where(forward, ends[0], ends[1]), np.where(forward, ends[1], ends[0])
    named = [f"{one} \N{RIGHTWARDS ARROW} {other}" for one, other in zip(start, end, strict=True)]
    mode = links["mode"].reindex(both["link"]).str.replace("_", " ").to_numpy()
    table = both.assign(name=named, mode=mode, empty=both["empty_teu"])
    return table.sort_values("kt", ascending=False).reset_index(drop=True)


def gateways(corridor: Corridor, reaction: Reaction, base: Reaction) -> pd.DataFrame:
    """Gateways by heading, those that take most first."""
    key = ["gateway_group", "heading"]
    now, then = (answer.gateways.groupby(key)[["kt", "teu"]].sum() for answer in (reaction, base))
    both = now.join(then.add_prefix("base_"), how="outer").fillna(0.0).reset_index()
    names = gateway_names(corridor)
    table = both.assign(name=[names.get(group, group) for group in both["gateway_group"]])
    return table.sort_values("kt", ascending=False).reset_index(drop=True)


def pairs(corridor: Corridor, reaction: Reaction) -> pd.DataFrame:
    """Pairs of places, the largest first."""
    rows, names = reaction.pairs, place_names(corridor)
    frame = pd.DataFrame(
        {
            "zone": rows["origin"],
            "origin": rows["origin"].map(names),
            "destination": rows["destination"].map(names),
            "commodity": rows["commodity"].str.replace("_", " "),
            "class": rows["handling_class"].str.replace("_", " "),
            "demand": rows["demand_kt"],
            "served": rows["served_kt"],
            "usd": rows["mean_usd_per_t"],
            "days": rows["mean_hours"] / HOURS_PER_DAY,
            "sd": rows["sd_hours"] / HOURS_PER_DAY,
            "co2e": rows["co2e_kg_per_t"],
        }
    )
    return frame.sort_values("demand", ascending=False).reset_index(drop=True)


def zones(corridor: Corridor, reaction: Reaction, base: Reaction) -> pd.DataFrame:
    """Zones with what they send and receive, the largest first; price and time are means over what is moved."""
    now, then = _by_zone(reaction.pairs), _by_zone(base.pairs)["served_kt"]
    moved, demand = now["served_kt"], now["origin"] + now["destination"]
    names, some = place_names(corridor), moved.where(moved > 0)
    frame = pd.DataFrame(
        {
            "zone": now.index,
            "name": [names.get(str(key), str(key)) for key in now.index],
            "sent": now["origin"],
            "received": now["destination"],
            "moved": moved,
            "base": then.reindex(now.index).fillna(0.0),
            "served": PERCENT * moved / demand.where(demand > 0),
            "usd": now["usd"] / some,
            "days": now["hours"] / some / HOURS_PER_DAY,
        }
    )
    return frame.sort_values("moved", ascending=False, kind="stable").reset_index(drop=True)


def _by_zone(pairs: pd.DataFrame) -> pd.DataFrame:
    """Demand at each end, cargo moved, and price and hours times it, of every zone; a pair counts at both ends."""
    served = pairs["served_kt"]
    weighed = {"usd": pairs["mean_usd_per_t"].fillna(0.0) * served, "hours": pairs["mean_hours"].fillna(0.0) * served}
    columns = ["demand_kt", "served_kt", *weighed]
    sent, received = (pairs.assign(**weighed).groupby(end)[columns].sum() for end in ENDS)
    both = sent.add(received, fill_value=0.0)
    sides = {end: one["demand_kt"].reindex(both.index) for end, one in zip(ENDS, (sent, received), strict=True)}
    return both.assign(**sides).fillna(0.0)


def ways(corridor: Corridor, found: RouteAnswer) -> pd.DataFrame:
    """Alternatives between two places, the most used first."""
    rows, names = found.alternatives, place_names(corridor)
    boxed = found.handling_class == "container"
    price, co2e = ("usd_per_feu", "co2e_kg_per_feu") if boxed else ("usd_per_t", "co2e_kg_per_t")
    legs = [" \N{RIGHTWARDS ARROW} ".join(names.get(p, p) for p in text.split(">")) for text in rows["legs"]]
    return pd.DataFrame(
        {
            "way": legs,
            "route": rows["route"].astype(str),
            "share": PERCENT * rows["share"],
            "price": rows[price],
            "days": rows["hours"] / HOURS_PER_DAY,
            "wait": rows["wait_hours"] / HOURS_PER_DAY,
            "sd": rows["sd_hours"] / HOURS_PER_DAY,
            "co2e": rows[co2e],
            "borders": rows["borders"],
            "km": rows["length_km"],
        }
    )
