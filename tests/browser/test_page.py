"""The page in a real browser: it asks nothing from outside, says no error, and a keyboard alone moves everything."""

from __future__ import annotations

import json
import re
import tomllib
import urllib.request
from itertools import combinations
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from karvan.report.tables import place_names
from karvan.scenario.where import parse_where
from karvan.study.record import indicators, observed
from tests.browser.conftest import PATIENCE_MS, Seen
from tests.built_in import middle_corridor

pytestmark = pytest.mark.slow
Motion = Literal["no-preference", "reduce"]
TABS = ("Bottlenecks", "Ways", "Years", "Links", "Gateways", "Zones", "Pairs")


def _revision(page: Page) -> int:
    return int(page.locator(".map").get_attribute("data-revision") or 0)


def _moved(page: Page, before: int) -> None:
    page.wait_for_function("n => +document.querySelector('.map').dataset.revision > n", arg=before, timeout=PATIENCE_MS)


def _first_slider(page: Page) -> str:
    return str(page.locator("input[data-lever]:visible").first.get_attribute("data-lever"))


def _press(page: Page, key: str, slider: str) -> None:
    before = _revision(page)
    page.locator(f'input[data-lever="{slider}"]').focus()
    page.keyboard.press(key)
    _moved(page, before)


def test_nothing_leaves_this_machine_and_nothing_is_an_error(page: Page, origin: str, seen: Seen) -> None:
    for name in TABS:
        page.get_by_role("tab", name=name, exact=True).click()
    page.wait_for_timeout(800)
    assert seen.outside(origin) == []
    assert seen.said == []
    assert any("echart" in url for url in seen.requests), "the charts come from the wheel"


def _grave(page: Page) -> list[tuple[str, str]]:
    """What axe finds that is serious or critical."""
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:120]) for v in found if v["impact"] in ("serious", "critical")]


def test_axe_finds_nothing_serious_on_any_tab(page: Page) -> None:
    for name in TABS:
        page.get_by_role("tab", name=name, exact=True).click()
        page.wait_for_timeout(400)
        assert _grave(page) == [], name


def test_axe_finds_nothing_serious_beside_a_card_and_two_maps(page: Page) -> None:
    page.get_by_role("button", name="Base | plan").click()
    page.get_by_role("tab", name="Zones").click()
    expect(page.get_by_role("searchbox", name="Filter Zones")).to_be_visible(timeout=PATIENCE_MS)
    page.locator(".table tbody .link").first.click()
    expect(page.locator(".panel .ways").first).to_be_visible(timeout=PATIENCE_MS)
    assert _grave(page) == []


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= shown


def test_a_key_on_a_slider_moves_map_and_tiles_and_reset_brings_them_back(page: Page) -> None:
    slider, gain = _first_slider(page), page.locator(".tile.lead .value")
    _press(page, "ArrowRight", slider)
    expect(gain).not_to_have_text("0.0", timeout=PATIENCE_MS)
    expect(page.locator(".lever.moved")).to_have_count(1)
    before = _revision(page)
    page.get_by_role("button", name="Reset all").focus()
    page.keyboard.press("Enter")
    _moved(page, before)
    expect(gain).to_have_text("0.0")


def test_the_sliders_numbers_are_those_of_the_interface(page: Page, origin: str) -> None:
    slider = _first_slider(page)
    _press(page, "ArrowRight", slider)
    expect(page.locator(".lever.moved")).to_have_count(1)
    page.wait_for_timeout(500)
    body = json.dumps({"factors": {slider: 1.05}}).encode()
    asked = urllib.request.Request(f"{origin}/api/v1/run", body, {"content-type": "application/json"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        told = json.load(answer)["tiles"]
    assert page.locator(".tile .value").all_text_contents() == [tile["value"] for tile in told]


def test_a_name_in_the_table_opens_its_card_by_keyboard(page: Page) -> None:
    first = page.locator(".table tbody .link").first
    name = first.text_content() or ""
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_have_text(name, timeout=PATIENCE_MS)
    expect(page.locator(".panel .trust").first).to_have_text(re.compile("high|medium|low"))


def test_the_card_of_a_zone_gives_way_to_that_of_a_link_with_its_record(page: Page) -> None:
    panel, names = page.locator(".panel"), page.locator(".table tbody .link")
    page.get_by_role("tab", name="Zones").click()
    expect(page.get_by_role("searchbox", name="Filter Zones")).to_be_visible(timeout=PATIENCE_MS)
    names.first.focus()
    page.keyboard.press("Enter")
    expect(panel.locator(".ways").first).to_contain_text("\N{RIGHTWARDS ARROW}", timeout=PATIENCE_MS)
    expect(panel).to_contain_text("Demand sent")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Links").click()
    page.get_by_role("searchbox", name="Filter Links").fill(_ends_of_a_link_with_a_record())
    names.first.click()
    expect(panel.locator(".by-year tbody tr").nth(1)).to_be_visible(timeout=PATIENCE_MS)
    expect(panel.locator(".ways")).to_have_count(0)
    assert "Demand" not in (panel.text_content() or ""), "a row of the card before"


def _ends_of_a_link_with_a_record() -> str:
    """Names of both ends of a link that an indicator counts alone, and that has observations."""
    corridor, years = middle_corridor(), range(1900, 2100)
    for row in indicators(corridor):
        (column, keys), *_ = parse_where(row.where) or [("", ())]
        if column == "link" and len(keys) == 1 and not observed(corridor["observations"], row, tuple(years)).empty:
            link = corridor["links"].set_index("link").loc[keys[0]]
            names = place_names(corridor)
            return f"{names[str(link['from_place'])]} {names[str(link['to_place'])]}"
    raise AssertionError("no indicator counts one link alone")


STANDS = """import("nicegui-echart").then(({ echarts }) => [...document.querySelectorAll(".map-sheet")].map((node) => {
    const { center, zoom } = echarts.getInstanceByDom(node).getOption().geo[0];
    return [...center, zoom]; }))"""


def test_base_and_plan_side_by_side_move_together(page: Page) -> None:
    page.get_by_role("button", name="Base | plan").click()
    expect(page.locator(".map-sheet").first).to_be_visible()
    first = page.evaluate(STANDS)
    page.get_by_role("button", name="Closer").focus()
    for key in ("Enter", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    closer = page.evaluate(STANDS)
    page.locator(".map-sheet").first.scroll_into_view_if_needed()
    spot = page.locator(".map-sheet").first.bounding_box()
    assert spot is not None
    page.mouse.move(spot["x"] + 120, spot["y"] + 200)
    page.mouse.wheel(0, -200)
    page.wait_for_timeout(400)
    wheeled = page.evaluate(STANDS)
    assert all(base == plan for base, plan in (first, closer, wheeled))
    assert all(one != other for one, other in zip(closer[1], first[1], strict=True))
    assert wheeled[1] != closer[1]


NAMES = """import("nicegui-echart").then(({ echarts }) => {
    const drawn = echarts.getInstanceByDom([...document.querySelectorAll(".map-sheet")].at(-1)).getZr().storage;
    return drawn.getDisplayList(true).filter((e) => e.type === "tspan" && !e.ignore && e.style.text).map((e) => {
        const box = e.getBoundingRect().clone();
        box.applyTransform(e.transform ?? [1, 0, 0, 1, 0, 0]);
        return [e.style.text, box.x, box.y, box.x + box.width, box.y + box.height]; }); })"""
GAP = 8


def test_names_on_the_map_keep_a_gap(page: Page) -> None:
    names = page.evaluate(NAMES)
    assert len(names) > 5
    for one, other in combinations(names, 2):
        across = max(one[1], other[1]) - min(one[3], other[3])
        down = max(one[2], other[2]) - min(one[4], other[4])
        assert max(across, down) >= GAP, (one, other)


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_dots_move_on_the_map_unless_motion_is_to_be_reduced(browser: Browser, origin: str, motion: Motion) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 844}, reduced_motion=motion)
    opened = context.new_page()
    opened.goto(origin)
    opened.wait_for_selector('.map[data-ready="1"]', timeout=PATIENCE_MS)
    opened.wait_for_timeout(2000)
    shots = []
    for _ in range(2):
        shots.append(opened.locator(".map-sheet").last.screenshot())
        opened.wait_for_timeout(500)
    context.close()
    assert (shots[0] != shots[1]) == (motion == "no-preference")


def test_a_click_on_the_map_opens_a_card(page: Page) -> None:
    page.locator(".map").scroll_into_view_if_needed()
    spot = page.evaluate("""() => {
        const map = [...document.querySelectorAll('.map-sheet')].at(-1).getBoundingClientRect();
        return window.getElement ? [map.left + map.width / 2, map.top + map.height / 2] : null; }""")
    assert spot is not None
    for step in range(-6, 7):
        page.mouse.click(spot[0] + 9 * step, spot[1] + 4 * step)
        page.wait_for_timeout(150)
        if page.locator(".panel h2").count():
            break
    expect(page.locator(".panel h2")).to_be_visible()


def test_the_year_slider_moves_by_keyboard(page: Page) -> None:
    year = page.get_by_role("slider", name="Year")
    shown, before = page.locator(".years output"), _revision(page)
    now = int(shown.text_content() or 0)
    year.focus()
    page.keyboard.press("ArrowLeft")
    _moved(page, before)
    expect(shown).to_have_text(str(now - 1))


def test_ways_are_found_and_drawn(page: Page) -> None:
    page.get_by_role("tab", name="Ways", exact=True).click()
    before = _revision(page)
    page.get_by_role("button", name="Find ways").click()
    _moved(page, before)
    expect(page.locator(".table tbody tr").first).to_be_visible(timeout=PATIENCE_MS)


def test_worth_with_the_outside_option_doubled_is_worked_out_once_a_lever_is_moved(page: Page) -> None:
    button = page.get_by_role("button", name="Work it out")
    expect(button).to_be_hidden()
    _press(page, "ArrowRight", _first_slider(page))
    cell = page.locator(".table tbody tr").first.locator("td").nth(10)
    expect(cell).to_have_text("\N{EN DASH}", timeout=PATIENCE_MS)
    button.click()
    expect(cell).to_have_text(re.compile(r"\d"), timeout=PATIENCE_MS)
    expect(button).to_be_hidden()


def test_the_relief_curve_is_drawn_with_its_table(page: Page) -> None:
    page.get_by_role("button", name="Draw the relief curve").click()
    expect(page.get_by_role("region", name="Relief steps")).to_be_visible(timeout=PATIENCE_MS)


def test_a_downloaded_plan_is_a_scenario_and_opens_again(page: Page, tmp_path: Path) -> None:
    slider = _first_slider(page)
    _press(page, "ArrowRight", slider)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download scenario").click()
    kept = tmp_path / "plan.toml"
    download.value.save_as(kept)
    assert tomllib.loads(kept.read_text(encoding="utf-8"))["levers"][0]["multiply"] == 1.05
    page.get_by_role("button", name="Reset all").click()
    expect(page.locator(".lever.moved")).to_have_count(0)
    page.locator("input[type=file]").set_input_files(kept)
    expect(page.locator(".lever.moved")).to_have_count(1, timeout=PATIENCE_MS)


def test_a_shared_address_shows_the_plan_and_others_do_not_see_it(
    page: Page, browser: Browser, origin: str
) -> None:
    _press(page, "ArrowRight", _first_slider(page))
    page.get_by_role("button", name="Share", exact=True).click()
    page.wait_for_url("**plan=**")
    other, fresh = browser.new_page(), browser.new_page()
    other.goto(page.url)
    expect(other.locator(".lever.moved")).to_have_count(1, timeout=PATIENCE_MS)
    fresh.goto(origin)
    fresh.wait_for_selector('.map[data-ready="1"]', timeout=PATIENCE_MS)
    expect(fresh.locator(".lever.moved")).to_have_count(0)
    other.close()
    fresh.close()


def test_a_table_is_sorted_and_filtered(page: Page) -> None:
    page.get_by_role("tab", name="Links").click()
    page.get_by_role("button", name=re.compile("^Cargo")).click()
    cells = page.locator(".table tbody tr td:nth-child(4)").all_text_contents()
    values = [float(text.replace(",", "")) for text in cells]
    assert values == sorted(values, reverse=True)
    page.get_by_role("searchbox", name="Filter Links").fill("no such link anywhere")
    expect(page.locator(".table tbody tr")).to_have_count(0)
