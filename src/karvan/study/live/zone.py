"""What a zone exchanges in an answer: the ways its cargo takes, and what it puts on every link."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.freight.empties import EMPTY_BOXES
from karvan.study.live.reaction import Reaction

End = Literal["origin", "destination"]
ENDS: tuple[End, End] = ("origin", "destination")


def cargo_of(reaction: Reaction, zone: str, end: End) -> NDArray[np.float64]:
    """Cargo in kt a year on each route that begins (``origin``) or ends at a zone, 0 elsewhere; shape (routes,).

    Empty boxes are no cargo. The sum is what is served of the zone's demand at that end.
    """
    routes = reaction.live.prepared.routes
    own = (routes.pairs[end] == zone) & (routes.pairs["commodity"] != EMPTY_BOXES)
    return np.where(own.to_numpy()[routes.pair_of_route], reaction.solved.flow.kt, 0.0)


def ways_of(reaction: Reaction, zone: str, end: End) -> pd.DataFrame:
    """The gateway groups that a zone's cargo passes, one after the other, with the cargo that takes each such way.

    Parameters
    ----------
    reaction
        An answer.
    zone, end
        A place, and whether it sends (``origin``) or receives (``destination``).

    Returns
    -------
    pandas.DataFrame
        ``way`` (tuple of gateway groups in the order of passage, empty where none is passed), ``kt`` a year and
        ``share`` of all that is served at this end, which add up to 1; the largest first.
    """
    prepared, kt = reaction.live.prepared, cargo_of(reaction, zone, end)
    used = np.flatnonzero(kt > 0)
    passages, names = prepared.passages, prepared.routes.network.groups
    first, last = (np.searchsorted(passages.route, used, side) for side in ("left", "right"))
    total: dict[tuple[str, ...], float] = defaultdict(float)
    for route, start, stop in zip(used, first, last, strict=True):
        total[tuple(names[group] for group in passages.group[start:stop])] += float(kt[route])
    frame = pd.DataFrame({"way": list(total), "kt": list(total.values())}).astype({"kt": float})
    frame["share"] = frame["kt"] / frame["kt"].sum()
    return frame.sort_values("kt", ascending=False, kind="stable").reset_index(drop=True)


def on_links(reaction: Reaction, zone: str) -> pd.Series:
    """Cargo in kt a year that begins or ends at a zone, on each link that carries some of it, both directions."""
    prepared = reaction.live.prepared
    network = prepared.routes.network
    sent, received = (cargo_of(reaction, zone, end) for end in ENDS)
    on_arc = prepared.incidence.T @ (sent + received)
    arcs = np.flatnonzero(network.is_link & (on_arc > 0))
    links = network.links["link"].astype(str).to_numpy()[network.row[arcs]]
    summed: pd.Series = pd.Series(on_arc[arcs]).groupby(links).sum()
    return summed
