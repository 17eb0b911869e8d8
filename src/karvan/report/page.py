"""The page of a run: one self-contained HTML text that asks nothing from outside.

It holds the answer of the last year, the bottlenecks, the ways between regions, the map, the record, the resources,
pairs and routes, the sources and what the answer rests on. Style and drawings stand inside; there is no script, and
the page forbids itself any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import jinja2
import pandas as pd
from markupsafe import Markup

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report import answer, charts, numbers, svg_map, tables
from karvan.report.rows import rent_rows, valued_rows, way_rows
from karvan.report.ways import main_ways
from karvan.units import HOURS_PER_DAY

VALUED_SHOWN, RESOURCES_SHOWN, PAIRS_SHOWN, LARGEST_PAIRS, SOURCES_SHOWN, CHARTS_SHOWN = 15, 25, 30, 6, 12, 12
CLOSE_UP = 0.8
Row = dict[str, object]


def run_page(corridor: Corridor, outcome: Outcome) -> str:
    """The page of a run.

    Parameters
    ----------
    corridor
        The corridor the outcome was computed on; gives names, places, owners and sources.
    outcome
        The result; its last year is shown in full, the record over all years.

    Returns
    -------
    str
        A whole HTML document in UTF-8, without script and without any address that a browser would fetch by itself.
        Every name is escaped; sources are linked only where their address begins with http.
    """
    year = tables.last_year(outcome)
    lines = tables.record_lines(tables.gateway_record(outcome, corridor))
    record_years = sorted({year for line in lines for year in (*line.modelled, *line.observed)})
    ranked, ways = tables.bottlenecks(outcome, corridor, year), main_ways(outcome, corridor, year)
    years = [int(y) for y in sorted(outcome["freight.pairs"]["year"].dropna().unique())]
    return template("karvan.report", "page.html.j2").render(
        style=Markup(own_text("karvan.report", "page.css")),  # noqa: S704  # our own file
        title=corridor.info.title or corridor.info.name,
        info=corridor.info,
        scenario=outcome.provenance.scenario,
        year=year,
        years=numbers.years(years),
        answer=answer.four_lines(outcome, corridor, year),
        details=answer.details(outcome, corridor, year),
        when=answer.when(corridor, year),
        cautions=answer.cautions(outcome, year),
        limits=answer.limits(outcome),
        warnings=answer.folded(outcome.warnings),
        map=Markup(svg_map.corridor_map(corridor, outcome, year)),  # noqa: S704  # escapes every name it writes
        close_up=Markup(svg_map.corridor_map(corridor, outcome, year, CLOSE_UP, "near")),  # noqa: S704  # as above
        charts=[_chart(line, record_years) for line in tables.best_told(lines, record_years, CHARTS_SHOWN)],
        record_years=record_years,
        record=lines,
        valued_shown=VALUED_SHOWN,
        valued=valued_rows(tables.with_lines(ranked, outcome, corridor, year), corridor),
        rents=rent_rows(tables.rents_by_owner(ranked)),
        ways=ways and {"origin": ways.origin, "destination": ways.destination, "rows": way_rows(ways)},
        resources=_resources(ranked),
        resources_shown=RESOURCES_SHOWN,
        pairs=_pairs(tables.pairs(outcome, corridor, year)),
        routes=_routes(tables.routes_of_largest(outcome, corridor, year, LARGEST_PAIRS)),
        confidence=list(_records(tables.confidence_counts(corridor))),
        sources=[_source(row) for row in _records(tables.sources_used(corridor))],
        sources_shown=SOURCES_SHOWN,
        provenance=outcome.provenance,
        convergence=outcome.convergence,
        figure=numbers.figure,
    )


@cache
def template(room: str, name: str) -> jinja2.Template:
    """The template of a room by its file name; every text put into it is escaped."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(own_text(room, name))


def own_text(room: str, name: str) -> str:
    """A text file that lies in a room."""
    return (files(room) / name).read_text(encoding="utf-8")


def _chart(line: tables.RecordLine, years: list[int]) -> Row:
    return {"name": line.name, "unit": line.unit, "svg": Markup(charts.record_chart(line, years))}  # noqa: S704  # escapes


def _resources(ranked: pd.DataFrame) -> list[Row]:
    rows = []
    for row in _records(ranked):
        load, background, capacity = (float(str(row[c])) for c in ("load", "background", "capacity"))
        bar = charts.utilisation_bar(load, background, capacity, rationed=bool(row["full"]))
        divisor, unit = numbers.scale([load, background, capacity], str(row["unit"]))
        shown = {c: numbers.figure(v / divisor) for c, v in (("load", load), ("background", background))}
        rows.append(
            {
                "name": row["name"],
                "owner": row["owner"],
                "unit": _words(unit),
                "over": row["over"],
                "full": row["full"],
                **shown,
            }
            | {"capacity": numbers.figure(capacity / divisor), "bar": Markup(bar)}  # noqa: S704  # figures only
            | {"utilisation": numbers.percent(float(str(row["utilisation"]))), "full": row["full"]}
        )
    return rows


def _pairs(frame: pd.DataFrame) -> list[Row]:
    return [
        {
            "origin": row["origin_name"],
            "destination": row["destination_name"],
            "commodity": _words(row["commodity"]),
            "handling_class": _words(row["handling_class"]),
            "served": numbers.amount(float(str(row["served_kt"])), "kt"),
            "usd": numbers.figure(float(str(row["mean_usd_per_t"]))),
            "days": numbers.figure(float(str(row["mean_hours"])) / HOURS_PER_DAY),
            "co2e": numbers.figure(float(str(row["co2e_kg_per_t"]))),
        }
        for row in _records(frame.head(PAIRS_SHOWN))
    ]


def _routes(frame: pd.DataFrame) -> list[Row]:
    """Pairs of the largest flows of boxes, each with its routes."""
    found: dict[tuple[object, object, object], list[Row]] = {}
    for row in _records(frame):
        key = (row["origin_name"], row["destination_name"], _words(row["commodity"]))
        found.setdefault(key, []).append(
            {
                "way": row["by_way_of"],
                "gateways": row["gateway_names"],
                "usd": numbers.figure(float(str(row["usd_per_feu"]))),
                "days": numbers.figure(float(str(row["hours"])) / HOURS_PER_DAY),
                "sd": numbers.figure(float(str(row["sd_hours"])) / HOURS_PER_DAY, 2),
                "co2e": numbers.figure(float(str(row["co2e_kg_per_feu"]))),
                "borders": row["borders"],
                "share": numbers.percent(float(str(row["share"]))),
            }
        )
    keys = ("origin", "destination", "commodity")
    return [{**dict(zip(keys, key, strict=True)), "ways": ways} for key, ways in found.items()]


def _source(row: Mapping[str, object]) -> Row:
    url = str(row["url"])
    return {**row, "url": url if url.lower().startswith(("https://", "http://")) else ""}


def _records(frame: pd.DataFrame) -> Iterable[dict[str, object]]:
    return ({str(key): value for key, value in row.items()} for row in frame.to_dict("records"))


def _words(key: object) -> str:
    return str(key).replace("_", " ")
