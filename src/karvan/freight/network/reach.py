"""Why a pair has no route, and what would open one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.state import State
from karvan.errors import Problem
from karvan.freight.network.costs import arc_costs
from karvan.freight.network.routes import Pair, Search, demand_pairs, zone_nodes
from karvan.freight.network.supernetwork import TRANSFER_KEY, Supernetwork, build
from karvan.freight.prepare import Prepared
from karvan.numerics.search.shortest import arcs_to, outgoing, tree


def demand_without_route(state: State) -> list[Problem]:
    """A problem for every pair with demand in a state that nothing open connects, with what would.

    Parameters
    ----------
    state
        Tables of one year; only links that are open count.
    """
    pairs = demand_pairs([state])
    network = build([state])
    nodes = zone_nodes(network)
    unserved = [pair for pair in pairs if not _connected(network, nodes, pair)]
    return [_problem(state, pair) for pair in unserved]


def _problem(state: State, pair: Pair) -> Problem:
    """The problem row of a pair without a route: the first demand row that has it."""
    demand = state.corridor["demand"]
    rows = demand.index[(demand[list(Pair._fields)] == list(pair)).all(axis=1) & (demand["year"] == state.year)]
    return Problem(
        kind="demand that no route can serve",
        file="demand.csv",
        table="demand",
        row=int(rows[0]) + 2 if len(rows) else 0,
        column="destination",
        value=f"{pair.origin} - {pair.destination}, {pair.commodity} by {pair.handling_class} in {state.year}",
        expected="a way from origin to destination",
        remedy=what_would_open(state, pair),
    )


def what_would_open(state: State, pair: Pair, stops: Sequence[str] = ()) -> str:
    """What stands between a pair and its first route: a closed link, a missing transfer, or the lack of any link.

    Parameters
    ----------
    state
        Tables of one year.
    pair
        A pair that nothing open connects.
    stops
        Places where cargo may begin and end on board.

    Returns
    -------
    str
        One line that names links or transfers; empty where open links do connect the pair.
    """
    as_it_is = build([state], stops)
    if _connected(as_it_is, zone_nodes(as_it_is), pair):
        return ""
    every_link = State(state.year, state.corridor, {**state.tables, "links": state["links"].assign(open=True)})
    network = build([every_link], stops)
    path = _path(network, zone_nodes(network), pair)
    if path is not None:
        rows = network.row[path[network.is_link[path]]]
        closed = _closed(state, network.links["link"].to_numpy()[rows].tolist())
        return f"open {'link' if len(closed) == 1 else 'links'} {', '.join(closed)}"
    missing = _missing_transfers(state, pair)
    if missing:
        return f"add to transfers: {'; '.join(missing)}"
    return _no_link(state, pair)


def _closed(state: State, links: list[str]) -> list[str]:
    """Those of the links that are not open in the state, in order."""
    is_open = dict(zip(state["links"]["link"], state["links"]["open"], strict=True))
    return [link for link in dict.fromkeys(links) if not is_open.get(link, False)]


def _missing_transfers(state: State, pair: Pair) -> list[str]:
    """Transfers that lack on the quickest way over open links, were every change of platform possible."""
    links = state["links"]
    carries = links["handling_classes"].str.split("|").apply(lambda classes: pair.handling_class in classes)
    sides = _way(links.loc[links["open"] & carries], pair)
    if sides is None:
        return []
    known = set(zip(*(_text(state["transfers"][name]) for name in TRANSFER_KEY), strict=True))
    missing = []
    for (before, _), (after, place) in pairwise(sides):
        wanted = (place, *before[:2], *after[:2], pair.handling_class)
        if before != after and wanted not in known:
            sides_named = (" ".join(filter(None, side[:2])) for side in (before, after))
            missing.append(f"{place}, {' to '.join(sides_named)}, {pair.handling_class}")
    return missing


def _way(links: pd.DataFrame, pair: Pair) -> list[tuple[tuple[str, str, str], str]] | None:
    """The quickest way over links: platform kinds (mode, gauge, service) from zone to zone and where each begins."""
    both = links.loc[links["both_ways"]]
    starts = pd.concat([links["from_place"], both["to_place"]])
    ends = pd.concat([links["to_place"], both["from_place"]])
    rides = pd.concat([links, both])
    codes, names = pd.factorize(pd.concat([starts, ends, pd.Series([pair.origin, pair.destination])]))
    tail, head = codes[: len(starts)].astype(np.int32), codes[len(starts) : -2].astype(np.int32)
    start, order = outgoing(len(names), tail)
    _, last = tree(start, order, head, rides["hours"].to_numpy(float), int(codes[-2]))
    if last[codes[-1]] < 0:
        return None
    arcs = arcs_to(int(codes[-1]), last, tail)
    kinds = list(zip(_text(rides["mode"]), _text(rides["gauge_mm"]), _text(rides["service"]), strict=True))
    zone = ("zone", "", "")
    way = [(kinds[arc], str(names[tail[arc]])) for arc in arcs]
    return [(zone, pair.origin), *way, (zone, pair.destination)]


def _text(cells: pd.Series) -> list[str]:
    """Cells as text, empty where missing."""
    return ["" if pd.isna(cell) else str(cell) for cell in cells]


def _no_link(state: State, pair: Pair) -> str:
    """Which end has no link of the class at all, or that links never join the two."""
    links = state["links"]
    for place in (pair.origin, pair.destination):
        touching = links.loc[(links["from_place"] == place) | (links["to_place"] == place)]
        classes = {name for text in touching["handling_classes"] for name in text.split("|")}
        if pair.handling_class not in classes:
            has = f"its links carry {', '.join(sorted(classes))}" if classes else "it has no link"
            return f"add a link for {pair.handling_class} at {place}; {has}"
    return f"no chain of links for {pair.handling_class} joins {pair.origin} to {pair.destination}; add one"


def _connected(network: Supernetwork, nodes: dict[tuple[str, str], tuple[int, int]], pair: Pair) -> bool:
    """Whether some path leads from origin to destination."""
    return _path(network, nodes, pair) is not None


def _path(network: Supernetwork, nodes: dict[tuple[str, str], tuple[int, int]], pair: Pair) -> NDArray[np.int64] | None:
    """Arcs of a path with the fewest arcs from origin to destination, None where there is none."""
    source = nodes.get((pair.origin, pair.handling_class), (-1, -1))[0]
    sink = nodes.get((pair.destination, pair.handling_class), (-1, -1))[1]
    if source < 0 or sink < 0:
        return None
    start, order = outgoing(network.node_class.size, network.tail)
    _, last = tree(start, order, network.head, np.ones(network.tail.size), source)
    return np.array(arcs_to(sink, last, network.tail), dtype=np.int64) if last[sink] >= 0 else None


def detour_by_gateway(prepared: Prepared, references: Sequence[State], pair: Pair, gateway: str) -> str:
    """Why the route set of a pair has no open route by a gateway: beyond the bound by how much, or what rule it breaks.

    Parameters
    ----------
    prepared
        Routes of the pair.
    references
        States at whose costs the routes were generated.
    pair
        A pair of ``prepared`` that its network connects.
    gateway
        Name of a gateway group; empty for any way at all.
    """
    network = prepared.routes.network
    origin, target = (zone_nodes(network)[place, pair.handling_class][side] for side, place in enumerate(pair[:2]))
    lines = []
    for reference in references:
        every_arc = np.ones(network.tail.size, dtype=bool)
        costs = arc_costs(network, reference)
        search = Search(network, costs, reference, every_arc, (pair.handling_class, pair.commodity), [(origin, target)])
        ratio = search.detour(origin, target, network.groups.index(gateway) if gateway else None)
        lines.append((ratio, search.one.bound))
    ratio, bound = min(lines)
    name = gateway or "the cheapest way"
    if not np.isfinite(ratio):
        return f"no way for this cargo leads through {name}"
    if ratio > bound:
        beyond = 100 * (ratio / bound - 1)
        return f"{name} costs {ratio:.2f} times the cheapest way, {beyond:.0f} % beyond the detour bound of {bound:g}"
    return (
        f"the ways by {name} (at least {ratio:.2f} times the cheapest) are closed in that year, enter a place or "
        "country twice, or hold a stretch that a shorter way replaces"
    )
