"""The cargo of a solved year as operations take it: every flow with what it passes on its way."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from karvan.freight.network.costs import usage
from karvan.freight.network.supernetwork import HANDLING_CLASSES
from karvan.freight.prepare import Prepared
from karvan.freight.solved import SolvedYear
from karvan.operations.corridor.loads import Loads, Passage


def loads_of(prepared: Prepared, solved: SolvedYear) -> Loads:
    """The flows of a year on their routes.

    Parameters
    ----------
    prepared
        Routes of all pairs.
    solved
        A year at its equilibrium; ``waiting`` of the passages are its waits.

    Returns
    -------
    Loads
        Every route that carries cargo, in the order of the route set; units as freight counts them, so that their sum
        over a resource's passages times its uses is freight's load of it.
    """
    flow, routes, network = solved.flow, prepared.routes, prepared.routes.network
    carried = np.flatnonzero(flow.units > 0.0)
    arcs = flow.arcs
    used = csr_matrix(usage(network, flow.state))
    names = flow.state["resources"]["resource"].to_numpy(dtype=object)
    links = network.links["link"].to_numpy(dtype=object)
    classes = network.arc_class
    paths = [routes.path(int(route)) for route in carried]
    way = np.concatenate(paths) if paths else np.zeros(0, dtype=np.int32)
    needed = np.unique(way)
    number = np.full(network.tail.size, -1, dtype=np.int32)
    number[needed] = np.arange(needed.size)
    passages = []
    for arc in needed.tolist():
        within = slice(used.indptr[arc], used.indptr[arc + 1])
        uses = zip(names[used.indices[within]], used.data[within].tolist(), strict=True)
        passages.append(
            Passage(
                HANDLING_CLASSES[classes[arc]],
                str(links[network.row[arc]]) if network.is_link[arc] else "",
                bool(network.back[arc]),
                float(arcs.hours_moving[arc]),
                float(arcs.hours_border[arc]),
                float(arcs.hours_handling[arc]),
                float(arcs.hours_boarding[arc]),
                float(arcs.hours_waiting[arc]),
                tuple(sorted((str(key), float(amount)) for key, amount in uses)),
            )
        )
    lengths = np.diff(routes.path_start)[carried]
    pairs = prepared.routes.pairs.iloc[routes.pair_of_route[carried]].reset_index(drop=True)
    return Loads(
        passages=tuple(passages),
        flows=pd.DataFrame(pairs).assign(units=flow.units[carried]),
        start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        way=number[way].astype(np.int32),
    )
