"""The real server and a real Chromium: one of each for all tests of the page."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

CHROMIUM = shutil.which("chromium")
PATIENCE_MS = 60_000
PATIENCE_START_S = 600
SERVE = "import sys; sys.argv = ['karvan', 'serve', '--port', sys.argv[1]]; from karvan.cli.main import run; run()"


@dataclass
class Seen:
    """What a page asked for and said."""

    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def outside(self, origin: str) -> list[str]:
        """Requests that left the server."""
        inside = (origin, origin.replace("http", "ws"), "data:", "blob:")
        return [url for url in self.requests if not url.startswith(inside)]


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """The address of a server of the built-in corridor, ready to answer."""
    if CHROMIUM is None:
        pytest.skip("Debian's chromium is not installed here; .ci/run installs it")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(port)], env={**os.environ, "PYTHONUNBUFFERED": "1"})
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait as long as a first start takes: kernels that are not compiled yet and routes that are not kept yet cost 40 s
    of a core, which were 134 s where six others wanted the same two."""
    began, state = time.monotonic(), "no answer yet"
    while time.monotonic() - began < PATIENCE_START_S:
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(f"{address}/api/v1/corridor", timeout=30) as answer:
                told = json.load(answer)
        except OSError:
            told = {"ready": False, "state": state}
        state = str(told["state"])
        if told["ready"]:
            return
        assert "fault" not in state, state
        time.sleep(0.25)
    pytest.fail(f"the server was not ready in {PATIENCE_START_S} s: {state}")


@pytest.fixture(scope="session")
def browser(origin: str) -> Iterator[Browser]:
    """A Chromium without a screen that can reach this machine alone."""
    with sync_playwright() as driver:
        arguments = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def seen() -> Seen:
    """What the page of this test asks for and says."""
    return Seen()


@pytest.fixture(params=[1280, 390], ids=["wide", "narrow"])
def page(request: pytest.FixtureRequest, browser: Browser, origin: str, seen: Seen) -> Iterator[Page]:
    """The page with its map drawn, on a screen and on a telephone."""
    context = browser.new_context(viewport={"width": request.param, "height": 844}, reduced_motion="reduce")
    opened = context.new_page()

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            seen.said.append(message.text)

    def asked(asking: Request) -> None:
        seen.requests.append(asking.url)

    opened.on("console", said)
    opened.on("pageerror", lambda error: seen.said.append(str(error)))
    opened.on("request", asked)
    opened.on("websocket", lambda made: seen.requests.append(made.url))
    opened.goto(origin)
    opened.wait_for_selector('.map[data-ready="1"]', timeout=PATIENCE_MS)
    yield opened
    context.close()
