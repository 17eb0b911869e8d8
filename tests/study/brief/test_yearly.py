"""Yearly figures and what a run makes of them: one a year, in the perimeter of the record."""

from __future__ import annotations

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome, Provenance
from karvan.study.brief.yearly import modelled_figures, published_figures
from tests.report.made import rows
from tests.worlds import frame, two_links

WHERE = "indicator=tonnes"
FIGURE = {"indicator": "tonnes", "subject": "all", "unit": "kt", "status": "observed", "source": "s", "preferred": True}


def record(*found: tuple[int, str, str, float]) -> pd.DataFrame:
    """Observations: year, period, scope, value."""
    names = ("year", "period", "scope", "value")
    cells = [dict(zip(names, row, strict=True)) for row in found]
    return frame("observations", [{**FIGURE, **row, "published": f"{row['year']}-12-31"} for row in cells])


def world(*scopes: str) -> Corridor:
    """A corridor whose model counts tonnes in these perimeters: once, twice, thrice the flow."""
    row = {"indicator": "tonnes", "table": "freight.gateways", "column": "kt", "unit": "kt", "aggregate": "sum"}
    cells = [{**row, "scope": scope, "scale": float(n)} for n, scope in enumerate(scopes, start=1)]
    return two_links().replace(indicators=frame("indicators", cells))


def run(*years: int) -> Outcome:
    """A run with a flow of 10 kt in each year."""
    flows = rows("freight.gateways", *({"year": year, "gateway_group": "g", "kt": 10.0} for year in years))
    return Outcome("run", {"freight.gateways": flows}, Provenance("0", "c", "base", {}))


def test_parts_of_years_plans_and_other_units_are_no_yearly_figures() -> None:
    figures = record((2022, "Y", "narrow", 5.0), (2023, "H1", "narrow", 3.0), (2024, "Y", "narrow", 9.0))
    figures.loc[2, "unit"] = "Mt"
    assert published_figures(figures, WHERE, "kt")["year"].tolist() == [2022]
    assert published_figures(figures.assign(status="plan"), WHERE).empty


def test_the_model_is_told_in_the_perimeter_of_each_year_and_of_the_last_one_after_it() -> None:
    figures = published_figures(record((2022, "Y", "narrow", 5.0), (2023, "Y", "wide", 9.0)), WHERE)
    found = modelled_figures(world("narrow", "wide"), run(2021, 2022, 2023, 2024), WHERE, figures)
    assert {year: told.value for year, told in found.items()} == {2022: 10.0, 2023: 20.0, 2024: 20.0}


def test_a_perimeter_without_an_indicator_is_left_out_and_one_for_any_serves_all() -> None:
    figures = published_figures(record((2022, "Y", "narrow", 5.0), (2023, "Y", "wide", 9.0)), WHERE)
    assert list(modelled_figures(world("narrow"), run(2022, 2023), WHERE, figures)) == [2022]
    assert list(modelled_figures(world(""), run(2022, 2023), WHERE, figures)) == [2022, 2023]


def test_an_outlook_tells_its_band_in_the_perimeter_of_the_last_figure() -> None:
    figures = published_figures(record((2022, "Y", "narrow", 5.0), (2023, "Y", "wide", 9.0)), WHERE)
    told = {"indicator": "tonnes", "year": 2026, "unit": "kt", "low": 15.0, "high": 40.0}
    narrow, wide = ({**told, "scope": scope, "outlook": value} for scope, value in (("narrow", 3.0), ("wide", 20.0)))
    ahead = Outcome("outlook", {"record.outlook": rows("record.outlook", narrow, wide)}, Provenance("0", "c", "", {}))
    assert modelled_figures(world("narrow", "wide"), ahead, WHERE, figures) == {2026: (20.0, 15.0, 40.0)}


def test_without_figures_or_indicators_the_model_says_nothing() -> None:
    figures = published_figures(record((2022, "Y", "narrow", 5.0)), WHERE)
    assert modelled_figures(world("narrow"), run(2022), WHERE, figures.head(0)) == {}
    assert modelled_figures(two_links(), run(2022), WHERE, figures) == {}
    assert modelled_figures(world("narrow"), run(2022), "year=2022", figures) == {}
