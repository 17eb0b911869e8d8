"""Rules that economies, trade, tariffs, sectors and distances must keep beyond their schema.

A year of ``trade`` that holds domestic sales is a matrix of the whole world: it is complete, names each economy on both
sides, and agrees with the totals of ``economies``. A year without them is a panel, from which pairs may be missing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from karvan.corridor.checks.findings import Finding, found
from karvan.corridor.corridor import Corridor
from karvan.errors import Problem
from karvan.schema.dates import first_days, last_days

ROUNDING_OF_TOTALS = 0.01
BASE_YEAR = "trade_base_year"
_PAIR = ["exporter", "importer"]


def economy_sells_less_than_it_makes(corridor: Corridor) -> list[Problem]:
    """Exports stay below gross output, so that something is left to be sold at home."""
    economies = corridor["economies"]
    ratio = economies["gross_output_ratio"].fillna(corridor.parameter("gross_output_ratio", float("nan")))
    frame = economies.assign(output=economies["gdp_musd"] * ratio)
    finding = Finding(
        "exports above output",
        "exports_musd",
        lambda row: f"below {row['output']:.6g} = gdp_musd x gross_output_ratio",
        lambda row: f"give the row a gross_output_ratio above {_over(row):.3g}, or check both figures",
    )
    return found("economies", frame, frame["exports_musd"] >= frame["output"], finding)


def distances_hold_every_pair(corridor: Corridor) -> list[Problem]:
    """Where the table has a country it has its distance to each of its countries, its own among them, and back."""
    table = corridor["distances"]
    countries, known = sorted({*table["origin"], *table["destination"]}), _keys(table, ["origin", "destination"])
    remedy = "add a row with its distance"
    return [
        Problem("missing pair", "distances.csv", "distances", value=f"{a}-{b}", expected="a row", remedy=remedy)
        for a in countries
        for b in countries
        if (a, b) not in known
    ]


def distance_is_that_of_the_way_back(corridor: Corridor) -> list[Problem]:
    """A distance is the same both ways, to 1 %."""
    table = corridor["distances"]
    there = table.drop_duplicates(["origin", "destination"]).set_index(["origin", "destination"])["distance_km"]
    back = there.reindex(pd.MultiIndex.from_frame(table[["destination", "origin"]])).to_numpy(dtype=float)
    apart = np.abs(table["distance_km"].to_numpy() - back) > ROUNDING_OF_TOTALS * back
    finding = Finding(
        "distance differs from the way back",
        "distance_km",
        lambda row: f"{row['back']:.6g}, as from {row['destination']} to {row['origin']}",
        "check both rows",
    )
    return found("distances", table.assign(back=back), apart, finding)


def sector_is_part_of_one_above(corridor: Corridor) -> list[Problem]:
    """Going up from a sector to what it is a part of comes to an end."""
    sectors = corridor["sectors"]
    above = dict(zip(sectors["sector"], sectors["part_of"], strict=True))
    finding = Finding("sector that is a part of itself", "part_of", "a coarser sector, or nothing", "mend the tree")
    return found("sectors", sectors, [_turns(name, above) for name in sectors["sector"]], finding)


def commodity_rides_in_one_traded_sector(corridor: Corridor) -> list[Problem]:
    """All sectors that one commodity carries are parts of the same sector, so that its cargo has one ratio of trade."""
    sectors = corridor["sectors"]
    carried = sectors.loc[sectors["commodity"] != ""]
    first = carried.groupby("commodity")["part_of"].transform("first")
    finding = Finding(
        "commodity in two sectors",
        "part_of",
        lambda row: f"{row['first']}, as other sectors that {row['commodity']} carries",
        "make them parts of one sector, or carry one by another commodity",
    )
    return found("sectors", carried.assign(first=first), carried["part_of"] != first, finding)


def sector_value_lies_in_its_range(corridor: Corridor) -> list[Problem]:
    """The value of a tonne lies between its low and its high end."""
    sectors = corridor["sectors"]
    value = sectors["usd_per_t"]
    wrong = (value < sectors["low_usd_per_t"]) | (value > sectors["high_usd_per_t"])
    finding = Finding(
        "value outside its range",
        "usd_per_t",
        lambda row: f"{row['low_usd_per_t']} to {row['high_usd_per_t']}",
        "change one of the three",
    )
    return found("sectors", sectors, wrong, finding)


def tariff_is_levied_at_a_border(corridor: Corridor) -> list[Problem]:
    """A country levies no tariff on itself, and a preference is not dearer than none."""
    tariffs = corridor["tariffs"]
    home = Finding("tariff on domestic sales", "importer", "another country than the exporter", "remove the row")
    levied = tariffs["applied_pct"] * (1.0 - tariffs["exempt_share"])
    dearer = Finding(
        "preference dearer than none",
        "applied_pct",
        lambda row: f"at most {row['mfn_pct']}, the rate without the preference {row['regime']}",
        "check both rates and the regime",
    )
    preferred = ~tariffs["regime"].isin(["MFN", "none"])
    return found("tariffs", tariffs, tariffs["exporter"] == tariffs["importer"], home) + found(
        "tariffs", tariffs, preferred & (levied > tariffs["mfn_pct"]), dearer
    )


def tariff_holds_alone(corridor: Corridor) -> list[Problem]:
    """On one day one tariff of a pair and sector holds."""
    tariffs = corridor["tariffs"]
    days = tariffs.assign(first=first_days(tariffs["from"].tolist()), last=last_days(tariffs["to"].tolist()))
    ordered = days.sort_values([*_PAIR, "sector", "first"], kind="stable")
    groups = ordered.groupby([*_PAIR, "sector"], sort=False)
    ordered = ordered.assign(before=groups["last"].shift(), until=groups["to"].shift())
    finding = Finding(
        "two tariffs at one time",
        "from",
        lambda row: f"a day after the row before it ends ({row['until'] or 'never'})",
        "end the earlier row, or begin this one later",
    )
    return found("tariffs", ordered, ordered["before"] >= ordered["first"], finding)


def trade_is_counted_once(corridor: Corridor) -> list[Problem]:
    """No year has trade in a sector and in another that it is a part of."""
    trade, sectors = corridor["trade"], corridor["sectors"]
    above = dict(zip(sectors["sector"], sectors["part_of"], strict=True))
    told = _keys(trade, ["year", "sector"])
    twice = {(year, name) for year, name in told if any((year, up) in told for up in _ups(str(name), above))}
    wrong = [key in twice for key in zip(trade["year"].tolist(), trade["sector"].tolist(), strict=True)]
    finding = Finding(
        "trade counted twice", "sector", "rows of the coarser or of the finer sectors of a year", "remove one of them"
    )
    return found("trade", trade, wrong, finding)


def matrix_is_complete(corridor: Corridor) -> list[Problem]:
    """A year with domestic sales names each exporter as importer and holds each pair in each sector, zero or not."""
    problems = []
    for year, rows in _matrices(corridor):
        sides = {"exporter": set(rows["exporter"]), "importer": set(rows["importer"])}
        for side, other in (("exporter", "importer"), ("importer", "exporter")):
            for country in sorted(sides[side] - sides[other]):
                remedy = f"add its rows as {other}; domestic sales are one of them"
                problems.append(_problem(f"{side} never seen as {other}", f"{country}, {year}", "both sides", remedy))
        both, known = sorted(sides["exporter"] & sides["importer"]), _keys(rows, [*_PAIR, "sector"])
        for sector in sorted(set(rows["sector"])):
            for a, b in ((a, b) for a in both for b in both if (a, b, sector) not in known):
                kind = "domestic sales missing" if a == b else "missing pair"
                expected = "gross output less exports" if a == b else "a row, 0 where nothing is traded"
                problems.append(_problem(kind, f"{a}-{b}, {sector}, {year}", expected, "add the row"))
    return problems


def matrix_agrees_with_totals(corridor: Corridor) -> list[Problem]:
    """A matrix sums to what its economies sell and buy abroad and to their gross output, to 1 %."""
    cif = corridor.parameter("cif_fob_ratio", 1.0)
    problems = []
    for year, rows in _matrices(corridor):
        economies = corridor["economies"]
        of_year = economies.loc[economies["year"] == year].drop_duplicates("country").set_index("country")
        abroad = rows.loc[rows["exporter"] != rows["importer"]]
        ratio = of_year["gross_output_ratio"].fillna(corridor.parameter("gross_output_ratio", float("nan")))
        totals = {
            "exports_musd": (abroad.groupby("exporter")["musd"].sum(), of_year["exports_musd"], "its exports abroad"),
            "imports_musd": (abroad.groupby("importer")["musd"].sum(), of_year["imports_musd"] / cif, "its imports"),
            "gdp_musd": (rows.groupby("exporter")["musd"].sum(), of_year["gdp_musd"] * ratio, "all that it sells"),
        }
        for column, (summed, stated, what) in totals.items():
            problems += _unbalanced(year, column, pd.DataFrame({"summed": summed, "stated": stated}).dropna(), what)
    return problems


def trade_belongs_to_an_economy(corridor: Corridor) -> list[Problem]:
    """A matrix trades among economies of its year."""
    problems = []
    known = _keys(corridor["economies"], ["country", "year"])
    for year, rows in _matrices(corridor):
        for country in sorted({*rows["exporter"], *rows["importer"]}):
            if (country, year) not in known:
                remedy = "add the row to economies.csv, or take the country out of the matrix"
                problems.append(_problem("trade of no economy", f"{country}, {year}", "a row in economies.csv", remedy))
    return problems


def base_year_has_a_matrix(corridor: Corridor) -> list[Problem]:
    """The base year of trade is one whose domestic sales are told."""
    if "trade" not in corridor:
        return []
    rows = corridor["parameters"]
    years = {float(year) for year, _ in _matrices(corridor)}
    finding = Finding(
        "base year without a matrix", "value", "a year of trade.csv with domestic sales", "change it, or add the rows"
    )
    return found("parameters", rows, (rows["parameter"] == BASE_YEAR) & ~rows["value"].isin(years), finding)


def report_is_of_two_countries(corridor: Corridor) -> list[Problem]:
    """What is reported crosses a border."""
    reports = corridor["trade_reports"]
    finding = Finding("report of domestic sales", "importer", "another country than the exporter", "remove the row")
    return found("trade_reports", reports, reports["exporter"] == reports["importer"], finding)


TRADE_RULES = (
    economy_sells_less_than_it_makes,
    distances_hold_every_pair,
    distance_is_that_of_the_way_back,
    sector_is_part_of_one_above,
    commodity_rides_in_one_traded_sector,
    sector_value_lies_in_its_range,
    tariff_is_levied_at_a_border,
    tariff_holds_alone,
    trade_is_counted_once,
    matrix_is_complete,
    matrix_agrees_with_totals,
    trade_belongs_to_an_economy,
    base_year_has_a_matrix,
    report_is_of_two_countries,
)


def _matrices(corridor: Corridor) -> Iterator[tuple[int, pd.DataFrame]]:
    """The years of trade that hold domestic sales, and their rows."""
    trade = corridor["trade"]
    home = trade.loc[(trade["exporter"] == trade["importer"]) & trade["year"].notna(), "year"]
    for year in sorted(home.unique()):
        yield int(year), trade.loc[trade["year"] == year]


def _unbalanced(year: int, column: str, totals: pd.DataFrame, what: str) -> list[Problem]:
    apart = (totals["summed"] - totals["stated"]).abs() > ROUNDING_OF_TOTALS * totals["stated"].abs()
    return [
        _problem(
            "unbalanced totals",
            f"{country}, {year}: {row.summed:.6g}",
            f"{row.stated:.6g} MUSD, {what} by {column} of economies.csv",
            "balance the matrix anew, or mend the total",
        )
        for country, row in zip(totals.index[apart], totals.loc[apart].itertuples(), strict=True)
    ]


def _problem(kind: str, value: str, expected: str, remedy: str) -> Problem:
    return Problem(kind, "trade.csv", "trade", value=value, expected=expected, remedy=remedy)


def _keys(frame: pd.DataFrame, columns: list[str]) -> set[tuple[object, ...]]:
    return set(zip(*(frame[name].tolist() for name in columns), strict=True))


def _over(row: object) -> float:
    cells = row if isinstance(row, dict) else {}
    return float(cells["exports_musd"]) / float(cells["gdp_musd"])


def _ups(name: str, above: dict[str, str]) -> list[str]:
    """All coarser sectors of a sector; ends where the tree does or turns."""
    ups: list[str] = []
    while (name := above.get(name, "")) and name not in ups:
        ups.append(name)
    return ups


def _turns(name: str, above: dict[str, str]) -> bool:
    return name in _ups(name, above)
