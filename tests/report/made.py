"""A made-up outcome on the two railways of ``tests.worlds``, with names that try to break a page or a terminal."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome, Provenance, outcome_table
from karvan.schema.tables import table
from tests.worlds import YEAR, frame, two_links

HOSTILE = '<script src="x">evil</script>'
FORMULA = "=2+3"


def corridor(middle_name: str = "Middle", first_mode: str = "rail", border_name: str = FORMULA) -> Corridor:
    """Two railways with a resource each; the second is over capacity in :func:`outcome`."""
    world = two_links()
    places = world["places"].copy()
    places.loc[places["place"] == "middle", "name"] = middle_name
    links = world["links"].copy()
    links.loc[links["link"] == "first", "mode"] = first_mode
    links["gateway_group"] = ["inland", "crossing"]
    sort = {"behaviour": "limit", "unit": "t", "capacity_per_year": 1e5, "owner": "Owner"}
    resources = [{"resource": "line", "name": "The line", **sort}, {"resource": "border", "name": border_name, **sort}]
    use = {"direction": "both", "handling_class": "wagon", "units_per_t": 1.0}
    uses = [{"resource": "line", "link": "first", **use}, {"resource": "border", "link": "second", **use}]
    figure = {"table": "freight.gateways", "column": "kt", "unit": "kt", "aggregate": "sum", "scale": 1.0}
    indicators = [{"indicator": "crossed", "name": "Cargo across", "subject": "", **figure}]
    return world.replace(
        places=places,
        links=links,
        resources=frame("resources", resources),
        uses=frame("uses", uses),
        indicators=frame("indicators", indicators),
    )


def rows(name: str, *found: Mapping[str, object]) -> pd.DataFrame:
    """An outcome table from rows that name only the cells that matter; other figures are 0 or missing."""
    columns = {}
    for column in table(name, "outcomes").columns:
        empty: object = {"text": "", "bool": False}.get(column.type, 0 if column.required else None)
        columns[column.name] = [row.get(column.name, empty) for row in found]
    return outcome_table(name, pd.DataFrame(columns))


def outcome(first_kt: float = 40.0, second_kt: float = 120.0, year: int = YEAR) -> Outcome:
    """Cargo on both links; the border (capacity 100 kt) carries ``second_kt``, the line ``first_kt``."""
    pair = {"year": year, "origin": "east", "destination": "west", "commodity": "goods", "handling_class": "container"}
    cost = {"usd_per_t": 80.0, "usd_per_feu": 1900.0, "hours": 96.0, "sd_hours": 12.0, "co2e_kg_per_feu": 600.0}
    way = {"route": 3, "gateways": "inland>crossing", "legs": "east>middle>west", "countries": "AAA>BBB", "borders": 1}
    flow = {"year": year, "direction": "forward", "handling_class": "wagon"}
    full = {"year": year, "unit": "t", "capacity": 1e5}
    passed = {"year": year, "heading": "westbound", "commodity": "goods", "handling_class": "container"}
    seen = {"indicator": "crossed", "subject": "all", "period": "Y", "unit": "kt", "part": "none", "observed": 100.0}
    tables = {
        "freight.pairs": rows(
            "freight.pairs", {**pair, "demand_kt": 120.0, "served_kt": 120.0, "mean_hours": 96.0, "co2e_kg_per_t": 25.0}
        ),
        "freight.routes": rows("freight.routes", {**pair, **way, **cost, "share": 1.0, "kt": 120.0}),
        "freight.flows": rows(
            "freight.flows", {**flow, "link": "first", "kt": first_kt}, {**flow, "link": "second", "kt": second_kt}
        ),
        "freight.gateways": rows(
            "freight.gateways",
            {**passed, "gateway_group": "crossing", "kt": 120.0, "teu": 1e4},
            {**passed, "gateway_group": "inland", "kt": 130.0, "teu": 1.1e4},
        ),
        "freight.resources": rows(
            "freight.resources",
            {**full, "resource": "line", "load": 1e3 * first_kt, "utilisation": first_kt / 100},
            {**full, "resource": "border", "load": 1e3 * second_kt, "utilisation": second_kt / 100},
        ),
        "record.comparison": rows("record.comparison", {**seen, "year": year, "modelled": 120.0, "ratio": 1.2}),
    }
    return Outcome("made", tables, Provenance("0.0.0", "two-links", "base", {"links": "abc"}, {"years": str(year)}))
