"""The rules of verdicts: each one changes its verdict when the record changes."""

from __future__ import annotations

import pandas as pd
import pytest

from karvan.study.claims.verdict import judge

CLAIM = {"aggregate": "last", "value": "100", "relation": "equal", "tolerance": 0.05, "loose_tolerance": 0.25}


def verdict(values: list[object], **changes: object) -> str:
    """The verdict on a claim, with cells changed, from rows of consecutive years with these values."""
    claim = pd.Series({**CLAIM, "scale": 1.0, "column": "value", **changes})
    return judge(claim, pd.DataFrame({"year": range(2020, 2020 + len(values)), "value": values})).verdict


@pytest.mark.parametrize(
    ("found", "told"), [(100.0, "agrees"), (105.0, "agrees"), (120.0, "loose"), (126.0, "differs")]
)
def test_a_figure_is_judged_by_how_far_it_is_off(found: float, told: str) -> None:
    assert verdict([found]) == told


@pytest.mark.parametrize(
    ("aggregate", "agreeing", "differing"),
    [
        ("last", [1.0, 100.0], [100.0, 1.0]),
        ("sum", [40.0, 60.0], [40.0, 160.0]),
        ("mean", [50.0, 150.0], [50.0, 350.0]),
        ("max", [1.0, 100.0], [1.0, 200.0]),
        ("min", [100.0, 300.0], [10.0, 300.0]),
        ("growth", [10.0, 20.0], [10.0, 11.0]),
        ("ratio", [1.0, 100.0], [1.0, 2.0]),
    ],
)
def test_a_changed_observation_changes_the_verdict(
    aggregate: str, agreeing: list[object], differing: list[object]
) -> None:
    assert verdict(agreeing, aggregate=aggregate) == "agrees"
    assert verdict(differing, aggregate=aggregate) == "differs"


def test_at_least_forgives_more_and_at_most_forgives_less() -> None:
    assert verdict([500.0], relation="at_least") == "agrees"
    assert verdict([50.0], relation="at_least") == "differs"
    assert verdict([50.0], relation="at_most") == "agrees"
    assert verdict([500.0], relation="at_most") == "differs"


def test_a_count_is_of_rows() -> None:
    assert verdict(["a", "b"], aggregate="count", value="2") == "agrees"
    assert verdict(["a"], aggregate="count", value="2") == "differs"


def test_a_name_or_date_agrees_where_a_row_holds_it() -> None:
    assert verdict(["2024-07-06"], value="2024-07") == "agrees"
    assert verdict(["dialogue_partner"], value="Dialogue partner") == "agrees"
    assert verdict(["2024-08-06"], value="2024-07") == "differs"


def test_no_rows_and_no_figure_are_unknown_and_a_single_year_has_no_growth() -> None:
    assert verdict([]) == "unknown"
    assert verdict([1.0], value="") == "unknown"
    assert verdict([1.0], aggregate="growth") == "unknown"
    assert verdict(["a"], aggregate="exists") == "agrees"


def test_record_is_scaled_to_the_unit_of_the_claim() -> None:
    assert verdict([0.1], scale=1000.0) == "agrees"
