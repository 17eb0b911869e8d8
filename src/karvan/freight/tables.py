"""Outcome tables of freight: pairs, routes, flows, gateways and resources of each year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.outcome import outcome_table
from karvan.freight.assignment import Flow
from karvan.freight.choice import logsum_with_outside
from karvan.freight.empties import EMPTY_BOXES
from karvan.freight.network.legs import countries_of, gateways_of, places_of_legs
from karvan.freight.network.supernetwork import HANDLING_CLASSES, HEADINGS
from karvan.freight.prepare import Prepared
from karvan.freight.solved import SolvedYear
from karvan.units import T_PER_KT, TEU_PER_FEU

BINDING_MARGIN = 1e-6
Spread = Callable[[Callable[[Flow], pd.DataFrame], Iterable[Flow]], Iterable[pd.DataFrame]]


@dataclass(frozen=True)
class RouteNames:
    """What every year's route table says alike: texts, length and borders of each route."""

    gateways: pd.Series
    legs: pd.Series
    countries: pd.Series
    borders: NDArray[np.int64]
    length_km: NDArray[np.float64]


def route_names(prepared: Prepared) -> RouteNames:
    """Texts and lengths of all routes."""
    network, routes = prepared.routes.network, prepared.routes
    countries = countries_of(routes)
    km = np.where(network.is_link, network.links["length_km"].to_numpy()[np.where(network.is_link, network.row, 0)], 0)
    return RouteNames(
        gateways=pd.Series(gateways_of(routes).joined(), dtype="str"),
        legs=pd.Series(places_of_legs(routes).joined(), dtype="str"),
        countries=pd.Series(countries.joined(), dtype="str"),
        borders=np.diff(countries.cuts) - 1,
        length_km=prepared.incidence @ km,
    )


def freight_tables(
    prepared: Prepared, flows: Sequence[Flow], solved: Sequence[SolvedYear] = (), spread: Spread = map
) -> dict[str, pd.DataFrame]:
    """All outcome tables of freight, years one after the other.

    Parameters
    ----------
    prepared
        Routes of all pairs.
    flows
        One year each.
    solved
        The equilibria of the same years; none: free flow, so that waits, prices and values stay missing.
    spread
        Makes the route tables of the years, one after the other as ``map`` or at the same time, in order.

    Returns
    -------
    dict
        ``freight.pairs``, ``freight.routes``, ``freight.flows``, ``freight.gateways``, ``freight.resources``.
    """
    names, cells = route_names(prepared), gateway_cells(prepared)
    answers: Sequence[SolvedYear | None] = solved or [None] * len(flows)
    parts = {
        "freight.pairs": [pair_rows(prepared, flow) for flow in flows],
        "freight.routes": list(spread(lambda flow: route_rows(prepared, flow, names), flows)),
        "freight.flows": [flow_rows(prepared, flow) for flow in flows],
        "freight.gateways": [gateway_rows(prepared, flow, cells) for flow in flows],
        "freight.resources": [resource_rows(flow, answer) for flow, answer in zip(flows, answers, strict=True)],
    }
    return {name: outcome_table(name, pd.concat(frames, ignore_index=True)) for name, frames in parts.items()}


def pair_rows(prepared: Prepared, flow: Flow) -> pd.DataFrame:
    """``freight.pairs`` of one year without empties: means over what is served, missing where nothing is."""
    served = flow.demand_kt * (1.0 - flow.shares.outside)
    some = served > 0
    logsum = np.where(np.isfinite(flow.shares.logsum_usd_per_t), flow.shares.logsum_usd_per_t, np.nan)
    table = prepared.routes.pairs.assign(
        year=flow.state.year,
        demand_kt=flow.demand_kt,
        served_kt=served,
        unserved_kt=flow.demand_kt * flow.shares.outside,
        logsum_usd_per_t=np.where(some, logsum, np.nan),
        mean_usd_per_t=_mean(prepared, flow, flow.costs.usd_per_t, served),
        mean_hours=_mean(prepared, flow, flow.costs.hours, served),
        sd_hours=_mean(prepared, flow, flow.costs.sd_hours, served),
        co2e_kg_per_t=_mean(prepared, flow, flow.costs.co2e_kg_per_t, served),
        users_usd=-T_PER_KT * flow.demand_kt * logsum_with_outside(prepared.choice, flow.shares),
    )
    return table.loc[(flow.demand_kt > 0) & ~_empty(prepared)]


def _empty(prepared: Prepared) -> NDArray[np.bool_]:
    """Which pairs are empty boxes."""
    return (prepared.routes.pairs["commodity"] == EMPTY_BOXES).to_numpy()


def _mean(
    prepared: Prepared, flow: Flow, values: NDArray[np.float64], served: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Mean of a route attribute over the served cargo of each pair."""
    total = np.bincount(prepared.routes.pair_of_route, weights=flow.kt * values, minlength=served.size)
    mean = np.full(served.size, np.nan)
    np.divide(total, served, out=mean, where=served > 0)
    return mean


def route_rows(prepared: Prepared, flow: Flow, names: RouteNames) -> pd.DataFrame:
    """``freight.routes`` of one year: the open routes of every pair with demand, empties left out."""
    told = flow.costs.open & ((flow.demand_kt > 0) & ~_empty(prepared))[prepared.routes.pair_of_route]
    route = np.flatnonzero(told)
    pair = prepared.routes.pair_of_route[route]
    pairs, costs = prepared.routes.pairs, flow.costs
    container = (pairs["handling_class"] == "container").to_numpy()[pair]
    t_per_feu = np.where(container, TEU_PER_FEU / prepared.units_per_t[pair], np.nan)
    return pairs.iloc[pair].assign(
        year=flow.state.year,
        route=route,
        gateways=names.gateways.iloc[route].array,
        legs=names.legs.iloc[route].array,
        countries=names.countries.iloc[route].array,
        share=flow.shares.route[route],
        kt=flow.kt[route],
        length_km=names.length_km[route],
        usd_per_t=costs.usd_per_t[route],
        usd_per_feu=costs.usd_per_t[route] * t_per_feu,
        hours=costs.hours[route],
        wait_hours=costs.wait_hours[route],
        scarcity_usd_per_t=costs.scarcity_usd_per_t[route],
        sd_hours=costs.sd_hours[route],
        co2e_kg_per_feu=costs.co2e_kg_per_t[route] * t_per_feu,
        co2e_kg_per_t=costs.co2e_kg_per_t[route],
        borders=names.borders[route],
    )


def flow_rows(prepared: Prepared, flow: Flow) -> pd.DataFrame:
    """``freight.flows`` of one year: cargo on every link and direction that carries some."""
    network = prepared.routes.network
    empty = _empty(prepared)[prepared.routes.pair_of_route]
    kt, teu, empties = (
        prepared.incidence.T @ values
        for values in (np.where(empty, 0.0, flow.kt), np.where(empty, 0.0, flow.teu), np.where(empty, flow.teu, 0.0))
    )
    used = np.flatnonzero(network.is_link & (kt + empties > 0))
    classes = np.array(HANDLING_CLASSES)
    return pd.DataFrame(
        {
            "year": flow.state.year,
            "link": network.links["link"].to_numpy()[network.row[used]],
            "direction": np.where(network.back[used], "back", "forward"),
            "handling_class": classes[network.arc_class[used]],
            "kt": kt[used],
            "teu": teu[used],
            "empty_teu": empties[used],
        }
    )


@dataclass(frozen=True)
class GatewayCells:
    """What every year's gateway table says alike: ``key`` has a row a cell, ``cell`` (passages,) the row of each."""

    key: pd.DataFrame
    cell: NDArray[np.intp]


def gateway_cells(prepared: Prepared) -> GatewayCells:
    """Group, heading, commodity, class and countries of every passage, each combination once, sorted."""
    network, passages = prepared.routes.network, prepared.passages
    pair = prepared.routes.pair_of_route[passages.route]
    country = dict(zip(network.places["place"], network.places["country"], strict=True))
    pairs = prepared.routes.pairs
    codes = pd.DataFrame({"group": passages.group, "heading": passages.heading, "pair": pair})
    each = codes.drop_duplicates().reset_index(drop=True)
    key = pd.DataFrame(
        {
            "gateway_group": np.array(network.groups, dtype=object)[each["group"]],
            "heading": np.array(HEADINGS)[each["heading"]],
            "commodity": pairs["commodity"].to_numpy()[each["pair"]],
            "handling_class": pairs["handling_class"].to_numpy()[each["pair"]],
            "origin_country": pairs["origin"].map(country).to_numpy()[each["pair"]],
            "destination_country": pairs["destination"].map(country).to_numpy()[each["pair"]],
        }
    )
    cells = key.drop_duplicates().sort_values(list(key.columns)).reset_index(drop=True)
    row = pd.MultiIndex.from_frame(cells).get_indexer(pd.MultiIndex.from_frame(key))
    return GatewayCells(cells, row[pd.MultiIndex.from_frame(each).get_indexer(pd.MultiIndex.from_frame(codes))])


def gateway_rows(prepared: Prepared, flow: Flow, known: GatewayCells | None = None) -> pd.DataFrame:
    """``freight.gateways`` of one year, by what :func:`gateway_cells` gives; it is made now if it is not at hand."""
    cells = known or gateway_cells(prepared)
    route = prepared.passages.route
    boxes_only = _empty(prepared)[prepared.routes.pair_of_route[route]]
    kt, teu = flow.kt[route], flow.teu[route]
    amounts = {"kt": np.where(boxes_only, 0.0, kt), "teu": np.where(boxes_only, 0.0, teu), "boxes_teu": teu}
    summed = {name: np.bincount(cells.cell, values, len(cells.key)) for name, values in amounts.items()}
    table = cells.key.assign(**summed, year=flow.state.year)
    return table.loc[summed["kt"] + summed["boxes_teu"] > 0].reset_index(drop=True)


def resource_rows(flow: Flow, solved: SolvedYear | None = None) -> pd.DataFrame:
    """``freight.resources`` of one year: load beside capacity, and at an equilibrium waits, prices and values."""
    resources = flow.state["resources"]
    load = flow.taken.by_route.T @ flow.units
    capacity = resources["capacity_per_year"].to_numpy(float)
    background = np.nan_to_num(resources["background_per_year"].to_numpy(float))
    total = load + background
    utilisation = np.divide(total, capacity, out=np.where(total > 0, np.inf, 0.0), where=capacity > 0)
    limit = resources["max_utilisation"].fillna(1.0).to_numpy(float)
    return pd.DataFrame(
        {
            "year": flow.state.year,
            "resource": resources["resource"],
            "unit": resources["unit"],
            "capacity": capacity,
            "load": load,
            "background": background,
            "utilisation": utilisation,
            **_worth(solved, capacity),
            "binding": utilisation >= limit - BINDING_MARGIN,
        }
    )


def _worth(solved: SolvedYear | None, capacity: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Waits, prices and values of all resources; missing in free flow."""
    names = (
        "wait_hours", "price_usd_per_unit", "value_usd_per_unit", "value_usd_per_percent", "users_usd_per_percent",
        "far_outside_usd_per_percent", "rent_usd",
    )  # fmt: skip
    if solved is None:
        return dict.fromkeys(names, np.full(capacity.size, np.nan))
    percent = 0.01 * capacity
    point, worth = solved.equilibrium.point, solved.worth
    figures = (
        point.wait, point.price, worth.usd_per_unit, worth.usd_per_unit * percent, worth.users_usd_per_unit * percent,
        solved.far_worth.usd_per_unit * percent, worth.rent_usd,
    )  # fmt: skip
    return dict(zip(names, figures, strict=True))


def unserved_share(flow: Flow) -> float:
    """Share of the year's demand that the outside option takes."""
    total = float(flow.demand_kt.sum())
    return float((flow.demand_kt * flow.shares.outside).sum()) / total if total > 0 else 0.0
