"""The map: widths, colours, names."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from karvan.report.svg_map import corridor_map, line_width, segments
from tests.report.made import HOSTILE, corridor, outcome
from tests.worlds import YEAR


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_larger_flow_is_never_drawn_thinner(one: float, other: float) -> None:
    small, large = sorted((one, other))
    assert line_width(small, 1e6) <= line_width(large, 1e6)


def _widths(svg: str) -> dict[str, float]:
    found = {}
    for path in ET.fromstring(svg).iter("path"):
        title = path.find("title")
        if title is not None and title.text:
            found[title.text.split(",")[0]] = float(path.attrib["stroke-width"])
    return found


def test_the_link_with_more_cargo_is_drawn_wider() -> None:
    widths = _widths(corridor_map(corridor(), outcome(first_kt=40, second_kt=120), YEAR))
    assert widths["East \N{EN DASH} Middle"] < widths["Middle \N{EN DASH} West"]


def test_a_full_resource_on_a_link_too_short_to_draw_has_a_ring_that_names_it() -> None:
    world = corridor(border_name="The border")
    places = world["places"].copy()
    places.loc[places["place"] == "west", ["lon_deg", "lat_deg"]] = [49.8, 45.0]  # Middle stands at 50.0, 45.0
    near = world.replace(places=places)
    rings = ET.fromstring(corridor_map(near, outcome(40, 120), YEAR)).iter("circle")
    told = [ring.findtext("title") for ring in rings if ring.attrib["class"] == "ring"]
    assert told == ["full: The border", None]  # the last is the key's
    assert "full: " not in corridor_map(near, outcome(40, 100), YEAR)


def test_a_link_is_red_only_where_a_resource_it_uses_is_over_capacity() -> None:
    drawn = {(s.start, s.end): s.over for s in segments(corridor(), outcome(40, 120), YEAR)}
    assert drawn == {("east", "middle"): False, ("middle", "west"): True}
    assert not any(s.over for s in segments(corridor(), outcome(40, 100), YEAR))


def test_a_name_with_markup_is_drawn_as_text() -> None:
    svg = corridor_map(corridor(middle_name=HOSTILE), outcome(), YEAR)
    assert "<script" not in svg
    assert HOSTILE in {text for element in ET.fromstring(svg).iter() for text in [element.text] if text}


def test_a_drawn_link_passes_its_waypoints_in_order() -> None:
    world = corridor()
    links = world["links"].copy()
    links["via_places"] = ["west", ""]
    found = {(s.start, s.end) for s in segments(world.replace(links=links), outcome(), YEAR)}
    assert found == {("east", "west"), ("middle", "west")}


def test_a_year_without_cargo_has_no_map() -> None:
    assert corridor_map(corridor(), outcome(), YEAR + 1) == ""


def test_a_long_sea_passage_lies_beneath_the_land_and_a_railway_above() -> None:
    world = corridor(first_mode="deep_sea")
    places = world["places"].assign(lon_deg=[80.0, 50.0, 38.0])
    svg = corridor_map(world.replace(places=places), outcome(), YEAR)
    land = svg.index('class="land"')
    assert svg.index('class="flow ship') < land < svg.index('class="flow rail')
