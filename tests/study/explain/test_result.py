"""An indicator explained: derivatives, ranges, shares of the uncertainty."""

from __future__ import annotations

from functools import cache

import pytest

from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.outcome import Outcome
from karvan.errors import DataError
from karvan.study.explain.result import explain
from karvan.study.states import BASE
from tests.study.recorded import recorded

YEAR = 2024


@cache
def told() -> Outcome:
    """The upper port in the last year."""
    return explain(recorded(), "upper", BASE, YEAR)


def cell(table: str, column: str, row: str = "") -> dict[str, float]:
    """The numbers of one cell of the tornado."""
    cells = told()["explain.cells"]
    mine = cells.loc[(cells["table"] == table) & (cells["column"] == column) & cells["row"].str.startswith(row)]
    names = ("value", "low", "high", "derivative", "at_low", "at_high", "share")
    return {name: float(mine[name].iloc[0]) for name in names}


def modelled(table: str, key: str, column: str, value: float) -> float:
    """The indicator with one cell set in its year; the base year, whose costs scale choice, stays."""
    where = ((recorded()[table].columns[0], (key,)),)
    change = Lever("scenario:cell", table, "set", column, value, where)
    (row,) = explain(recorded(), "upper", Scenario("cell", levers=(change,)), YEAR)["explain.result"].to_dict("records")
    return float(row["modelled"])


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("links", "upper_ship", "usd_per_feu"),
        ("links", "lower_ship", "hours"),
        ("links", "to_lower", "usd_per_feu"),
    ],
)
def test_a_derivative_is_that_of_a_run_with_the_cell_changed(table: str, row: str, column: str) -> None:
    told_ = cell(table, column, row)
    step = 1e-3 * told_["value"]
    higher, lower = (modelled(table, row, column, told_["value"] + sign * step) for sign in (1.0, -1.0))
    assert told_["derivative"] == pytest.approx((higher - lower) / (2 * step), rel=2e-3)


@pytest.mark.parametrize("column", ["dispersion", "choice_usd_per_t_day"])
def test_a_derivative_by_a_commodity_is_that_of_a_corridor_in_which_it_is_another(column: str) -> None:
    told_, table, told = cell("commodities", column, "goods"), recorded()["commodities"], []
    for factor in (1.001, 0.999):
        own = table[column].where(table["commodity"] != "goods", factor * table[column])
        world = recorded().replace(commodities=table.assign(**{column: own}))
        (row,) = explain(world, "upper", BASE, YEAR)["explain.result"].to_dict("records")
        told.append(float(row["modelled"]))
    assert told_["derivative"] == pytest.approx((told[0] - told[1]) / (0.002 * told_["value"]), rel=1e-4)


def test_demand_moves_the_result_as_a_segment_and_in_proportion_where_nothing_is_short() -> None:
    told_ = cell("demand", "kt", "all")
    assert told_["value"] == pytest.approx(150.0)
    assert 0.0 < told_["derivative"] <= 1.0


def test_shares_add_up_and_the_largest_comes_first() -> None:
    cells = told()["explain.cells"]
    assert float(cells["share"].sum()) == pytest.approx(1.0)
    assert cells["share"].is_monotonic_decreasing
    assert cells["rank"].tolist() == list(range(1, len(cells) + 1))


def test_a_cell_of_low_confidence_may_be_off_by_two_fifths() -> None:
    told_ = cell("links", "usd_per_feu", "upper_ship")
    assert told_["high"] / told_["value"] == pytest.approx(1.4)
    assert told_["at_high"] == pytest.approx(0.4 * told_["value"] * told_["derivative"])


def test_the_result_tells_formula_record_and_what_rests_on_guesses() -> None:
    (row,) = told()["explain.result"].to_dict("records")
    assert row["formula"] == "1 x sum of freight.gateways.kt where gateway_group=upper_sea"
    assert row["low_confidence_share"] == pytest.approx(1.0)
    assert row["observed"] > 0
    assert 0.0 < row["first_share"] <= 1.0


@pytest.mark.parametrize("asked", ["upperr", "upper[nowhere]", "a b c"])
def test_a_result_that_is_none_is_refused(asked: str) -> None:
    with pytest.raises(DataError):
        explain(recorded(), asked, BASE, YEAR)
