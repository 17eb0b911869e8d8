"""Columns made for an equation say what their names say."""

from __future__ import annotations

import pandas as pd
import pytest

from karvan.errors import DataError
from karvan.trade.gravity import estimate
from karvan.trade.terms import at_border, border, by_direction, by_value, logged, pair, phased
from tests.trade.made import cross_section

PANEL = pd.DataFrame(
    [(i, j, y, 1.0 if "A" in (i, j) and y == 2004 else 0.0) for i in "ABC" for j in "ABC" for y in (2000, 2004)],
    columns=["exporter", "importer", "year", "rta"],
)


def test_parts_by_year_add_up_to_the_whole() -> None:
    parts = by_value(PANEL, "rta", "year")
    assert list(parts.columns) == ["rta@2000", "rta@2004"]
    assert (parts.sum(axis=1) == PANEL["rta"]).all()


def test_a_lead_taken_back_by_a_lag_is_the_column_itself() -> None:
    lead = PANEL.assign(lead=phased(PANEL, "rta", [-4])["rta_lead4"])
    assert (lead.loc[PANEL["year"] == 2000, "lead"] == PANEL.loc[PANEL["year"] == 2004, "rta"].to_numpy()).all()
    back = phased(lead, "lead", [4])["lead_lag4"]
    assert (back[PANEL["year"] == 2004] == PANEL.loc[PANEL["year"] == 2004, "rta"]).all()
    assert back[PANEL["year"] == 2000].isna().all()


def test_parts_by_direction_add_up_to_the_whole() -> None:
    parts = by_direction(PANEL, "rta", {"A"})
    assert list(parts.columns) == ["rta_out", "rta_in", "rta_within"]
    assert (parts.sum(axis=1) == PANEL["rta"]).all()
    assert set(PANEL.loc[parts["rta_out"] > 0, "exporter"]) == {"A"}


def test_a_figure_of_countries_stands_only_at_the_border() -> None:
    hours = pd.Series({"A": 1.0, "B": 2.0, "C": 4.0}, name="hours")
    both = at_border(PANEL, hours, "both")
    assert both.name == "hours_at_border"
    assert (both[PANEL["exporter"] == PANEL["importer"]] == 0.0).all()
    assert both[(PANEL["exporter"] == "A") & (PANEL["importer"] == "C")].tolist() == [5.0, 5.0]


def test_a_country_without_a_figure_is_refused_by_name() -> None:
    with pytest.raises(DataError, match="country without a figure: 'C', expected a value of hours"):
        at_border(PANEL, pd.Series({"A": 1.0, "B": 2.0}, name="hours"), "importer")


def test_hours_at_the_border_are_told_apart_from_effects_of_countries() -> None:
    rows = cross_section()
    hours = pd.Series({"AAA": 1.0, "BBB": 3.0, "CCC": 2.0, "DDD": 7.0, "EEE": 4.0}, name="hours")
    rows["slow"] = at_border(rows, hours, "importer")
    rows["musd"] *= 2.718281828459045 ** (-0.1 * rows["slow"])
    assert estimate(rows, ["ln_far", "abroad", "slow"])["slow"] == pytest.approx(-0.1, abs=1e-6)


def test_small_makers_of_terms() -> None:
    assert border(PANEL).sum() == 12
    assert pair(PANEL).nunique() == 6
    with pytest.raises(DataError, match="no logarithm"):
        logged(PANEL, "rta")
