"""Briefs and claims as pages and Markdown: all is told, nothing is obeyed, three sheets of paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome, Provenance
from karvan.report.brief.claims_page import claims_page
from karvan.report.brief.page import brief_page
from karvan.report.brief.place_map import place_map
from karvan.report.brief.sheet import sheet
from karvan.report.brief.text import brief_markdown
from karvan.study.brief.brief import brief
from karvan.study.claims.table import claims
from tests.built_in import middle_corridor
from tests.report.made import HOSTILE

CHROMIUM = shutil.which("chromium")


@cache
def made() -> Outcome:
    """The brief of 15 August 2024."""
    return brief(middle_corridor(), "2024-08-15")


@cache
def page() -> str:
    """Its page."""
    return brief_page(middle_corridor(), made())


def hostile() -> Corridor:
    """The corridor with a name that tries to break the page in titles, texts and citations."""
    world = middle_corridor()
    return world.replace(
        brief=world["brief"].assign(title=HOSTILE),
        events=world["events"].assign(title=HOSTILE),
        sources=world["sources"].assign(citation=HOSTILE, url="javascript:alert(1)"),
        claims=world["claims"].assign(text=HOSTILE),
    )


def test_the_page_has_a_map_charts_figures_and_numbered_sources() -> None:
    assert page().count('<svg class="map"') == 1
    assert page().count('<svg class="chart"') == 3
    assert "<b>2.80 Mt</b>" in page()
    assert page().count("<li><a href=") + page().count("<li>own") > 50


def test_the_first_lines_tell_the_last_figures_their_change_and_how_targets_stand() -> None:
    short = sheet(middle_corridor(), made()).short
    assert short[0] == "Cargo on the corridor by year: 2.80 Mt in 2023, +87 % on 2022"
    assert short[1] == "Boxes on the corridor: ~20,500 TEU in 2023, -39 % on 2022"
    assert re.fullmatch(r"Targets: \d+ met, .*\d+ unmeasured", short[-1])
    assert all(text in page() for text in short)


def test_of_many_targets_the_next_due_are_told_and_all_are_counted() -> None:
    today = brief(middle_corridor(), "2026-11-24")
    told = sheet(middle_corridor(), today)
    assert len(told.targets) == 16 < len(today["record.monitor"])
    assert [target.due for target in told.targets][:2] == ["2026", "2026"]
    assert sum(map(int, re.findall(r"\d+", told.short[-1]))) == len(today["record.monitor"])


def test_a_line_whose_day_of_publication_no_source_tells_is_marked() -> None:
    lines = made()["brief.lines"]
    marked = [line for _, items in sheet(middle_corridor(), made()).sections for item in items for line in item.lines]
    assert [line.when.endswith("°") for line in marked] == (lines["basis"] == "assumed").tolist()
    assert (lines["basis"] == "assumed").any()


def test_claims_that_differ_are_flagged_once_where_they_belong() -> None:
    flags = re.findall(r"▲ (C\d{3}) (?:differs|loose)", page())
    judged = made()["record.claims"]
    assert sorted(flags) == sorted(judged.loc[judged["verdict"].isin(["differs", "loose"]), "claim"])


def test_every_number_of_a_source_leads_to_a_source() -> None:
    told = sheet(middle_corridor(), made())
    named = {n for _, items in told.sections for item in items for line in item.lines for n in line.refs.split(", ")}
    assert named <= {source["number"] for source in told.sources}
    assert [source["number"] for source in told.sources] == [str(n + 1) for n in range(len(told.sources))]


def test_markdown_tells_the_same_lines() -> None:
    text = brief_markdown(middle_corridor(), made())
    assert "## Corridor and cargo" in text
    assert text.count("\n- ") >= len(made()["brief.lines"].query("item != 'targets'"))
    assert "| 2027 |" in text


def test_no_name_of_a_table_is_obeyed() -> None:
    world = hostile()
    made_of = brief(world, "2024-08-15")
    judged = Outcome("claims", {"record.claims": claims(world)}, Provenance("0", "c", "", {}))
    for text in (brief_page(world, made_of), claims_page(world, judged)):
        assert "<script" not in text
        assert 'href="javascript' not in text
    assert "\\<script" in brief_markdown(world, made_of)


def test_the_page_of_claims_tells_each_with_verdict_and_sources() -> None:
    judged = Outcome("claims", {"record.claims": claims(middle_corridor())}, Provenance("0", "c", "", {}))
    text = claims_page(middle_corridor(), judged)
    assert len(re.findall(r'<td class="rank">C\d{3}</td>', text)) == 68
    assert "▲ differs" in text
    assert ">Model</th>" not in text


def test_towns_that_no_place_is_named_after_are_told() -> None:
    drawn, missing = place_map(middle_corridor(), {"Baku": 4, "Astana": 2, "Atlantis": 1})
    assert missing == ["Atlantis"]
    assert drawn.count('<circle class="town"') == 2
    assert "Baku 4; Astana 2" in drawn
    assert place_map(middle_corridor(), {"Baku": 4})[0] == ""


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed here")
@pytest.mark.parametrize("day", ["2024-08-15", "2026-11-24"])
def test_the_brief_fills_two_to_three_sheets_of_paper(day: str, tmp_path: Path) -> None:
    file, paper = tmp_path / "brief.html", tmp_path / "brief.pdf"
    file.write_text(brief_page(middle_corridor(), brief(middle_corridor(), day)), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    subprocess.run([str(CHROMIUM), *options, f"--print-to-pdf={paper}", file.as_uri()], check=True, timeout=120)
    assert len(re.findall(rb"/Type\s*/Page[^s]", paper.read_bytes())) in (2, 3)
