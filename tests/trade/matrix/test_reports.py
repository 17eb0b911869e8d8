"""Reports of both sides made into one value a pair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from karvan.trade.matrix.reports import reconcile, within_totals
from tests.worlds import frame

AB = {"exporter": "AAA", "importer": "BBB", "year": 2023, "period": "Y", "flow": "exports", "confidence": "medium"}
BA = {**AB, "exporter": "BBB", "importer": "AAA"}


def met(*rows: dict[str, object]) -> pd.DataFrame:
    return reconcile(frame("trade_reports", rows), 2023, 1.1).cells.set_index(["exporter", "importer"])


def first(*rows: dict[str, object]) -> dict[str, Any]:
    """The only cell of what one direction is reported at."""
    return {str(name): value for name, value in met(*rows).iloc[0].items()}


def test_one_report_stands_as_its_side_says_it() -> None:
    cells = met({**AB, "musd": 100.0, "reporter": "AAA"}, {**BA, "musd": 55.0, "reporter": "AAA", "valuation": "cif"})
    assert cells["musd"].to_list() == pytest.approx([100.0, 50.0])
    assert cells["basis"].to_list() == ["exporter", "importer"]
    assert cells["confidence"].to_list() == ["medium", "medium"]


def test_two_sides_meet_at_the_mean_of_logarithms_weighted_by_confidence_and_both_stay_in_the_note() -> None:
    high = {**AB, "musd": 100.0, "reporter": "AAA", "confidence": "high", "source": "a"}
    low = {**AB, "musd": 132.0, "reporter": "BBB", "valuation": "cif", "confidence": "low", "source": "b"}
    cell = first(high, low)
    assert cell["musd"] == pytest.approx(np.exp((4 * np.log(100.0) + np.log(120.0)) / 5))
    assert cell["note"] == "100 by AAA (a); 132 cif by BBB (b)"
    assert (cell["basis"], cell["confidence"]) == ("reconciled", "high")


def test_sides_that_differ_by_more_than_a_quarter_are_low_and_say_so() -> None:
    cell = first({**AB, "musd": 100.0, "source": "a"}, {**AB, "musd": 130.0, "source": "b"})
    assert cell["confidence"] == "low"
    assert "differ by more than a quarter" in cell["note"]


def test_a_turnover_is_parted_as_the_nearest_reports_of_both_ways_are_and_keeps_its_sum() -> None:
    far = [{**way, "year": 2020, "musd": musd, "source": "s"} for way, musd in ((AB, 1.0), (BA, 1.0))]
    near = [{**way, "period": "8M", "musd": musd, "source": "t"} for way, musd in ((AB, 30.0), (BA, 10.0))]
    cells = met({**AB, "flow": "turnover", "musd": 80.0}, *far, *near)
    assert cells["musd"].to_list() == pytest.approx([60.0, 20.0])
    assert "0.75 of it this way as in 2023 8M" in cells["note"].to_list()[0]
    assert set(cells["confidence"]) == {"low"}


def test_a_turnover_less_what_one_way_is_reported_at_is_the_other_way() -> None:
    cells = met({**AB, "flow": "turnover", "musd": 80.0, "source": "t"}, {**BA, "musd": 20.0})
    assert cells["musd"].to_list() == pytest.approx([60.0, 20.0])


def test_a_turnover_that_nothing_parts_is_named_and_not_used_unless_a_model_parts_it() -> None:
    rows = frame("trade_reports", [{**AB, "flow": "turnover", "musd": 80.0}])
    bare = reconcile(rows, 2023, 1.1)
    assert (len(bare.cells), bare.unparted) == (0, (("AAA", "BBB"),))
    told = reconcile(rows, 2023, 1.1, {("AAA", "BBB"): 3.0, ("BBB", "AAA"): 1.0})
    assert told.cells["musd"].to_list() == pytest.approx([60.0, 20.0])


def test_parts_of_a_year_and_other_years_are_no_values() -> None:
    assert met({**AB, "period": "H1", "musd": 100.0}, {**BA, "year": 2022, "musd": 5.0}).empty


def test_weak_reports_give_way_where_reports_exceed_a_total_and_strong_ones_do_not() -> None:
    cells = met(
        {**AB, "musd": 60.0, "confidence": "high"}, {**AB, "importer": "CCC", "musd": 60.0, "confidence": "low"}
    )
    totals = pd.DataFrame({"exporter": [100.0], "importer": [np.nan]}, index=["AAA"])
    made, repairs = within_totals(cells.reset_index(), totals)
    assert made["musd"].to_list() == pytest.approx([60.0, 37.0])
    assert "exceed what AAA sells" in repairs[0]
