"""The figures of a cable's page as rows of text: what it is, sums, years, countries."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report import charts, numbers
from karvan.report.cables.chart import streams_chart

Row = dict[str, object]
ALL, OWNER = "all", "project:"
TABLES = ("power.links", "power.lines")
COSTS = ("capex", "opex")
TESTS = {
    "put_in": "put in alone", "take_out": "taken out where all stand",
    "plants_follow": "put in alone, plants built anew",
}  # fmt: skip
SUMS = {
    "npv_musd": "Net present value, million USD", "eirr": "Rates of return", "bcr": "Benefits over costs",
    "payback_years": "Payback, years", "switching_value": "Break-even capex over capex",
}  # fmt: skip
YEARS = {
    "forward_twh": "TWh on", "back_twh": "TWh back", "utilisation": "Used", "benefit_musd": "Gain",
    "charges_musd": "Charges", "rent_musd": "Rent", "value_usd_per_mw": "Worth of a MW, USD",
    "co2_mt": "CO2, Mt", "gas_freed_bcm": "Gas freed, bcm", "gas_freed_musd": "its worth",
    "gas_freed_share": "its share", "unserved_gwh": "Unserved, GWh",
    "break_even_spread_usd_per_mwh": "Spread that pays, USD/MWh",
}  # fmt: skip
COUNTRY = {
    "consumers_musd": "Consumers", "producers_musd": "Producers", "rents_musd": "Rents", "capital_musd": "New plants",
    "net_musd": "Net", "co2_mt": "CO2, Mt", "gas_freed_bcm": "Gas freed, bcm",
}  # fmt: skip
_SHARES = ("utilisation", "eirr", "gas_freed_share")
_NEAR_NOTHING = 5e-4


@dataclass(frozen=True)
class Sheet:
    """One project of cables: ``key`` without a variant, ``keys`` of it and of its variants that were tried."""

    key: str
    keys: tuple[str, ...]
    corridor: Corridor
    outcome: Outcome

    @property
    def first(self) -> str:
        """The variant that is told in full: the main one where it was tried."""
        return self.key if self.key in self.keys else self.keys[0]

    def project(self, key: str) -> Row:
        """The row of ``projects`` of a variant."""
        rows = self.corridor["projects"]
        project, _, variant = key.partition("/")
        (row,) = rows.loc[(rows["project"] == project) & (rows["variant"] == variant)].to_dict("records")
        return {str(name): value for name, value in row.items()}

    def of(self, name: str, key: str) -> pd.DataFrame:
        """The rows of an outcome table that tell of a variant."""
        rows = self.outcome[name]
        return rows.loc[rows["project"] == key]


def sheets_of(corridor: Corridor, outcome: Outcome) -> list[Sheet]:
    """A sheet for every project of which something was tried, in the order of the outcome."""
    found: dict[str, list[str]] = {}
    for key in dict.fromkeys(outcome["power.cables"]["project"].astype(str)):
        found.setdefault(key.partition("/")[0], []).append(key)
    return [Sheet(key, tuple(keys), corridor, outcome) for key, keys in found.items()]


def lines_of(corridor: Corridor, key: str) -> list[str]:
    """The lines a variant inserts, in words: zones it joins, MW, first year."""
    zones = dict(zip(corridor["power.buses"]["name"], corridor["power.buses"]["title"], strict=True))
    levers = corridor["levers"]
    inserting = levers["table"].isin(TABLES) & (levers["operation"] == "insert")
    own = levers.loc[(levers["owner"] == OWNER + key) & inserting]
    told = []
    for text in own["value"]:
        cells = json.loads(str(text))
        ends = numbers.DASH.join(str(zones.get(cells[end]) or cells[end]) for end in ("bus0", "bus1"))
        size = numbers.figure(float(cells.get("p_nom") or cells.get("s_nom") or 0.0))
        since = f", from {cells['build_year']}" if cells.get("build_year") else ""
        told.append(f"{ends}: {size} MW{since}")
    return told


def sums(sheet: Sheet) -> list[Row]:
    """A row an indicator with a cell a variant; all rates of return, joined by a semicolon."""
    rows: list[Row] = []
    for name, title in SUMS.items():
        cells = []
        for key in sheet.keys:
            own = sheet.of("appraisal.indicators", key)
            found = own.loc[(own["party"] == ALL) & (own["indicator"] == name), "value"].dropna()
            cells.append("; ".join(shown(name, float(value)) for value in found) or "none")
        rows.append({"title": title, "cells": cells})
    return rows


def by_year(sheet: Sheet, key: str) -> list[Row]:
    """A row a year and test."""
    rows = sheet.of("power.cables", key).sort_values(["test", "year"])
    return [
        {"year": row["year"], "test": TESTS[str(row["test"])], "cells": [shown(c, float(row[c])) for c in YEARS]}
        for row in rows.to_dict("records")
    ]


def by_country(sheet: Sheet, key: str, year: int) -> list[Row]:
    """What each country gains in a year, put in alone, the most first; those that neither gain nor lose left out."""
    rows = sheet.of("power.cable_countries", key)
    rows = rows.loc[(rows["year"] == year) & (rows["test"] == "put_in") & (rows["net_musd"].abs() >= _NEAR_NOTHING)]
    rows = rows.sort_values("net_musd", ascending=False)
    largest = float(rows["net_musd"].abs().max()) if len(rows) else 0.0
    names = country_names(sheet.corridor)
    return [
        {"name": names.get(str(row["country"]), row["country"]), "cells": [shown(c, float(row[c])) for c in COUNTRY],
         "bar": Markup(charts.amount_bar(float(row["net_musd"]), largest))}  # noqa: S704  # figures only
        for row in rows.to_dict("records")
    ]  # fmt: skip


def by_party(sheet: Sheet, key: str) -> list[Row]:
    """Present value of each party over the life, the most first."""
    rows = sheet.of("appraisal.indicators", key)
    rows = rows.loc[(rows["party"] != ALL) & (rows["indicator"] == "npv_musd")].sort_values("value", ascending=False)
    largest = float(rows["value"].abs().max()) if len(rows) else 0.0
    names = country_names(sheet.corridor)
    return [
        {"name": names.get(str(row["party"]), row["party"]), "npv": shown("npv_musd", float(row["value"])),
         "bar": Markup(charts.amount_bar(float(row["value"]), largest))}  # noqa: S704  # figures only
        for row in rows.to_dict("records")
    ]  # fmt: skip


def worst_failures(sheet: Sheet, key: str, most: int) -> list[Row]:
    """Hours in which its failure leaves the most load unserved, the worst of each year and zone first."""
    rows = sheet.of("power.cable_failures", key)
    grouped = rows.assign(gwh=rows["unserved_mw"] * rows["weight_h"] / 1e3).groupby(["year", "bus"], as_index=False)
    summed = grouped.agg(hours=("weight_h", "sum"), gwh=("gwh", "sum"))
    worst = rows.sort_values("unserved_mw", ascending=False).drop_duplicates(["year", "bus"])
    told = worst.merge(summed, on=["year", "bus"]).head(most)
    zones = dict(zip(sheet.corridor["power.buses"]["name"], sheet.corridor["power.buses"]["title"], strict=True))
    return [
        {"year": row["year"], "zone": zones.get(str(row["bus"])) or row["bus"], "hour": row["snapshot"],
         "cells": [shown(name, float(row[name])) for name in ("carried_mw", "unserved_mw", "hours", "gwh")]}
        for row in told.to_dict("records")
    ]  # fmt: skip


def money_chart(sheet: Sheet, key: str) -> Markup:
    """Gains and costs of all parties by year."""
    rows = sheet.of("appraisal.streams", key)
    spent = rows["kind"].isin(COSTS)
    years = sorted(set(rows["year"].tolist()))
    gains, costs = (
        dict.fromkeys(years, 0.0) | rows.loc[chosen].groupby("year")["musd"].sum().to_dict()
        for chosen in (~spent, spent)
    )
    words = f"Gains of all countries and costs by year, million USD, {min(gains)} to {max(gains)}" if gains else ""
    return Markup(streams_chart(gains, costs, words))  # noqa: S704  # escapes its words, else figures


def country_names(corridor: Corridor) -> dict[str, str]:
    """Printed names of countries by code."""
    rows = corridor["countries"]
    return dict(zip(rows["country"].astype(str), rows["name"].astype(str), strict=True))


def shown(name: str, value: float) -> str:
    """A figure with the digits it deserves; what is next to nothing is nothing."""
    if name in _SHARES:
        return numbers.percent(value)
    return numbers.figure(0.0 if abs(value) < _NEAR_NOTHING else value)
