"""What each arc of the supernetwork costs in one state: money, hours, emissions, and the resources it uses.

Money and use are per unit of a class: a TEU for containers, a tonne for every other class. Boarding a service costs
half its headway times (1 + cv^2), the mean wait of cargo that comes at any time (Osuna and Newell 1972, Control
strategies for an idealized public transportation system). A border's hours, both sides once, lie on the link that
crosses it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from karvan.corridor.state import State
from karvan.freight.network.supernetwork import HANDLING_CLASSES, TRANSFER_KEY, Supernetwork
from karvan.units import HOURS_PER_DAY, KG_PER_G, TEU_PER_FEU

HEADWAY_CV = 0.4
CONTAINER = HANDLING_CLASSES.index("container")


@dataclass(frozen=True)
class ArcCosts:
    """Costs of all arcs in one state; every array has shape (arcs,).

    ``usd`` is per unit of the class, ``co2e_kg_per_t`` per tonne, the hours are per passage and add up to ``hours``
    (those in queues are 0 until a year is solved);
    ``open`` says whether the arc can be used.
    """

    usd: NDArray[np.float64]
    hours_moving: NDArray[np.float64]
    hours_border: NDArray[np.float64]
    hours_handling: NDArray[np.float64]
    hours_boarding: NDArray[np.float64]
    hours_waiting: NDArray[np.float64]
    co2e_kg_per_t: NDArray[np.float64]
    open: NDArray[np.bool_]

    @property
    def hours(self) -> NDArray[np.float64]:
        """All hours of a passage, those in queues included where they are known."""
        served = self.hours_moving + self.hours_border + self.hours_handling + self.hours_boarding
        return served + self.hours_waiting


def arc_costs(network: Supernetwork, state: State) -> ArcCosts:
    """Costs of every arc in a state.

    Links that the state does not have, or has closed, keep the values the network was built with and are not open.

    Parameters
    ----------
    network
        Built from this state among others.
    state
        Tables of one year.

    Returns
    -------
    ArcCosts
        Non-negative except ``usd``, which is what the tables say.
    """
    links, link_open = _aligned(network.links, state["links"], ["link"])
    transfers, transfer_open = _aligned(network.transfers, state["transfers"], TRANSFER_KEY)
    link_values = _link_values(network, state, links)
    transfer_values = _transfer_values(network, state, transfers)
    on_link = network.is_link
    pick = {name: np.where(on_link, link_values[name], transfer_values[name]) for name in link_values}
    is_open = np.where(
        on_link,
        _at(link_open & links["open"].to_numpy(), network.row, on_link),
        _at(transfer_open, network.row, ~on_link) | (network.row < 0),
    )
    return ArcCosts(
        usd=pick["usd"],
        hours_moving=pick["moving"],
        hours_border=pick["border"],
        hours_handling=pick["handling"],
        hours_boarding=pick["boarding"],
        hours_waiting=np.zeros(network.tail.size),
        co2e_kg_per_t=pick["co2e"],
        open=is_open.astype(bool),
    )


def generalised(costs: ArcCosts, units_per_t: float, usd_per_t_hour: float) -> NDArray[np.float64]:
    """Generalised cost of every arc in USD/t: money per tonne plus the value of its hours."""
    return costs.usd * units_per_t + usd_per_t_hour * costs.hours


def usage(network: Supernetwork, state: State) -> csr_matrix:
    """Units of each resource that one unit of a class takes on each arc, shape (arcs, resources).

    Resources are numbered as in the state's table. Containers count by ``units_per_teu``, other classes by
    ``units_per_t``.
    """
    uses, resources = state["uses"], state["resources"]
    number = {key: i for i, key in enumerate(resources["resource"])}
    amount = np.where(uses["handling_class"] == "container", uses["units_per_teu"], uses["units_per_t"])
    amounts = np.nan_to_num(amount.astype(float)).tolist()
    entries = [(number[key], value) for key, value in zip(uses["resource"], amounts, strict=True)]
    on_links: dict[tuple[str, str, str], list[tuple[int, float]]] = {}
    on_transfers: dict[tuple[str, str, str, str], list[tuple[int, float]]] = {}
    names = ("link", "place", "from_mode", "to_mode", "direction", "handling_class")
    for link, place, from_mode, to_mode, direction, handling_class, entry in zip(
        *(uses[name] for name in names), entries, strict=True
    ):
        if link:
            for way in ("forward", "back") if direction == "both" else (direction,):
                on_links.setdefault((link, way, handling_class), []).append(entry)
        else:
            on_transfers.setdefault((place, from_mode, to_mode, handling_class), []).append(entry)
    taken = _usage_entries(network, on_links, on_transfers)
    rows, columns = (np.array([entry[side] for entry in taken], dtype=np.int64) for side in (0, 1))
    values = np.array([value for _, _, value in taken], dtype=np.float64)
    return csr_matrix((values, (rows, columns)), shape=(network.tail.size, len(number)))


def _usage_entries(
    network: Supernetwork,
    on_links: dict[tuple[str, str, str], list[tuple[int, float]]],
    on_transfers: dict[tuple[str, str, str, str], list[tuple[int, float]]],
) -> list[tuple[int, int, float]]:
    """(arc, resource, units) of every use."""
    link_keys = network.links["link"].tolist()
    transfer_keys = list(
        zip(
            network.transfers["place"], network.transfers["from_mode"], network.transfers["to_mode"],
            network.transfers["handling_class"], strict=True,
        )
    )  # fmt: skip
    arc_class = network.arc_class
    entries = []
    for arc in range(network.tail.size):
        row = network.row[arc]
        if network.is_link[arc]:
            way = "back" if network.back[arc] else "forward"
            found = on_links.get((link_keys[row], way, HANDLING_CLASSES[arc_class[arc]]), ())
        else:
            found = on_transfers.get(transfer_keys[row], ()) if row >= 0 else ()
        entries += [(arc, resource, value) for resource, value in found]
    return entries


def _aligned(own: pd.DataFrame, given: pd.DataFrame, key: list[str]) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """The given rows in the order of ``own``, own rows where they lack; and whether the given frame has each."""
    if own is given:
        return given, np.ones(len(own), dtype=bool)
    position = _keys(given, key).get_indexer(_keys(own, key))
    found = position >= 0
    rows = given.iloc[np.maximum(position, 0)].reset_index(drop=True)
    if not found.all():
        rows = rows.where(pd.Series(found), own)
    return rows, found


def _keys(frame: pd.DataFrame, key: list[str]) -> pd.Index:
    """One text a row that names it."""
    text = frame[key[0]].astype(str)
    for name in key[1:]:
        text = text + "\x1f" + frame[name].astype(str).fillna("")
    return pd.Index(text)


def _at(values: NDArray[np.bool_], row: NDArray[np.int32], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """``values[row]`` where chosen, else False; rows of the other table may be out of range."""
    return values[np.where(chosen, row, 0)] & chosen if values.size else np.zeros(row.size, dtype=bool)


def _link_values(network: Supernetwork, state: State, links: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Values of every arc as if it were a link."""
    row = np.where(network.is_link, network.row, 0)
    back = network.back
    container = network.arc_class == CONTAINER
    forward_usd = links["usd_per_feu"].to_numpy(float)
    back_usd = links["usd_per_feu_back"].to_numpy(float)
    back_usd = np.where(np.isnan(back_usd), forward_usd, back_usd)
    per_feu = np.where(back, back_usd[row], forward_usd[row])
    per_t = links["usd_per_t"].to_numpy(float)[row]
    border = _border_hours(state, links)
    loose = (links["service"] == "").to_numpy()
    headway = np.where(loose, np.nan_to_num(links["headway_h"].to_numpy(float)), 0.0)
    grams = _grams_per_tkm(state, links) * links["length_km"].to_numpy(float)
    return {
        "usd": np.where(container, per_feu / TEU_PER_FEU, per_t),
        "moving": links["hours"].to_numpy(float)[row],
        "border": np.where(back, border[1][row], border[0][row]),
        "handling": np.zeros(row.size),
        "boarding": boarding_hours(headway[row], headway_cv(state)),
        "co2e": (grams * KG_PER_G)[row],
    }


def _transfer_values(network: Supernetwork, state: State, transfers: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Values of every arc as if it were a transfer."""
    row = np.where(network.is_link, 0, network.row)
    size = row.size
    nothing = np.zeros(size)
    if transfers.empty:
        return dict.fromkeys(("usd", "moving", "border", "handling", "boarding", "co2e"), nothing)
    handled = (row >= 0).astype(float)
    container = network.arc_class == CONTAINER
    usd = np.where(
        container, transfers["usd_per_teu"].to_numpy(float)[row], transfers["usd_per_t"].to_numpy(float)[row]
    )
    headway = _service_headway(network, state)
    return {
        "usd": np.nan_to_num(usd) * handled,
        "moving": nothing,
        "border": nothing,
        "handling": transfers["hours"].to_numpy(float)[row] * handled,
        "boarding": boarding_hours(headway[network.head], headway_cv(state)),
        "co2e": _handling_kg_per_t(state) * handled,
    }


def boarding_hours(headway_h: NDArray[np.float64], cv: float) -> NDArray[np.float64]:
    """Mean wait for a departure, headway/2 x (1 + cv^2), in hours.

    >>> boarding_hours(np.array([168.0]), 0.0).tolist()
    [84.0]
    """
    return headway_h / 2.0 * (1.0 + cv * cv)


def usd_per_t_hour(commodities: pd.DataFrame) -> dict[str, float]:
    """Choice value of time of each commodity in USD per tonne and hour."""
    return dict(zip(commodities["commodity"], commodities["choice_usd_per_t_day"] / HOURS_PER_DAY, strict=True))


def headway_cv(state: State) -> float:
    """Coefficient of variation of departures."""
    return state.parameter("headway_cv", HEADWAY_CV)


def _service_headway(network: Supernetwork, state: State) -> NDArray[np.float64]:
    """Shortest headway of the links of its service that leave a platform, shape (nodes,); 0 without one."""
    headway_of = dict(zip(state["links"]["link"], state["links"]["headway_h"], strict=True))
    own = np.array([headway_of.get(link, np.nan) for link in network.links["link"]])
    named = (network.links["service"] != "").to_numpy() & ~np.isnan(own)
    result = np.full(network.node_class.size, np.inf)
    arcs = np.flatnonzero(network.is_link)
    arcs = arcs[named[network.row[arcs]]]
    np.minimum.at(result, network.tail[arcs], own[network.row[arcs]])
    return np.where(np.isinf(result), 0.0, result)


def _border_hours(state: State, links: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Hours of both sides, forward and back, of each link; 0 where the table has no row."""
    borders = state["borders"].set_index("link")
    found = borders.reindex(links["link"])
    forward = np.nan_to_num(found["hours_forward"].to_numpy(float))
    back = found["hours_back"].to_numpy(float)
    return forward, np.where(np.isnan(back), forward, back)


def _grams_per_tkm(state: State, links: pd.DataFrame) -> NDArray[np.float64]:
    """Well-to-wheel emissions of each link in g/tkm; 0 where modes has no row (``check`` names those)."""
    modes = state["modes"]
    factor = {(m, t): g for m, t, g in zip(modes["mode"], modes["traction"], modes["gco2e_per_tkm"], strict=True)}
    keys = zip(links["mode"], links["traction"], strict=True)
    return np.nan_to_num(np.array([factor.get(key, 0.0) for key in keys], dtype=np.float64))


def _handling_kg_per_t(state: State) -> float:
    """Emissions of one handling in kg/t, of the modes row ``hub``; 0 without one."""
    modes = state["modes"]
    found = modes.loc[modes["mode"] == "hub", "kgco2e_per_t_handled"]
    return 0.0 if found.empty else float(found.iloc[0])
