"""Rules that services, fleets, calendars and timetables must keep beyond their schema, alone and beside resources.

A service and the resource that stands for it in freight are one physical thing told twice, so their units, places,
hours and capacity must agree; every difference is a problem with both figures.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan.corridor.checks.findings import Finding, found
from karvan.corridor.corridor import Corridor
from karvan.corridor.opening import open_hours_per_year
from karvan.errors import Problem

ROUNDING_OF_CAPACITY = 0.02
CAPACITY_OF_UNIT = {
    "t": "capacity_t", "TEU": "capacity_teu", "wagons": "capacity_wagons", "trucks": "capacity_trucks"
}  # fmt: skip
_SPREAD = ("exponential", "constant")


def service_moves_or_stands(corridor: Corridor) -> list[Problem]:
    """A service runs over links or stands at a place, not both and not neither."""
    services = corridor["services"]
    wrong = (services["links"] == "") == (services["place"] == "")
    finding = Finding("service without a place", "place", "either links or a place", "fill one of the two in")
    return found("services", services, wrong, finding)


def service_links_chain(corridor: Corridor) -> list[Problem]:
    """Each link of a service begins where the one before ended, in a direction that it has."""
    services, links = corridor["services"], corridor["links"].drop_duplicates("link").set_index("link")
    breaks = [_break(told.split("|"), links) if told else "" for told in services["links"]]
    finding = Finding(
        "links that do not chain",
        "links",
        lambda row: f"links one after another; {row['break']}",
        "put the links in the order of travel, or name the one that is missing",
    )
    return found("services", services.assign(**{"break": breaks}), [text != "" for text in breaks], finding)


def chain_places(keys: list[str], links: pd.DataFrame) -> list[str]:
    """The places that a chain of links passes, in order; shorter than the chain where it breaks.

    ``links`` is indexed by link. A single link runs forward.
    """
    ends = [(str(links["from_place"][key]), str(links["to_place"][key]), bool(links["both_ways"][key])) for key in keys]
    start, end, both = ends[0]
    turned = len(ends) > 1 and both and end not in ends[1][:2] and start in ends[1][:2]
    places = [end, start] if turned else [start, end]
    for start, end, both in ends[1:]:
        if places[-1] == start:
            places.append(end)
        elif places[-1] == end and both:
            places.append(start)
        else:
            break
    return places


def least_load_fits(corridor: Corridor) -> list[Problem]:
    """The least load of a departure is not above what it can take."""
    services = corridor["services"]
    wrong = services["least_units"] > services["capacity_units"]
    finding = Finding(
        "least load above capacity",
        "least_units",
        lambda row: f"at most capacity_units {row['capacity_units']:g}",
        "lower least_units; a departure would wait for ever",
    )
    return found("services", services, wrong, finding)


def departure_has_what_it_needs(corridor: Corridor) -> list[Problem]:
    """A headway service has a headway, one that leaves when full a least load, a timetabled one departures."""
    services = corridor["services"]
    timed = services["service"].isin(corridor["timetables"]["service"])
    headway = Finding("missing value", "headway_h", "hours, as the departure is headway", "fill the cell in")
    least = Finding("missing value", "least_units", "units, as the departure is when_full", "fill the cell in")
    rows = Finding("service without departures", "service", "rows in timetables.csv", "add them, or change departure")
    return (
        found("services", services, (services["departure"] == "headway") & services["headway_h"].isna(), headway)
        + found("services", services, (services["departure"] == "when_full") & services["least_units"].isna(), least)
        + found("services", services, (services["departure"] == "timetable") & ~timed, rows)
    )


def spread_has_deviation(corridor: Corridor) -> list[Problem]:
    """Distributions of two parameters have a standard deviation; quantiles have no column and are not told here."""
    services = corridor["services"]
    needs = ~services["distribution"].isin(_SPREAD) & ~(services["sd_hours"] > 0)
    finding = Finding(
        "missing value",
        "sd_hours",
        lambda row: f"more than 0, as the distribution is {row['distribution']}",
        "fill the cell in, or make the distribution constant",
    )
    told = Finding(
        "distribution without figures", "distribution", "one of mean and deviation",
        "quantiles have no columns in services.csv: take lognormal, erlang or uniform",
    )  # fmt: skip
    quantiles = services["distribution"] == "quantiles"
    return found("services", services, needs & ~quantiles, finding) + found("services", services, quantiles, told)


def ship_service_has_fleet(corridor: Corridor) -> list[Problem]:
    """What circulates has vehicles; a timetabled train needs none, one runs each time."""
    services, fleet = corridor["services"], corridor["fleet"]
    wrong = (services["links"] != "") & (services["departure"] != "timetable")
    finding = Finding("service without vehicles", "service", "a row in fleet.csv", "add its ships or train sets")
    return found("services", services, wrong & ~services["service"].isin(fleet["service"]), finding)


def fleet_has_capacity_in_unit_of_service(corridor: Corridor) -> list[Problem]:
    """A vehicle tells what it takes in the unit of its service."""
    fleet = corridor["fleet"]
    unit = fleet["service"].map(_by_service(corridor, "unit"))
    listed = []
    for name, column in CAPACITY_OF_UNIT.items():
        finding = Finding(
            "fleet in a service of another unit", column, f"a capacity, as its service counts {name}",
            "fill the cell in, or name another service",
        )  # fmt: skip
        listed += found("fleet", fleet, (unit == name) & fleet[column].isna(), finding)
    return listed


def calendar_opens(corridor: Corridor) -> list[Problem]:
    """A calendar is open at some time of the year."""
    calendars = corridor["calendars"]
    first = ~calendars["calendar"].duplicated()
    shut = {key for key in calendars["calendar"].unique() if not open_hours_per_year(calendars, key) > 0}
    finding = Finding("calendar that never opens", "calendar", "some open hour", "see its later rules: they win")
    return found("calendars", calendars, first & calendars["calendar"].isin(shut), finding)


def calendar_rule_has_its_figures(corridor: Corridor) -> list[Problem]:
    """A storm has both means, and opening hours end after they begin."""
    calendars = corridor["calendars"]
    listed = []
    for column in ("mean_open_h", "mean_closed_h"):
        finding = Finding("missing value", column, "hours, as the kind is storm", "fill the cell in")
        listed += found("calendars", calendars, (calendars["kind"] == "storm") & calendars[column].isna(), finding)
    wrong = (calendars["kind"] == "hours") & ~(calendars["open_to_h"] > calendars["open_from_h"])
    finding = Finding(
        "opening that ends before it begins",
        "open_to_h",
        lambda row: f"more than open_from_h {row['open_from_h']:g}",
        "hours over midnight are two rules",
    )
    return listed + found("calendars", calendars, wrong, finding)


def timetable_fits_its_cycle(corridor: Corridor) -> list[Problem]:
    """Departures lie inside the cycle, all of one service have one cycle, and arrivals come after departures."""
    rows = corridor["timetables"]
    outside = Finding(
        "departure outside the cycle", "hour", lambda row: f"below cycle_h {row['cycle_h']:g}", "check both"
    )
    first = _numbers(rows["service"], rows.drop_duplicates("service").set_index("service")["cycle_h"])
    apart = Finding(
        "two cycles of one service",
        "cycle_h",
        lambda row: f"{row['first']:g}, the cycle of its first departure",
        "bring all departures of a service to one cycle",
    )
    early = Finding(
        "arrival before departure",
        "arrival_hour",
        lambda row: f"more than hour {row['hour']:g}",
        "count hours on past the end of the cycle",
    )
    return (
        found("timetables", rows, rows["hour"] >= rows["cycle_h"], outside)
        + found("timetables", rows.assign(first=first), rows["cycle_h"] != first, apart)
        + found("timetables", rows, rows["arrival_hour"] <= rows["hour"], early)
    )


def timetable_belongs_to_service(corridor: Corridor) -> list[Problem]:
    """A departure belongs to a timetabled service, and leaves one of its ends."""
    rows, services = corridor["timetables"], corridor["services"]
    departure = rows["service"].map(_by_service(corridor, "departure"))
    links = corridor["links"].drop_duplicates("link").set_index("link")
    start = {
        service: chain_places(told.split("|"), links)[0]
        for service, told in zip(services["service"], services["links"], strict=True)
        if told and set(told.split("|")) <= set(links.index)
    }
    begins = rows["service"].map(start)
    unused = Finding(
        "departure that nothing uses",
        "service",
        "a service whose departure is timetable",
        "set departure to timetable in services.csv, or remove the row",
    )
    elsewhere = Finding(
        "departure from a place off the way",
        "place",
        lambda row: f"{row['begins']}, where its first link begins",
        "check the place and the order of the links",
    )
    wrong = begins.notna() & (rows["place"] != begins)
    return found("timetables", rows, departure.notna() & (departure != "timetable"), unused) + found(
        "timetables", rows.assign(begins=begins), wrong, elsewhere
    )


def section_covers_its_link(corridor: Corridor) -> list[Problem]:
    """Sections of a link are numbered from 1 without a gap and add up to its length and hours, to 2 %."""
    sections = corridor["sections"].sort_values(["link", "section"])
    links = corridor["links"].drop_duplicates("link").set_index("link")
    listed = []
    for column in ("length_km", "hours"):
        whole = _numbers(sections["link"], links[column])
        total = sections.groupby("link")[column].transform("sum")
        wrong = (sections["section"] == 1) & (np.abs(total - whole) > ROUNDING_OF_CAPACITY * whole)
        finding = Finding(
            "sections disagree with their link",
            column,
            lambda row: f"sums of {row['whole']:g}, as in links.csv; they come to {row['total']:g}",
            "change the sections or the link",
        )
        listed += found("sections", sections.assign(whole=whole, total=total), wrong, finding)
    place = sections.groupby("link").cumcount() + 1
    finding = Finding("gap in the sections", "section", lambda row: f"{row['at']}", "number them from 1 in order")
    return listed + found("sections", sections.assign(at=place), sections["section"] != place, finding)


def service_agrees_with_resource(corridor: Corridor) -> list[Problem]:
    """A service that stands for a resource has its unit, its places and units served at once, its hours and capacity.

    Capacity of what stands = capacity_units x open hours / mean_hours; to 2 %.
    """
    services = _beside_resource(corridor).loc[lambda rows: rows["links"] == ""]
    unit = Finding("unit disagrees with resource", "unit", lambda row: f"{row['its_unit']}", "use one unit for both")
    listed = found("services", services, services["unit"] != services["its_unit"], unit)
    at_once = Finding(
        "places disagree with resource",
        "capacity_units",
        lambda row: f"{row['at_once']:g} = servers x units_per_service of {row['resource']}",
        "change capacity_units or the resource",
    )
    listed += found("services", services, _apart(services["capacity_units"], services["at_once"]), at_once)
    yearly = Finding(
        "capacity disagrees with resource",
        "mean_hours",
        lambda row: (
            f"{row['capacity_per_year']:.6g} units a year as {row['resource']} has; capacity_units x "
            f"{row['open_hours']:.0f} open hours / mean_hours is {row['implied']:.6g}"
        ),
        "change the hours of the calendar, mean_hours or the resource",
    )
    wrong = _apart(services["implied"], services["capacity_per_year"])
    return listed + found("services", services, wrong, yearly)


def fleet_agrees_with_resource(corridor: Corridor) -> list[Problem]:
    """Vehicles of all services of one resource come to its ships, each in loads of its service, to 2 %.

    Vehicles that have left the fleet do not count.
    """
    fleet, services = corridor["fleet"], corridor["services"].drop_duplicates("service").set_index("service")
    ships = corridor["resources"].drop_duplicates("resource").set_index("resource")["ships"]
    unit = fleet["service"].map(services["unit"])
    own = pd.Series(np.nan, index=fleet.index)
    for name, column in CAPACITY_OF_UNIT.items():
        own = own.where(unit != name, fleet[column])
    loads = fleet["count"].astype(float) * own / _numbers(fleet["service"], services["capacity_units"])
    resource = fleet["service"].map(services["resource"])
    total = loads.where(fleet["to"] == "", 0.0).groupby(resource).transform("sum")
    frame = fleet.assign(resource=resource, total=total, ships=_numbers(resource, ships))
    finding = Finding(
        "fleet disagrees with resource",
        "count",
        lambda row: f"{row['ships']:g} ships in all, as {row['resource']} has; its services have {row['total']:g}",
        "change the count, the capacities or the ships of the resource",
    )
    first = ~resource.duplicated()
    return found("fleet", frame, first & _apart(frame["total"], frame["ships"]), finding)


SERVICE_RULES = (
    service_moves_or_stands,
    service_links_chain,
    least_load_fits,
    departure_has_what_it_needs,
    spread_has_deviation,
    ship_service_has_fleet,
    fleet_has_capacity_in_unit_of_service,
    calendar_opens,
    calendar_rule_has_its_figures,
    timetable_fits_its_cycle,
    timetable_belongs_to_service,
    section_covers_its_link,
    service_agrees_with_resource,
    fleet_agrees_with_resource,
)


def _break(keys: list[str], links: pd.DataFrame) -> str:
    """Where a chain of links breaks, in words; empty where it does not or a key is unknown."""
    if any(key not in links.index for key in keys):
        return ""
    passed = chain_places(keys, links)
    if len(passed) == len(keys) + 1:
        return ""
    key = keys[len(passed) - 1]
    return f"{key} runs from {links['from_place'][key]} to {links['to_place'][key]}, the train stands at {passed[-1]}"


def _by_service(corridor: Corridor, column: str) -> pd.Series:
    return corridor["services"].drop_duplicates("service").set_index("service")[column]


def _beside_resource(corridor: Corridor) -> pd.DataFrame:
    """Services that name a resource there is, with the resource's figures and what their own come to."""
    services, calendars = corridor["services"], corridor["calendars"]
    resources = corridor["resources"].drop_duplicates("resource").set_index("resource")
    rows = services.loc[services["resource"].isin(resources.index)]
    its = {name: _numbers(rows["resource"], resources[name]) for name in ("servers", "units_per_service")}
    known = {key: open_hours_per_year(calendars, key) for key in rows["calendar"].unique()}
    hours = _numbers(rows["calendar"], pd.Series(known, dtype=float))
    return rows.assign(
        its_unit=rows["resource"].map(resources["unit"]),
        at_once=its["servers"] * its["units_per_service"],
        capacity_per_year=_numbers(rows["resource"], resources["capacity_per_year"]),
        open_hours=hours,
        implied=rows["capacity_units"] * hours / rows["mean_hours"].where(rows["mean_hours"] > 0),
    )


def _numbers(keys: pd.Series, values: pd.Series) -> pd.Series:
    """The value of each key, missing where there is none."""
    return keys.map(values).astype(float)


def _apart(stated: pd.Series, wanted: pd.Series) -> pd.Series:
    """Where two figures that are both known differ by more than 2 % of the second."""
    return (stated - wanted).abs() > ROUNDING_OF_CAPACITY * wanted.abs()
