"""The server: the corridor is read, the page and the interface are put behind their checks, routes follow beside it."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI
from nicegui import ui

from karvan import __version__
from karvan.errors import DataError
from karvan.scenario.growth import years_with_demand
from karvan.store.builtin import load
from karvan.study.live.stage import begin
from karvan.web import api
from karvan.web.access import Access, is_local, new_token
from karvan.web.desk import Desk
from karvan.web.page.layout import install

MOST_CONNECTIONS = 256


@dataclass(frozen=True)
class ServeOptions:
    """Where to serve which corridor; a token is made for any host that is not this machine alone."""

    corridor: str
    host: str = "127.0.0.1"
    port: int = 8080
    quiet: bool = False


def serve(options: ServeOptions) -> int:
    """Serve a corridor until interrupted.

    Raises
    ------
    DataError
        If the corridor cannot be read or has no demand.
    """
    corridor = load(options.corridor)
    years = tuple(year for year in years_with_demand(corridor) if year >= corridor.info.first_year)
    if not years:
        raise DataError("the corridor has no demand in any of its years; there is nothing to show")
    desk = Desk(corridor, years)
    secret, token = (None, None) if is_local(options.host) else new_token()
    app = application(desk)

    def progress(text: str, share: float) -> None:
        desk.told = f"{text}, {share:.0%}"

    desk.open(lambda: begin(corridor, years, progress))
    shown = f"[{options.host}]" if ":" in options.host else options.host
    if not options.quiet:
        query = f"/?token={secret}" if secret else "/"
        sys.stderr.write(f"karvan: http://{shown}:{options.port}{query}  (Ctrl-C ends)\n")
    settings = {"log_level": "warning", "limit_concurrency": MOST_CONNECTIONS, "server_header": False}
    uvicorn.run(Access(app, token), host=options.host.strip("[]"), port=options.port, **settings)  # type: ignore[arg-type]
    return 0


def application(desk: Desk) -> FastAPI:
    """The page and the interface of a desk."""
    app = FastAPI(
        title="Karvan", version=__version__, docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json",
        description="What a trade corridor answers when levers move. Money is USD of the corridor's price year.",
    )  # fmt: skip
    api.install(app, desk)
    install(desk)
    ui.run_with(app, title="Karvan", language="en-US", tailwind=False, show_welcome_message=False, dark=False)
    return app
