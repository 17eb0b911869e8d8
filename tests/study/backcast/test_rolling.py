"""Rolling origin on a tiny corridor: which rows count, and that each is told from the day its origin gives."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from karvan.study.backcast.judge import fits_of, judged
from karvan.study.backcast.rolling import origins, rolling
from karvan.study.calibrate.ground import ground_of
from tests.study.recorded import figure, ground, with_figures

pytestmark = pytest.mark.slow


@cache
def told() -> pd.DataFrame:
    """The rows of the recorded corridor, with a figure of low confidence among them."""
    poor = figure(2024, 3.0, scope="poor", confidence="low", indicator="lower")
    earlier = [figure(year, 3.0, scope="poor", indicator="lower") for year in (2021, 2022)]
    return rolling(ground_of(with_figures(*earlier, poor)))["record.backcast"]


def test_a_year_counts_once_two_earlier_ones_are_known_and_it_is_no_guess() -> None:
    rows = told().loc[told()["scope"] == "all"]
    assert rows["year"].tolist() == [2021, 2022, 2023, 2024]
    assert "poor" not in set(told()["scope"])
    assert set(told()["part"]) == {"rolling"}


def test_the_first_and_the_last_year_are_no_origin() -> None:
    assert origins(ground()) == [2020, 2021, 2022, 2023]


def test_each_year_is_told_as_the_backcast_of_its_day_tells_it() -> None:
    own = told().loc[told()["scope"] == "all"].set_index("year")
    day = "2023-03-31"
    rows = judged(ground(), fits_of(ground(), day), day).query("indicator == 'upper'").set_index("year")
    for name in ("known", "hindsight", "naive_last", "naive_trend"):
        assert float(own[name].loc[2023]) == pytest.approx(float(rows[name].loc[2023]))
