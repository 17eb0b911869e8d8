"""``/api/v1``: what the page tells, as JSON. Every answer is made by the functions that make the page."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from karvan import __version__
from karvan.errors import KarvanError, NoRouteError, Problem, summarise
from karvan.study.live.reaction import TABLES
from karvan.study.routes import RouteOptions
from karvan.web import briefs, frames, register, view
from karvan.web.desk import Answer, BusyError, Desk, NeverReadyError, NotReadyError
from karvan.web.plan import LARGEST_TEXT, MOST_MOVED, Plan, from_address, opened, written

TableName = Literal["freight.resources", "freight.flows", "freight.gateways", "freight.pairs"]
Text = Annotated[str, Query(min_length=1, max_length=120)]
Short = Annotated[str, Query(max_length=120)]
_STATUS: tuple[tuple[type[KarvanError], int], ...] = (
    (NoRouteError, 404),
    (BusyError, 429),
    (NotReadyError, 425),
    (NeverReadyError, 503),
    (KarvanError, 422),
)


def _resources_only() -> list[TableName]:
    return ["freight.resources"]


class RunRequest(BaseModel):
    """A year to answer: a scenario file, and slider positions by their key."""

    model_config = ConfigDict(extra="forbid")

    year: int | None = Field(None, description="calendar year; else the last of the record")
    scenario: str = Field("", max_length=LARGEST_TEXT, description="text of a scenario file (TOML)")
    factors: dict[str, Annotated[float, Field(ge=0.0, le=10.0)]] = Field(
        default_factory=dict, max_length=MOST_MOVED, description="slider positions: lever of GET /levers -> factor"
    )
    outside_doubled: bool = Field(
        default=False, description="work out values with the outside option doubled where sliders move, too"
    )
    tables: list[TableName] = Field(default_factory=_resources_only, max_length=len(TABLES))


def install(app: FastAPI, desk: Desk) -> None:
    """Add the interface and the answers to what goes wrong."""
    app.include_router(_router(desk))
    app.include_router(briefs.router(desk))
    app.include_router(register.router(desk))

    @app.exception_handler(KarvanError)
    async def refused(_request: Request, error: KarvanError) -> JSONResponse:
        status = next(code for kind, code in _STATUS if isinstance(error, kind))
        rows = summarise(error.problems) or [Problem("refused", remedy=str(error))]
        answer = {"version": __version__, "ok": False, "problems": [row.as_row() for row in rows]}
        return JSONResponse(answer, status)


def plan_of(desk: Desk, asked: RunRequest) -> Plan:
    """The plan of a request.

    Raises
    ------
    KarvanError
        If a year, lever or scenario is not known.
    """
    ready = desk.ready
    year = desk.year(asked.year)
    plan = opened(asked.scenario, year, ready.controls) if asked.scenario.strip() else Plan(year)
    for key, factor in asked.factors.items():
        if key not in ready.controls:
            raise KarvanError(problems=[Problem("unknown lever", column="factors", value=key[:80],
                                                expected="a key of GET /api/v1/levers")])  # fmt: skip
        plan = plan.moved_to(key, factor)
    return plan


def _left_out(answer: Answer, asked: RunRequest) -> list[str]:
    """Why the values with the outside option doubled are missing, where they are."""
    if answer.reaction.knows_outside_doubled:
        return []
    why = "did not converge" if asked.outside_doubled else "are worked out where outside_doubled is true"
    return [f"far_outside_usd_per_percent is missing: values with the outside option doubled {why}"]


def _router(desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["karvan"])

    @router.get("/corridor", summary="Name, years, links and places of the corridor")
    async def corridor() -> dict[str, object]:
        info = desk.corridor.info
        told = {"name": info.name, "title": info.title, "price_year": info.price_year, "base_year": info.base_year}
        state = {"ready": desk.is_ready, "state": desk.fault or desk.told}
        return {"version": __version__, **told, "years": list(desk.years), **state, **view.geometry(desk.corridor)}

    @router.get("/levers", summary="Sliders and owners that a plan may set")
    async def levers() -> dict[str, object]:
        ready = desk.ready
        return {
            "sliders": [
                {"key": c.key, "group": c.group, "label": c.label, "value": c.value, "unit": c.unit,
                 "highest": c.highest}
                for c in ready.controls.values()
            ],
            "owners": [vars(switch) for switch in ready.switches],
        }  # fmt: skip

    @router.post("/run", summary="Answer one year under a plan")
    async def run(asked: RunRequest) -> dict[str, object]:
        answer = await desk.answer(plan_of(desk, asked), outside_doubled=asked.outside_doubled)
        names = tuple(dict.fromkeys(asked.tables))
        told = frames.answer(answer.outcome(names), names)
        told["warnings"] = _left_out(answer, asked)
        told["tiles"] = view.tiles(answer.reaction, answer.base)
        told["scenario"] = written(answer.plan, desk.ready.controls)
        return told

    @router.get("/tables/{name}", summary="One table of a plan", response_model=None)
    async def table(
        name: TableName,
        year: int | None = None,
        plan: Annotated[str, Query(max_length=LARGEST_TEXT, description="a plan, as in the address of the page")] = "",
        as_csv: Annotated[bool, Query(alias="csv")] = False,  # noqa: FBT002  # a query parameter
    ) -> dict[str, object] | PlainTextResponse:
        wanted = from_address(plan, desk.ready.controls) if plan else Plan(desk.year(year))
        desk.year(wanted.year)
        answer = await desk.answer(wanted)
        frame = answer.reaction.table(name)
        if as_csv:
            head = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
            return PlainTextResponse(frames.csv_text(frame), media_type="text/csv; charset=utf-8", headers=head)
        return {"name": name, "rows": frames.records(frame)}

    @router.get("/routes", summary="The ways between two places, leg by leg")
    async def routes(
        origin: Text, destination: Text, commodity: Short = "", year: int | None = None, handling_class: Short = ""
    ) -> dict[str, object]:
        options = RouteOptions(commodity, handling_class)
        found = await desk.routes(origin, destination, options, Plan(desk.year(year)))
        return {
            "origin": found.origin, "destination": found.destination, "commodity": found.commodity,
            "handling_class": found.handling_class, "year": found.year, "warnings": list(found.warnings),
            "alternatives": frames.records(found.alternatives), "legs": frames.records(found.legs),
        }  # fmt: skip

    return router
