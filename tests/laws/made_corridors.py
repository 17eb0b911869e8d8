"""Random small corridors: places in a few countries, railways, ships between any two of them, and some demand."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from karvan.corridor.corridor import Corridor
from tests.worlds import corridor_of, demand, feeder, frame, limit, loading, place, rail, transfer, use

COUNTRIES = ("AAA", "BBB", "CCC", "DDD")
BOUNDS = {"unit": "1", "description": "made"}


@st.composite
def corridors(draw: st.DrawFn) -> Corridor:
    """Three to six places that all load and unload boxes, two to nine links, and one to five rows of demand."""
    keys = [f"p{i}" for i in range(draw(st.integers(3, 6)))]
    places = [
        place(key, draw(st.sampled_from(COUNTRIES)), 50 + i / 10, 45 + (i * i % 3) / 10) for i, key in enumerate(keys)
    ]
    country = {str(row["place"]): row["country"] for row in places}
    ends = st.permutations(keys).map(lambda order: (order[0], order[1]))
    links: list[dict[str, object]] = []
    for i, (start, end) in enumerate(draw(st.lists(ends, min_size=2, max_size=9))):
        length = draw(st.integers(100, 1500)) + 0.001 * 2**i  # no two sets of links are equally long, so none ties
        make = draw(st.sampled_from([rail, rail, feeder]))
        group = draw(st.sampled_from(["", "", "north", "south"]))
        links.append(make(f"l{i}", start, end, length, both_ways=draw(st.booleans()), gateway_group=group))
    crossing = [str(row["link"]) for row in links if country[str(row["from_place"])] != country[str(row["to_place"])]]
    changes = [(a, b) for a in ("rail", "feeder") for b in ("rail", "feeder") if (a, b) != ("rail", "rail")]
    handling = [transfer(key, *change) for key in keys for change in (*changes, ("zone", "feeder"), ("feeder", "zone"))]
    cargo = draw(st.lists(ends, min_size=1, max_size=5, unique=True))
    used = draw(st.sampled_from([row["link"] for row in links]))
    return corridor_of(
        "made",
        {
            "places": places,
            "links": links,
            "borders": [{"link": key, "hours_forward": 10.0, "hours_back": 12.0} for key in crossing],
            "transfers": [*loading(keys), *handling],
            "demand": [demand(start, end, "goods", "container", draw(st.integers(1, 500))) for start, end in cargo],
            "resources": [limit("gate", 1e4, sd_hours=6.0)],
            "uses": [use("gate", str(used))],
            "parameters": [{**BOUNDS, "parameter": "stretch_factor", "value": draw(st.sampled_from([1.25, 3.0]))}],
        },
    )


@st.composite
def congested(draw: st.DrawFn, behaviours: Sequence[str] = ("queue", "limit", "slots", "delay")) -> Corridor:
    """A made corridor with one to three resources, all scarcity a rent, near what its demand would load them with."""
    corridor = draw(corridors())
    boxes = float(corridor["demand"]["teu"].sum())
    links = draw(st.lists(st.sampled_from(list(corridor["links"]["link"])), min_size=1, max_size=3, unique=True))
    rows, uses = [], []
    for i, link in enumerate(links):
        capacity = boxes * draw(st.sampled_from([0.2, 0.45, 0.97])) + i
        behaviour = draw(st.sampled_from(behaviours))
        cells: dict[str, object] = {"behaviour": behaviour, "rent_share": 1.0, "max_utilisation": 0.95}
        if behaviour == "queue":
            cells |= {"servers": 2, "units_per_service": capacity / 2000.0, "ca2_plus_cs2": 1.5}
        if behaviour == "delay":
            cells |= {"delay_h": 20.0, "delay_power": 4.0, "max_utilisation": 1.0}
        background = draw(st.sampled_from([0.0, 0.1])) * capacity
        rows.append(limit(f"r{i}", capacity, background_per_year=background, **cells))
        uses.append(use(f"r{i}", link))
    return corridor.replace(resources=frame("resources", rows), uses=frame("uses", uses))
