"""Below the map: bottlenecks, ways between places, years, and the tables; only what is looked at is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import pandas as pd
from nicegui import ui

from karvan.errors import KarvanError
from karvan.report.tables import place_names
from karvan.study.live.reaction import Reaction
from karvan.study.relief import ReliefOptions, curve
from karvan.study.routes import RouteAnswer, RouteOptions
from karvan.web import view
from karvan.web.desk import Answer, Desk
from karvan.web.page import charts, sheets
from karvan.web.page.elements import DataTable, Finder, Words
from karvan.web.page.followed import followed
from karvan.web.page.session import Session

TABS = ("Bottlenecks", "Ways", "Years", "Links", "Gateways", "Zones", "Pairs")
SECOND_SOLVE = "The worth with the outside option doubled takes a second solve where a lever is moved."
RELIEF = ReliefOptions(steps=8, percent=10.0)


class Holder(Protocol):
    """What the tabs need of the page."""

    desk: Desk
    session: Session
    map: Any

    def picked(self, told: dict[str, Any]) -> None:
        """Show the card of something picked."""


class Below:
    """The tabs of one page."""

    def __init__(self, page: Holder) -> None:
        self.page = page
        self.tab = TABS[0]
        self.answer: Answer | None = None
        self.found: RouteAnswer | None = None
        with ui.element("section").classes("below"):
            with ui.element("div").classes("tabs").props('role=tablist aria-label="What to look at"'):
                self.buttons = {name: self._button(name) for name in TABS}
            self.spot = ui.element("div").classes("below-spot").props("role=tabpanel")
        self._mark()

    def _button(self, name: str) -> Words:
        button = Words("button", name).props("type=button role=tab")
        button.on("click", lambda: self.turn(name))
        return button

    def _mark(self) -> None:
        for name, button in self.buttons.items():
            button.props(f"aria-selected={'true' if name == self.tab else 'false'}")
        self.spot.props(f'aria-label="{self.tab}"')

    def turn(self, name: str) -> None:
        """Look at another tab."""
        self.tab = name
        self._mark()
        self._build()

    def show(self, answer: Answer) -> None:
        """Tell a new answer in the tab that is looked at."""
        first = self.answer is None
        self.answer = answer
        if first:
            self._build()
        else:
            self._tell(answer)

    def _build(self) -> None:
        if self.answer is None:
            return
        self.spot.clear()
        self.chart: Any = None
        self.table: DataTable | None = None
        with self.spot:
            {"Ways": self._ways, "Years": self._years, "Bottlenecks": self._bottlenecks}.get(self.tab, self._listed)()

    def _tell(self, answer: Answer) -> None:
        told = self._frame(answer)
        if told is None:
            return
        if self.table is not None:
            self.table.give("rows", told["rows"])
        if self.tab == "Bottlenecks" and self.chart is not None:
            self._draw(charts.ranked(sheets.bottlenecks(self._corridor, answer.reaction, answer.base)))
            self._ask_outside()

    @property
    def _corridor(self) -> Any:  # noqa: ANN401  # the corridor of the desk
        return self.page.desk.corridor

    def _frame(self, answer: Answer) -> dict[str, Any] | None:
        """The table of the tab; None where it has none of the answer's."""
        now, base, corridor = answer.reaction, answer.base, self._corridor
        made: dict[str, Callable[[], view.Json]] = {
            "Bottlenecks": lambda: sheets.sheet(
                "Bottlenecks", sheets.BOTTLENECKS, sheets.bottlenecks(corridor, now, base), "resource", "resource"
            ),
            "Links": lambda: sheets.sheet("Links", sheets.FLOWS, sheets.flows(corridor, now, base), "link", "link"),
            "Gateways": lambda: sheets.sheet("Gateways", sheets.GATEWAYS, sheets.gateways(corridor, now, base)),
            "Zones": lambda: sheets.sheet("Zones", sheets.ZONES, sheets.zones(corridor, now, base), "place", "zone"),
            "Pairs": lambda: sheets.sheet("Pairs", sheets.PAIRS, sheets.pairs(corridor, now), "place", "zone"),
        }
        return made[self.tab]() if self.tab in made else None

    def _bottlenecks(self) -> None:
        if self.answer is None:
            return
        frame = sheets.bottlenecks(self._corridor, self.answer.reaction, self.answer.base)
        self.chart = self._chart(charts.ranked(frame), "Bars of worth, in the table below")
        self._relief_button()
        self._outside_button()
        self._listed()

    def _relief_button(self) -> None:
        spot = ui.element("div")

        async def draw() -> None:
            if self.answer is None:
                return
            frame = await self.page.desk.ask(lambda: _relief(self._corridor, self.answer.reaction))  # type: ignore[union-attr]
            spot.clear()
            with spot:
                if frame.empty:
                    Words("p", "Nothing is full: no capacity is worth anything more.").classes("hint")
                    return
                self._chart(charts.relief(frame), "Relief curve, in the table below")
                shown = frame.assign(gain=frame["gain_usd"] / 1e6, all=frame["cumulative_gain_usd"] / 1e6)
                self._table(sheets.sheet("Relief steps", sheets.RELIEF, shown, "resource", "resource"))

        with spot:
            Words("button", "Draw the relief curve").props("type=button").on("click", draw)

    def _outside_button(self) -> None:
        """Why the values with the outside option doubled are missing, and a button that works them out."""

        async def work_out() -> None:
            plan = self.page.session.plan
            answer = await self.page.desk.answer(plan, outside_doubled=True)
            if plan == self.page.session.plan:
                self.show(answer)

        with ui.element("div").classes("asked") as self.asked:
            Words("span", SECOND_SOLVE).classes("hint")
            Words("button", "Work it out").props("type=button").on("click", work_out)
        self._ask_outside()

    def _ask_outside(self) -> None:
        missing = self.answer is not None and not self.answer.reaction.knows_outside_doubled
        self.asked.classes("" if missing else "gone", remove="gone" if missing else "")

    def _listed(self) -> None:
        told = self._frame(self.answer) if self.answer else None
        if told is not None:
            self.table = self._table(told)

    def _table(self, told: dict[str, Any]) -> DataTable:
        table = DataTable(**told)
        table.told("pick", self.page.picked)
        return table

    def _chart(self, options: view.Json, label: str) -> Any:  # noqa: ANN401  # NiceGUI's chart
        return ui.echart(options).classes("chart").props(f'role=img aria-label="{label}"')

    def _draw(self, options: view.Json) -> None:
        self.chart.options.clear()
        self.chart.options.update(options)
        self.chart.update()

    def _ways(self) -> None:
        places, demand = self._corridor["places"], self._corridor["demand"]
        names = dict(zip(places["place"], places["name"], strict=True))
        most = demand.loc[demand["handling_class"] == "container"] if len(demand) else demand
        largest = most.loc[most["kt"].idxmax()] if len(most) else None
        first = ["", ""] if largest is None else [names[largest["origin"]], names[largest["destination"]]]
        finder = Finder(
            places=sorted(names.values()), first=first, commodities=self._corridor["commodities"]["commodity"].tolist()
        )
        spot = ui.element("div")
        finder.told("find", lambda asked: self._find(asked, spot))

    async def _find(self, asked: dict[str, Any], spot: ui.element) -> None:
        origin, destination, commodity = (str(asked.get(k, ""))[:80] for k in ("origin", "destination", "commodity"))
        try:
            found = await self.page.desk.routes(origin, destination, RouteOptions(commodity), self.page.session.plan)
        except KarvanError as error:
            spot.clear()
            with spot:
                Words("p", str(error)).classes("told bad").props("role=alert")
            return
        self.found = found
        frame = sheets.ways(self._corridor, found)
        spot.clear()
        with spot:
            about = (
                f"{found.origin_name} to {found.destination_name}, {found.commodity.replace('_', ' ')}, {found.year}"
            )
            Words("p", "; ".join((about, *found.warnings))).classes("hint")
            table = DataTable(**sheets.sheet("Ways", sheets.WAYS, frame, "route", "route"))
            table.told("pick", lambda told: self._trace(str(told.get("id"))))
        self._trace(str(frame["route"].iloc[0]))

    def _trace(self, route: str) -> None:
        """Draw the ways found; the one chosen thick."""
        if self.found is None:
            return
        names, lines = place_names(self._corridor), []
        first_few = [str(r) for r in self.found.alternatives["route"].head(6)]
        for key in [*(r for r in first_few if r != route), route]:
            legs = self.found.legs.loc[self.found.legs["route"].astype(str) == key]
            name = " \N{RIGHTWARDS ARROW} ".join(names.get(str(p), str(p)) for p in legs["to_place"])
            lines += view.lines_of(self._corridor, legs, name, first=key == route)
        self.page.map.run_method("route", lines)

    def _years(self) -> None:
        choices = followed(self._corridor, self.page.desk.years)
        with ui.element("div").classes("finder"):
            with ui.element("label"):
                Words("span", "Figure")
                select = ui.element("select").props('aria-label="Figure to follow"')
                with select:
                    for at, choice in enumerate(choices):
                        Words("option", choice.name).props(f"value={at}")
            button = Words("button", "Follow over the years").props("type=button")
        spot = ui.element("div")
        chosen = {"at": 0}
        select.on("change", lambda e: chosen.update(at=int(e.args)), js_handler="(e) => emit(+e.target.value)")

        async def follow() -> None:
            choice = choices[chosen["at"] % len(choices)]
            plan: dict[int, float] = {}
            base: dict[int, float] = {}
            button.set_text("Following …")
            for year in self.page.desk.years:
                answer = await self.page.session.in_year(year)
                plan[year], base[year] = choice.of(answer.reaction), choice.of(answer.base)
            button.set_text("Follow over the years")
            years = list(plan)
            spot.clear()
            with spot:
                told = f"{choice.name}, {choice.unit}"
                lines = list(plan.values()), list(base.values())
                self._chart(charts.history(told, years, *lines, choice.record, choice.estimated), told)
                frame = pd.DataFrame({"year": years, "plan": plan.values(), "base": base.values(),
                                      "record": [choice.record.get(y) for y in years],
                                      "kind": [choice.kind(y) for y in years]})  # fmt: skip
                self._table(sheets.sheet("Years", sheets.YEARS, frame))

        button.on("click", follow)


def _relief(corridor: Any, reaction: Reaction) -> pd.DataFrame:  # noqa: ANN401  # the corridor of the desk
    """Steps of relief from an answer."""
    resources = corridor["resources"]
    names = dict(zip(resources["resource"], resources["name"], strict=True))
    rows, _ = curve(reaction.solved.equilibrium, names, RELIEF)
    frame = pd.DataFrame(rows)
    return frame if frame.empty else frame.assign(cumulative_gain_usd=frame["gain_usd"].cumsum())
