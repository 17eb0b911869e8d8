"""The server: the corridor is read, the page and the interface are put behind their checks, routes follow beside it."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from nicegui import ui

from karvan import __version__
from karvan.errors import DataError, Problem
from karvan.scenario.growth import years_with_demand
from karvan.store.builtin import load
from karvan.store.scenarios import read_text, ready_scenarios
from karvan.study.live.stage import begin
from karvan.web import api
from karvan.web.access import Access, is_local, new_token
from karvan.web.desk import Desk
from karvan.web.page.layout import install

MOST_CONNECTIONS = 256


def serve(name: str, host: str, port: int, opened: Callable[[str], None]) -> int:
    """Serve a corridor until interrupted.

    Parameters
    ----------
    name
        A folder or a built-in name.
    host, port
        Where to listen; a token is made for any host that is not this machine alone.
    opened
        Called once with the address, the token in it where there is one.

    Raises
    ------
    DataError
        If the corridor cannot be read, has no demand, or the port is taken.
    """
    corridor = load(name)
    years = tuple(year for year in years_with_demand(corridor) if year >= corridor.info.first_year)
    if not years:
        raise DataError("the corridor has no demand in any of its years; there is nothing to show")
    ready = {key: read_text(path) for key, path in ready_scenarios(corridor.folder).items()}
    desk = Desk(corridor, years, ready)
    secret, token = (None, None) if is_local(host) else new_token()
    app = application(desk)

    def progress(text: str, share: float) -> None:
        desk.told = f"{text}, {share:.0%}"

    desk.open(lambda: begin(corridor, years, progress))
    shown = f"[{host}]" if ":" in host else host
    _refuse_taken(host, port)
    opened(f"http://{shown}:{port}/" + (f"?token={secret}" if secret else ""))
    settings = {"log_level": "warning", "limit_concurrency": MOST_CONNECTIONS, "server_header": False}
    uvicorn.run(Access(app, token), host=host.strip("[]"), port=port, **settings)  # type: ignore[arg-type]
    return 0


def _refuse_taken(host: str, port: int) -> None:
    """Say that a port is taken before anything is printed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host.strip("[]"), port))
        except OSError as error:
            taken = Problem("address not free", column="--port", value=str(port), expected=f"a free port of {host}",
                            remedy=f"{error.strerror}; name another with --port")  # fmt: skip
            raise DataError(problems=[taken]) from error


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
