"""What a run says in a few labelled lines, the same for the terminal and the page.

Four lines answer for cargo, power, trade and agreements; what the corridor has no tables for, or no model has computed,
is said and not guessed. The details of cargo stand below them.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.corridor.reported import REPORTED, standing
from karvan.report import numbers, tables

ABSENT = "not in this corridor"
_TRADE = ("trade", "tariffs", "economies", "sectors")
_HOURS_SOLVED = {"weeks": "four weeks", "year": "all hours"}
_YEAR_DIGITS = 4
Lines = list[tuple[str, str]]


def four_lines(outcome: Outcome, corridor: Corridor, year: int) -> Lines:
    """The answer in four lines: cargo, power, trade, agreements."""
    return [
        ("Cargo", _cargo(outcome, year)),
        ("Power", _power(outcome, corridor, year)),
        ("Trade", _trade(corridor)),
        ("Agreements", _agreements(corridor)),
    ]


def details(outcome: Outcome, corridor: Corridor, year: int) -> Lines:
    """More about the cargo of a year; empty where the outcome has no pairs."""
    if tables.of_year(outcome["freight.pairs"], year).empty:
        return []
    ways = tables.gateways(outcome, corridor, year)
    return [
        ("Boxes", _largest(ways, "teu", "TEU") or "none"),
        ("Other cargo", _largest(ways, "kt_other", "kt") or "none"),
        ("Capacity", _capacity(tables.bottlenecks(outcome, corridor, year))),
    ]


def when(corridor: Corridor, year: int) -> str:
    """What kind of figures a year has: modelled, beside a record or after it ends."""
    last = corridor.info.last_year
    return "modelled" if year <= last else f"modelled, a projection: the record ends in {last}, demand grows by rates"


def cautions(outcome: Outcome, year: int) -> list[str]:
    """Which years did not converge, the one that is shown first; none where all did."""
    failed = {part.part.split()[-1]: part.residual for part in outcome.convergence if not part.converged}
    told = []
    if str(year) in failed:
        told.append(
            f"{year} did not converge (residual {failed.pop(str(year)):.1e} of capacity): the figures are where the"
            " search stopped, no equilibrium; waits, prices and worths may be far off."
        )
    if failed:
        others = numbers.years(int(text) for text in failed if text.isdecimal())
        told.append(f"Nor did {others}." if told else f"{others} did not converge: their figures are no equilibrium.")
    return told


def folded(warnings: Iterable[str]) -> list[str]:
    """Warnings that differ in their year alone as one, with all its years.

    >>> folded(["2024: closed", "2025: closed", "odd", "odd"])
    ['2024-2025: closed', 'odd']
    """
    found: dict[str, list[int]] = {}
    for text in warnings:
        year, colon, rest = text.partition(": ")
        dated = bool(colon) and len(year) == _YEAR_DIGITS and year.isdecimal()
        found.setdefault(rest if dated else text, []).extend([int(year)] if dated else [])
    return [f"{numbers.years(years)}: {text}" if years else text for text, years in found.items()]


def limits(outcome: Outcome) -> list[str]:
    """What an answer leaves out, in sentences; the same on every door."""
    told = []
    if not outcome["freight.resources"]["wait_hours"].notna().any():
        told.append(
            "Capacities do not bind yet: cargo chooses as if every way were free, and a load over capacity is shown, "
            "not prevented. No wait, no scarcity price and no value of a bottleneck is in these figures."
        )
    told.append("Where a figure rests on an own estimate its row says low confidence; most prices and dwell times do.")
    told.append(
        "How uncertain a figure is, karvan explain and karvan forecast tell; constants fitted to the record are in the "
        "scenario calibrated. Costs are set against benefits for cables alone (karvan cables)."
    )
    return told


def _cargo(outcome: Outcome, year: int) -> str:
    rows = tables.of_year(outcome["freight.pairs"], year)
    if rows.empty:
        return "this run holds no pairs of places"
    demand, served, unserved = (float(rows[c].sum()) for c in ("demand_kt", "served_kt", "unserved_kt"))
    ends = len(rows[["origin", "destination"]].drop_duplicates())
    emitted_t = float((rows["co2e_kg_per_t"] * rows["served_kt"]).sum())
    told = f"{numbers.amount(served, 'kt')} between {ends:,} pairs of places{_unserved(unserved, demand)}"
    return f"{told}; {numbers.amount(emitted_t, 't')} CO2e"


def _unserved(unserved: float, demand: float) -> str:
    if unserved <= 1e-9 * demand:
        return ", all that is demanded"
    return f"; {numbers.amount(unserved, 'kt')} ({numbers.percent(unserved / demand)}) stays away"


def _power(outcome: Outcome, corridor: Corridor, year: int) -> str:
    """Load, renewable share, emissions and what is missing of a year, or why nothing is told."""
    if not len(corridor["power.buses"]):
        return ABSENT
    if outcome["power.balance"].empty:
        return "not solved in this run; karvan run --power weeks adds it"
    rows = tables.of_year(outcome["power.balance"], year)
    if rows.empty:
        return f"power/loads.csv has no load of {year}"
    carriers = corridor["power.carriers"]
    renewable = rows["carrier"].isin(carriers.loc[carriers["renewable"].eq(True), "name"])
    made = rows.loc[rows["carrier"].isin(carriers["name"]), "twh"].clip(lower=0.0)
    load, missing = (abs(float(rows.loc[rows["carrier"] == name, "twh"].sum())) for name in ("load", "unserved"))
    share = numbers.percent(float(made[renewable].sum() / made.sum())) if made.sum() > 0 else numbers.MISSING
    hours = _HOURS_SOLVED.get(str(outcome.provenance.options.get("power", "")), "")
    lost = f"{numbers.figure(1e3 * missing)} GWh of it unserved" if missing > 0 else "all served"
    told = f"{numbers.figure(load)} TWh of load in {rows['bus'].nunique()} zones, {lost}; {share} of output renewable"
    return f"{told}; {numbers.figure(float(rows['co2_mt'].sum()))} Mt CO2" + (f" (on {hours})" if hours else "")


def _trade(corridor: Corridor) -> str:
    """How much trade the base matrix holds and how it was found; which command lets it answer."""
    trade = corridor["trade"]
    year = corridor.parameter("trade_base_year", 0.0)
    rows = trade.loc[(trade["year"] == year) & (trade["exporter"] != trade["importer"])]
    if rows.empty:
        given = [name for name in _TRADE if name in corridor]
        return f"no matrix of a base year in trade.csv; given: {', '.join(given)}" if given else ABSENT
    reported = float(rows.loc[standing(corridor, rows) == REPORTED, "musd"].sum() / rows["musd"].sum())
    size = f"a matrix of {len(set(rows['exporter']))} economies in {year:.0f}"
    answered = "demand does not answer in a run: karvan trade lets it"
    return f"{size}, {numbers.percent(reported)} of it reported, the rest from memory or estimated; {answered}"


def _agreements(corridor: Corridor) -> str:
    """How much the register holds, and which commands tell how it stands on a day."""
    agreed, promised = corridor["agreements"]["agreement"].nunique(), len(corridor["commitments"])
    if not agreed:
        return ABSENT
    told = f"{agreed} in the register with {promised} commitments"
    return f"{told}; karvan agreements and karvan commitments say how they stand on a day"


def _largest(ways: pd.DataFrame, column: str, unit: str, most: int = 4) -> str:
    """The largest gateways between countries; all of them where none is."""
    international = ways.loc[ways["international"]]
    rows = ways if international.empty else international
    rows = rows.loc[rows[column] > 0].nlargest(most, column)
    return ", ".join(f"{name} {numbers.amount(v, unit)}" for name, v in zip(rows["name"], rows[column], strict=True))


def _capacity(ranked: pd.DataFrame) -> str:
    if ranked.empty:
        return "no resources in this corridor"
    over, full = int(ranked["over"].sum()), int(ranked["full"].sum())
    fullest = f"{ranked['name'].iloc[0]} at {numbers.percent(float(ranked['utilisation'].iloc[0]))}"
    if not full:
        return f"none of {len(ranked)} resources is full; fullest: {fullest}"
    beyond = f", {over} of them loaded beyond capacity" if over else ""
    return f"{full} of {len(ranked)} resources {'is' if full == 1 else 'are'} full{beyond}; fullest: {fullest}"
