"""Ships in space and time: where they are, and what the drawing says."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from karvan.operations.corridor.rounds import tracks
from karvan.report.diagrams.space_time import Line, diagram, ships_page

ROWS = (
    (0.0, 5, "Mark", "round"), (10.0, 5, "Load", "ferry forward"), (12.0, 5, "Delay", ""), (34.0, 5, "Mark", "landed"),
    (40.0, 5, "Unload", ""), (45.0, 5, "Delay", ""), (67.0, 5, "Tally", "round ferry"), (12.5, 9, "Delay", ""),
)  # fmt: skip


def events() -> pd.DataFrame:
    rows = [(hour, entity, "ferry", step, names) for hour, entity, step, names in ROWS]
    return pd.DataFrame(rows, columns=["hour", "entity", "process", "step", "names"])


def test_a_ship_sails_from_the_event_before_each_landing() -> None:
    (track,) = tracks(events(), "ferry")
    assert track.hours == (12.0, 34.0, 45.0, 67.0)
    assert track.places == (0.0, 1.0, 1.0, 0.0)


def test_the_drawing_has_a_line_a_ship_and_says_what_it_shows() -> None:
    (track,) = tracks(events(), "ferry")
    drawn = diagram(Line("Ferry", ("East & co", "West"), ((track.hours, track.places),)), 0.0, 7)
    assert drawn.count('class="ship"') == 1
    assert 'aria-label="Ferry: 1 ships between East &amp; co and West, 7 days"' in drawn
    xs = [float(x) for x in re.findall(r"[ML]([\d.]+) ", re.findall(r'class="ship"[^/]*d="([^"]*)"', drawn)[0])]
    assert xs == sorted(xs)


@pytest.mark.parametrize("name", ["<b>", "a & b"])
def test_names_are_never_markup(name: str) -> None:
    page = ships_page(name, [Line(name, (name, name), ())], 0.0, 7)
    assert "<b>" not in page
