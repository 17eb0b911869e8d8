"""A desk on a tiny corridor, ready to answer."""

from __future__ import annotations

from functools import cache

from karvan.corridor.corridor import Corridor
from karvan.study.live.stage import begin
from karvan.web.desk import Desk
from tests.worlds import YEAR, limit, y_corridor

LEVERS = [
    {"lever": "S1", "owner": "shock:storm", "table": "borders", "where": "link=to_upper", "column": "hours_forward",
     "operation": "multiply", "value": "3", "from": str(YEAR), "to": str(YEAR)},
]  # fmt: skip
SHOCKS = [{"shock": "storm", "name": "<b>Storm</b>", "happened": False, "from": str(YEAR), "to": str(YEAR)}]


def corridor() -> Corridor:
    """The fork between two ports with narrow berths, and a shock that did not happen."""
    return y_corridor(resources=[limit("berths", 8000.0)], levers=LEVERS, shocks=SHOCKS)


@cache
def desk() -> Desk:
    """A desk whose routes are found."""
    made = Desk(corridor(), (YEAR,))
    made.open(lambda: begin(made.corridor, made.years)).result()
    return made
