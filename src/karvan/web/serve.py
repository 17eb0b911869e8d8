"""The server: the corridor is read, the page and the interface are put behind their checks, routes follow beside it."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from nicegui import ui

from karvan import __version__
from karvan.errors import DataError, Problem
from karvan.scenario.growth import years_with_demand
from karvan.store.arrays import code_fingerprint, read_arrays, write_arrays
from karvan.store.builtin import load
from karvan.store.scenarios import read_text, ready_scenarios
from karvan.study.live.kept import CODE, arrays_of, key_of, resume
from karvan.study.live.stage import Live, begin
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

    desk.open(lambda: _begun(desk)).add_done_callback(lambda _: _told_fault(desk))
    shown = f"[{host}]" if ":" in host else host
    _refuse_taken(host, port)
    opened(f"http://{shown}:{port}/" + (f"?token={secret}" if secret else ""))
    settings = {"log_level": "warning", "limit_concurrency": MOST_CONNECTIONS, "server_header": False}
    uvicorn.run(Access(app, token), host=host.strip("[]"), port=port, **settings)  # type: ignore[arg-type]
    return 0


def _told_fault(desk: Desk) -> None:
    """Say in the terminal, too, why no answers will come."""
    if desk.fault:
        sys.stderr.write(f"karvan: no answers will come: {desk.fault}\n")


def _begun(desk: Desk) -> Live:
    """The routes of the desk: those that an earlier start kept for the same tables and code, else found now."""

    def progress(text: str, share: float) -> None:
        desk.told = f"{text}, {share:.0%}"

    corridor, years = desk.corridor, desk.years
    key = key_of(corridor, years, code_fingerprint(CODE))
    place = _cache() / f"routes-{hashlib.sha256(corridor.info.name.encode()).hexdigest()[:16]}.npz"
    kept = read_arrays(place, key)
    if kept is not None:
        return resume(corridor, years, kept)
    live = begin(corridor, years, progress)
    try:
        write_arrays(place, key, arrays_of(live))
    except OSError as error:
        sys.stderr.write(f"karvan: routes are not kept for the next start: {error.strerror}\n")
    return live


def _cache() -> Path:
    """Where routes are kept between starts: XDG_CACHE_HOME, else the cache folder of the home folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "karvan"


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
