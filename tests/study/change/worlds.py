"""A corridor with a narrow strait on the nearer way, a canal that would widen it, and a storm on the other way."""

from __future__ import annotations

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from tests.worlds import demand, limit, use, y_corridor

STORMY = Scenario("stormy")
CALM = Scenario("calm", exclude=("shock:STORM",))


def lever(key: str, owner: str, table: str, where: str, column: str, factor: float) -> dict[str, object]:
    """A row of levers that multiplies one cell."""
    row = {"lever": key, "owner": owner, "table": table, "where": where, "column": column}
    return {**row, "operation": "multiply", "value": str(factor)}


def narrow_strait() -> Corridor:
    """The Y of two years: its upper way takes 6,000 boxes, the storm that happened doubles the lower one's hours."""
    return y_corridor(
        demand=[
            {**demand("east", "west", "goods", "container", kt), "year": year}
            for year, kt in ((2024, 120.0), (2025, 150.0))
        ],
        resources=[limit("strait", 6000.0, owner="canal company")],
        uses=[use("strait", "upper_ship")],
        projects=[{"project": "CANAL", "name": "Canal", "capex_musd": 300.0}],
        shocks=[{"shock": "STORM", "name": "Storm", "happened": True}],
        levers=[
            lever("L1", "project:CANAL", "resources", "resource=strait", "capacity_per_year", 1.5),
            lever("L2", "shock:STORM", "links", "link=lower_ship", "hours", 2.0),
        ],
    )


def both_ways() -> Scenario:
    """The canal built, the storm over, and borders that take half the time."""
    quick = Lever("scenario:both", "borders", "multiply", "hours_forward", 0.5, (("link", ("to_upper",)),), key="quick")
    return Scenario("both", include=("project:CANAL",), exclude=("shock:STORM",), levers=(quick,))
