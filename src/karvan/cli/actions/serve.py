"""The page's door, found by its name among the doors that the package names: doors never import each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import entry_points

from karvan import __version__
from karvan.cli.door import Door, OptionError, escaped
from karvan.errors import Problem

GROUP, NAME = "karvan.doors", "serve"


def open_page(door: Door, corridor: str, host: str, port: int) -> int:
    """Serve until interrupted.

    Raises
    ------
    OptionError
        If this installation names no such door.
    """
    found = list(entry_points(group=GROUP, name=NAME))
    if not found:
        remedy = "install the package again: python -m pip install -e ."
        missing = Problem("no page in this installation", expected=f"{GROUP}: {NAME}", remedy=remedy)
        raise OptionError(problems=[missing])
    serve: Callable[..., int] = found[0].load()

    def opened(address: str) -> None:
        if door.as_json:
            told = {"command": "serve", "version": __version__, "ok": True, "address": address}
            print(escaped(json.dumps(told, ensure_ascii=False)), flush=True)
        else:
            door.note(f"karvan: {address}  (Ctrl-C ends)")

    return serve(corridor, host, port, opened)
