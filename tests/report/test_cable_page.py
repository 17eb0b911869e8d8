"""The page of a cable."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from karvan.corridor.corridor import Corridor
from karvan.report.cables.chart import streams_chart
from karvan.report.cables.page import cable_pages
from tests.report.made import HOSTILE
from tests.study.power.test_sheets import sheets, world


@cache
def page() -> str:
    return cable_pages(world(), sheets())["P2"]


def hostile() -> Corridor:
    return world().replace(projects=world()["projects"].assign(name=HOSTILE, sponsor=HOSTILE, note=HOSTILE))


def test_a_project_has_one_page_with_all_its_variants() -> None:
    assert list(cable_pages(world(), sheets())) == ["P2"]
    assert "P2/large" in page()


def test_the_page_tells_what_it_is_comes_to_and_who_gains() -> None:
    told = ("east\N{EN DASH}west: 20.0 MW", "54.1 times costs", "AAA 27.1, BBB 27.1", "taken out where all stand")
    for words in told:
        assert words in page()


def test_the_page_has_no_script_and_escapes_every_name() -> None:
    made = cable_pages(hostile(), sheets())["P2"]
    assert "<script" not in made
    assert "&lt;script" in made


def test_every_link_of_the_page_leads_to_a_section_of_it() -> None:
    targets = set(re.findall(r'href="#([\w-]+)"', page()))
    assert targets <= set(re.findall(r'id="([\w-]+)"', page()))


def test_a_cable_that_was_only_put_in_has_no_section_on_failures() -> None:
    rows = sheets()["power.cables"].query("test == 'put_in'").reset_index(drop=True)
    made = replace(sheets(), tables={**sheets().tables, "power.cables": rows})
    assert "If it fails" not in cable_pages(world(), made)["P2"]


def test_an_outcome_that_does_not_tell_failures_is_not_read_as_having_none() -> None:
    tables = {name: frame for name, frame in sheets().tables.items() if name != "power.cable_failures"}
    assert "If it fails" in page()
    assert "If it fails" not in cable_pages(world(), replace(sheets(), tables=tables))["P2"]


def test_bars_of_costs_hang_below_the_line_that_gains_stand_on() -> None:
    drawn = streams_chart({2030: 0.0, 2031: 50.0}, {2030: -100.0, 2031: 0.0}, "money")
    bars = re.findall(r'class="(gain|cost)" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', drawn)
    tall = {kind: (float(y), float(height)) for kind, y, height in bars if float(height) > 0}
    assert sum(tall["gain"]) == pytest.approx(tall["cost"][0])
    assert tall["cost"][1] == pytest.approx(2 * tall["gain"][1], abs=0.1)
