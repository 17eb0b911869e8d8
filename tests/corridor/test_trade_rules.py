"""Each rule on trade on a world of two economies that keeps them all: what breaks it, where, and what it asks for."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from karvan.corridor.checks.rules import problems
from karvan.corridor.corridor import Corridor
from karvan.errors import Problem
from karvan.scenario.state import state
from karvan.schema.tables import dtype_of
from karvan.schema.tables import table as schema_of
from tests.worlds import frame, two_links

MUSD = {("AAA", "AAA"): 170.0, ("AAA", "BBB"): 30.0, ("BBB", "AAA"): 20.0, ("BBB", "BBB"): 80.0}
ECONOMIES = [
    {"country": "AAA", "year": 2023, "gdp_musd": 100.0, "exports_musd": 30.0, "imports_musd": 22.0},
    {"country": "BBB", "year": 2023, "gdp_musd": 50.0, "exports_musd": 20.0, "imports_musd": 33.0},
]
PARAMETERS = {"gross_output_ratio": 2.0, "cif_fob_ratio": 1.1, "trade_base_year": 2023.0}
KM = {("AAA", "AAA"): 50.0, ("AAA", "BBB"): 900.0, ("BBB", "AAA"): 900.0, ("BBB", "BBB"): 40.0}
PTA = {"regime": "PTA", "applied_pct": 5.0, "mfn_pct": 5.0, "exempt_share": 0.2, "sector": "goods"}


def world() -> Corridor:
    base = two_links()
    tariffs = [
        {**PTA, "exporter": "AAA", "importer": "BBB", "from": "2010", "to": "2019", "regime": "MFN"},
        {**PTA, "exporter": "AAA", "importer": "BBB", "from": "2020"},
    ]
    trade = [{"exporter": a, "importer": b, "sector": "goods", "year": 2023, "musd": v} for (a, b), v in MUSD.items()]
    sectors = [
        {"sector": "total", "usd_per_t": 1000.0},
        {"sector": "goods", "part_of": "total", "usd_per_t": 1000.0},
        {"sector": "boxes", "part_of": "goods", "commodity": "goods", "usd_per_t": 900.0, "low_usd_per_t": 500.0},
        {"sector": "toys", "part_of": "goods", "commodity": "goods", "usd_per_t": 900.0, "high_usd_per_t": 1e3},
    ]
    return base.replace(
        economies=frame("economies", ECONOMIES),
        parameters=frame("parameters", [{"parameter": k, "value": v, "unit": "1"} for k, v in PARAMETERS.items()]),
        distances=frame("distances", [{"origin": a, "destination": b, "distance_km": km} for (a, b), km in KM.items()]),
        sectors=frame("sectors", sectors),
        tariffs=frame("tariffs", tariffs),
        trade=frame("trade", trade),
        trade_reports=frame("trade_reports", [{"exporter": "AAA", "importer": "BBB", "year": 2023, "musd": 31.0}]),
    )


def changed(table: str, column: str, value: object, row: int = 0) -> list[Problem]:
    base = world()
    cells: list[Any] = base[table][column].tolist()
    cells[row] = value
    column_of = pd.Series(cells, dtype=dtype_of(schema_of(table).column(column)))
    return problems(base.replace(**{table: base[table].assign(**{column: column_of})}))


def without(table: str, row: int) -> list[Problem]:
    base = world()
    return problems(base.replace(**{table: base[table].drop(index=row)}))


def test_the_world_of_two_economies_keeps_every_rule() -> None:
    assert problems(world()) == []


@pytest.mark.parametrize(
    ("table", "column", "value", "row", "kind", "asked"),
    [
        ("economies", "exports_musd", 200.0, 0, "exports above output", "below 200 = gdp_musd"),
        ("distances", "distance_km", 950.0, 1, "distance differs from the way back", "900, as from BBB"),
        ("sectors", "part_of", "boxes", 1, "sector that is a part of itself", "a coarser sector"),
        ("sectors", "part_of", "total", 3, "commodity in two sectors", "goods, as other sectors that goods carries"),
        ("sectors", "usd_per_t", 400.0, 2, "value outside its range", "500"),
        ("tariffs", "importer", "AAA", 0, "tariff on domestic sales", "another country"),
        ("tariffs", "applied_pct", 7.0, 1, "preference dearer than none", "at most 5"),
        ("tariffs", "to", "2020-06", 0, "two tariffs at one time", "after the row before it ends (2020-06)"),
        ("trade", "sector", "total", 0, "trade counted twice", "coarser or of the finer"),
        ("parameters", "value", 2022.0, 2, "base year without a matrix", "domestic sales"),
        ("trade_reports", "importer", "AAA", 0, "report of domestic sales", "another country"),
    ],
)
def test_one_changed_cell_breaks_one_rule(
    table: str, column: str, value: object, row: int, kind: str, asked: str
) -> None:
    found = [p for p in changed(table, column, value, row) if p.kind == kind]
    assert found
    assert found[0].table == table
    assert asked in found[0].expected
    assert found[0].remedy


@pytest.mark.parametrize(
    ("table", "row", "kind", "value"),
    [
        ("distances", 2, "missing pair", "BBB-AAA"),
        ("trade", 0, "domestic sales missing", "AAA-AAA, goods, 2023"),
        ("trade", 1, "missing pair", "AAA-BBB, goods, 2023"),
        ("economies", 1, "trade of no economy", "BBB, 2023"),
    ],
)
def test_a_missing_row_is_named(table: str, row: int, kind: str, value: str) -> None:
    assert value in [p.value for p in without(table, row) if p.kind == kind]


def test_an_exporter_never_seen_as_importer_is_named() -> None:
    base = world()
    more = {"exporter": "CCC", "importer": "AAA", "sector": "goods", "year": 2023, "musd": 1.0}
    trade = pd.concat([base["trade"], frame("trade", [more])], ignore_index=True)
    (problem,) = [p for p in problems(base.replace(trade=trade)) if p.kind == "exporter never seen as importer"]
    assert problem.value == "CCC, 2023"


@pytest.mark.parametrize(("row", "total"), [(0, "gdp_musd"), (1, "exports_musd"), (2, "imports_musd")])
def test_totals_that_the_matrix_misses_by_more_than_a_hundredth_are_named(row: int, total: str) -> None:
    found = [p for p in changed("trade", "musd", 1.02 * list(MUSD.values())[row], row) if p.kind == "unbalanced totals"]
    assert any(total in p.expected for p in found)
    assert changed("trade", "musd", 1.004 * list(MUSD.values())[row], row) == []


def test_a_panel_without_domestic_sales_may_miss_pairs() -> None:
    base = world()
    panel = frame("trade", [{"exporter": "AAA", "importer": "BBB", "sector": "total", "year": 2000, "musd": 3.0}])
    assert problems(base.replace(trade=pd.concat([base["trade"], panel], ignore_index=True))) == []


def test_the_state_of_a_year_holds_the_tariffs_of_that_year() -> None:
    regimes = [state(world(), (), year)["tariffs"]["regime"].tolist() for year in (2009, 2019, 2020)]
    assert regimes == [[], ["MFN"], ["PTA"]]
