"""``python -m benchmarks [CASE] [--json]``: prints what was measured, asserts nothing; without a case, ``smoke``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping

from benchmarks.changes import changes
from benchmarks.door import door
from benchmarks.freight import built_in, freight, growth
from benchmarks.measured import Rows
from benchmarks.register import register
from benchmarks.routes import routes
from benchmarks.scenarios import scenarios
from benchmarks.services import services
from benchmarks.trade import trade


def smoke() -> Rows:
    """A little of each, as CI runs it."""
    return [*door(), *routes((2024,)), *built_in((2024,), 3), *growth(((1000, 10), (1000, 100))), *scenarios()]


def _web() -> Rows:
    from benchmarks.web import web

    return web()


def _power() -> Rows:
    from benchmarks.power import power

    return power()


def _cables() -> Rows:
    from benchmarks.power import cables

    return cables()


def _operations() -> Rows:
    from benchmarks.operations import operations

    return operations()


CASES: Mapping[str, Callable[[], Rows]] = {
    "door": door,
    "routes": routes,
    "freight": freight,
    "scenarios": scenarios,
    "changes": changes,
    "register": register,
    "power": _power,
    "cables": _cables,
    "trade": trade,
    "operations": _operations,
    "services": services,
    "web": _web,
    "smoke": smoke,
}


def main(arguments: list[str]) -> int:
    """Run the named case and print its rows."""
    name = next((a for a in arguments if not a.startswith("-")), "smoke")
    if name not in CASES:
        sys.stderr.write(f"no benchmark {name!r}; there are {', '.join(CASES)}\n")
        return 2
    rows = CASES[name]()
    if "--json" in arguments:
        sys.stdout.write(json.dumps({"benchmark": name, "rows": rows}) + "\n")
        return 0
    for row in rows:
        told = (f"{key} {value:.3g}" if isinstance(value, float) else f"{key} {value}" for key, value in row.items())
        sys.stdout.write("  ".join(told) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
