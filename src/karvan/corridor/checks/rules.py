"""Rules that a corridor must keep beyond the schema of each table: figures that hang together.

One small function a rule; each answers every row that breaks it with what was expected and how to mend it. Rules on
links, borders, transfers and uses stand in :mod:`karvan.corridor.checks.network_rules`, those on services and what they
work by in :mod:`karvan.corridor.checks.service_rules`, those on trade in :mod:`karvan.corridor.checks.trade_rules`;
those on resources, goods, demand, choice, levers and sources stand here. Rules look at the corridor as written, levers
not applied.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.checks.findings import Finding, found
from karvan.corridor.checks.network_rules import NETWORK_RULES
from karvan.corridor.checks.service_rules import SERVICE_RULES
from karvan.corridor.checks.trade_rules import TRADE_RULES
from karvan.corridor.corridor import Corridor
from karvan.errors import Problem
from karvan.schema.nearest import did_you_mean
from karvan.schema.tables import tables
from karvan.units import HOURS_PER_YEAR

ROUNDING_OF_CAPACITY = 0.02
ROUNDING_OF_TIME_COST = 0.01
_NEEDS = {
    "queue": ("servers", "units_per_service", "service_hours", "hours_open_per_year", "ca2_plus_cs2"),
    "delay": ("delay_h", "delay_power"),
}
_PERIODS = (("open_from", "open_to"), ("from", "to"), ("from_year", "to_year"), ("build_from", "build_to"))


def problems(corridor: Corridor) -> list[Problem]:
    """Everything in which the corridor's tables contradict one another or themselves, rule by rule."""
    return [problem for rule in (*NETWORK_RULES, *RULES, *SERVICE_RULES, *TRADE_RULES) for problem in rule(corridor)]


def resource_has_what_its_behaviour_needs(corridor: Corridor) -> list[Problem]:
    """A queue has servers and service times, a delay its power law."""
    resources = corridor["resources"]
    listed = []
    for behaviour, columns in _NEEDS.items():
        for column in columns:
            wrong = (resources["behaviour"] == behaviour) & resources[column].isna()
            finding = Finding("missing value", column, f"a number, as the behaviour is {behaviour}", "fill the cell in")
            listed += found("resources", resources, wrong, finding)
    return listed


def queue_capacity_agrees_with_servers(corridor: Corridor) -> list[Problem]:
    """Capacity of a queue = servers x units per service x hours open / service hours, to 2 %."""
    resources = corridor["resources"]
    served = resources["servers"].astype(float) * resources["units_per_service"]
    implied = served * resources["hours_open_per_year"] / resources["service_hours"]
    finding = Finding(
        "capacity disagrees with servers",
        "capacity_per_year",
        lambda row: f"{row['implied']:.6g} = servers x units_per_service x hours_open_per_year / service_hours",
        "change capacity_per_year or one of the four",
    )
    wrong = (resources["behaviour"] == "queue") & _apart(resources["capacity_per_year"], implied, ROUNDING_OF_CAPACITY)
    return found("resources", resources.assign(implied=implied), wrong, finding)


def slots_capacity_agrees_with_ships(corridor: Corridor) -> list[Problem]:
    """Capacity of slots = ships x 8,760 / cycle x payload, to 2 %."""
    resources = corridor["resources"]
    implied = resources["ships"] * HOURS_PER_YEAR / resources["cycle_h"] * resources["payload"]
    finding = Finding(
        "capacity disagrees with ships",
        "capacity_per_year",
        lambda row: f"{row['implied']:.6g} = ships x 8760 / cycle_h x payload",
        "change capacity_per_year or one of the three",
    )
    wrong = (resources["behaviour"] == "slots") & _apart(resources["capacity_per_year"], implied, ROUNDING_OF_CAPACITY)
    return found("resources", resources.assign(implied=implied), wrong, finding)


def headway_agrees_with_ships(corridor: Corridor) -> list[Problem]:
    """Headway of slots = cycle / ships, to 2 %."""
    resources = corridor["resources"]
    implied = resources["cycle_h"] / resources["ships"].where(resources["ships"] > 0)
    finding = Finding(
        "headway disagrees with ships",
        "headway_h",
        lambda row: f"{row['implied']:.6g} = cycle_h / ships",
        "change headway_h, cycle_h or ships",
    )
    wrong = (resources["behaviour"] == "slots") & _apart(resources["headway_h"], implied, ROUNDING_OF_CAPACITY)
    return found("resources", resources.assign(implied=implied), wrong, finding)


def background_leaves_room(corridor: Corridor) -> list[Problem]:
    """Background load stays below the capacity that may be used."""
    resources = corridor["resources"]
    room = resources["capacity_per_year"] * resources["max_utilisation"].fillna(1.0)
    finding = Finding(
        "background above capacity",
        "background_per_year",
        lambda row: f"at most {row['room']:.6g} = capacity_per_year x max_utilisation",
        "check both figures, and that no modelled cargo is in the background",
    )
    return found("resources", resources.assign(room=room), resources["background_per_year"] > room, finding)


def time_cost_agrees_with_ad_valorem(corridor: Corridor) -> list[Problem]:
    """Trade's USD a tonne-day = ad valorem rate x value, to 1 %; the choice value is another thing and is not held."""
    goods = corridor["commodities"]
    implied = goods["ad_valorem_pct_per_day"] / 100 * goods["value_usd_per_t"]
    finding = Finding(
        "time cost disagrees with ad valorem rate",
        "usd_per_t_day",
        lambda row: f"{row['implied']:.6g} = ad_valorem_pct_per_day / 100 x value_usd_per_t",
        "change one of the three",
    )
    wrong = _apart(goods["usd_per_t_day"], implied, ROUNDING_OF_TIME_COST)
    return found("commodities", goods.assign(implied=implied), wrong, finding)


def demand_runs_between_zones(corridor: Corridor) -> list[Problem]:
    """Cargo begins and ends at zones, and not where it began."""
    demand, places = corridor["demand"], corridor["places"]
    others = set(places.loc[~places["zone"], "place"])
    listed = []
    for end in ("origin", "destination"):
        finding = Finding(
            "demand at a place that is no zone", end, "a place with zone = yes", "set zone to yes in places.csv"
        )
        listed += found("demand", demand, demand[end].isin(others), finding)
    finding = Finding("demand from a place to itself", "destination", "another place than origin", "remove the row")
    return listed + found("demand", demand, demand["origin"] == demand["destination"], finding)


def choice_group_exists(corridor: Corridor) -> list[Problem]:
    """A constant belongs to a gateway group of some link; a link or resource without a group is its own."""
    choice, links = corridor["choice"], corridor["links"]
    groups = set(links["gateway_group"]) - {""}
    known = groups | set(links["link"]) | set(corridor["resources"]["resource"])
    finding = Finding(
        "gateway group that no link has",
        "gateway_group",
        "a gateway_group of links.csv",
        lambda row: did_you_mean(str(row["gateway_group"]), groups),
    )
    return found("choice", choice, ~choice["gateway_group"].isin(known), finding)


def choice_has_constant_of_its_class(corridor: Corridor) -> list[Problem]:
    """Boxes have a constant a TEU, everything else one a tonne."""
    choice = corridor["choice"]
    boxes = choice["handling_class"] == "container"
    teu = Finding("missing value", "constant_usd_per_teu", "USD/TEU, as the class is container", "fill the cell in")
    tonne = Finding("missing value", "constant_usd_per_t", "USD/t, as the class is not container", "fill the cell in")
    return found("choice", choice, boxes & choice["constant_usd_per_teu"].isna(), teu) + found(
        "choice", choice, ~boxes & choice["constant_usd_per_t"].isna(), tonne
    )


def lever_names_table_and_column(corridor: Corridor) -> list[Problem]:
    """A lever changes a table and a column that schemas know."""
    levers, known = corridor["levers"], tables("inputs")
    unknown = ~levers["table"].isin(list(known))
    finding = Finding(
        "unknown table", "table", "a table of a corridor", lambda row: did_you_mean(str(row["table"]), known)
    )
    listed = found("levers", levers, unknown & (levers["table"] != ""), finding)
    missing = [
        table in known and column not in ("", *known[table].column_names)
        for table, column in zip(levers["table"], levers["column"], strict=True)
    ]
    finding = Finding(
        "unknown column",
        "column",
        lambda row: f"a column of {row['table']}",
        lambda row: did_you_mean(str(row["column"]), known[str(row["table"])].column_names),
    )
    return listed + found("levers", levers, missing, finding)


def period_ends_after_it_begins(corridor: Corridor) -> list[Problem]:
    """The last year or day in force is not before the first."""
    listed = []
    for name in corridor:
        frame = corridor[name]
        for first, last in _PERIODS:
            if first not in frame or last not in frame:
                continue
            starts, ends = frame[first].astype("str").fillna(""), frame[last].astype("str").fillna("")
            wrong = [a != "" and b != "" and b < a[: len(b)] for a, b in zip(starts, ends, strict=True)]
            finding = Finding(
                "period that ends before it begins",
                last,
                lambda row, first=first: f"not before {first} {row[first]}",  # type: ignore[misc]  # bound for this turn
                "check both",
            )
            listed += found(name, frame, wrong, finding)
    return listed


def source_has_citation(corridor: Corridor) -> list[Problem]:
    """A source says who, what and when."""
    sources = corridor["sources"]
    finding = Finding("source without citation", "citation", "who, what, when", "write the citation")
    return found("sources", sources, sources["citation"].str.strip(" .-?") == "", finding)


RULES = (
    resource_has_what_its_behaviour_needs,
    queue_capacity_agrees_with_servers,
    slots_capacity_agrees_with_ships,
    headway_agrees_with_ships,
    background_leaves_room,
    time_cost_agrees_with_ad_valorem,
    demand_runs_between_zones,
    choice_group_exists,
    choice_has_constant_of_its_class,
    lever_names_table_and_column,
    period_ends_after_it_begins,
    source_has_citation,
)


def _apart(stated: pd.Series, implied: pd.Series, tolerance: float) -> NDArray[np.bool_]:
    """Where two figures that are both known differ by more than a share of the second."""
    a, b = stated.to_numpy(dtype=float, na_value=np.nan), implied.to_numpy(dtype=float, na_value=np.nan)
    known = ~np.isnan(a) & ~np.isnan(b)
    return np.asarray(known & (np.abs(a - b) > tolerance * np.abs(b)))
