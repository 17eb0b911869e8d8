"""The page, measured in a real Chromium and by twenty users at once, ``python -m benchmarks web``."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.users import together

Rows = list[dict[str, float | int | str]]
SERVE = "import sys; sys.argv = ['karvan', 'serve', '--port', sys.argv[1]]; from karvan.cli.main import run; run()"
PRESSES, USERS, SECONDS = 60, 20, 60
PRESS = """async ([key, step]) => {
  const slider = document.querySelector(`input[data-lever="${key}"]`);
  const map = document.querySelector('.map'), tiles = document.querySelector('.tiles');
  const before = [map.dataset.revision, tiles.dataset.revision];
  const began = performance.now();
  slider.stepUp(step);
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  while (map.dataset.revision === before[0] || tiles.dataset.revision === before[1]) {
    await new Promise((done) => requestAnimationFrame(done));
    if (performance.now() - began > 20000) return null;
  }
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
}"""


def web(presses: int = PRESSES, users: int = USERS, seconds: int = SECONDS) -> Rows:
    """Start, a key press to a redrawn page, and many users; a second start finds what the first has kept."""
    rows: Rows = []
    for start in ("first", "warm"):
        with _server() as (address, process, began):
            rows.append({"case": f"{start} start", **_started(address, began)})
            if start == "warm":
                rows += [*_in_browser(address, presses), _at_interface(address, users, seconds)]
                rows += _together(address, process.pid)
    return rows


@contextmanager
def _server() -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port)], stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}", process, began
    finally:
        process.terminate()
        process.wait(timeout=20)


def _started(address: str, began: float) -> dict[str, float]:
    up = _until(f"{address}/", began)
    return {"up_s": up, "ready_s": _until(f"{address}/api/v1/levers", began)}


def _until(url: str, began: float, most: float = 240.0) -> float:
    while time.perf_counter() - began < most:
        try:
            with urllib.request.urlopen(url, timeout=10):
                return time.perf_counter() - began
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(url)


def _in_browser(address: str, presses: int) -> Rows:
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        began = time.perf_counter()
        page.goto(address)
        page.wait_for_selector('.map[data-ready="1"]', timeout=60_000)
        content = time.perf_counter() - began
        page.wait_for_timeout(1500)
        rows: Rows = [{"case": "page", "content_s": content}, _pressed(page, presses)]
        chromium.close()
    return rows


def _pressed(page: Page, presses: int) -> dict[str, float | int | str]:
    sliders = page.locator("input[data-lever]:visible").evaluate_all("all => all.map((s) => s.dataset.lever)")[:6]
    took = []
    for press in range(presses):
        step = 1 if (press // len(sliders)) % 2 == 0 else -1
        took.append(page.evaluate(PRESS, [sliders[press % len(sliders)], step]))
        page.wait_for_timeout(120)
    lost = sum(one is None for one in took)
    ms = np.array([one for one in took if one is not None])
    told = {"presses": presses, "without_answer": lost, "median_ms": float(np.median(ms))}
    return {"case": "key press to redrawn map and tiles", **told, "p95_ms": float(np.percentile(ms, 95))}


def _together(address: str, server: int) -> Rows:
    """Users on pages and at sockets, and what they cost the server: of a core, whatever else the machine does."""
    before = _cpu_s(server)
    rows = together(address, _keys(address))
    answers = int(rows[0]["answers"])
    cost = 1000.0 * (_cpu_s(server) - before) / answers
    return [*rows, {"case": "server", "cpu_ms_an_answer": cost, "memory_mb": _memory_mb(server)}]


def _keys(address: str) -> list[str]:
    """Sliders, in their order."""
    with urllib.request.urlopen(f"{address}/api/v1/levers", timeout=30) as answer:
        return [str(slider["key"]) for slider in json.load(answer)["sliders"]]


def _at_interface(address: str, users: int, seconds: int) -> dict[str, float | int | str]:
    """Users of the interface who each ask once a second; the next question waits for the answer before."""
    keys = _keys(address)
    took: list[float] = []
    faults: list[str] = []

    def one(user: int) -> None:
        end = time.perf_counter() + seconds
        move = 0
        while (now := time.perf_counter()) < end:
            move += 1
            body = json.dumps({"factors": {keys[user]: 1.0 + 0.05 * (move % 8)}, "tables": ["freight.flows"]}).encode()
            asked = urllib.request.Request(f"{address}/api/v1/run", body, {"content-type": "application/json"})
            try:
                with urllib.request.urlopen(asked, timeout=30) as answered:
                    answered.read()
                took.append(time.perf_counter() - now)
            except OSError as error:
                faults.append(str(error))
            time.sleep(max(0.0, 1.0 - (time.perf_counter() - now)))

    threads = [threading.Thread(target=one, args=(user,)) for user in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spread = {"median_s": float(np.median(took)), "p95_s": float(np.percentile(took, 95))}
    told = {"users": users, "seconds": seconds, "answers": len(took), "faults": len(faults)}
    return {"case": "users of the interface", **told, **spread}


def _cpu_s(process: int) -> float:
    """Seconds of a core that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_mb(process: int) -> float:
    text = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    (line,) = (line for line in text.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024.0
