"""Ships in space and time: where they are, what the drawing says, and the dates below it."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest

from karvan.corridor.outcome import Provenance
from karvan.operations.corridor.rounds import tracks
from karvan.report.diagrams.page import ships_page
from karvan.report.diagrams.space_time import Line, Window, diagram, voyages
from tests.worlds import info

ROWS = (
    (0.0, 5, "Mark", "round"), (10.0, 5, "Load", "ferry forward"), (12.0, 5, "Delay", ""), (34.0, 5, "Mark", "landed"),
    (40.0, 5, "Unload", ""), (45.0, 5, "Delay", ""), (67.0, 5, "Tally", "round ferry"), (12.5, 9, "Delay", ""),
)  # fmt: skip
WEEK = Window(0.0, 7, date(2024, 10, 29))
SHIP = ((12.0, 34.0, 45.0, 67.0), (0.0, 1.0, 1.0, 0.0))


def points(drawn: str) -> list[tuple[float, float]]:
    (path,) = re.findall(r'class="ship[^"]*" d="([^"]*)"', drawn)
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path)]


def page(*lines: Line) -> str:
    return ships_page(lines, WEEK, info("a <b> & c"), Provenance("1", "made", "base", {}, {"warm_up_days": 42}, 7))


def test_a_ship_sails_from_the_event_before_each_landing() -> None:
    events = pd.DataFrame([(hour, entity, "ferry", step, names) for hour, entity, step, names in ROWS],
                          columns=["hour", "entity", "process", "step", "names"])  # fmt: skip
    (track,) = tracks(events, "ferry")
    assert (track.hours, track.places) == SHIP


def test_the_drawing_has_a_line_a_ship_and_says_what_it_shows() -> None:
    drawn = diagram(Line("Ferry", ("East & co", "West"), (SHIP,)), WEEK)
    assert 'aria-label="Ferry: 1 ships between East &amp; co and West, 7 days"' in drawn
    xs = [x for x, _ in points(drawn)]
    assert xs == sorted(xs)
    assert (xs[1] - xs[0]) / (xs[-1] - xs[0]) == pytest.approx(22.0 / 55.0, rel=0.01), "22 of 55 hours"


def test_a_ship_on_its_way_when_the_window_opens_is_drawn_from_the_edge() -> None:
    later = Window(23.0, 7, date(2024, 10, 30))
    whole, cut = (points(diagram(Line("Ferry", ("a", "b"), (SHIP,)), at)) for at in (WEEK, later))
    assert cut[0][0] == pytest.approx(6.0)
    assert cut[0][1] == pytest.approx((whole[0][1] + whole[1][1]) / 2, abs=0.1), "hour 23 is half of the way"
    assert diagram(Line("Ferry", ("a", "b"), (SHIP,)), Window(400.0, 7, date(2024, 11, 15))).count('class="ship ') == 0


def test_ships_in_one_port_lie_in_lanes_of_their_own() -> None:
    drawn = diagram(Line("Ferry", ("a", "b"), (SHIP, SHIP)), WEEK)
    first, second = re.findall(r'class="ship[^"]*" d="M[\d.]+ ([\d.]+)', drawn)
    assert float(second) < float(first)


def test_weeks_stand_below_with_their_dates_over_the_end_of_a_month() -> None:
    drawn = diagram(Line("Ferry", ("a", "b"), (SHIP,)), WEEK)
    assert re.findall(r'class="axis"[^>]*>([^<]*)<', drawn) == ["29 Oct", "5 Nov"]


def test_closed_days_are_shaded_and_closed_hours_are_not() -> None:
    drawn = diagram(Line("Ferry", ("a", "b"), (SHIP,), ((10.0, 16.0), (24.0, 72.0))), WEEK)
    (width,) = re.findall(r'class="closed" x="[\d.]+" y="[\d.]+" width="([\d.]+)"', drawn)
    assert float(width) == pytest.approx(988.0 * 2 / 7, abs=0.1)


def test_voyages_that_end_outside_the_window_are_not_counted() -> None:
    line = Line("Ferry", ("a", "b"), (SHIP,))
    found = voyages(line, Window(40.0, 1, date(2024, 10, 30)))
    assert (found.to_second, found.to_first, found.stay_h.tolist()) == (0, 0, [11.0])


def test_the_page_tells_what_ships_did_and_what_it_rests_on() -> None:
    told = page(Line("Ferry", ("East", "West"), (SHIP,)))
    assert "One ship: 1 landings at West and 1 at East; 22 hours a crossing; 0.5 days a stay, 0.5 the longest." in told
    assert "29 Oct to 4 Nov 2024" in told
    assert "seed 7" in told
    assert "prefers-color-scheme: dark" in told


@pytest.mark.parametrize("name", ["<b>", "a & b"])
def test_names_are_never_markup(name: str) -> None:
    assert "<b>" not in page(Line(name, (name, name), (SHIP,)))


def test_a_page_without_ships_says_so() -> None:
    assert "No ship landed" in page()
