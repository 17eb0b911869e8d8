"""The ways between two places: cost, time, emissions and share of each, leg by leg."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from karvan import __version__
from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.names import find_place
from karvan.corridor.outcome import Outcome
from karvan.corridor.state import State
from karvan.errors import NoRouteError, UnknownKeyError
from karvan.freight.assignment import Flow
from karvan.freight.equilibrium import Point
from karvan.freight.network.legs import leg_table
from karvan.freight.network.reach import detour_by_gateway, what_would_open
from karvan.freight.network.routes import Pair
from karvan.freight.network.supernetwork import HANDLING_CLASSES
from karvan.freight.prepare import Prepared, prepare
from karvan.freight.tables import route_names, route_rows
from karvan.freight.year import flow_at, year_of
from karvan.schema.nearest import did_you_mean
from karvan.study.resume import input_fingerprints
from karvan.study.solve import Progress, solve_years
from karvan.study.states import BASE, States, states
from karvan.units import TEU_PER_FEU


@dataclass(frozen=True)
class RouteOptions:
    """What cargo, when and in which world.

    An empty commodity is the one that moves most between the two places, else the one that moves most in the class; an
    empty class is the commodity's usual one; no year is the last of the record. ``via`` names gateway groups that a
    route must pass, in any order. ``free_flow`` leaves queues and scarcity prices out.
    """

    commodity: str = ""
    handling_class: str = ""
    year: int | None = None
    scenario: Scenario = BASE
    via: tuple[str, ...] = ()
    free_flow: bool = False


@dataclass(frozen=True)
class RouteAnswer:
    """The alternatives between two places.

    ``alternatives`` has the columns of ``freight.routes`` that belong to a route (route, gateways, legs, countries,
    share, length_km, usd_per_t, usd_per_feu, hours, wait_hours, scarcity_usd_per_t, sd_hours, co2e_kg_per_feu,
    co2e_kg_per_t, borders), the most used first; shares are of the pair, the outside option left out. ``legs`` is as
    :func:`karvan.freight.network.legs.leg_table` gives it, USD and kg a 40-foot box for containers, a tonne elsewhere.
    """

    origin: str
    destination: str
    origin_name: str
    destination_name: str
    commodity: str
    handling_class: str
    year: int
    alternatives: pd.DataFrame
    legs: pd.DataFrame
    warnings: tuple[str, ...] = field(default=())


_OF_ROUTE = [
    "route", "gateways", "legs", "countries", "share", "length_km", "usd_per_t", "usd_per_feu", "hours", "wait_hours",
    "scarcity_usd_per_t", "sd_hours",
    "co2e_kg_per_feu", "co2e_kg_per_t", "borders",
]  # fmt: skip


def routes(
    corridor: Corridor,
    origin: str,
    destination: str,
    options: RouteOptions | None = None,
    solved: Outcome | Point | None = None,
    progress: Progress | None = None,
) -> RouteAnswer:
    """Find the ways between two places and how free choice splits cargo over them at the waits and prices of the year.

    The cargo asked about is marginal: it finds the queues that the demand table makes and adds nothing to them.

    Parameters
    ----------
    corridor
        What is asked.
    origin, destination
        Names, aliases, UN/LOCODEs or keys; case and accents make no difference. Where a place does not load or
        unload the class, the way begins on wheels or ends on arrival, and the answer says so.
    options
        Cargo, year and scenario.
    solved
        A run whose waits and prices are taken, or these themselves in the order of the year's resources; None, or a
        run of other inputs or years: the year is solved first.
    progress
        Called with a text and the share done while a year is solved.

    Returns
    -------
    RouteAnswer
        At least one alternative; shares add up to 1.

    Raises
    ------
    UnknownKeyError
        If a place, commodity or gateway is not known or not the only one of its name.
    NoRouteError
        If no open route joins the places within the bounds; with what would open one.
    """
    wanted = options or RouteOptions()
    places = corridor["places"]
    start, end = find_place(places, origin), find_place(places, destination)
    if start == end:
        raise NoRouteError(f"{origin!r} and {destination!r} are the same place, {start}; name two")
    pair, assumed = _pair(corridor, start, end, wanted)
    year = wanted.year if wanted.year is not None else corridor.info.last_year
    chosen = states(corridor, wanted.scenario, (year,))
    prepared = prepare(chosen.years, chosen.base, chosen.references, [pair], stops=pair[:2])
    point = _point(corridor, chosen, wanted, solved, progress)
    flow = flow_at(prepared, year_of(prepared, chosen.years[0]), point)
    _refuse_unknown_gateways(prepared, wanted.via)
    table = _alternatives(prepared, flow, wanted.via)
    if table.empty:
        raise NoRouteError(_why_none(chosen, prepared, flow, pair, wanted.via))
    per_unit = TEU_PER_FEU if pair.handling_class == "container" else 1.0
    t_per_unit = 1.0 / float(prepared.units_per_t[0])
    legs = leg_table(prepared.routes, flow.arcs, table["route"].tolist(), per_unit, per_unit * t_per_unit)
    name = dict(zip(places["place"], places["name"], strict=True))
    return RouteAnswer(
        start, end, name[start], name[end], pair.commodity, pair.handling_class, year,
        table.reset_index(drop=True), legs, (*assumed, *_stop_warnings(chosen.years[0], pair)),
    )  # fmt: skip


def _point(
    corridor: Corridor, chosen: States, wanted: RouteOptions, solved: Outcome | Point | None, progress: Progress | None
) -> Point:
    """Waits and prices of the year: none, those of a run, or those of the year solved now."""
    keys = chosen.years[0]["resources"]["resource"]
    if wanted.free_flow:
        return Point(np.zeros(len(keys)), np.zeros(len(keys)))
    year = chosen.years[0].year
    if isinstance(solved, Point):
        return solved
    if solved is not None and same_inputs(solved, corridor, wanted.scenario):
        rows = solved["freight.resources"]
        rows = rows.loc[rows["year"] == year].set_index("resource").reindex(keys)
        if rows["wait_hours"].notna().all():
            return Point(rows["wait_hours"].to_numpy(dtype=float), rows["price_usd_per_unit"].to_numpy(dtype=float))
    return solve_years(chosen, progress=progress).years[0].equilibrium.point


def same_inputs(solved: Outcome, corridor: Corridor, scenario: Scenario) -> bool:
    """Whether an outcome was made by this version from this corridor and a scenario that does the same."""
    made = solved.provenance
    return made.version == __version__ and dict(made.fingerprints) == input_fingerprints(corridor, scenario)


def _pair(corridor: Corridor, start: str, end: str, wanted: RouteOptions) -> tuple[Pair, tuple[str, ...]]:
    """The pair asked for, and what was assumed to name it."""
    commodities, demand = corridor["commodities"], corridor["demand"]
    usual = dict(zip(commodities["commodity"], commodities["handling_class"], strict=True))
    if wanted.commodity and wanted.commodity not in usual:
        raise UnknownKeyError(f"no commodity {wanted.commodity!r}; {did_you_mean(wanted.commodity, usual)}")
    if wanted.handling_class and wanted.handling_class not in HANDLING_CLASSES:
        raise UnknownKeyError(f"no handling class {wanted.handling_class!r}; one of {', '.join(HANDLING_CLASSES)}")
    if wanted.commodity:
        return Pair(start, end, wanted.commodity, wanted.handling_class or usual[wanted.commodity]), ()
    rows = demand.loc[(demand["origin"] == start) & (demand["destination"] == end)]
    if wanted.handling_class:
        rows = rows.loc[rows["handling_class"] == wanted.handling_class]
    if rows.empty:
        rows = demand.loc[demand["handling_class"] == (wanted.handling_class or "container")]
    if rows.empty:
        raise UnknownKeyError("the demand table has no cargo to assume; name a commodity and a handling class")
    moved = rows.groupby(["commodity", "handling_class"], as_index=False)["kt"].sum()
    commodity, handling_class = map(str, moved.loc[moved["kt"].idxmax(), ["commodity", "handling_class"]])
    return Pair(start, end, commodity, handling_class), (f"cargo assumed: {commodity} by {handling_class}",)


def _alternatives(prepared: Prepared, flow: Flow, via: tuple[str, ...]) -> pd.DataFrame:
    """Open routes of the only pair that pass every gateway asked for, with shares that add up to 1."""
    if prepared.routes.path_start.size == 1:
        return pd.DataFrame(columns=_OF_ROUTE)
    asked = Flow(**{**vars(flow), "demand_kt": np.ones(1), "kt": flow.shares.route})
    table = route_rows(prepared, asked, route_names(prepared))[_OF_ROUTE]
    for gateway in via:
        table = table.loc[[gateway in text.split(">") for text in table["gateways"]]]
    total = float(table["share"].sum())
    return table.assign(share=table["share"] / total if total > 0 else 0.0).sort_values("share", ascending=False)


def _refuse_unknown_gateways(prepared: Prepared, via: tuple[str, ...]) -> None:
    """Say which gateway does not exist."""
    known = prepared.routes.network.groups
    for gateway in via:
        if gateway not in known:
            raise UnknownKeyError(f"no gateway {gateway!r}; {did_you_mean(gateway, known) or ', '.join(known)}")


def _why_none(chosen: States, prepared: Prepared, flow: Flow, pair: Pair, via: tuple[str, ...]) -> str:
    """Why no route is left, and what would give one."""
    head = f"no route from {pair.origin} to {pair.destination} for {pair.commodity} by {pair.handling_class}"
    state: State = chosen.years[0]
    remedy = what_would_open(state, pair, pair[:2])
    if remedy:
        return f"{head} in {state.year}: {remedy}"
    reasons = [detour_by_gateway(prepared, chosen.references, pair, gateway) for gateway in via or ("",)]
    beside = " by " + " and ".join(via) if via else ""
    open_routes = int(flow.costs.open.sum())
    others = f"; {open_routes} other routes are open" if via and open_routes else ""
    return f"{head}{beside} in {state.year}: {'; '.join(reasons)}{others}"


def _stop_warnings(state: State, pair: Pair) -> tuple[str, ...]:
    """Say at which end nothing is loaded or unloaded, because the tables have no such transfer."""
    transfers = state["transfers"]
    own = transfers.loc[transfers["handling_class"] == pair.handling_class]
    loading = set(own.loc[own["from_mode"] == "zone", "place"])
    unloading = set(own.loc[own["to_mode"] == "zone", "place"])
    told = []
    if pair.origin not in loading:
        told.append(f"{pair.origin} does not load {pair.handling_class} cargo: the way begins there on wheels")
    if pair.destination not in unloading:
        told.append(f"{pair.destination} does not unload {pair.handling_class} cargo: the way ends on arrival there")
    return tuple(told)
