"""The supernetwork: where cargo of each handling class can go, and where it changes platform.

A platform is (place, mode, gauge, service). Link arcs join platforms, transfer arcs join platforms of one place;
source and sink of a zone are apart, so nothing passes through a zone. Each handling class has its own nodes and arcs,
numbered one class after the other. The network holds every link that is open in any of the states it is built from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.state import State

SEA_MODES = frozenset({"rail_ferry", "ro_ro", "feeder", "general_cargo", "tanker", "deep_sea"})
HANDLING_CLASSES = ("container", "wagon", "bulk_dry", "tank", "truck")
TRANSFER_KEY = ["place", "from_mode", "from_gauge_mm", "to_mode", "to_gauge_mm", "handling_class"]
HEADINGS = ("westbound", "eastbound")


class Platform(NamedTuple):
    """Where cargo stands: a place, and what it can leave by. Mode ``source`` and ``sink`` are a zone's two sides."""

    place: int
    mode: str
    gauge: int
    service: str


@dataclass(frozen=True)
class Supernetwork:
    """Nodes and arcs of all handling classes.

    Attributes
    ----------
    places, links, transfers
        The tables it was built from: every row that is open in some state, in the values of the first state.
    platforms
        Platform of each node; ``node_class`` its handling class (index into HANDLING_CLASSES).
    first_node, first_arc
        Where the nodes and arcs of each class begin, with the total at the end; shape (classes + 1,).
    tail, head
        Nodes of each arc, shape (arcs,).
    row, back
        Row of the arc in ``links`` (or ``transfers``; -1 at a stop) and whether it runs from to_place to from_place.
    is_link
        Whether the arc is a link.
    group, heading
        Gateway group of the arc (index into ``groups``, -1: no gateway) and its heading (index into HEADINGS).
    zigzag
        Whether the arc may enter a country again.
    groups
        Names of the gateway groups.
    """

    places: pd.DataFrame
    links: pd.DataFrame
    transfers: pd.DataFrame
    platforms: tuple[Platform, ...]
    node_class: NDArray[np.int32]
    first_node: NDArray[np.int32]
    first_arc: NDArray[np.int32]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    row: NDArray[np.int32]
    back: NDArray[np.bool_]
    is_link: NDArray[np.bool_]
    group: NDArray[np.int32]
    heading: NDArray[np.int8]
    zigzag: NDArray[np.bool_]
    groups: tuple[str, ...]

    @property
    def node_place(self) -> NDArray[np.int32]:
        """Row of each node's place in ``places``."""
        return np.array([p.place for p in self.platforms], dtype=np.int32)

    @property
    def arc_class(self) -> NDArray[np.int32]:
        """Handling class of each arc."""
        return self.node_class[self.tail]


class _Arc(NamedTuple):
    tail: int
    head: int
    row: int
    back: bool
    is_link: bool


def build(states: Sequence[State], stops: Sequence[str] = ()) -> Supernetwork:
    """The supernetwork over all links that are open in at least one of the states.

    Parameters
    ----------
    states
        At least one; where states disagree on a value the network's own tables show the first one's.
    stops
        Places to begin or end at that do not load or unload: they get a source before their rail and road platforms
        (before all of them where they have neither) and a sink on arrival at any platform.

    Returns
    -------
    Supernetwork
        With one node for each platform that a link touches and one source and sink for each zone that has a transfer.
    """
    places = states[0]["places"]
    links = _union([s["links"].loc[s["links"]["open"]] for s in states], ["link"])
    transfers = _union([s["transfers"] for s in states], TRANSFER_KEY)
    index = {key: i for i, key in enumerate(places["place"])}
    platforms: list[Platform] = []
    arcs: list[_Arc] = []
    first_node, first_arc = [0], [0]
    for handling_class in HANDLING_CLASSES:
        nodes, more = _class_network(handling_class, links, transfers, index, [index[place] for place in stops])
        arcs += [a._replace(tail=a.tail + len(platforms), head=a.head + len(platforms)) for a in more]
        platforms += nodes
        first_node.append(len(platforms))
        first_arc.append(len(arcs))
    columns = zip(*arcs, strict=True) if arcs else ((), (), (), (), ())
    tail, head, row, back, is_link = (np.array(column) for column in columns)
    node_class = np.repeat(np.arange(len(HANDLING_CLASSES)), np.diff(first_node)).astype(np.int32)
    arc_class = node_class[tail.astype(np.int32)]
    always = set.intersection(*(set(s["links"].loc[s["links"]["open"], "link"]) for s in states))
    telling = [mode in SEA_MODES or key not in always for mode, key in zip(links["mode"], links["link"], strict=True)]
    names = _gateway_names(states[0], links, telling, row, back.astype(bool), np.where(is_link, arc_class, -1))
    groups = tuple(sorted(set(names) - {""}))
    number = {name: i for i, name in enumerate(groups)} | {"": -1}
    return Supernetwork(
        places=places,
        links=links,
        transfers=transfers,
        platforms=tuple(platforms),
        node_class=node_class,
        first_node=np.array(first_node, dtype=np.int32),
        first_arc=np.array(first_arc, dtype=np.int32),
        tail=tail.astype(np.int32),
        head=head.astype(np.int32),
        row=row.astype(np.int32),
        back=back.astype(bool),
        is_link=is_link.astype(bool),
        group=np.array([number[name] for name in names], dtype=np.int32),
        heading=_headings(links, row, back.astype(bool), is_link.astype(bool)),
        zigzag=_taken(links["zigzag"].to_numpy(), row, is_link.astype(bool)),
        groups=groups,
    )


def _union(frames: Sequence[pd.DataFrame], key: list[str]) -> pd.DataFrame:
    """All rows of the frames, the first of each key."""
    if all(frame is frames[0] for frame in frames):
        return frames[0].reset_index(drop=True)
    return pd.concat(frames, ignore_index=True).drop_duplicates(key, ignore_index=True)


def _class_network(
    handling_class: str, links: pd.DataFrame, transfers: pd.DataFrame, index: dict[str, int], stops: list[int]
) -> tuple[list[Platform], list[_Arc]]:
    """Platforms and arcs of one handling class, numbered from 0; links first."""
    number: dict[Platform, int] = {}
    arcs = []
    gauges = links["gauge_mm"].fillna(0).astype(int)
    columns = zip(
        links["from_place"], links["to_place"], links["mode"], gauges, links["service"], links["both_ways"],
        links["handling_classes"], strict=True,
    )  # fmt: skip
    for row, (from_place, to_place, mode, gauge, service, both_ways, classes) in enumerate(columns):
        if handling_class not in classes.split("|"):
            continue
        start = number.setdefault(Platform(index[from_place], mode, gauge, service), len(number))
        end = number.setdefault(Platform(index[to_place], mode, gauge, service), len(number))
        arcs.append(_Arc(start, end, row, False, True))
        if both_ways:
            arcs.append(_Arc(end, start, row, True, True))
    arcs += _transfer_arcs(transfers.loc[transfers["handling_class"] == handling_class], index, number)
    arcs += _stop_arcs(stops, number)
    return list(number), arcs


def _transfer_arcs(rows: pd.DataFrame, index: dict[str, int], number: dict[Platform, int]) -> list[_Arc]:
    """Transfer arcs: every platform of a place that matches a row's modes and gauges, to every other one."""
    standing: dict[tuple[int, str, int], list[int]] = {}
    for platform, node in number.items():
        standing.setdefault((platform.place, platform.mode, platform.gauge), []).append(node)
    from_gauge, to_gauge = rows["from_gauge_mm"].fillna(0).astype(int), rows["to_gauge_mm"].fillna(0).astype(int)
    columns = zip(rows.index, rows["place"], rows["from_mode"], from_gauge, rows["to_mode"], to_gauge, strict=True)
    arcs = []
    for row, place, from_mode, gauge, to_mode, gauge_after in columns:
        at = index[place]
        before, after = standing.get((at, from_mode, gauge), []), standing.get((at, to_mode, gauge_after), [])
        if from_mode == "zone" and after:
            before = [number.setdefault(Platform(at, "source", 0, ""), len(number))]
        if to_mode == "zone" and before:
            after = [number.setdefault(Platform(at, "sink", 0, ""), len(number))]
        arcs += [_Arc(b, a, int(row), False, False) for b in before for a in after if a != b]
    return arcs


def _stop_arcs(stops: list[int], number: dict[Platform, int]) -> list[_Arc]:
    """Free arcs (row -1) between the platforms of a stop and a source and sink, where a zone has none of its own."""
    arcs = []
    for at in stops:
        standing = {p: node for p, node in number.items() if p.place == at and p.mode not in {"source", "sink"}}
        leaving = [node for p, node in standing.items() if p.mode in {"rail", "road"}] or list(standing.values())
        source, sink = Platform(at, "source", 0, ""), Platform(at, "sink", 0, "")
        if leaving and source not in number:
            start = number.setdefault(source, len(number))
            arcs += [_Arc(start, node, -1, False, False) for node in leaving]
        if standing and sink not in number:
            end = number.setdefault(sink, len(number))
            arcs += [_Arc(node, end, -1, False, False) for node in standing.values()]
    return arcs


def _gateway_names(
    state: State,
    links: pd.DataFrame,
    telling: list[bool],
    row: NDArray[np.int32],
    back: NDArray[np.bool_],
    link_class: NDArray[np.int32],
) -> list[str]:
    """Gateway group of each arc, empty where it is no gateway; ``link_class`` is -1 for transfers.

    A gateway is a link that the data name, that uses a resource, or that is ``telling``: at sea, or not open in every
    state. Without a name it is called after the resource, else after itself.
    """
    named, key = links["gateway_group"].tolist(), links["link"].tolist()
    used: dict[tuple[str, str, str], str] = {}
    uses = state["uses"]
    for link, direction, handling_class, resource in zip(
        uses["link"], uses["direction"], uses["handling_class"], uses["resource"], strict=True
    ):
        for way in ("forward", "back") if direction == "both" else (direction,):
            used.setdefault((link, way, handling_class), resource)
    names = []
    for r, is_back, number in zip(row, back, link_class, strict=True):
        if number < 0:
            names.append("")
            continue
        resource = used.get((key[r], "back" if is_back else "forward", HANDLING_CLASSES[number]), "")
        names.append(named[r] or resource or (key[r] if telling[r] else ""))
    return names


def _headings(
    links: pd.DataFrame, row: NDArray[np.int32], back: NDArray[np.bool_], is_link: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """Heading of each arc: the link's forward, the other one back; 0 for transfers."""
    eastbound = _taken((links["heading"] == "eastbound").to_numpy(), row, is_link)
    return np.where(is_link, eastbound ^ back, False).astype(np.int8)


def _taken(values: NDArray[np.bool_], row: NDArray[np.int32], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """``values[row]`` where chosen, else False."""
    result = np.zeros(row.size, dtype=bool)
    result[chosen] = values[row[chosen].astype(np.int64)]
    return result
