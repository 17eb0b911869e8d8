"""The routes of a session as plain arrays, and a session made from them again: what a second start need not search."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan import __version__
from karvan.corridor.corridor import Corridor, fingerprints
from karvan.errors import DataError
from karvan.freight.network.routes import PAIR_KEY, Pair, RouteSet
from karvan.freight.network.supernetwork import build
from karvan.freight.prepare import compiled
from karvan.study.live.stage import Live, live_of, session_states
from karvan.study.solve import with_boxes

CODE = ("freight", "numerics", "scenario", "study", "schema")
_ARRAYS = ("pairs", "pair_start", "path_start", "path_arcs", "given_up")


def key_of(corridor: Corridor, years: Sequence[int], code: str) -> str:
    """A hash of all that a session's routes rest on: version, code, tables, what is said of the corridor, and years."""
    told = (__version__, code, repr(corridor.info), sorted(fingerprints(corridor).items()), tuple(years))
    return hashlib.sha256(repr(told).encode()).hexdigest()


def arrays_of(live: Live) -> dict[str, NDArray[Any]]:
    """The routes of a session: pairs as text (pairs, 4), where pairs and routes start, arcs, searches cut off."""
    routes = live.prepared.routes
    pairs = routes.pairs[PAIR_KEY].to_numpy(dtype=str)
    return dict(
        zip(
            _ARRAYS,
            (pairs, routes.pair_start, routes.path_start, routes.path_arcs, np.array(routes.given_up)),
            strict=True,
        )
    )


def resume(corridor: Corridor, years: Sequence[int], kept: Mapping[str, NDArray[Any]]) -> Live:
    """A session on routes that :func:`arrays_of` gave for the same corridor and years.

    Raises
    ------
    DataError
        If the arrays do not fit the corridor's network.
    """
    chosen = with_boxes(session_states(corridor, years))
    network = build([*chosen.references, chosen.base, *chosen.years])
    if set(kept) != set(_ARRAYS) or kept["pairs"].ndim != 2 or kept["pairs"].shape[1] != len(PAIR_KEY):
        raise DataError("the routes that were kept are not whole; remove them")
    pairs, start, path, arcs = (kept[name] for name in _ARRAYS[:4])
    fits = start[-1] == path.size - 1 and path[-1] == arcs.size and int(arcs.max(initial=0)) < network.tail.size
    if not fits or len(pairs) != start.size - 1:
        raise DataError("the routes that were kept belong to another network; remove them")
    frame = pd.DataFrame(pairs.tolist(), columns=PAIR_KEY)
    routes = RouteSet(network, frame, start, path, arcs, int(kept["given_up"]))
    return live_of(corridor, years, compiled(routes, chosen.base, [Pair(*row) for row in pairs.tolist()]))
