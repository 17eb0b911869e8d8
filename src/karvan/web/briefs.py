"""``/api/v1``: claims, targets and briefs, as the commands of those names tell them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache, partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, PlainTextResponse

from karvan import __version__
from karvan.corridor.outcome import Outcome
from karvan.report.brief.page import brief_page
from karvan.report.brief.text import brief_markdown
from karvan.study.brief.brief import brief
from karvan.study.brief.monitor import monitor
from karvan.study.claims.table import claims
from karvan.web import frames
from karvan.web.desk import Desk

KEPT = 8
Known = Annotated[date | None, Query(description="only what was published by this day")]
AsOf = Annotated[date | None, Query(description="nothing published after this day enters; else today")]
Form = Literal["json", "html", "markdown"]


def router(desk: Desk) -> APIRouter:
    """The questions about what was said, aimed at and known; the last briefs are kept."""
    made = APIRouter(prefix="/api/v1", tags=["karvan"])
    corridor = desk.corridor

    @lru_cache(maxsize=KEPT)
    def of_day(day: str) -> Outcome:
        return brief(corridor, day)

    @made.get("/claims", summary="Public claims beside the record")
    async def told_claims(known: Known = None) -> dict[str, object]:
        found = await desk.ask(partial(claims, corridor, _iso(known)))
        return {"version": __version__, "rows": frames.records(found)}

    @made.get("/targets", summary="Targets beside the record")
    async def told_targets(known: Known = None) -> dict[str, object]:
        found = await desk.ask(partial(monitor, corridor, _iso(known)))
        return {"version": __version__, "rows": frames.records(found)}

    @made.get("/brief", summary="The state of cooperation as known on a day", response_model=None)
    async def told_brief(
        as_of: AsOf = None, form: Form = "json"
    ) -> dict[str, object] | HTMLResponse | PlainTextResponse:
        day = _iso(as_of) or datetime.now(UTC).date().isoformat()
        found = await desk.ask(partial(of_day, day))
        if form == "html":
            return HTMLResponse(await desk.ask(partial(brief_page, corridor, found)))
        if form == "markdown":
            text = await desk.ask(partial(brief_markdown, corridor, found))
            return PlainTextResponse(text, media_type="text/markdown; charset=utf-8")
        tables = {name: frames.records(found[name]) for name in found.tables}
        return {"version": __version__, "as_of": day, "warnings": list(found.warnings), "tables": tables}

    return made


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
