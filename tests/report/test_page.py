"""The page: nothing runs, nothing is fetched, everything is said."""

from __future__ import annotations

from html.parser import HTMLParser

from karvan.report.page import run_page
from tests.report.made import FORMULA, HOSTILE, corridor, outcome
from tests.worlds import frame


class _Page(HTMLParser):
    """Elements with their attributes, and the text of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def _with_source(url: str) -> _Page:
    sources = frame("sources", [{"source": "made", "citation": HOSTILE, "url": url}])
    return _Page(run_page(corridor().replace(sources=sources), outcome()))


def test_a_page_holds_no_script_and_forbids_itself_any() -> None:
    page = _with_source("https://example.org")
    assert not page.every("script")
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    policy = next(m for m in page.every("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'")


def test_a_page_names_no_outside_address_but_the_links_of_sources() -> None:
    page = _with_source("https://example.org/a?b=1&c=2")
    outside = [
        (tag, name)
        for tag, attributes in page.elements
        for name, value in attributes.items()
        if name in {"src", "href", "xlink:href", "action", "data"} and value and not value.startswith("#")
    ]
    assert outside == [("a", "href")]
    assert "url(" not in run_page(corridor(), outcome()).replace("url(#", "")


def test_a_source_without_an_http_address_is_not_linked() -> None:
    assert not [a for a in _with_source("javascript:alert(1)").every("a") if not str(a["href"]).startswith("#")]


def test_markup_in_names_is_shown_as_text() -> None:
    text = run_page(corridor(middle_name=HOSTILE), outcome())
    assert "<script" not in text
    assert HOSTILE in "".join(_Page(text).said)


def test_a_name_that_is_a_formula_is_shown_as_it_stands() -> None:
    assert FORMULA in _Page(run_page(corridor(), outcome())).said


def test_every_table_has_a_caption_and_every_head_a_scope() -> None:
    page = _Page(run_page(corridor(), outcome()))
    assert len(page.every("caption")) == len(page.every("table")) > 0
    assert all(head.get("scope") in {"col", "row"} for head in page.every("th"))


def test_no_identifier_stands_twice_and_every_label_is_there() -> None:
    page = _Page(run_page(corridor(), outcome()))
    keys = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    wanted = {key for _, a in page.elements for key in str(a.get("aria-labelledby") or "").split()}
    assert len(keys) == len(set(keys))
    assert wanted <= set(keys)


def test_the_page_says_what_is_over_capacity_in_words_too() -> None:
    said = " ".join(_Page(run_page(corridor(), outcome(second_kt=120))).said)
    assert "1 of 2 resources is full, 1 of them loaded beyond capacity" in said
    assert " over capacity" in said.split("The fullest resources")[1]


def test_an_outcome_without_rows_still_makes_a_page() -> None:
    made = outcome()
    bare = type(made)("bare", {}, made.provenance)
    said = " ".join(_Page(run_page(corridor(), bare)).said)
    assert "this run holds no pairs of places" in said


def test_the_same_outcome_makes_the_same_page() -> None:
    assert run_page(corridor(), outcome()) == run_page(corridor(), outcome())


def test_a_valued_bottleneck_stands_with_price_worth_rent_source_and_confidence() -> None:
    made = outcome()
    figures = {"wait_hours": 96.0, "price_usd_per_unit": 12.0, "value_usd_per_percent": 2.5e6, "rent_usd": 4e6}
    resources = made["freight.resources"].assign(**figures, users_usd_per_percent=3e6, far_outside_usd_per_percent=9e6)
    found = type(made)("made", {**made.tables, "freight.resources": resources}, made.provenance)
    said = " ".join(_Page(run_page(corridor(), found)).said).split("what 1 % more capacity is worth")[1]
    for told in ("4.0 d", "12.0/t", "2.50", "3.00", "9.00", "4.00", "low"):
        assert told in said
    assert "Rents by owner" in said
