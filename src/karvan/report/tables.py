"""Results as plain tables and sentences, the same for the terminal and the page.

Each function takes an outcome and the corridor it was computed on, and returns a frame or a few lines of text; nothing
is formatted beyond that. Keys are turned into the names the corridor prints. No new result is computed here beyond
sums, means and sorting.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report import numbers

OVER = 1.0 + 1e-6
MUCH_USED = 0.05
LEAST_RENT_USD = 1e4
CONTAINER = "container"
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_CONFIDENCE = ("high", "medium", "low")
_SHORT_WORD = 2
RecordKey = tuple[str, str, str]


@dataclass(frozen=True)
class RecordLine:
    """One indicator over the years: ``modelled`` and ``observed`` by year, already divided for ``unit``.

    ``estimated`` are the years whose published figure is an estimate and no observation.
    """

    name: str
    unit: str
    modelled: Mapping[int, float]
    observed: Mapping[int, float]
    low: Mapping[int, float]
    high: Mapping[int, float]
    headline: bool = False
    estimated: frozenset[int] = frozenset()

    def published(self, year: int) -> str:
        """The published figure of a year, behind ``~`` where it is an estimate."""
        return numbers.estimated(self.observed.get(year), estimate=year in self.estimated)

    def beside(self, year: int) -> str:
        """The modelled figure of a year beside the published one; empty where there is neither."""
        if year not in self.modelled and year not in self.observed:
            return ""
        return f"{numbers.figure(self.modelled.get(year))} / {self.published(year)}"


def place_names(corridor: Corridor) -> dict[str, str]:
    """The printed name of every place by its key, without what stands in brackets."""
    places = corridor["places"]
    short = [_BRACKETS.sub("", name).strip() or name for name in places["name"].astype(str)]
    return dict(zip(places["place"].astype(str), short, strict=True))


def gateway_names(corridor: Corridor) -> dict[str, str]:
    """A readable name for every gateway group and link.

    A group is called as the table ``gateways`` calls it, else, where its links all join the same two places, after
    them, else by the words of its key.

    Examples
    --------
    >>> gateway_name("ocean_suez"), gateway_name("cn_kz_road")
    ('Ocean Suez', 'CN KZ Road')
    """
    places = place_names(corridor)
    links = corridor["links"]
    ends = zip(links["link"], links["gateway_group"], links["from_place"], links["to_place"], strict=True)
    pairs: dict[str, set[tuple[str, str]]] = {}
    for link, group, start, end in ends:
        pair = (min(start, end), max(start, end))
        pairs.setdefault(str(link), set()).add(pair)
        if group:
            pairs.setdefault(str(group), set()).add(pair)
    names = {}
    for key, found in pairs.items():
        first, second = next(iter(found))
        one = f"{places.get(first, first)}{numbers.DASH}{places.get(second, second)}"
        names[key] = one if len(found) == 1 else gateway_name(key)
    named = corridor["gateways"]
    return {**names, **dict(zip(named["gateway_group"].astype(str), named["name"].astype(str), strict=True))}


def gateway_name(key: str) -> str:
    """The words of a key, for groups that no table names."""
    return " ".join(w.upper() if len(w) <= _SHORT_WORD else w.capitalize() for w in key.split("_"))


def last_year(outcome: Outcome) -> int:
    """The latest year of the outcome's pairs, or 0 where it has none."""
    found = outcome["freight.pairs"]["year"]
    return 0 if found.empty else int(found.max())


def of_year(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """The rows of a year, index 0..n-1."""
    return frame.loc[frame["year"] == year].reset_index(drop=True)


WORTH = (
    "wait_hours", "price_usd_per_unit", "value_usd_per_percent", "users_usd_per_percent",
    "far_outside_usd_per_percent", "rent_usd",
)  # fmt: skip


def most_valuable(ranked: pd.DataFrame) -> pd.DataFrame:
    """Bottlenecks by what 1 % more capacity is worth, the most first; as they are where that is not known."""
    if not ranked["value_usd_per_percent"].notna().any():
        return ranked
    return ranked.sort_values("value_usd_per_percent", ascending=False, kind="stable").reset_index(drop=True)


def with_lines(ranked: pd.DataFrame, outcome: Outcome, corridor: Corridor, year: int) -> pd.DataFrame:
    """Bottlenecks of freight and lines of power in one list by worth of 1 %, the most first, as ``run.bottlenecks``.

    Parameters
    ----------
    ranked
        As :func:`bottlenecks` gives it.
    outcome, corridor, year
        What it was made from. Of a line, load is the mean of its flow, price the worth of one more MW a year; it has no
        wait, and it is never called full: the hours at its limit stand in its name.
    """
    lines = of_year(outcome["power.lines"], year)
    lines = lines.loc[lines["capacity_mw"] > 0].reset_index(drop=True)
    if lines.empty or not ranked["value_usd_per_percent"].notna().any():
        return most_valuable(ranked)
    known = pd.concat([corridor[name] for name in ("power.links", "power.lines")]).set_index("name")
    ends = dict(zip(known.index, zip(known["bus0"], known["bus1"], strict=True), strict=True))
    zones = dict(zip(corridor["power.buses"]["name"], corridor["power.buses"]["title"], strict=True))
    full = zip(lines["line"], lines["binding_hours"], strict=True)
    names = [_line_name(key, ends, zones, hours) for key, hours in full]
    rows = pd.DataFrame({
        "resource": lines["line"], "name": names, "owner": lines["owner"], "unit": "MW",
        "capacity": lines["capacity_mw"], "load": lines["capacity_mw"] * lines["utilisation"], "background": 0.0,
        "utilisation": lines["utilisation"], "price_usd_per_unit": lines["value_usd_per_unit"],
        "value_usd_per_percent": lines["value_usd_per_percent"], "rent_usd": lines["rent_usd"],
        "source": _looked_up(known, "source", lines["line"]),
        "confidence": _looked_up(known, "confidence", lines["line"]), "over": False, "full": False,
    })  # fmt: skip
    return most_valuable(pd.concat([ranked, rows.reindex(columns=ranked.columns)], ignore_index=True))


def _line_name(key: str, ends: Mapping[str, tuple[str, str]], zones: Mapping[str, str], full_hours: float) -> str:
    """A line by the zones it joins, with the hours a year that it is full."""
    titles = [_BRACKETS.sub("", zones.get(end, end)).strip() or end for end in ends.get(key, ())]
    joined = numbers.DASH.join(titles) or key
    return f"{joined} (power, full {full_hours:,.0f} h)"


def bottlenecks(outcome: Outcome, corridor: Corridor, year: int) -> pd.DataFrame:
    """Resources of a year, the fullest first.

    Returns
    -------
    pandas.DataFrame
        resource, name, owner, unit, capacity, load, background (units a year), utilisation (share), wait, price,
        worth of 1 % and rent (missing in free flow), source, confidence, over (bool: above capacity), full (bool:
        rationed at its limit, or over). A capacity of 0 under load has utilisation infinite.
    """
    rows = of_year(outcome["freight.resources"], year)
    known = corridor["resources"].set_index("resource")
    keys = rows["resource"]
    table = rows[["resource", "unit", "capacity", "load", "background", "utilisation", *WORTH]].copy()
    table.insert(1, "name", _looked_up(known, "name", keys))
    table.insert(2, "owner", _looked_up(known, "owner", keys))
    used = table["load"] + table["background"]
    table.loc[(table["capacity"] <= 0) & (used > 0), "utilisation"] = np.inf
    table["source"] = _looked_up(known, "source", keys)
    table["confidence"] = _looked_up(known, "confidence", keys)
    table["over"] = table["utilisation"] > OVER
    table["full"] = table["over"] | rows["binding"]
    return table.sort_values(["utilisation", "resource"], ascending=[False, True]).reset_index(drop=True)


def rents_by_owner(ranked: pd.DataFrame) -> pd.DataFrame:
    """What owners earn from the scarcity of their resources: owner, resources (their names), rent_usd; the most first.

    Parameters
    ----------
    ranked
        As :func:`bottlenecks` gives it; resources that earn less than ``LEAST_RENT_USD`` a year are left out.
    """
    earning = ranked.loc[ranked["rent_usd"].fillna(0.0) >= LEAST_RENT_USD].sort_values("rent_usd", ascending=False)
    owners = earning.assign(owner=earning["owner"].replace("", "owner not named")).groupby("owner", sort=False)
    table = owners.agg(resources=("name", ", ".join), rent_usd=("rent_usd", "sum")).reset_index()
    return table.sort_values("rent_usd", ascending=False, kind="stable").reset_index(drop=True)


def gateways(outcome: Outcome, corridor: Corridor, year: int) -> pd.DataFrame:
    """What passes each gateway group in a year, both headings together.

    Returns
    -------
    pandas.DataFrame
        gateway_group, name, kt_boxes, kt_other, kt, teu, international (bool: a link of it joins two countries); the
        largest first. A route may pass several gateways, so the rows do not add up to the cargo moved.
    """
    rows = of_year(outcome["freight.gateways"], year)
    boxes = rows["handling_class"] == CONTAINER
    rows = rows.assign(kt_boxes=rows["kt"].where(boxes, 0.0), kt_other=rows["kt"].where(~boxes, 0.0))
    rows["teu"] = rows["teu"].where(boxes, 0.0)
    table = rows.groupby("gateway_group", as_index=False)[["kt_boxes", "kt_other", "kt", "teu"]].sum()
    names = gateway_names(corridor)
    table.insert(1, "name", [names.get(str(g), gateway_name(str(g))) for g in table["gateway_group"]])
    table["international"] = table["gateway_group"].isin(_international(corridor))
    return table.sort_values(["kt", "gateway_group"], ascending=[False, True]).reset_index(drop=True)


def pairs(outcome: Outcome, corridor: Corridor, year: int) -> pd.DataFrame:
    """Pairs and commodities of a year, the largest demand first, with places by name.

    Returns
    -------
    pandas.DataFrame
        The columns of ``freight.pairs`` and origin_name, destination_name.
    """
    names = place_names(corridor)
    rows = of_year(outcome["freight.pairs"], year)
    rows["origin_name"] = [names.get(str(key), str(key)) for key in rows["origin"]]
    rows["destination_name"] = [names.get(str(key), str(key)) for key in rows["destination"]]
    order = ["demand_kt", "origin", "destination", "commodity"]
    return rows.sort_values(order, ascending=[False, True, True, True]).reset_index(drop=True)


def routes_of_largest(outcome: Outcome, corridor: Corridor, year: int, most: int = 6) -> pd.DataFrame:
    """The used routes of the largest pairs of boxes in a year: cost, time and share of each way.

    Returns
    -------
    pandas.DataFrame
        The columns of ``freight.routes`` and origin_name, destination_name, by_way_of, gateway_names; pairs by cargo,
        routes by share, at most five a pair and none below 1 %.
    """
    rows = of_year(outcome["freight.routes"], year)
    rows = rows.loc[(rows["handling_class"] == CONTAINER) & (rows["share"] >= 0.01)]
    keys = ["origin", "destination", "commodity"]
    totals = rows.groupby(keys)["kt"].sum().nlargest(most)
    rows = rows.set_index(keys).loc[lambda frame: frame.index.isin(totals.index)].reset_index()
    rows["_total"] = [totals[tuple(key)] for key in rows[keys].itertuples(index=False)]
    rows = rows.sort_values(["_total", *keys, "share"], ascending=[False, True, True, True, False])
    rows = rows.groupby(keys, sort=False).head(5).drop(columns="_total").reset_index(drop=True)
    names, ways = place_names(corridor), gateway_names(corridor)
    rows["origin_name"] = [names.get(str(key), str(key)) for key in rows["origin"]]
    rows["destination_name"] = [names.get(str(key), str(key)) for key in rows["destination"]]
    rows["by_way_of"] = [by_way_of(str(legs), names) for legs in rows["legs"]]
    rows["gateway_names"] = [named_gateways(str(found), ways) for found in rows["gateways"]]
    return rows


def by_way_of(legs: str, names: Mapping[str, str]) -> str:
    """The places between the ends of a route by name; ``direct`` where there are none.

    >>> by_way_of("A>B>C>D", {"B": "Aktau", "C": "Alat"}), by_way_of("A>B", {})
    ('Aktau, Alat', 'direct')
    """
    between = [names.get(key.strip(), key.strip()) for key in legs.split(">")[1:-1]]
    return ", ".join(between) or "direct"


def named_gateways(gateways: str, names: Mapping[str, str]) -> str:
    """The gateways of a route by name, in order."""
    keys = [key.strip() for key in gateways.split(">") if key.strip()]
    return ", ".join(names.get(key, gateway_name(key)) for key in keys)


def told_routes(alternatives: pd.DataFrame, most: int) -> pd.DataFrame:
    """The alternatives worth telling: all that many use, then the best through each further row of countries.

    Parameters
    ----------
    alternatives
        Routes of one pair with ``share`` and ``countries``, the most used first.
    most
        How many to tell.

    Returns
    -------
    pandas.DataFrame
        The same columns and rank (from 1, by share among all), alike (the share of all routes through the same
        countries in the same order); by rank.
    """
    ranked = alternatives.reset_index(drop=True)
    ranked["rank"] = ranked.index + 1
    ranked["alike"] = ranked.groupby("countries")["share"].transform("sum")
    used = ranked.loc[ranked["share"] >= MUCH_USED]
    others = ranked.loc[~ranked["countries"].isin(used["countries"])].drop_duplicates("countries")
    others = others.sort_values(["alike", "rank"], ascending=[False, True])
    told = pd.concat([used, others, ranked]).drop_duplicates("rank").head(most)
    return told.sort_values("rank").reset_index(drop=True)


def sea_gateways(corridor: Corridor) -> set[str]:
    """Gateway groups that ships cross between two countries."""
    links = corridor["links"]
    ships = links.loc[~links["mode"].isin(["rail", "road", "pipeline"]), "gateway_group"].astype(str)
    return set(ships) & border_gateways(corridor)


def border_gateways(corridor: Corridor) -> set[str]:
    """Gateway groups that join two countries."""
    return (_international(corridor) & set(corridor["links"]["gateway_group"].astype(str))) - {""}


def gateway_record(outcome: Outcome, corridor: Corridor) -> pd.DataFrame:
    """Modelled figures beside published ones, for whole years, in the order of the table of indicators.

    Returns
    -------
    pandas.DataFrame
        The columns of ``record.comparison``, name and headline (bool), rows without a modelled figure left out. The
        name tells subject and scope wherever one indicator has several.
    """
    rows = outcome["record.comparison"]
    rows = rows.loc[(rows["period"] == "Y") & rows["modelled"].notna()].reset_index(drop=True)
    keys = list(zip(*(rows[c].astype(str) for c in ("indicator", "subject", "scope")), strict=True))
    names, headlines = _record_names(keys, corridor), _headlines(corridor)
    rows.insert(0, "name", [names[key][1] for key in keys])
    rows["headline"] = [bool(headlines & set(_as_named(key))) for key in keys]
    rows["_order"] = [names[key][0] for key in keys]
    ordered = rows.sort_values(["_order", "indicator", "subject", "scope", "year"])
    return ordered.drop(columns="_order").reset_index(drop=True)


def record_lines(record: pd.DataFrame) -> list[RecordLine]:
    """A line an indicator from :func:`gateway_record`, scaled to a unit that keeps it short."""
    lines = []
    for (_, name, _, _), rows in record.groupby(["indicator", "name", "subject", "scope"], sort=False):
        figures = rows[["modelled", "observed"]].to_numpy(dtype=float)
        divisor, unit = numbers.scale(figures.ravel(), str(rows["unit"].iloc[0]))
        by_year = {
            column: _finite(rows["year"].tolist(), (rows[column] / divisor).tolist())
            for column in ("modelled", "observed", "low", "high")
        }
        estimated = frozenset(rows.loc[rows["status"] == "estimate", "year"].tolist())
        headline = bool(rows["headline"].iloc[0])
        lines.append(RecordLine(str(name), unit, headline=headline, estimated=estimated, **by_year))
    return lines


def best_told(lines: Sequence[RecordLine], years: Sequence[int], most: int) -> list[RecordLine]:
    """At most ``most`` indicators with both figures in some of these years: headlines, then those with the most."""
    covered = [len(set(line.modelled) & set(line.observed) & set(years)) for line in lines]
    order = sorted(range(len(lines)), key=lambda n: (not lines[n].headline, -covered[n], n))
    first = [n for n in order if covered[n]][:most]
    return [lines[n] for n in sorted(first, key=lambda n: (not lines[n].headline, n))]


def confidence_counts(corridor: Corridor) -> pd.DataFrame:
    """How many rows of each table stand at which confidence.

    Returns
    -------
    pandas.DataFrame
        table, rows, high, medium, low; tables with a confidence column and at least one row.
    """
    found = []
    for name in sorted(corridor):
        frame = corridor[name]
        if "confidence" not in frame.columns or frame.empty:
            continue
        counts = frame["confidence"].astype(str).value_counts()
        levels = {level: int(counts.get(level, 0)) for level in _CONFIDENCE}
        found.append({"table": name, "rows": len(frame)} | levels)
    return pd.DataFrame(found, columns=["table", "rows", *_CONFIDENCE])


def sources_used(corridor: Corridor) -> pd.DataFrame:
    """Sources by the number of rows that rest on them.

    Returns
    -------
    pandas.DataFrame
        source, citation, url, licence, rows, high, medium, low; the most used first, unused ones left out.
    """
    cited = [
        corridor[name][["source", "confidence"]].astype(str)
        for name in corridor
        if {"source", "confidence"} <= set(corridor[name].columns) and not corridor[name].empty
    ]
    columns = ["source", "citation", "url", "licence", "rows", *_CONFIDENCE]
    if not cited:
        return pd.DataFrame(columns=columns)
    rows = pd.concat(cited, ignore_index=True)
    counts = pd.crosstab(rows["source"], rows["confidence"]).reindex(columns=list(_CONFIDENCE), fill_value=0)
    counts["rows"] = rows["source"].value_counts()
    known = corridor["sources"].set_index("source")
    table = counts.rename_axis("source").reset_index()
    for column in ("citation", "url", "licence"):
        table[column] = _looked_up(known, column, table["source"])
    return table.sort_values(["rows", "source"], ascending=[False, True])[columns].reset_index(drop=True)


def _looked_up(known: pd.DataFrame, column: str, keys: pd.Series) -> list[str]:
    values = dict(zip(known.index.astype(str), known[column].astype(str), strict=True))
    return [values.get(str(key), str(key) if column in {"name", "citation"} else "") for key in keys]


def _international(corridor: Corridor) -> set[str]:
    """Gateway groups and links that join two countries."""
    country = dict(zip(corridor["places"]["place"], corridor["places"]["country"], strict=True))
    links = corridor["links"]
    across = links.loc[links["from_place"].map(country) != links["to_place"].map(country)]
    return set(across["gateway_group"].astype(str)) | set(across["link"].astype(str))


def _finite(at: Sequence[int], values: Sequence[float]) -> dict[int, float]:
    return {int(year): float(v) for year, v in zip(at, values, strict=True) if np.isfinite(v)}


def _record_names(keys: Sequence[RecordKey], corridor: Corridor) -> dict[RecordKey, tuple[int, str]]:
    """Position and printed name by indicator, subject and scope; these are told where a name stands for several."""
    places = place_names(corridor)
    known = corridor["indicators"]
    rows = zip(*(known[c].astype(str) for c in ("indicator", "subject", "scope", "name")), strict=True)
    by_key = {(indicator, subject, scope): (n, name) for n, (indicator, subject, scope, name) in enumerate(rows)}
    found = {key: _record_name(key, by_key) for key in dict.fromkeys(keys)}
    shared = Counter(name for _, name in found.values())
    told = {}
    for key, (position, name) in found.items():
        parts = [places.get(key[1], key[1]), key[2]] if shared[name] > 1 else []
        tail = ", ".join(part for part in parts if part)
        told[key] = (position, f"{name} ({tail})" if tail else name)
    return told


def _record_name(key: RecordKey, by_key: Mapping[RecordKey, tuple[int, str]]) -> tuple[int, str]:
    fallback = (len(by_key), key[0].replace("_", " "))
    return next((by_key[one] for one in _as_named(key) if one in by_key), fallback)


def _as_named(key: RecordKey) -> tuple[RecordKey, ...]:
    """How an indicator of this subject and scope may stand in the table of indicators, the closest first."""
    indicator, subject, scope = key
    return ((indicator, subject, scope), (indicator, subject, ""), (indicator, "", scope), (indicator, "", ""))


def _headlines(corridor: Corridor) -> set[RecordKey]:
    """The indicators that are told first."""
    known = corridor["indicators"]
    columns = (known.loc[known["headline"], column].astype(str) for column in ("indicator", "subject", "scope"))
    return set(zip(*columns, strict=True))
