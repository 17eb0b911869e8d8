"""A corridor of three resources and a few choices, and short ways to write levers on it."""

from collections.abc import Sequence
from functools import cache

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Operation
from karvan.scenario.where import parse_where
from tests.worlds import frame, info, two_links

CAPACITY = 100.0


def resource(key: str, **cells: object) -> dict[str, object]:
    """A yearly limit of 100 t."""
    row = {
        "resource": key,
        "name": key.title(),
        "owner": "port",
        "behaviour": "limit",
        "unit": "t",
        "direction": "both",
    }
    return {**row, "capacity_per_year": CAPACITY, "background_per_year": 0.0, "max_utilisation": 1.0, **cells}


def choice(group: str, start: str, end: str) -> dict[str, object]:
    """A constant of USD 50 a TEU between two dates."""
    row = {"gateway_group": group, "handling_class": "container", "direction": "both", "kind": "aversion"}
    return {**row, "from_year": start, "to_year": end, "constant_usd_per_teu": 50.0}


@cache
def port_world() -> Corridor:
    """Two links with a pier of two servers, a crane and a gate without service hours; 2019 to 2040, demand of 2024."""
    rows = [resource("pier", servers=2, service_hours=8.0), resource("crane", servers=3), resource("gate")]
    choices = [choice("north", "2022", "2023"), choice("south", "2024-03-01", "")]
    growth = [{"segment": "*", "from_year": 2025, "to_year": 2040, "low_pct": 1.0, "central_pct": 2.0, "high_pct": 3.0}]
    tables = {"resources": frame("resources", rows), "choice": frame("choice", choices)}
    return Corridor(info("port-world", 2019), {**two_links().tables, **tables, "growth": frame("growth", growth)})


def lever(
    operation: Operation, column: str, value: object, where: str = "resource=pier", dates: str = "..", **more: object
) -> Lever:
    """A lever on ``resources``; ``dates`` reads FROM..TO."""
    start, _, end = dates.partition("..")
    cells = {"owner": "scenario:test", "table": "resources", "key": f"{operation} {value}", "file": "test.toml", **more}
    return Lever(
        operation=operation,
        column=column,
        value=value,  # type: ignore[arg-type]  # tests write what people write
        where=parse_where(where),
        from_date=start,
        to_date=end,
        **cells,  # type: ignore[arg-type]  # see above
    )


def insert(row: dict[str, object], table: str = "resources", dates: str = "..", key: str = "new") -> Lever:
    """A lever that inserts a row."""
    pairs = tuple(sorted({"source": "made", "confidence": "low", **row}.items()))
    return lever("insert", "", pairs, "", dates, table=table, key=key)


def record(key: str, owner: str, value: object, dates: str = "..", **cells: object) -> dict[str, object]:
    """A row of ``levers.csv`` that sets the capacity of the pier."""
    start, _, end = dates.partition("..")
    row = {"lever": key, "owner": owner, "table": "resources", "where": "resource=pier", "column": "capacity_per_year"}
    return {**row, "operation": "set", "value": str(value), "from": start, "to": end, **cells}


def with_levers(rows: Sequence[dict[str, object]]) -> Corridor:
    """The port world with these levers, a storm that happened and a flood that did not."""
    shocks = [{"shock": "storm", "name": "Storm", "happened": True}, {"shock": "flood", "name": "F", "happened": False}]
    return port_world().replace(levers=frame("levers", rows), shocks=frame("shocks", shocks))
