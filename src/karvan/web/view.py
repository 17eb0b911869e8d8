"""What the page draws and tells, from a session's answer: geometry once, then numbers only.

Geometry is in degrees and follows great circles between the places that a drawing passes. A link is as full as the
fullest resource it uses, and worth what the sum of its resources is worth; a place likewise by its handling.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.report.projection import great_circle
from karvan.report.svg_map import FAMILIES
from karvan.report.tables import place_names
from karvan.study.live.reaction import Reaction
from karvan.study.live.zone import ENDS, cargo_of, on_links
from karvan.units import HOURS_PER_DAY, T_PER_KT

Json = dict[str, object]
MUSD, PERCENT, TENTHS = 1e6, 100.0, 1
KT_PER_MT = 1000.0
KG_PER_MT = 1e9
_STEP_DEG = 4.0
_FULLEST = 9.99
LEAST_TRAIL = 0.01


def geometry(corridor: Corridor) -> Json:
    """Links and places to draw, in the order of the tables."""
    places = corridor["places"]
    names = place_names(corridor)
    at = {
        str(key): (float(lon), float(lat))
        for key, lon, lat in zip(places["place"], places["lon_deg"], places["lat_deg"], strict=True)
    }
    links = corridor["links"]
    columns = ("link", "from_place", "via_places", "to_place", "mode")
    drawn = []
    for key, start, via, end, mode in zip(*(links[name].astype(str) for name in columns), strict=True):
        stops = [stop for stop in (start, *via.split("|"), end) if stop in at]
        told = {"id": key, "name": f"{names.get(start, start)} \N{EN DASH} {names.get(end, end)}"}
        kind = {"mode": mode.replace("_", " "), "family": FAMILIES[mode]}
        drawn.append({**told, **kind, "from": start, "to": end, "coords": _polyline(stops, at)})
    zones = set(places.loc[places["zone"], "place"].astype(str))
    spots = [
        {"id": key, "name": names[key], "at": [round(x, 3), round(y, 3)], "zone": key in zones}
        for key, (x, y) in at.items()
    ]
    return {"links": drawn, "places": spots}


def _polyline(stops: list[str], at: Mapping[str, tuple[float, float]]) -> list[list[float]]:
    points: list[list[float]] = []
    for start, end in pairwise(stops):
        lon, lat = great_circle(at[start], at[end], _STEP_DEG)
        leg = np.column_stack([lon, lat]).round(2).tolist()
        points += leg if not points else leg[1:]
    return points


def lines_of(corridor: Corridor, legs: pd.DataFrame, name: str, *, first: bool) -> list[Json]:
    """The legs of a way as lines to draw."""
    places = corridor["places"]
    at = {
        str(k): (float(x), float(y))
        for k, x, y in zip(places["place"], places["lon_deg"], places["lat_deg"], strict=True)
    }
    lines: list[Json] = []
    for start, via, end in zip(legs["from_place"], legs["via"], legs["to_place"], strict=True):
        stops = [stop for stop in (str(start), *str(via).split("|"), str(end)) if stop in at]
        lines.append({"coords": _polyline(stops, at), "name": name, "first": first})
    return lines


def trail(reaction: Reaction, zone: str) -> dict[str, float]:
    """Links that carry cargo of a zone: the share of its cargo on each, from ``LEAST_TRAIL`` up."""
    carried = on_links(reaction, zone)
    total = sum(float(cargo_of(reaction, zone, end).sum()) for end in ENDS)
    share = (carried / total).round(3) if total > 0 else carried
    kept = share.loc[share >= LEAST_TRAIL]
    return dict(zip(kept.index.astype(str), kept.tolist(), strict=True))


class Drawing:
    """The order in which numbers travel to a map: links and places, and the resources of each."""

    def __init__(self, corridor: Corridor) -> None:
        self.links = pd.Index(corridor["links"]["link"].astype(str))
        self.places = pd.Index(corridor["places"]["place"].astype(str))
        uses = corridor["uses"]
        self._of_link = _users(uses, "link", self.links)
        self._of_place = _users(uses.loc[uses["link"] == ""], "place", self.places)
        ends = (corridor["links"][column].astype(str) for column in ("from_place", "to_place"))
        self._ends = [self.places.get_indexer(pd.Index(end)) for end in ends]

    def numbers(self, reaction: Reaction) -> Json:
        """Of each link kt forward and back, utilisation (%), worth of 1 % (MUSD); of each place kt, and the same."""
        flows, resources = reaction.flows, reaction.resources
        kt = []
        for direction in ("forward", "back"):
            rows = flows.loc[flows["direction"] == direction]
            row = self.links.get_indexer(pd.Index(rows["link"]))
            kt.append(np.bincount(row, rows["kt"], len(self.links)) if row.size else np.zeros(len(self.links)))
        at_places = sum(np.bincount(end, kt[0] + kt[1], len(self.places)) for end in self._ends)
        full, worth = _by_user(resources, self._of_link, len(self.links))
        place_full, place_worth = _by_user(resources, self._of_place, len(self.places))
        return {
            "links": _rows(kt[0].round(TENTHS), kt[1].round(TENTHS), full, worth),
            "places": _rows(np.asarray(at_places).round(0), place_full, place_worth),
        }


def _users(uses: pd.DataFrame, column: str, index: pd.Index) -> pd.DataFrame:
    """Each link or place (``user``, its position) with each resource it uses."""
    found = uses.loc[uses[column] != "", [column, "resource"]].drop_duplicates()
    user = index.get_indexer(pd.Index(found[column].astype(str)))
    return pd.DataFrame({"user": user, "resource": found["resource"].astype(str)}).loc[user >= 0]


def _by_user(resources: pd.DataFrame, users: pd.DataFrame, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Utilisation in per cent of the fullest resource (-1: none) and the sum of worth in MUSD, of each user."""
    at = pd.Index(resources["resource"]).get_indexer(pd.Index(users["resource"]))
    own, user = at[at >= 0], users["user"].to_numpy()[at >= 0]
    full, worth = np.full(size, -1.0), np.zeros(size)
    utilisation = np.minimum(resources["utilisation"].to_numpy(), _FULLEST) * PERCENT
    np.maximum.at(full, user, utilisation[own].round(TENTHS))
    np.add.at(worth, user, np.nan_to_num(resources["value_usd_per_percent"].to_numpy())[own] / MUSD)
    return full, worth.round(3)


def _rows(*columns: np.ndarray) -> list[list[float]]:
    rows: list[list[float]] = np.column_stack(columns).tolist()
    return rows


def totals(reaction: Reaction) -> dict[str, float]:
    """The figures of the tiles: cargo, what stays away, mean price and days, emissions, boxes, full resources."""
    pairs, resources = reaction.pairs, reaction.resources
    served = pairs["served_kt"].to_numpy()
    total = float(served.sum())

    def mean(column: str) -> float:
        return float((np.nan_to_num(pairs[column].to_numpy()) * served).sum()) / total if total > 0 else 0.0

    return {
        "served_mt": total / KT_PER_MT,
        "unserved_mt": float(pairs["unserved_kt"].sum()) / KT_PER_MT,
        "usd_per_t": mean("mean_usd_per_t"),
        "days": mean("mean_hours") / HOURS_PER_DAY,
        "co2e_mt": mean("co2e_kg_per_t") * total * T_PER_KT / KG_PER_MT,
        "welfare_musd": reaction.welfare_usd / MUSD,
        "rent_musd": float(resources["rent_usd"].sum()) / MUSD,
        "binding": float(resources["binding"].sum()),
    }


TILES = (
    ("served_mt", "Cargo moved", "Mt", 1, 1),
    ("unserved_mt", "Stays away", "Mt", 1, -1),
    ("usd_per_t", "Mean price", "USD/t", 1, -1),
    ("days", "Mean time", "days", 1, -1),
    ("co2e_mt", "Emissions", "Mt CO2e", 2, -1),
    ("rent_musd", "Scarcity rents", "MUSD", 0, 0),
    ("binding", "Full resources", "", 0, -1),
)


def tiles(reaction: Reaction, base: Reaction) -> list[Json]:
    """Tiles with what changed beside the base; ``better`` is 1, -1 or, where nothing changed or it is no matter, 0.

    The first is the gain in welfare, of which only the difference means something.
    """
    now, then = totals(reaction), totals(base)
    gain = now["welfare_musd"] - then["welfare_musd"]
    told: list[Json] = [
        {"key": "welfare", "label": "Gain in welfare", "unit": "MUSD a year", "value": _signed(gain, 1), "delta": "",
         "better": _sign(gain, 1)}
    ]  # fmt: skip
    for key, label, unit, digits, good in TILES:
        change = now[key] - then[key]
        delta = _signed(change, max(digits, 2)) if _sign(change, max(digits, 2)) else ""
        better = good * _sign(change, max(digits, 2))
        told.append(
            {"key": key, "label": label, "unit": unit, "value": f"{now[key]:,.{digits}f}", "delta": delta,
             "better": better}
        )  # fmt: skip
    return told


def _sign(value: float, digits: int) -> int:
    return int(np.sign(round(value, digits)))


def _signed(value: float, digits: int) -> str:
    return f"{value:+,.{digits}f}" if _sign(value, digits) else f"{0.0:,.{digits}f}"
