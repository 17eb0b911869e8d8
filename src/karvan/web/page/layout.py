"""The page: bar, levers, tiles, map, panel, and below the map what is ranked, looked for and followed over years."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import Any

from fastapi.responses import Response
from nicegui import app as pages
from nicegui import ui

from karvan.errors import KarvanError
from karvan.web import view
from karvan.web.desk import Answer, Desk
from karvan.web.page.below import Below
from karvan.web.page.cards.card import Chosen, card
from karvan.web.page.elements import CorridorMap, Levers, Panel, Tiles, Words
from karvan.web.page.session import Session
from karvan.web.plan import LARGEST_TEXT, Plan, address, from_address, opened, written

LAND = "/land.geojson"
POLL_S = 0.4
SLIDER = ("key", "group", "label", "value", "unit", "main", "highest")
_READ_FILE = """async (e) => {
  const file = e.target.files[0];
  if (file) emit(await file.slice(0, MOST).text());
  e.target.value = "";
}""".replace("MOST", str(LARGEST_TEXT + 1))


def install(desk: Desk) -> None:
    """Add the page and the land it draws."""
    land = (files("karvan.report") / "land_50m.geojson").read_bytes()
    style = (files("karvan.web.page") / "page.css").read_text(encoding="utf-8")
    drawing, geometry = view.Drawing(desk.corridor), view.geometry(desk.corridor)
    pages.add_api_route(LAND, lambda: Response(land, media_type="application/geo+json"), include_in_schema=False)

    @ui.page("/", title=f"Karvan: {desk.corridor.info.title}")
    async def page(plan: str = "") -> None:
        ui.add_css(style)
        root = ui.element("div").classes("k").props("role=main")
        if not desk.is_ready:
            await _until_ready(desk, root)
        else:
            Page(desk, drawing, geometry, root).build(plan[: 2 * LARGEST_TEXT])


async def _until_ready(desk: Desk, root: ui.element) -> None:
    """Say how far the routes are, and come back when they are found."""
    with root, ui.element("div").classes("wait").props("role=status"):
        _text("h1", desk.corridor.info.title)
        told = _text("p", "")

    def look() -> None:
        told.set_text(desk.fault or f"Finding the ways of the corridor: {desk.told}")
        if desk.is_ready:
            timer.deactivate()
            ui.navigate.reload()

    timer = ui.timer(POLL_S, look)


class Page:
    """One browser's page."""

    def __init__(self, desk: Desk, drawing: view.Drawing, geometry: view.Json, root: ui.element) -> None:
        self.desk, self.drawing, self.geometry, self.root = desk, drawing, geometry, root
        self.controls = desk.ready.controls
        self.session = Session(desk, Plan(desk.first_year))
        self.chosen: Chosen | None = None
        self.shown_card = False
        self.playing: ui.timer | None = None

    def build(self, asked: str) -> None:
        """Put everything in its place and show the plan of the address, or the base."""
        with self.root:
            self._bar()
            with ui.element("div").classes("sheet"):
                self.levers_spot = ui.element("div")
                with ui.element("div").classes("middle"):
                    self.middle = ui.element("div").classes("middle")
                    self.below = Below(self)
                self.panel = Panel(card=None)
        self.panel.told("close", lambda _: self.look(None))
        self.panel.told("lever", self._to_lever)
        ui.timer(0, lambda: self._begin(asked), once=True)

    async def _begin(self, asked: str) -> None:
        plan, told = Plan(self.desk.first_year), ""
        if asked:
            try:
                plan = from_address(asked, self.controls)
                if plan.year not in self.desk.years:
                    plan = Plan(self.desk.first_year)
            except KarvanError as error:
                told = str(error)
        await self.session.go(plan, self._first, self.say)
        if self.session.answer is None:
            await self.session.go(Plan(self.desk.first_year), self._first, self.say)
        if told:
            self.say(told)

    def _first(self, answer: Answer) -> None:
        """Build what needs an answer; later answers only tell numbers."""
        with self.levers_spot:
            ready = self.desk.ready
            sliders = [{name: getattr(c, name) for name in SLIDER}
                       for c in ready.controls.values()]  # fmt: skip
            self.levers = Levers(
                sliders=sliders, owners=[vars(s) for s in ready.switches], factors=dict(answer.plan.factors),
                switched=self.session.switched(),
            )  # fmt: skip
        self.levers.told("move", lambda e: self.go(self.moved(e)))
        self.levers.told("flip", lambda e: self.go(self.session.flipped(str(e["owner"]), on=bool(e["on"]))))
        self.levers.told("clear", lambda _: self.go(Plan(self.session.plan.year)))
        with self.middle:
            self.tiles = Tiles(tiles=view.tiles(answer.reaction, answer.base))
            self.map = CorridorMap(
                label=f"Map of cargo in the {self.desk.corridor.info.title}; all it shows stands in the tables below",
                links=self.geometry["links"], places=self.geometry["places"], land_url=LAND,
                numbers=self.drawing.numbers(answer.reaction), base=self.drawing.numbers(answer.base),
            )  # fmt: skip
        self.map.told("pick", self.picked)
        self.year_shown.set_text(str(answer.plan.year))
        self.base_year = answer.plan.year
        self.below.show(answer)

    def _show(self, answer: Answer) -> None:
        if not hasattr(self, "map"):
            self._first(answer)
            return
        base = self.drawing.numbers(answer.base) if answer.plan.year != self.base_year else None
        self.base_year = answer.plan.year
        self.map.run_method("patch", self.drawing.numbers(answer.reaction), base)
        self.tiles.run_method("show", view.tiles(answer.reaction, answer.base), self.session.told)
        self.year_shown.set_text(str(answer.plan.year))
        ended = answer.reaction.solved.equilibrium.convergence
        self.say("" if ended.converged else f"not converged: residual {ended.residual:.1g} of capacity")
        self._card(answer)
        self.below.show(answer)

    async def go(self, plan: Plan) -> None:
        """Ask for a plan; the latest wins."""
        await self.session.go(plan, self._show, self.say)

    def moved(self, told: dict[str, Any]) -> Plan:
        """The plan with a slider where the browser says; what is no slider or no factor changes nothing."""
        key, factor = str(told.get("key")), told.get("factor")
        control = self.controls.get(key)
        if control is None or not isinstance(factor, (int, float)) or not 0 <= factor <= control.highest:
            return self.session.plan
        return self.session.plan.moved_to(key, float(factor))

    def say(self, text: str) -> None:
        """A line under the title; empty: the usual one."""
        self.line.set_text(
            text or f"Base: history and shocks that happened. USD of {self.desk.corridor.info.price_year}."
        )
        self.line.classes("bad" if text else "", remove="" if text else "bad")

    def picked(self, told: dict[str, Any]) -> None:
        """Show the card of something picked on the map or in a table."""
        self.look(Chosen(str(told.get("kind")), str(told.get("id"))))

    def look(self, chosen: Chosen | None) -> None:
        """Choose something, or nothing."""
        self.chosen = chosen
        if self.session.answer:
            self._card(self.session.answer)

    def _card(self, answer: Answer) -> None:
        told = card(self.desk.corridor, answer.reaction, answer.base, self.chosen) if self.chosen else None
        if told is not None or self.shown_card:
            self.panel.give("card", told)
            self.shown_card = told is not None
            self._mark(answer if told is not None else None)

    def _mark(self, answer: Answer | None) -> None:
        """Mark on the map what the card is about, and the links with the cargo of a zone."""
        chosen = self.chosen if answer else None
        trail = view.trail(answer.reaction, chosen.key) if answer and chosen and chosen.kind == "place" else {}
        self.map.run_method("choose", chosen.key if chosen else None, trail)

    def _to_lever(self, told: dict[str, Any]) -> None:
        self.levers.run_method("find", f"capacity:{told.get('id')}")

    def _bar(self) -> None:
        years = self.desk.years
        with ui.element("header").classes("bar-top"):
            with ui.element("div"):
                _text("h1", self.desk.corridor.info.title)
                self.line = _text("p", "").classes("told").props("role=status")
            ui.element("div").classes("space")
            with ui.element("div").classes("years"):
                self.play = _button("Play", self._play)
                self.year_slider = ui.element("input").props(
                    f'type=range min={years[0]} max={years[-1]} step=1 value={self.desk.first_year} aria-label="Year"'
                )
                self.year_slider.on("input", self._year, js_handler="(e) => emit(e.target.value)")
                self.year_shown = _text("output", str(self.desk.first_year))
            if self.desk.scenarios:
                self._ready_scenarios()
            _button("Download scenario", self._download)
            _button("Open scenario", self._pick_file)
            _button("Share", self._share)
        self.upload = (
            ui.element("input").props('type=file accept=".toml" aria-label="Scenario file"').style("display:none")
        )
        self.upload.on("change", self._open, js_handler=_READ_FILE)
        self.say("")

    async def _year(self, event: Any) -> None:  # noqa: ANN401  # NiceGUI's event
        text = str(event.args)
        if text.isdecimal() and int(text[:6]) in self.desk.years:
            await self.to_year(int(text[:6]))

    async def to_year(self, year: int) -> None:
        """Show the plan in a year."""
        self.year_slider.props(f"value={year}")
        await self.go(replace(self.session.plan, year=year))

    def _ready_scenarios(self) -> None:
        """A choice of the scenarios that come with the corridor."""
        with ui.element("select").props('aria-label="Ready scenario"') as choice:
            for name in ("", *self.desk.scenarios):
                Words("option", name.replace("-", " ") or "ready scenarios").props(f'value="{name}"')
        choice.on("change", self._ready, js_handler="(e) => emit(e.target.value)")

    async def _ready(self, event: Any) -> None:  # noqa: ANN401  # NiceGUI's event
        text = self.desk.scenarios.get(str(event.args), 'name = "base"')
        await self._opened(text)

    def _play(self) -> None:
        if self.playing is not None:
            self.playing.cancel()
            self.playing = None
            self.play.set_text("Play")
            return

        async def step() -> None:
            years = self.desk.years
            following = self.session.plan.year + 1
            await self.to_year(following if following in years else years[0])

        self.play.set_text("Stop")
        with self.root:
            self.playing = ui.timer(1.2, step)

    def _download(self) -> None:
        ui.download.content(written(self.session.plan, self.controls), "plan.toml", "application/toml")

    def _pick_file(self) -> None:
        ui.run_javascript(f"getElement({self.upload.id}).click()")

    async def _open(self, event: Any) -> None:  # noqa: ANN401  # NiceGUI's event
        await self._opened(str(event.args)[: LARGEST_TEXT + 1])

    async def _opened(self, text: str) -> None:
        """Show the plan of a scenario file's text."""
        try:
            plan = opened(text, self.session.plan.year, self.controls)
        except KarvanError as error:
            self.say(str(error))
            return
        await self.go(plan)
        self.levers.run_method("place", dict(plan.factors), self.session.switched())

    def _share(self) -> None:
        link = f"/?plan={address(self.session.plan, self.controls)}"
        ui.run_javascript(
            f"history.replaceState(null, '', {link!r}); navigator.clipboard?.writeText(location.href).catch(() => {{}})"
        )
        self.line.set_text(
            "The address of this page now holds the plan; it has been copied where the browser allows it."
        )


def _text(tag: str, text: str) -> Any:  # noqa: ANN401  # a labelled element of any tag
    return Words(tag, text)


def _button(text: str, action: Any) -> Any:  # noqa: ANN401  # a handler of NiceGUI, awaited or not
    made = Words("button", text).props("type=button")
    made.on("click", action)
    return made
