"""The backcast of a tiny corridor, the naive forecasts, and how errors are told."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pandas as pd
import pytest

from karvan.study.backcast.judge import backcast
from karvan.study.backcast.naive import naive
from karvan.study.backcast.skill import skill
from tests.study.recorded import ground

DAY = "2023-03-31"


def told(**cells: object) -> dict[str, object]:
    """A row of the backcast."""
    row = {"indicator": "upper", "subject": "port", "scope": "all", "year": 2023, "part": "holdout", "observed": 100.0}
    return {**row, "known": 50.0, "hindsight": 100.0, "naive_last": 80.0, "naive_trend": 90.0, **cells}


@cache
def upper() -> pd.DataFrame:
    """The backcast of the upper port by year."""
    rows = backcast(ground(), DAY)["record.backcast"]
    return rows.loc[rows["indicator"] == "upper"].set_index("year")


def column(name: str) -> dict[int, float]:
    """A column of it."""
    return dict(zip(upper().index.astype(int), upper()[name].astype(float), strict=True))


def test_what_the_fit_was_held_to_and_what_it_did_not_know_stand_apart() -> None:
    low, later, high = (column(name) for name in ("low", "hindsight", "high"))
    assert upper()["part"].tolist() == ["calibration"] * 4 + ["holdout"] * 2
    assert column("naive_last")[2023] == column("observed")[2022]
    assert all(low[year] < later[year] < high[year] for year in later)


def test_as_known_then_the_last_year_stands_for_all_that_follow() -> None:
    known, later = column("known"), column("hindsight")
    assert [known[2023], known[2024]] == pytest.approx([known[2022]] * 2)
    assert later[2024] > later[2023] > later[2022]


def test_the_last_value_and_the_last_growth_are_carried_on_over_gaps() -> None:
    assert naive({2019: 10.0, 2021: 40.0}, 2023) == pytest.approx((40.0, 160.0))
    assert naive({2023: 5.0}, 2023) == pytest.approx((np.nan, np.nan), nan_ok=True)
    assert naive({2021: 0.0, 2022: 5.0}, 2023) == pytest.approx((5.0, np.nan), nan_ok=True)


def test_errors_are_mean_absolute_logarithms_beside_the_better_naive() -> None:
    (row,) = skill(pd.DataFrame([told(), told(year=2024, hindsight=math.e * 100.0)])).to_dict("records")
    assert (row["n"], row["n_naive"], row["hindsight"]) == (2, 2, pytest.approx(0.5))
    assert row["naive"] == pytest.approx(np.log(100 / 90))
    assert not row["beats"]


def test_a_model_is_not_compared_where_there_is_no_naive_forecast_or_it_was_fitted() -> None:
    bare = told(naive_last=np.nan, naive_trend=np.nan)
    rows = pd.DataFrame([bare, told(year=2022, part="calibration"), told(year=2021, part="before")])
    made = skill(rows).set_index("part")
    assert made.index.tolist() == ["calibration", "holdout"]
    assert made["n_naive"].tolist() == [0, 0]
    assert not made["beats"].any()
