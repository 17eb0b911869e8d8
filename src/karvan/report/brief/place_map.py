"""A map of towns: where meetings were held and agreements signed, over the railways and ships of a corridor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np
from markupsafe import escape

from karvan.corridor.corridor import Corridor
from karvan.report import tables
from karvan.report.projection import Window, great_circle
from karvan.report.svg_map import FAMILIES, LABEL_SIZE, WIDTH, Frame, Positions, frame_of, land_path, placed_name
from karvan.report.svg_map import positions as positions_of

SMALLEST, LARGEST = 4.0, 9.0
_DRAWN = ("rail", "ship")
_BEYOND_DEG = 3.5


def place_map(corridor: Corridor, towns: Mapping[str, int], key: str = "towns") -> tuple[str, list[str]]:
    """The map as one SVG element, and the towns that no place of the corridor is named after.

    Parameters
    ----------
    corridor
        Gives places and links.
    towns
        How often each town is told, by name.
    key
        Prefix of the identifiers inside, so that two maps can stand on one page.

    Returns
    -------
    tuple
        SVG text, empty where fewer than two towns are found; the towns left out, in alphabetical order.
    """
    places, found = positions_of(corridor), _found(corridor, towns)
    missing = sorted(set(towns) - set(found))
    at = {town: places[place] for town, place in found.items()}
    if len(set(at.values())) < 2:
        return "", missing
    (west, south), (east, north) = np.min(list(at.values()), axis=0), np.max(list(at.values()), axis=0)
    window = Window(float(west), float(south), float(east), float(north)).grown(_BEYOND_DEG)
    frame = frame_of(window, [*at.values(), (window.west, window.south), (window.east, window.north)])
    told = "; ".join(f"{town} {towns[town]}" for town in sorted(at, key=lambda name: (-towns[name], name)))
    parts = [
        f'<svg class="map" viewBox="0 0 {WIDTH:.0f} {frame.height:.0f}" role="img" aria-labelledby="{key}-t {key}-d">',
        f'<title id="{key}-t">Towns by number of meetings</title><desc id="{key}-d">{escape(told)}</desc>',
        f'<clipPath id="{key}-sheet"><rect width="{WIDTH:.0f}" height="{frame.height:.0f}"/></clipPath>',
        f'<rect class="water" width="{WIDTH:.0f}" height="{frame.height:.0f}"/><g clip-path="url(#{key}-sheet)">',
        f'<path class="land" d="{land_path(window, frame)}"/>',
        *_network(corridor, places, window, frame),
        *_marks(at, towns, frame),
        "</g></svg>",
    ]
    return "".join(parts), missing


def _found(corridor: Corridor, towns: Mapping[str, int]) -> dict[str, str]:
    """The place each town is: the first whose printed name is the town's or begins with it as a word."""
    names = {key: name.casefold() for key, name in tables.place_names(corridor).items()}
    found = {}
    for town in towns:
        wanted = town.split("(")[0].strip().casefold()
        begins = (f"{wanted} ", f"{wanted}/")
        same = [k for k, name in names.items() if name == wanted or name.startswith(begins)] if wanted else []
        if same:
            found[town] = min(same, key=lambda k: (len(names[k]), k))
    return found


def _network(corridor: Corridor, places: Positions, window: Window, frame: Frame) -> Iterator[str]:
    """Railways and ships between two places of the sheet, as thin lines."""
    links = corridor["links"]
    drawn: set[tuple[str, str, str]] = set()
    for start, via, end, mode in zip(
        links["from_place"], links["via_places"], links["to_place"], links["mode"], strict=True
    ):
        stops = [stop for stop in (start, *str(via).split("|"), end) if stop in places]
        drawn |= {(min(pair), max(pair), FAMILIES[mode]) for pair in pairwise(stops) if FAMILIES[mode] in _DRAWN}
    for start, end, family in sorted(drawn):
        if not all(_inside(places[place], window) for place in (start, end)):
            continue
        points = "L".join(f"{x:.1f} {y:.1f}" for x, y in frame(*great_circle(places[start], places[end])))
        yield f'<path class="flow {family} faint" stroke-width="1.6" d="M{points}"/>'


def _inside(place: tuple[float, float], window: Window) -> bool:
    return window.west <= place[0] <= window.east and window.south <= place[1] <= window.north


def _marks(at: Mapping[str, tuple[float, float]], towns: Mapping[str, int], frame: Frame) -> Iterator[str]:
    """A disc for each town, as large as the square root of its count, and its name where there is room."""
    order = sorted(at, key=lambda town: (-towns[town], town))
    spots = frame(*np.array([at[town] for town in order]).T)
    most = max(towns[town] for town in order)
    radii = [SMALLEST + (LARGEST - SMALLEST) * float(np.sqrt(towns[town] / most)) for town in order]
    taken = [(x - r, y - r, x + r, y + r) for (x, y), r in zip(spots, radii, strict=True)]
    for town, (x, y), radius in zip(order, spots, radii, strict=True):
        label = f"{town} {towns[town]}"
        yield f'<circle class="town" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{escape(label)}</title></circle>'
        others = [box for box in taken if box != (x - radius, y - radius, x + radius, y + radius)]
        placed = placed_name(label, x, y, others, frame.height)
        if placed is None:
            continue
        box, (dx, dy, anchor) = placed
        taken.append(box)
        yield (
            f'<text class="name" x="{x + dx:.1f}" y="{y + dy:.1f}" text-anchor="{anchor}" '
            f'font-size="{LABEL_SIZE:.0f}">{escape(label)}</text>'
        )
