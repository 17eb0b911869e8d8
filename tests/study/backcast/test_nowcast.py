"""Nowcasts: what a part of a year says of the whole."""

from __future__ import annotations

import numpy as np
import pytest

from karvan.corridor.corridor import Corridor
from karvan.study.backcast.nowcast import nowcasts
from tests.study.recorded import bare, figure
from tests.worlds import frame

DAY = "2024-08-15"
PAST = {2019: 40.0, 2020: 44.0, 2021: 42.0, 2022: 46.0, 2023: 38.0}


def world(*more: dict[str, object], share: float = 1.0) -> Corridor:
    """Years of 100 whose first halves are known, and the half-year 2024."""
    whole = [figure(year, 100.0) for year in PAST]
    halves = [figure(year, share * half, period="H1", published=f"{year}-08-01") for year, half in PAST.items()]
    now = figure(2024, 60.0, period="H1", published="2024-08-01")
    return bare().replace(observations=frame("observations", [*whole, *halves, now, *more]))


def test_the_year_is_the_half_over_the_past_share_of_the_half() -> None:
    (row,) = nowcasts(world(), DAY).to_dict("records")
    off = [np.log(half / 50.0) for half in PAST.values()]
    assert row["nowcast"] == pytest.approx(120.0 * np.exp(-sum(off) / 6))
    assert row["low"] < row["nowcast"] < row["high"]
    assert (row["past_parts"], row["period"]) == (5, "H1")


def test_the_longest_part_known_by_the_day_is_the_one_that_tells() -> None:
    more = figure(2024, 75.0, period="7M", published="2024-08-10")
    late = figure(2024, 90.0, period="9M", published="2024-10-10")
    (row,) = nowcasts(world(more, late), DAY).to_dict("records")
    assert (row["period"], row["months"]) == ("7M", 7)


def test_a_longer_part_has_a_narrower_band() -> None:
    (half,) = nowcasts(world(), DAY).to_dict("records")
    (most,) = nowcasts(world(figure(2024, 110.0, period="11M", published="2024-08-10")), DAY).to_dict("records")
    assert most["high"] / most["nowcast"] < half["high"] / half["nowcast"]


def test_a_year_whose_figure_is_out_is_not_foretold_and_one_that_came_out_later_stands_beside() -> None:
    assert nowcasts(world(figure(2024, 130.0, published="2024-08-14")), DAY).empty
    (row,) = nowcasts(world(figure(2024, 130.0, published="2025-02-01")), DAY).to_dict("records")
    assert row["observed"] == 130.0


def test_no_year_comes_to_less_than_was_counted() -> None:
    (row,) = nowcasts(world(share=2.4), DAY).to_dict("records")
    assert row["low"] >= 60.0
    assert row["nowcast"] >= 60.0


def test_without_five_past_parts_nothing_is_told() -> None:
    record = world()["observations"]
    few = record.loc[~((record["period"] == "H1") & (record["year"] < 2021))].reset_index(drop=True)
    assert nowcasts(world().replace(observations=few), DAY).empty
