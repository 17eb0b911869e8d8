"""The model beside the record: which observations count, and what an indicator makes of an outcome."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.study.record import comparison, unit_conflicts
from tests.worlds import YEAR, frame, two_links

FLOWS = pd.DataFrame(
    {
        "year": [YEAR, YEAR, YEAR, YEAR + 1],
        "link": ["first", "first", "second", "first"],
        "direction": ["forward", "back", "forward", "forward"],
        "handling_class": ["container"] * 4,
        "kt": [100.0, 40.0, 7.0, 150.0],
        "teu": [1000.0, 400.0, 70.0, 1500.0],
    }
)


def world(indicators: list[Mapping[str, object]], *observations: Mapping[str, object]) -> Corridor:
    told = {"indicator": "volume", "name": "Volume", "subject": "Line", "table": "freight.flows", "column": "kt",
            "aggregate": "sum", "scale": 1.0, "unit": "kt", "tolerance": 0.25}  # fmt: skip
    seen = {"indicator": "volume", "subject": "Line", "year": YEAR, "period": "Y", "value": 140.0, "unit": "kt",
            "status": "observed", "preferred": True, "published": f"{YEAR + 1}-01-30",
            "published_basis": "assumed"}  # fmt: skip
    return two_links().replace(
        indicators=frame("indicators", [{**told, **row} for row in indicators]),
        observations=frame("observations", [{**seen, **row} for row in observations]),
    )


def compared(indicator: Mapping[str, object], *observations: Mapping[str, object]) -> pd.DataFrame:
    corridor = world([indicator], *(observations or [{}]))
    return comparison(corridor, {"freight.flows": FLOWS}, (YEAR, YEAR + 1))


def test_a_sum_over_the_rows_of_the_year_stands_beside_what_was_seen() -> None:
    row = compared({}).iloc[0]
    assert (row["year"], row["observed"], row["modelled"]) == (YEAR, 140.0, 147.0)
    assert row["ratio"] == pytest.approx(147 / 140)


def test_only_rows_that_match_count() -> None:
    assert compared({"where": "link=first"})["modelled"].tolist() == [140.0]
    assert compared({"where": "link=first & direction=back"})["modelled"].tolist() == [40.0]


def test_the_scale_multiplies_the_model() -> None:
    assert compared({"column": "teu", "scale": 0.1})["modelled"].tolist() == pytest.approx([147.0])


@pytest.mark.parametrize(("aggregate", "expected"), [("mean", 49.0), ("max", 100.0), ("min", 7.0)])
def test_an_indicator_may_be_a_mean_or_an_extreme(aggregate: str, expected: float) -> None:
    assert compared({"aggregate": aggregate})["modelled"].tolist() == [expected]


def test_a_sum_over_no_rows_is_nothing_and_a_mean_of_none_is_missing() -> None:
    assert compared({"where": "link=third"})["modelled"].tolist() == [0.0]
    assert np.isnan(compared({"where": "link=third", "aggregate": "mean"})["modelled"].iloc[0])


def test_an_observed_zero_has_no_ratio() -> None:
    assert np.isnan(compared({}, {"value": 0.0})["ratio"].iloc[0])


@pytest.mark.parametrize(
    "cells",
    [
        {"unit": "TEU"}, {"period": "H1"}, {"status": "plan"}, {"status": "forecast"}, {"preferred": False},
        {"year": 2001},
    ],
)  # fmt: skip
def test_other_units_periods_plans_and_second_choices_are_not_compared(cells: Mapping[str, object]) -> None:
    assert compared({}, cells).empty


def test_an_estimate_counts_as_seen() -> None:
    assert len(compared({}, {"status": "estimate"})) == 1


def test_an_indicator_of_a_subject_and_scope_takes_observations_of_both() -> None:
    seen = [{"subject": s, "scope": c, "value": v} for s, c, v in (
        ("Line", "net", 1.0), ("Line", "gross", 2.0), ("Port", "net", 3.0))]  # fmt: skip
    assert compared({"scope": "gross"}, *seen)["observed"].tolist() == [2.0]
    assert compared({"subject": "Port"}, *seen)["observed"].tolist() == [3.0]
    assert sorted(compared({}, *seen)["observed"]) == [1.0, 2.0]


def test_two_scopes_of_one_indicator_are_compared_each_with_its_own() -> None:
    rows: list[Mapping[str, object]] = [{"scope": "net"}, {"scope": "gross", "scale": 2.0}]
    corridor = world(rows, {"scope": "net"}, {"scope": "gross", "value": 280.0})
    found = comparison(corridor, {"freight.flows": FLOWS}, (YEAR,)).set_index("scope")
    assert found["modelled"].to_dict() == {"net": 147.0, "gross": 294.0}


def test_an_indicator_of_a_table_that_the_run_lacks_is_left_out() -> None:
    assert compared({"table": "freight.pairs", "column": "served_kt"}).empty


def test_a_corridor_without_a_record_has_an_empty_comparison_with_all_columns() -> None:
    empty = comparison(two_links(), {"freight.flows": FLOWS}, (YEAR,))
    assert empty.empty
    assert {"indicator", "observed", "modelled", "ratio", "part"} <= set(empty.columns)


def test_observations_in_another_unit_are_told() -> None:
    warnings = unit_conflicts(world([{}], {}, {"unit": "TEU"}))
    assert warnings == ["observations of volume in TEU are not compared: it is in kt"]
    assert unit_conflicts(world([{}], {})) == []
