"""What the panel tells of one link, place or resource, each figure with its unit, its source and how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.report.numbers import amount, figure
from karvan.report.tables import place_names
from karvan.study.live.reaction import Reaction
from karvan.web.page.cards.history import cited, history
from karvan.web.page.cards.zone import Rows, demand_source, exchanged, main_ways
from karvan.web.view import Json

MUSD = 1e6


@dataclass(frozen=True)
class Chosen:
    """What is looked at: ``kind`` is link, place or resource."""

    kind: str
    key: str


def card(corridor: Corridor, reaction: Reaction, base: Reaction, chosen: Chosen) -> Json | None:
    """The card of what is chosen; None where the corridor has no such thing."""
    found = {"link": _link, "place": _place, "resource": _resource}.get(chosen.kind)
    return found(corridor, reaction, base, chosen.key) if found else None


def resource_of(corridor: Corridor, chosen: Chosen) -> list[str]:
    """Resources of a link, place or resource."""
    uses = corridor["uses"]
    if chosen.kind == "resource":
        return [chosen.key]
    rows = uses["link"] == chosen.key if chosen.kind == "link" else (uses["place"] == chosen.key) & (uses["link"] == "")
    return list(dict.fromkeys(uses.loc[rows, "resource"].astype(str)))


def _link(corridor: Corridor, reaction: Reaction, base: Reaction, key: str) -> Json | None:
    rows = corridor["links"].loc[corridor["links"]["link"] == key]
    if rows.empty:
        return None
    link, names = rows.iloc[0], place_names(corridor)
    told: Rows = []
    for direction in ("forward", "back"):
        start, end = ("from_place", "to_place") if direction == "forward" else ("to_place", "from_place")
        now, then = (_carried(answer.flows, key, direction) for answer in (reaction, base))
        head = f"To {names[link[end]]}" if now["kt"] > 0 or direction == "forward" else ""
        if head and link[start]:
            told.append((head, amount(now["kt"], "kt"), _beside(now["kt"] - then["kt"], "kt")))
            told += [("of it boxes", amount(now["teu"], "TEU"), f"and {amount(now['empty_teu'], 'TEU')} empty")]
    told += [("Length", figure(float(link["length_km"])), "km"), ("Time moving", figure(float(link["hours"])), "h")]
    price = link["usd_per_feu"]
    told += [("Price", figure(float(price)), "USD/FEU, table")] if pd.notna(price) else []
    title = f"{names[link['from_place']]} \N{EN DASH} {names[link['to_place']]}"
    about = f"{str(link['mode']).replace('_', ' ')} link {key}"
    told_record = history(corridor, reaction, base, _things(corridor, Chosen("link", key), {key}, rows))
    return {**_whole(corridor, reaction, title, about, told, Chosen("link", key), link), "history": told_record}


def _place(corridor: Corridor, reaction: Reaction, base: Reaction, key: str) -> Json | None:
    rows = corridor["places"].loc[corridor["places"]["place"] == key]
    if rows.empty:
        return None
    links = corridor["links"]
    at_place = links.loc[(links["from_place"] == key) | (links["to_place"] == key)]
    near = set(at_place["link"].astype(str))
    now, then = (float(a.flows.loc[a.flows["link"].isin(near), "kt"].sum()) for a in (reaction, base))
    told: Rows = [("On its links", amount(now, "kt"), _beside(now - then, "kt"))]
    place = rows.iloc[0]
    about = f"{place['kind']}, {place['country']}" + (f", {place['unlocode']}" if place["unlocode"] else "")
    told += exchanged(corridor, reaction, key)
    chosen = Chosen("place", key)
    return {
        **_whole(corridor, reaction, str(place["name"]), about, told, chosen, place),
        "demand": demand_source(corridor, reaction.year, key),
        "ways": main_ways(corridor, reaction, key),
        "history": history(corridor, reaction, base, _things(corridor, chosen, set(), at_place)),
    }


def _resource(corridor: Corridor, reaction: Reaction, base: Reaction, key: str) -> Json | None:
    rows = corridor["resources"].loc[corridor["resources"]["resource"] == key]
    if rows.empty:
        return None
    resource = rows.iloc[0]
    about = f"{resource['behaviour']}, {resource['owner']}"
    chosen = Chosen("resource", key)
    told_record = history(corridor, reaction, base, {"resource": {key}})
    return {**_whole(corridor, reaction, str(resource["name"]), about, [], chosen, None), "history": told_record}


def _things(corridor: Corridor, chosen: Chosen, links: set[str], near: pd.DataFrame) -> dict[str, set[str]]:
    """What the record may count of a link or place: itself, its resources and the gateway groups of its links."""
    groups = set(near["gateway_group"].astype(str)) - {""}
    return {"link": links, "resource": set(resource_of(corridor, chosen)), "gateway_group": groups}


def _whole(
    corridor: Corridor, reaction: Reaction, title: str, about: str, told: Rows, chosen: Chosen, row: pd.Series | None
) -> Json:
    keys = resource_of(corridor, chosen)
    resources = [found for key in keys if (found := _limit(corridor, reaction, key)) is not None]
    source = {} if row is None else {"source": cited(corridor, str(row["source"])), "confidence": row["confidence"]}
    return {"title": title, "subtitle": about, "rows": told, "resources": resources, **source}


def _limit(corridor: Corridor, reaction: Reaction, key: str) -> Json | None:
    """One resource: load beside capacity, wait, price and worth, and where the capacity comes from."""
    now = reaction.resources.loc[reaction.resources["resource"] == key]
    given = corridor["resources"].loc[corridor["resources"]["resource"] == key]
    if now.empty or given.empty:
        return None
    row, told = now.iloc[0], given.iloc[0]
    unit, capacity = str(row["unit"]), float(row["capacity"])
    rows: Rows = [
        ("Capacity", amount(capacity, unit), "a year"),
        (
            "Load",
            amount(float(row["load"]), unit),
            f"modelled, and {amount(float(row['background']), unit)} background",
        ),
        ("Used", figure(100.0 * float(row["utilisation"])), "%"),
    ]
    wait, price = float(row["wait_hours"]), float(row["price_usd_per_unit"])
    rows += [("Wait", figure(wait), "h")] if wait > 0 else []
    rows += [("Scarcity price", figure(price), f"USD/{unit}")] if price > 0 else []
    rows += [
        ("1 % more is worth", figure(float(row["value_usd_per_percent"]) / MUSD), "MUSD a year"),
        ("of it to users", figure(float(row["users_usd_per_percent"]) / MUSD), "MUSD a year"),
        _outside_doubled(float(row["far_outside_usd_per_percent"])),
        ("Rent to the owner", figure(float(row["rent_usd"]) / MUSD), "MUSD a year"),
    ]
    share = 100.0 / capacity if capacity > 0 else 0.0
    return {
        "id": key, "name": str(told["name"]), "rows": rows, "binding": bool(row["binding"]),
        "full": figure(100.0 * float(row["utilisation"])), "load": float(row["load"]) * share,
        "background": float(row["background"]) * share, "confidence": str(told["confidence"]),
        "source": cited(corridor, str(told["source"])), "note": str(told["note"]),
    }  # fmt: skip


def _outside_doubled(usd_per_percent: float) -> tuple[str, str, str]:
    """The worth of 1 % with the outside option doubled, or where it can be worked out."""
    head = "with the outside option doubled"
    if math.isnan(usd_per_percent):
        return (head, figure(None), "see Bottlenecks")
    return (head, figure(usd_per_percent / MUSD), "MUSD a year")


def _carried(flows: pd.DataFrame, link: str, direction: str) -> dict[str, float]:
    rows = flows.loc[(flows["link"] == link) & (flows["direction"] == direction)]
    return {name: float(rows[name].sum()) for name in ("kt", "teu", "empty_teu")}


def _beside(change: float, unit: str) -> str:
    if abs(change) < 0.05:
        return "as in the base"
    sign = "+" if change > 0 else "\N{MINUS SIGN}"
    return f"{sign}{amount(abs(change), unit)} beside the base"
