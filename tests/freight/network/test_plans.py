"""Routes of a plan that opens a link: none is lost that is found without it."""

from __future__ import annotations

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.freight.network.legs import gateways_of
from karvan.freight.network.routes import Pair, RouteSet, find_routes
from karvan.scenario.state import state
from tests.worlds import rail, y_corridor

PAIR = Pair("east", "west", "goods", "container")


def rows_of(table: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def with_shortcut(open_from: str) -> Corridor:
    """The Y with a planned railway from Fork to the upper port, a quarter as long as what there is."""
    corridor = y_corridor()
    more = rail("shortcut", "fork", "upper", 120.0, gateway_group="shortcut", open_from=open_from)
    borders = [{"link": "shortcut", "hours_forward": 1.0, "hours_back": 1.0}]
    return y_corridor(
        links=[*rows_of(corridor["links"]), more],
        borders=[*rows_of(corridor["borders"]), *borders],
    )


def names(routes: RouteSet) -> set[tuple[str, ...]]:
    return {tuple(text.split(">")) for text in gateways_of(routes).joined()}


def test_a_plan_adds_its_routes_and_keeps_those_that_its_shortcut_would_make_a_detour() -> None:
    today, then = (state(with_shortcut("2030"), (), year) for year in (2024, 2031))
    base = find_routes([today], [today], [PAIR])
    plan = find_routes([today, then], [today], [PAIR])
    assert names(base) <= names(plan)
    assert names(plan) - names(base) == {("shortcut", "upper_sea")}
