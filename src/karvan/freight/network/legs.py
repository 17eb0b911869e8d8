"""Routes as a planner reads them: leg by leg, with money, hours and emissions.

A leg is what cargo does between two changes of platform. Handling and boarding before a leg belong to it; what is done
at the destination belongs to the last leg.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.freight.network.costs import ArcCosts
from karvan.freight.network.routes import RouteSet, runs
from karvan.freight.network.supernetwork import Supernetwork


def leg_table(
    routes: RouteSet, arcs: ArcCosts, chosen: Sequence[int], usd_factor: float, kg_factor: float
) -> pd.DataFrame:
    """The legs of some routes.

    Parameters
    ----------
    routes, arcs
        Routes and the costs of all arcs in one state.
    chosen
        Numbers of the routes.
    usd_factor, kg_factor
        From money per unit of the class and kg/t to the box or tonne that is reported.

    Returns
    -------
    pandas.DataFrame
        One row a leg: route, leg, from_place, to_place (keys), mode, service, via (keys of places passed, joined by
        ``|``), length_km, usd, hours_moving, hours_border, hours_handling, hours_boarding, hours_waiting (in
        queues), co2e_kg, gateway_group (joined by ``|``). Sums over the legs are the route's totals.
    """
    rows = []
    for route in chosen:
        rows += _legs_of(routes, arcs, route, usd_factor, kg_factor)
    return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS = (
    "route", "leg", "from_place", "to_place", "mode", "service", "via", "length_km", "usd", "hours_moving",
    "hours_border", "hours_handling", "hours_boarding", "hours_waiting", "co2e_kg", "gateway_group",
)  # fmt: skip


def _legs_of(
    routes: RouteSet, arcs: ArcCosts, route: int, usd_factor: float, kg_factor: float
) -> list[dict[str, object]]:
    """The legs of one route, in order."""
    network = routes.network
    path = routes.path(route)
    runs = _runs(network.is_link[path])
    rows = []
    for number, (first, start, stop) in enumerate(runs, start=1):
        last = path.size if number == len(runs) else stop
        links, everything = path[start:stop], path[first:last]
        row = network.links.iloc[int(network.row[links[0]])]
        places = _places_of(network, links)
        rows.append(
            {
                "route": route,
                "leg": number,
                "from_place": places[0],
                "to_place": places[-1],
                "mode": row["mode"],
                "service": row["service"],
                "via": "|".join(places[1:-1]),
                "length_km": float(network.links["length_km"].to_numpy()[network.row[links]].sum()),
                "usd": float(arcs.usd[everything].sum() * usd_factor),
                "hours_moving": float(arcs.hours_moving[everything].sum()),
                "hours_border": float(arcs.hours_border[everything].sum()),
                "hours_handling": float(arcs.hours_handling[everything].sum()),
                "hours_boarding": float(arcs.hours_boarding[everything].sum()),
                "hours_waiting": float(arcs.hours_waiting[everything].sum()),
                "co2e_kg": float(arcs.co2e_kg_per_t[everything].sum() * kg_factor),
                "gateway_group": "|".join(gateway_groups(network, links)),
            }
        )
    return rows


def _runs(is_link: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """(first arc with the transfers before, first link, one past the last link) of every run of links."""
    runs = []
    position = first = 0
    for link, members in groupby(is_link.tolist()):
        size = len(list(members))
        if link:
            runs.append((first, position, position + size))
            first = position + size
        position += size
    return runs


def _places_of(network: Supernetwork, path: NDArray[np.int32]) -> list[str]:
    """Keys of the places a path of arcs passes, each once."""
    keys = network.places["place"].to_numpy()
    nodes = [int(network.tail[path[0]]), *network.head[path].tolist()]
    passed = [keys[network.platforms[node].place] for node in nodes]
    return [place for i, place in enumerate(passed) if i == 0 or place != passed[i - 1]]


def gateway_groups(network: Supernetwork, path: NDArray[np.int32]) -> list[str]:
    """Names of the gateway groups of a path in order, runs of one group once."""
    names = [network.groups[g] for g in network.group[path] if g >= 0]
    return [name for i, name in enumerate(names) if i == 0 or name != names[i - 1]]


class Passed(NamedTuple):
    """Names that routes pass, in order: those of route r are ``names[cuts[r]:cuts[r + 1]]``."""

    names: list[str]
    cuts: list[int]

    def of(self, route: int) -> list[str]:
        """The names of one route."""
        return self.names[self.cuts[route] : self.cuts[route + 1]]

    def joined(self) -> list[str]:
        """The names of each route as one text."""
        return [">".join(self.names[begin:end]) for begin, end in pairwise(self.cuts)]


def places_of_legs(routes: RouteSet) -> Passed:
    """For every route the keys of origin, every place where cargo changes platform, and destination."""
    arcs = routes.path_arcs
    change = ~routes.network.is_link[arcs]
    change[routes.path_start[1:] - 1] = True
    return _passed(routes, routes.network.places["place"], change)


def countries_of(routes: RouteSet) -> Passed:
    """For every route its countries in order."""
    return _passed(routes, routes.network.places["country"], np.ones(routes.path_arcs.size, dtype=bool))


def gateways_of(routes: RouteSet) -> Passed:
    """For every route the names of its gateway groups in order, runs of one group once."""
    count = routes.path_start.size - 1
    group = routes.network.group[routes.path_arcs]
    gate = group >= 0
    route = np.repeat(np.arange(count), np.diff(routes.path_start))
    return _runs_by_route(count, route[gate], group[gate], np.array(routes.network.groups, dtype=object))


def _passed(routes: RouteSet, names: pd.Series, kept: NDArray[np.bool_]) -> Passed:
    """Names of the origin's place and of the places at the heads of the arcs kept, runs of one name once."""
    network, arcs = routes.network, routes.path_arcs
    count = routes.path_start.size - 1
    of_arc = np.repeat(np.arange(count), np.diff(routes.path_start))
    origins = network.tail[arcs[routes.path_start[:-1]]]
    route = np.concatenate((np.arange(count), of_arc[kept]))
    node = np.concatenate((origins, network.head[arcs[kept]]))
    order = np.argsort(route, kind="stable")
    code, unique = pd.factorize(names)
    return _runs_by_route(count, route[order], code[network.node_place[node[order]]], unique.to_numpy(dtype=object))


def _runs_by_route(
    count: int, route: NDArray[np.intp], item: NDArray[np.integer], names: NDArray[np.object_]
) -> Passed:
    """The names of the items of each route in order, runs of one item once."""
    first, cuts = runs(route, item, count)
    return Passed(names[item[first]].tolist(), cuts)
