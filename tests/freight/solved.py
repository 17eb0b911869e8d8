"""Short ways to the state, the routes and the flow of a made-up corridor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.state import State
from karvan.freight.assignment import Flow, free_flow
from karvan.freight.network.routes import demand_pairs
from karvan.freight.network.supernetwork import HANDLING_CLASSES, Supernetwork
from karvan.freight.prepare import Prepared, prepare
from karvan.scenario.resolve import resolve
from karvan.scenario.state import state
from tests.worlds import YEAR, frame


class Solved(NamedTuple):
    """A corridor of one year, prepared and split at free flow."""

    state: State
    prepared: Prepared
    flow: Flow


def state_of(corridor: Corridor, year: int = YEAR) -> State:
    """The state of a year with history and the shocks that happened."""
    return state(corridor, resolve(corridor), year)


def solve(corridor: Corridor) -> Solved:
    """The base year, with routes generated at its own costs."""
    base = state_of(corridor)
    prepared = prepare([base], base, [base], demand_pairs([base]))
    return Solved(base, prepared, free_flow(prepared, base))


def sequences(prepared: Prepared) -> list[str]:
    """Gateway groups of every route, joined by ``>``."""
    network, routes = prepared.routes.network, prepared.routes
    paths = [network.group[routes.path(r)] for r in range(routes.path_start.size - 1)]
    return [">".join(network.groups[g] for g in path if g >= 0) for path in paths]


def platforms(network: Supernetwork, handling_class: str) -> list[tuple[str, str, str]]:
    """(place, mode, service) of every node of a class."""
    number = HANDLING_CLASSES.index(handling_class)
    keys = network.places["place"].to_numpy()
    nodes = range(*network.first_node[number : number + 2])
    return [(str(keys[p.place]), p.mode, p.service) for p in (network.platforms[node] for node in nodes)]


def arc_of(network: Supernetwork, link: str, handling_class: str = "container", *, back: bool = False) -> int:
    """The arc of a link in one direction."""
    rows = np.flatnonzero(network.links["link"].to_numpy() == link)
    chosen = network.is_link & np.isin(network.row, rows) & (network.back == back)
    return int(np.flatnonzero(chosen & (network.arc_class == HANDLING_CLASSES.index(handling_class)))[0])


def with_rows(corridor: Corridor, table: str, *rows: Mapping[str, object]) -> Corridor:
    """The corridor with some rows more in a table."""
    return corridor.replace(**{table: pd.concat([corridor[table], frame(table, rows)], ignore_index=True)})


def set_cells(corridor: Corridor, table: str, keys: Sequence[str], **cells: object) -> Corridor:
    """The corridor with some cells of the rows named by the table's first column."""
    frame = corridor[table].copy()
    chosen = frame.iloc[:, 0].isin(list(keys))
    assert chosen.any(), f"no row of {table} is called {', '.join(keys)}"
    for column, value in cells.items():
        frame.loc[chosen, column] = pd.Series([value] * len(frame), dtype=frame[column].dtype)[chosen]
    return corridor.replace(**{table: frame})
