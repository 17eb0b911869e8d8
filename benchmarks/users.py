"""Twenty users who each move a slider once a second: some on pages in a real Chromium, the others at their sockets.

A user at a socket opens the page and speaks its protocol without drawing. Its moves do not wait for answers; each is
answered by the first answer that says it has taken so many moves in, its own or, as the latest wins, a later one.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
import numpy as np
import socketio
from playwright.sync_api import Browser, Page, sync_playwright

Row = dict[str, float | int | str]
Rows = list[Row]
PAGES, SOCKETS, SECONDS, BURST = 4, 16, 60, 10
PATIENCE_S, QUIET_S, MOST_REFUSED = 60.0, 2.0, 5
GIVEN_FIRST = 1  # the plan that a page opens with is counted among its moves
ARGUMENTS = ["--no-sandbox", "--disable-background-timer-throttling", "--disable-renderer-backgrounding"]
STEADY = """([key, seconds]) => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const slider = document.querySelector(`input[data-lever="${key}"]`);
  const map = document.querySelector(".map"), tiles = document.querySelector(".tiles");
  window.took = [];
  window.moves = (async () => {
    const end = performance.now() + 1000 * seconds;
    for (let n = 0; performance.now() < end; n++) {
      const before = [map.dataset.revision, tiles.dataset.revision], began = performance.now();
      slider.stepUp(n % 8 < 4 ? 1 : -1);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      while (map.dataset.revision === before[0] || tiles.dataset.revision === before[1]) {
        await pause(10);
        if (performance.now() - began > 20000) break;
      }
      const took = performance.now() - began;
      window.took.push(took > 20000 ? null : took / 1000);
      await pause(Math.max(0, 1000 - took));
    }
  })();
}"""


@dataclass
class SocketUser:
    """A page's socket without the page; ``waiting`` are moves not yet answered, by number, with the time of each."""

    address: str
    key: str
    took: list[float] = field(default_factory=list)
    waiting: dict[int, float] = field(default_factory=dict)
    answers: int = 0
    moves: int = 0
    refused: int = 0
    tiles: Any = None
    lever: tuple[int, str] | None = None
    client: str = ""
    socket: socketio.AsyncClient = field(default_factory=lambda: socketio.AsyncClient(reconnection=False))

    async def open(self) -> None:
        """Open the page, once more where its socket is refused, as a browser would; done once the levers are there."""
        while True:
            try:
                await self._open()
            except socketio.exceptions.ConnectionError:
                self.refused += 1
                if self.refused > MOST_REFUSED:
                    raise
            else:
                return

    async def _open(self) -> None:
        async with httpx.AsyncClient(timeout=PATIENCE_S) as asking:
            found = re.search(r"'client_id': '([^']+)'", (await asking.get(self.address)).text)
        if found is None:
            raise ValueError("the page names no client")
        self.client = found[1]
        self.socket.on("update", self._updated)
        self.socket.on("run_javascript", self._told)
        given = {"client_id": self.client, "next_message_id": 0, "implicit_handshake": "true"}
        query = urlencode({**given, "tab_id": uuid4(), "document_id": uuid4()})
        path = "/_nicegui_ws/socket.io"
        await self.socket.connect(f"{self.address}?{query}", socketio_path=path, transports=["websocket"])
        began = time.perf_counter()
        while self.lever is None:
            if time.perf_counter() - began > PATIENCE_S:
                raise TimeoutError("no levers came")
            await asyncio.sleep(0.05)

    def _updated(self, elements: dict[str, Any]) -> None:
        for key, element in elements.items():
            events = element.get("events", ()) if isinstance(element, dict) else ()
            for event in events:
                if event["type"] == "move":
                    self.lever = (int(key), event["listener_id"])

    def _told(self, message: dict[str, Any]) -> None:
        told = re.match(r'return runMethod\(\d+, "show", (.*)\)$', message["code"], re.DOTALL)
        if told is None:
            return
        self.tiles, taken_in = json.loads(told[1])
        self.answers += 1
        done = [move for move in self.waiting if move + GIVEN_FIRST <= taken_in]
        self.took += [time.perf_counter() - self.waiting.pop(move) for move in done]

    async def move(self, factor: float) -> None:
        """Put the slider somewhere."""
        if self.lever is None:
            raise ValueError("the levers are not there yet")
        self.moves += 1
        self.waiting[self.moves] = time.perf_counter()
        told = {"id": self.lever[0], "client_id": self.client, "listener_id": self.lever[1]}
        await self.socket.emit("event", {**told, "args": [json.dumps({"key": self.key, "factor": factor})]})

    async def steadily(self, seconds: float) -> None:
        """Move once a second, then wait for what is still to come."""
        for n in range(int(seconds)):
            began = time.perf_counter()
            await self.move(round(1.0 + 0.05 * (1 + n % 8), 2))
            await asyncio.sleep(max(0.0, 1.0 - (time.perf_counter() - began)))
        await self.quiet()

    async def quiet(self) -> None:
        """Wait until no answer has come for a while."""
        began, seen = time.perf_counter(), -1
        while seen != self.answers and time.perf_counter() - began < PATIENCE_S:
            seen = self.answers
            await asyncio.sleep(QUIET_S)


def together(address: str, keys: list[str], pages: int = PAGES, sockets: int = SOCKETS, seconds: int = SECONDS) -> Rows:
    """All at once for a while; then one user's burst of moves, of which the last must be what is shown."""
    users = [SocketUser(address, key) for key in keys[pages : pages + sockets]]
    bursts: Rows = []

    all_open = threading.Event()

    async def at_sockets() -> None:
        for user in users:
            await user.open()
        all_open.set()
        await asyncio.gather(*(user.steadily(seconds) for user in users))
        bursts.append(await _burst(users[0]))
        await asyncio.gather(*(user.socket.disconnect() for user in users))

    with sync_playwright() as driver, ThreadPoolExecutor(1) as beside:
        chromium = driver.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        opened = [_page(chromium, address) for _ in range(pages)]
        others = beside.submit(lambda: asyncio.run(at_sockets()))
        while not all_open.wait(0.1) and not others.done():
            pass
        on_pages = [] if others.done() else _steadily(opened, keys, seconds)
        others.result()
        chromium.close()
    took = [one for user in users for one in user.took]
    moves = sum(user.moves for user in users) + len(on_pages) - BURST
    lost = sum(len(user.waiting) for user in users) + sum(one is None for one in on_pages)
    told: Row = {"pages": pages, "sockets": sockets, "seconds": seconds, "moves": moves, "without_answer": lost}
    told["sockets_refused"] = sum(user.refused for user in users)
    told["answers"] = sum(user.answers for user in users) + len(on_pages) - lost
    spread = {**_spread("page", [one for one in on_pages if one is not None]), **_spread("socket", took)}
    return [{"case": "users on pages and at sockets", **told, **spread}, *bursts]


def _page(chromium: Browser, address: str) -> Page:
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(address)
    page.wait_for_selector('.map[data-ready="1"]', timeout=60_000)
    return page


def _steadily(pages: list[Page], keys: list[str], seconds: int) -> list[float | None]:
    for page, key in zip(pages, keys, strict=False):
        page.evaluate(STEADY, [key, seconds])
    return [one for page in pages for one in page.evaluate("window.moves.then(() => window.took)")]


async def _burst(user: SocketUser) -> Row:
    """Moves faster than answers: fewer answers than moves, and the last of them is of the last move."""
    before = user.answers
    for n in range(BURST):
        await user.move(round(1.5 + 0.1 * n, 2))
        await asyncio.sleep(0.02)
    await user.quiet()
    body = {"factors": {user.key: round(1.5 + 0.1 * (BURST - 1), 2)}, "tables": []}
    async with httpx.AsyncClient(timeout=PATIENCE_S) as asking:
        wanted = (await asking.post(f"{user.address}/api/v1/run", json=body)).json()["tiles"]
    told: Row = {"moves": BURST, "answers": user.answers - before, "last_is_shown": str(user.tiles == wanted)}
    return {"case": "a burst of moves", **told}


def _spread(who: str, seconds: list[float]) -> dict[str, float]:
    return {f"{who}_median_s": float(np.median(seconds)), f"{who}_p95_s": float(np.percentile(seconds, 95))}
