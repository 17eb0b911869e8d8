"""A map of cargo: land, links as wide as their flow, hubs with names, a key.

The drawing is one SVG element for a page that brings the colours as CSS classes; it asks nothing from outside. Links
follow great circles between the places a drawing passes (``via_places``); long sea passages are drawn beneath the land,
so that a straight way between two ports shows where it is water. Land is Natural Earth's 1:50m, public domain,
countries joined: no boundary is drawn and none is taken a side on.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from markupsafe import escape

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report import numbers, tables
from karvan.report.projection import (
    Floats,
    Projection,
    Window,
    clip_ring,
    great_circle,
    projection_for,
    simplify,
)

Positions = dict[str, tuple[float, float]]
FAMILIES = {
    "rail": "rail", "road": "road", "pipeline": "pipeline", "river": "ship", "rail_ferry": "ship", "ro_ro": "ship",
    "feeder": "ship", "general_cargo": "ship", "tanker": "ship", "deep_sea": "ship",
}  # fmt: skip
FAMILY_NAMES = {"rail": "railway", "road": "road", "ship": "ship", "pipeline": "pipeline"}
WIDTH, LOWEST, TALLEST, KEY_HEIGHT, MARGIN = 1200.0, 480.0, 820.0, 78.0, 52.0
THINNEST, WIDEST = 0.7, 15.0
LABELS, LABEL_SIZE = 44, 17.0
RING = 8
_SEA_PASSAGE_DEG = 11.0
_TOO_SHORT_DEG = 1.0
_SPOTS = ((9, 6, "start"), (-9, 6, "end"), (0, -10, "middle"), (0, 23, "middle"), (8, -8, "start"), (-8, -8, "end"),
          (8, 20, "start"), (-8, 20, "end"))  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """Where a map stands on the page: its projection, scale (SVG units a plane unit), corner and height."""

    projection: Projection
    scale: float
    left: float
    top: float
    height: float

    def __call__(self, lon: Floats, lat: Floats) -> Floats:
        """SVG coordinates, shape (n, 2)."""
        x, y = self.projection(lon, lat)
        return np.column_stack([(x - self.left) * self.scale + MARGIN, (self.top - y) * self.scale + MARGIN])


@dataclass(frozen=True)
class Segment:
    """What one family of modes carries between two drawn places, both directions together.

    ``sea`` marks a long sea passage, drawn beneath the land; ``over`` a resource of it that is full.
    """

    start: str
    end: str
    family: str
    sea: bool
    kt: float
    over: bool


def line_width(kt: float, largest_kt: float) -> float:
    """The width of a flow in SVG units: with the square root of its tonnes, from a hairline up.

    Parameters
    ----------
    kt, largest_kt
        The flow and the largest of the map, kt a year, at least 0.

    Returns
    -------
    float
        Between ``THINNEST`` and ``WIDEST``; never falls when the flow rises.

    Examples
    --------
    >>> line_width(0.0, 100.0), line_width(100.0, 100.0)
    (0.7, 15.0)
    """
    share = min(1.0, kt / largest_kt) if largest_kt > 0 else 0.0
    return THINNEST + (WIDEST - THINNEST) * float(np.sqrt(share))


def segments(corridor: Corridor, outcome: Outcome, year: int) -> list[Segment]:
    """Flows of a year on drawn segments, the largest first; cargo is counted once a link it rides."""
    flows = tables.of_year(outcome["freight.flows"], year).groupby("link")["kt"].sum().to_dict()
    crowded = _crowded_links(corridor, outcome, year)
    places = positions(corridor)
    links = corridor["links"]
    columns = [links[c].astype(str).tolist() for c in ("link", "from_place", "via_places", "to_place", "mode")]
    tonnes: dict[tuple[str, str, str], float] = {}
    over: set[tuple[str, str, str]] = set()
    for link, start, via, end, mode in zip(*columns, strict=True):
        if flows.get(link, 0.0) <= 0:
            continue
        stops = [stop for stop in (start, *via.split("|"), end) if stop in places]
        for one, other in pairwise(stops):
            key = (min(one, other), max(one, other), FAMILIES[mode])
            tonnes[key] = tonnes.get(key, 0.0) + float(flows[link])
            if link in crowded:
                over.add(key)
    found = [
        Segment(start, end, family, _is_sea_passage(family, places[start], places[end]), kt, key in over)
        for key, kt in tonnes.items()
        for start, end, family in (key,)
    ]
    return sorted(found, key=lambda s: (-s.kt, s.start, s.end, s.family))


def corridor_map(corridor: Corridor, outcome: Outcome, year: int, middle: float = 1.0, key: str = "map") -> str:
    """The map of a year's flows as one SVG element; empty text where nothing flows.

    Parameters
    ----------
    corridor
        Gives places, links and which link uses which resource.
    outcome
        Gives ``freight.flows`` and ``freight.resources``.
    year
        Calendar year.
    middle
        Share of the cargo's ends that the sheet holds, in (0, 1]: 1 shows every place where cargo changes link, less
        comes closer to where most of it does.
    key
        Prefix of the identifiers inside, so that two maps can stand on one page.

    Returns
    -------
    str
        SVG with the classes ``land``, ``rail``, ``road``, ``ship``, ``pipeline``, ``over``, ``hub``, ``name``; every
        name is escaped.
    """
    drawn = segments(corridor, outcome, year)
    if not drawn:
        return ""
    places = positions(corridor)
    window = _window(_ends(corridor, outcome, year), places, middle)
    frame = frame_of(window, [places[key] for key in places])
    largest = drawn[0].kt
    names = tables.place_names(corridor)
    height = frame.height + KEY_HEIGHT
    over = sum(segment.over for segment in drawn)
    told = (
        f"Map of cargo in {year}. The widest of {len(drawn)} drawn links carries {numbers.amount(largest, 'kt')}; "
        f"{over} use a resource that is full."
    )
    parts = [
        f'<svg class="map" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" aria-labelledby="{key}-t {key}-d">',
        f'<title id="{key}-t">Cargo by link, {year}</title><desc id="{key}-d">{escape(told)}</desc>',
        f'<clipPath id="{key}-sheet"><rect width="{WIDTH:.0f}" height="{frame.height:.0f}"/></clipPath>',
        f'<rect class="water" width="{WIDTH:.0f}" height="{frame.height:.0f}"/><g clip-path="url(#{key}-sheet)">',
        *_lines([s for s in drawn if s.sea], places, frame, names, largest),
        f'<path class="land" d="{land_path(window, frame)}"/>',
        *_lines([s for s in drawn if not s.sea], places, frame, names, largest),
        *_rings(_full_spots(corridor, outcome, year, places), frame),
        *_hubs(drawn, places, frame, names),
        "</g>",
        *_key(frame, largest, sorted({s.family for s in drawn})),
        "</svg>",
    ]
    return "".join(parts)


def _ends(corridor: Corridor, outcome: Outcome, year: int) -> dict[str, float]:
    """Cargo (kt) on the links that begin or end at a place, for places of the corridor with any."""
    flows = tables.of_year(outcome["freight.flows"], year).groupby("link")["kt"].sum().to_dict()
    links = corridor["links"]
    found: dict[str, float] = {}
    for link, start, end in zip(links["link"], links["from_place"], links["to_place"], strict=True):
        for place in (start, end) if flows.get(link, 0.0) > 0 else ():
            found[str(place)] = found.get(str(place), 0.0) + flows[link]
    return found


def _window(ends: dict[str, float], places: Positions, middle: float) -> Window:
    """The box that holds the middle share of the ends, by the square root of their cargo, each way for itself."""
    keys = [key for key in ends if key in places]
    weights = np.sqrt([ends[key] for key in keys])
    bounds = []
    for axis in (0, 1):
        values = np.array([places[key][axis] for key in keys])
        order = np.argsort(values)
        reached = np.cumsum(weights[order]) / weights.sum()
        first = int(np.searchsorted(reached, (1 - middle) / 2))
        last = min(int(np.searchsorted(reached, (1 + middle) / 2 - 1e-9)), len(keys) - 1)
        bounds.append((float(values[order[first]]), float(values[order[last]])))
    (west, east), (south, north) = bounds
    return Window(west, south, east, north).grown(0.06 * (east - west) if middle < 1.0 else 0.0)


def frame_of(window: Window, points: list[tuple[float, float]]) -> Frame:
    """The sheet: the projection of the window, fitted to the points inside it, half as high as wide at least."""
    projection = projection_for(window)
    inside = [
        (lon, lat) for lon, lat in points if window.west <= lon <= window.east and window.south <= lat <= window.north
    ]
    x, y = projection(*np.array(inside).T)
    across, up = max(float(np.ptp(x)), 0.02), max(float(np.ptp(y)), 0.02)
    scale = min((WIDTH - 2 * MARGIN) / across, (TALLEST - 2 * MARGIN) / up)
    height = max(up * scale + 2 * MARGIN, LOWEST)
    left = float(x.min()) - ((WIDTH - 2 * MARGIN) / scale - across) / 2
    top = float(y.max()) + ((height - 2 * MARGIN) / scale - up) / 2
    return Frame(projection, scale, left, top, height)


def positions(corridor: Corridor) -> Positions:
    """Longitude and latitude of every place, degrees, by its key."""
    frame = corridor["places"]
    at = zip(frame["lon_deg"].tolist(), frame["lat_deg"].tolist(), strict=True)
    return dict(zip(frame["place"].astype(str), at, strict=True))


def _full_spots(
    corridor: Corridor, outcome: Outcome, year: int, places: Positions
) -> dict[tuple[float, float], list[str]]:
    """Where full resources stand that no line shows: places of transfers, middles of links too short to see.

    Returns
    -------
    dict
        Names of the full resources by longitude and latitude.
    """
    ranked = tables.bottlenecks(outcome, corridor, year)
    full = ranked.loc[ranked["full"]].set_index("resource")["name"].astype(str).to_dict()
    links = corridor["links"].set_index("link")
    uses = corridor["uses"]
    found: dict[tuple[float, float], list[str]] = {}
    for resource, link, place in zip(uses["resource"], uses["link"], uses["place"], strict=True):
        ends = [place] if place else [str(links.loc[link, e]) for e in ("from_place", "to_place")] if link else []
        if resource not in full or not ends or any(end not in places for end in ends):
            continue
        at = np.array([places[end] for end in ends])
        if np.ptp(at, axis=0).max() <= _TOO_SHORT_DEG:
            lon, lat = at.mean(axis=0).round(2)
            told = found.setdefault((float(lon), float(lat)), [])
            if full[resource] not in told:
                told.append(full[resource])
    return found


def _rings(spots: dict[tuple[float, float], list[str]], frame: Frame) -> Iterator[str]:
    """A red ring about each spot, with the names of what is full there."""
    for (lon, lat), names in spots.items():
        ((x, y),) = frame(np.array([lon]), np.array([lat]))
        yield f'<circle class="ring" cx="{x:.1f}" cy="{y:.1f}" r="{RING}">'
        yield f"<title>full: {escape(', '.join(names))}</title></circle>"


def _crowded_links(corridor: Corridor, outcome: Outcome, year: int) -> set[str]:
    """Links that use a resource which is rationed at its limit or loaded beyond capacity."""
    ranked = tables.bottlenecks(outcome, corridor, year)
    uses = corridor["uses"]
    return set(uses.loc[uses["resource"].isin(ranked.loc[ranked["full"], "resource"]), "link"].astype(str)) - {""}


@cache
def _land() -> tuple[tuple[Floats, ...], ...]:
    text = (files("karvan.report") / "land_50m.geojson").read_text(encoding="utf-8")
    shapes = [feature["geometry"]["coordinates"] for feature in json.loads(text)["features"]]
    return tuple(tuple(np.array(ring, dtype=float) for ring in polygon) for shape in shapes for polygon in shape)


def land_path(window: Window, frame: Frame) -> str:
    """Outlines of the land about the window, in whole and tenth SVG units."""
    wide = window.grown(30.0)
    parts = []
    for polygon in _land():
        for ring in polygon:
            points = clip_ring(ring, wide)
            if len(points) < 3:
                continue
            flat = simplify(frame(*_dense(points).T), 0.6)
            (left, top), (right, low) = flat.min(axis=0), flat.max(axis=0)
            if len(flat) > 2 and right > 0 and left < WIDTH and low > 0 and top < frame.height:
                parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in flat) + "Z")
    return "".join(parts)


def _dense(points: Floats, step: float = 4.0) -> Floats:
    """Outline with a point at least every few degrees, so that the straight edges of a cut follow the parallels."""
    closed = np.vstack([points, points[:1]])
    parts = []
    for start, end in pairwise(closed):
        count = max(1, int(np.ceil(np.abs(end - start).max() / step)))
        parts.append(start + np.linspace(0.0, 1.0, count, endpoint=False)[:, None] * (end - start))
    return np.vstack(parts)


def _lines(
    drawn: list[Segment], places: Positions, frame: Frame, names: dict[str, str], largest: float
) -> Iterator[str]:
    for segment in drawn:
        way = frame(*great_circle(places[segment.start], places[segment.end]))
        points = "L".join(f"{x:.1f} {y:.1f}" for x, y in way)
        kind = f"{segment.family}{' sea' if segment.sea else ''}{' over' if segment.over else ''}"
        ends = f"{names[segment.start]} {numbers.DASH} {names[segment.end]}"
        tail = ", a resource of it is full" if segment.over else ""
        told = f"{ends}, {FAMILY_NAMES[segment.family]}: {numbers.amount(segment.kt, 'kt')}{tail}"
        width = line_width(segment.kt, largest)
        yield f'<path class="flow {kind}" stroke-width="{width:.2f}" d="M{points}"><title>{escape(told)}</title></path>'
        if segment.over:
            yield f'<path class="mark" stroke-width="{max(0.6, width / 4):.2f}" d="M{points}"/>'


def _hubs(drawn: list[Segment], places: Positions, frame: Frame, names: dict[str, str]) -> Iterator[str]:
    """Dots at the busiest places and the names that find room, the busiest first."""
    busy: Counter[str] = Counter()
    for segment in drawn:
        busy.update({segment.start: segment.kt, segment.end: segment.kt})
    busiest = [key for key, _ in busy.most_common()]
    spots = frame(*np.array([places[key] for key in busiest]).T)
    taken: list[tuple[float, float, float, float]] = []
    for key, (x, y) in zip(busiest, spots, strict=True):
        if len(taken) >= 2 * LABELS or not (0 <= x <= WIDTH and 0 <= y <= frame.height):
            continue
        placed = placed_name(names[key], x, y, taken, frame.height)
        if placed is None:
            continue
        box, (dx, dy, anchor) = placed
        taken += [box, (x - 4, y - 4, x + 4, y + 4)]
        yield f'<circle class="hub" cx="{x:.1f}" cy="{y:.1f}" r="3.6"/>'
        yield (
            f'<text class="name" x="{x + dx:.1f}" y="{y + dy:.1f}" text-anchor="{anchor}" '
            f'font-size="{LABEL_SIZE:.0f}">{escape(names[key])}</text>'
        )


def placed_name(
    name: str, x: float, y: float, taken: list[tuple[float, float, float, float]], height: float
) -> tuple[tuple[float, float, float, float], tuple[int, int, str]] | None:
    """A box and offset for a name where nothing stands yet, or None."""
    wide = 0.56 * LABEL_SIZE * len(name)
    for dx, dy, anchor in _SPOTS:
        left = x + dx - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        box = (left, y + dy - 0.8 * LABEL_SIZE, left + wide, y + dy + 0.25 * LABEL_SIZE)
        inside = box[0] > 4 and box[2] < WIDTH - 4 and box[1] > 4 and box[3] < height - 4
        if inside and not any(b[0] < box[2] and box[0] < b[2] and b[1] < box[3] and box[1] < b[3] for b in taken):
            return box, (dx, dy, anchor)
    return None


def _key(frame: Frame, largest: float, families: list[str]) -> Iterator[str]:
    """Samples of width and of colour in two rows below the map."""
    first = 10.0 ** float(np.floor(np.log10(largest)))
    widths = [("sample", line_width(kt, largest), numbers.amount(kt, "kt")) for kt in (first / 100, first / 10, first)]
    widths.append(("sample", line_width(largest, largest), f"{numbers.amount(largest, 'kt')} a year"))
    colours = [(family, 5.0, FAMILY_NAMES[family]) for family in families]
    colours.append(("over", 6.0, "a full resource"))
    for row, samples in enumerate((widths, colours)):
        y = frame.height + 28.0 + 30.0 * row
        for n, (kind, width, label) in enumerate(samples):
            x = 24.0 + 190.0 * n
            yield f'<path class="flow {kind}" stroke-width="{width:.2f}" d="M{x:.0f} {y:.0f}h36"/>'
            if kind == "over":
                yield f'<path class="mark" stroke-width="1.5" d="M{x:.0f} {y:.0f}h36"/>'
                yield f'<circle class="ring" cx="{x - 14:.0f}" cy="{y:.0f}" r="{RING}"/>'
            yield f'<text class="key" x="{x + 50:.0f}" y="{y + 6:.0f}" font-size="{LABEL_SIZE:.0f}">{label}</text>'


def _is_sea_passage(family: str, start: tuple[float, float], end: tuple[float, float]) -> bool:
    """Whether ships pass between the places further than ``_SEA_PASSAGE_DEG`` degrees of arc (111 km each)."""
    return family == "ship" and len(great_circle(start, end, _SEA_PASSAGE_DEG)[0]) > 2
