"""The tables of trade of the built-in corridor: what they hold, how they were made, and the record beside them."""

from __future__ import annotations

import csv
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.built_in import middle_corridor

ROOT = Path(__file__).parents[2]
FACTS = ROOT.parent / "shared" / "facts" / "trade"
BASE = 2023
CENTRAL_ASIA = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]
needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the compilers' tables are not at hand")


def facts(name: str) -> list[dict[str, str]]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def matrix() -> pd.DataFrame:
    """Exports by pair of the base year, all sectors, MUSD; domestic sales on the diagonal."""
    trade = middle_corridor()["trade"]
    rows = trade.loc[trade["year"] == BASE]
    return rows.pivot_table(index="exporter", columns="importer", values="musd", aggfunc="sum")


def sold(some: list[str], others: list[str]) -> float:
    """Exports of some countries to others, domestic sales left out, MUSD."""
    values = matrix().mask(np.eye(len(matrix()), dtype=bool), 0.0)
    return float(values.loc[some, others].to_numpy().sum())


def turkic() -> list[str]:
    rows = middle_corridor()["memberships"]
    return sorted(rows.loc[(rows["organisation"] == "OTS") & (rows["status"] == "member"), "party"])


@pytest.mark.slow
def test_the_table_of_trade_is_what_its_script_makes_of_the_other_tables() -> None:
    command = [sys.executable, str(ROOT / "docs" / "making" / "trade.py"), "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_matrix_is_whole_and_no_estimate_passes_for_a_report() -> None:
    trade = middle_corridor()["trade"]
    rows = trade.loc[trade["year"] == BASE]
    assert matrix().shape == (34, 34)
    assert matrix().notna().all().all()
    assert set(rows["confidence"]) == {"low"}
    assert set(rows.loc[rows["basis"].isin(["filled", "balanced"]), "source"]) == {"own_estimate"}
    assert rows["note"].ne("").all()


def test_domestic_sales_are_gross_output_less_exports() -> None:
    economies = middle_corridor()["economies"]
    of_year = economies.loc[economies["year"] == BASE].set_index("country")
    ratio = middle_corridor().parameter("gross_output_ratio", 0.0)
    assert (matrix().sum(axis=1) / (ratio * of_year["gdp_musd"])).to_numpy() == pytest.approx(1.0, abs=1e-4)


def test_trade_of_one_country_with_central_asia_is_near_the_figure_its_president_gave() -> None:
    both = sold(["AZE"], CENTRAL_ASIA) + sold(CENTRAL_ASIA, ["AZE"])
    assert both == pytest.approx(1_400.0, rel=0.1)  # told: 1.4 bn USD; the reports of the five add up to 1.52


def test_the_turkic_states_trade_less_than_a_tenth_among_themselves_and_about_what_officials_say() -> None:
    within, abroad = sold(turkic(), turkic()), sold(turkic(), list(matrix().columns))
    assert within / abroad < 0.10
    assert 20_000.0 < within < 42_000.0  # 22 bn by Tokayev, 42 by Bolat for 2023, who count differently


def test_traded_sectors_hold_every_commodity_of_freight() -> None:
    sectors, goods = middle_corridor()["sectors"], middle_corridor()["commodities"]
    assert set(sectors["commodity"]) - {""} == set(goods["commodity"])
    assert set(sectors.loc[sectors["commodity"] != "", "part_of"]) == {"fuels", "goods", "ores_metals"}


@needs_facts
def test_economies_and_distances_are_the_compilers() -> None:
    economies, distances = middle_corridor()["economies"], middle_corridor()["distances"]
    theirs = [row for row in facts("country_panel") if row["iso3"] != "EUU"]
    lost = {(row["iso3"], row["year"]) for row in theirs if not row["gdp_current_usd"]}
    assert lost == {("AFG", "2025"), ("ARE", "2025")}
    assert len(economies) == len(theirs) - len(lost) + 1  # and the rest of the world
    gdp = {(row["iso3"], int(row["year"])): row["gdp_current_usd"] for row in theirs if row["gdp_current_usd"]}
    ours = economies.loc[economies["country"] != "XRW"]
    for country, year, value in zip(ours["country"], ours["year"], ours["gdp_musd"], strict=True):
        assert value == pytest.approx(float(gdp[country, int(year)]) / 1e6, rel=1e-6)
    km = {(row["iso_o"], row["iso_d"]): float(row["distw_km"]) for row in facts("distances_cepii")}
    for a, b, value in zip(distances["origin"], distances["destination"], distances["distance_km"], strict=True):
        assert value == pytest.approx(km[a, b], rel=1e-4)


@needs_facts
def test_the_panel_holds_every_reported_row_and_uzbek_exports_as_filled() -> None:
    trade = middle_corridor()["trade"]
    panel = trade.loc[trade["year"] < BASE]
    theirs = {(r["exporter"], r["importer"], int(r["year"])): float(r["exports_usd"]) for r in
              facts("bilateral_trade_comtrade_2000_2016")}  # fmt: skip
    reported = panel.loc[panel["basis"] == "exporter"]
    keys = zip(reported["exporter"], reported["importer"], reported["year"], reported["musd"], strict=True)
    assert len(reported) == len(theirs)
    for a, b, year, value in keys:
        assert value == pytest.approx(theirs[a, b, int(year)] / 1e6, rel=1e-5, abs=1e-6)
    filled = panel.loc[panel["basis"] != "exporter"]
    assert set(filled["exporter"]) == {"UZB"}
    assert set(filled["confidence"]) == {"low"}


@needs_facts
def test_tariffs_of_the_base_year_are_the_compilers_regimes() -> None:
    tariffs = middle_corridor()["tariffs"]
    now = tariffs.loc[(tariffs["sector"] == "goods") & (tariffs["to"] == "")]
    levied = now["applied_pct"] * (1.0 - now["exempt_share"])
    ours = dict(zip(zip(now["exporter"], now["importer"], strict=True), levied, strict=True))
    for row in facts("tariff_pairs"):
        if "EUU" not in (row["exporter"], row["importer"]):
            stated = float(row["model_default_applied_pct"])
            assert ours[row["exporter"], row["importer"]] == pytest.approx(stated, abs=0.006), row
