"""Random small corridors: places in a few countries, railways, ships between any two of them, and some demand."""

from __future__ import annotations

from hypothesis import strategies as st

from karvan.corridor.corridor import Corridor
from tests.worlds import corridor_of, demand, feeder, limit, loading, place, rail, transfer, use

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
