"""Charts: what they draw and what they say."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

from karvan.report.charts import record_chart, utilisation_bar
from karvan.report.tables import RecordLine

LINE = RecordLine("Cargo <b>", "Mt", {2019: 1.0, 2020: 2.0, 2022: 4.0}, {2020: 2.0}, {2020: 1.5}, {2020: 3.0})


def test_a_missing_year_is_left_open_and_not_joined_over() -> None:
    lines = [p for p in ET.fromstring(record_chart(LINE)).iter("path") if p.get("class") == "modelled"]
    assert len(lines) == 1


def test_a_chart_says_its_figures_to_those_who_do_not_see_it() -> None:
    told = ET.fromstring(record_chart(LINE)).get("aria-label") or ""
    assert told.startswith("Cargo <b>, Mt.")
    assert "2022: modelled 4.00, published -" in told


def test_an_estimate_is_marked_wherever_it_is_told() -> None:
    line = replace(LINE, estimated=frozenset({2020}))
    assert (line.beside(2020), LINE.beside(2020), LINE.beside(2021)) == ("2.00 / ~2.00", "2.00 / 2.00", "")
    assert 'class="observed estimate"' in record_chart(line)
    assert "published ~2.00" in record_chart(line)
    assert "estimate" not in record_chart(LINE)


def test_a_published_figure_stands_as_high_as_the_same_modelled_one() -> None:
    root = ET.fromstring(record_chart(LINE))
    circle = next(c for c in root.iter("circle") if abs(float(c.get("cx", 0)) - _diamond(root)[0]) < 0.1)
    assert abs(float(circle.get("cy", 0)) - _diamond(root)[1]) < 0.1


def test_a_bar_is_red_only_above_capacity_and_half_long_at_capacity() -> None:
    full = ET.fromstring(utilisation_bar(60.0, 40.0, 100.0))
    load, track = (next(r for r in full.iter("rect") if r.get("class") == name) for name in ("load", "track"))
    assert float(load.get("x", 0)) + float(load.get("width", 0)) == float(track.get("width", 0)) / 2
    assert " over" in utilisation_bar(61.0, 40.0, 100.0)


def test_a_bar_of_no_capacity_does_not_divide_by_it() -> None:
    assert 'class="beyond"' in utilisation_bar(5.0, 0.0, 0.0)
    assert " over" not in utilisation_bar(0.0, 0.0, 0.0)


def _diamond(root: ET.Element) -> tuple[float, float]:
    path = next(p for p in root.iter("path") if p.get("class") == "observed").get("d", "")
    x, y = path.removeprefix("M").split("l")[0].split()
    return float(x), float(y) + 5


def test_a_bar_is_red_where_a_resource_is_rationed_below_its_capacity() -> None:
    assert " over" in utilisation_bar(55.0, 40.0, 100.0, rationed=True)
    assert " over" not in utilisation_bar(55.0, 40.0, 100.0)
