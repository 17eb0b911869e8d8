"""An estimate finds the equation that made the data, names what took no part, and refuses what means nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from karvan.errors import DataError, SchemaError, UnknownKeyError
from karvan.trade.gravity import CONSTANT, estimate, predict
from karvan.trade.panel import domestic_sales
from karvan.trade.regression import regression_tables, reset_p_value
from karvan.trade.resistance import resistances
from tests.trade.made import BORDER, COUNTRIES, DISTANCE, cross_section

TERMS = ["ln_far", "abroad"]


@pytest.mark.parametrize("method", ["ppml", "ols"])
def test_the_equation_that_made_the_data_is_found(method: str) -> None:
    found = estimate(cross_section(), TERMS, method="ols" if method == "ols" else "ppml")
    assert found.coefficients == pytest.approx([DISTANCE, BORDER], abs=1e-7)
    assert found.dropped.empty
    assert found.converged


def test_units_of_trade_move_effects_and_no_coefficient() -> None:
    rows = cross_section(noise=0.5)
    one, other = (estimate(rows.assign(musd=scale * rows["musd"]), TERMS) for scale in (1.0, 1000.0))
    assert other.coefficients == pytest.approx(one.coefficients, abs=1e-7)
    shift = other.effects["exporter"] - one.effects["exporter"]
    assert shift.to_numpy() == pytest.approx(np.log(1000.0), abs=1e-6)


def test_the_order_of_rows_changes_nothing() -> None:
    rows = cross_section(noise=0.5)
    one, other = estimate(rows, TERMS), estimate(rows.sample(frac=1.0, random_state=3), TERMS)
    assert other.coefficients == pytest.approx(one.coefficients, abs=1e-8)
    assert other.covariance == pytest.approx(one.covariance, rel=1e-5)


def test_fitted_sales_and_purchases_are_the_observed_ones() -> None:
    rows = cross_section(noise=0.5)
    found = estimate(rows, TERMS)
    for side in ("exporter", "importer"):
        told, seen = found.fitted.groupby(rows[side]).sum(), rows["musd"].groupby(rows[side]).sum()
        assert told.to_numpy() == pytest.approx(seen.to_numpy(), rel=1e-6)


def test_the_level_that_estimators_leave_out_is_zero_and_stands() -> None:
    found = estimate(cross_section(), TERMS)
    assert found.effects["importer"].index.tolist() == list(COUNTRIES)
    assert found.effects["importer"].iloc[0] == 0.0
    assert predict(found, cross_section()).to_numpy() == pytest.approx(cross_section()["musd"].to_numpy(), rel=1e-6)


def test_an_equation_says_nothing_of_levels_that_it_has_not_seen() -> None:
    with pytest.raises(UnknownKeyError, match="ZZZ"):
        predict(estimate(cross_section(), TERMS), cross_section().assign(exporter="ZZZ"))


def test_resistances_solve_their_own_equations() -> None:
    rows = cross_section(noise=0.5)
    found = estimate(rows, TERMS)
    told = resistances(found, rows, "CCC", sigma=5.0).set_index("country")
    cost = pd.Series(np.exp(rows[TERMS].to_numpy() @ found.coefficients), index=rows.index)
    costs = rows.assign(cost=cost.to_numpy()).pivot_table("cost", "exporter", "importer")
    inward = costs.T @ (told["output"] / told["outward_power"])
    outward = costs @ (told["expenditure"] / told["inward_power"])
    assert inward.to_numpy() == pytest.approx(told["inward_power"].to_numpy(), rel=1e-6)
    assert outward.to_numpy() == pytest.approx(told["outward_power"].to_numpy(), rel=1e-6)
    assert told.loc["CCC", "inward"] == pytest.approx(1.0, abs=1e-12)


def test_resistances_ask_for_domestic_sales() -> None:
    rows = cross_section().query("exporter != importer")
    with pytest.raises(DataError, match="no domestic sales: 'AAA, BBB"):
        resistances(estimate(rows, ["ln_far"]), rows, "AAA", sigma=5.0)


def test_zeros_that_their_levels_tell_whole_are_dropped_by_name() -> None:
    rows = cross_section(noise=0.3)
    rows.loc[rows["exporter"] == "BBB", "musd"] = 0.0
    found = estimate(rows, TERMS)
    assert set(found.dropped["exporter"]) == {"BBB"}
    assert (found.rows, len(found.dropped)) == (20, 5)
    assert [n.value for n in found.notes if n.kind == "exporter without any trade"] == ["BBB"]


def test_zeros_that_a_term_tells_whole_are_dropped_too() -> None:
    rows = cross_section(noise=0.3)
    rows["closed"] = ((rows["exporter"] == "AAA") & (rows["importer"] == "BBB")).astype(float)
    rows["closed"] += ((rows["exporter"] == "DDD") & (rows["importer"] == "CCC")).astype(float)
    rows.loc[rows["closed"] > 0, "musd"] = 0.0
    with pytest.raises(DataError, match="closed"):
        estimate(rows, [*TERMS, "closed"])


@pytest.mark.parametrize(
    ("value", "kind"),
    [(-1.0, "negative trade"), (np.nan, "missing trade"), ("n/a", "no number"), (np.inf, "no number")],
)
def test_trade_that_is_none_is_refused_with_its_row(value: object, kind: str) -> None:
    rows = cross_section()
    cells: list[object] = [value if at == 7 else musd for at, musd in enumerate(rows["musd"])]
    rows = rows.assign(musd=pd.Series(cells, dtype=object))
    with pytest.raises(DataError, match=f"trade.csv:9 musd: .*{kind}"):
        estimate(rows, TERMS)


def test_a_pair_that_stands_twice_is_refused() -> None:
    rows = pd.concat([cross_section(), cross_section().iloc[[3]]], ignore_index=True)
    with pytest.raises(DataError, match="pair that stands twice: 'DDD'"):
        estimate(rows, TERMS)


def test_a_term_that_the_effects_tell_is_refused_by_name() -> None:
    rows = cross_section().assign(size=lambda t: t["exporter"].map({c: float(i) for i, c in enumerate(COUNTRIES)}))
    with pytest.raises(DataError, match="term that others already tell"):
        estimate(rows, [*TERMS, "size"])


def test_a_term_with_a_gap_is_refused_and_nothing_dropped() -> None:
    rows = cross_section()
    rows.loc[0, "ln_far"] = np.nan
    with pytest.raises(DataError, match="term without a number"):
        estimate(rows, TERMS)


def test_a_column_that_is_absent_is_named_with_the_nearest() -> None:
    with pytest.raises(SchemaError, match="did you mean 'ln_far'"):
        estimate(cross_section(), ["ln_fra"])


def test_no_trade_at_all_is_refused() -> None:
    with pytest.raises(DataError, match="no trade at all"):
        estimate(cross_section().assign(musd=0.0), TERMS)


def test_least_squares_refuse_zeros_rather_than_lose_them() -> None:
    rows = cross_section()
    rows.loc[1, "musd"] = 0.0
    with pytest.raises(DataError, match="no logarithm"):
        estimate(rows, TERMS, method="ols")


def test_what_may_surprise_in_a_panel_is_noted() -> None:
    rows = cross_section(noise=0.3)
    rows = rows.loc[~((rows["exporter"] == "AAA") & (rows["importer"].isin(["BBB", "AAA"])))]
    rows = rows.loc[rows["importer"] != "EEE"]
    kinds = {note.kind: note.value for note in estimate(rows, TERMS).notes}
    assert kinds["absent pairs"] == "AAA-BBB"
    assert kinds["exporter that never imports"] == "EEE"
    assert kinds["domestic sales of some only"] == "AAA"


def test_domestic_sales_are_output_less_exports_and_never_negative() -> None:
    output, exports = pd.Series({"AAA": 10.0, "BBB": 5.0}), pd.Series({"AAA": 4.0, "BBB": 6.0})
    with pytest.raises(DataError, match="exports above output: 'BBB', expected output above its exports of 6"):
        domestic_sales(output, exports)
    with pytest.raises(DataError, match="country on one side only: 'BBB'"):
        domestic_sales(output, exports[:1])


def test_errors_without_further_correction_are_smaller() -> None:
    rows = cross_section(noise=0.5)
    stata, full = (estimate(rows, TERMS, small_sample=name) for name in ("stata", "fixest"))
    assert (stata.standard_errors < full.standard_errors).all()


def test_the_tables_of_a_regression_hold_what_was_estimated() -> None:
    rows = cross_section(noise=0.5)
    rows.loc[rows["exporter"] == "BBB", "musd"] = 0.0
    found = estimate(rows, ["ln_far"], effects=("exporter",), clusters="importer")
    tables = regression_tables({"plain": found})
    line = tables["trade.coefficients"].iloc[0]
    assert (line["term"], line["coefficient"]) == ("ln_far", found["ln_far"])
    assert line["low"] < line["coefficient"] < line["high"]
    measures = tables["trade.diagnostics"].set_index("measure")["value"]
    assert (measures["rows"], measures["dropped"], measures["clusters"]) == (20, 5, 5)
    assert tables["trade.dropped"]["exporter"].tolist() == ["BBB"] * 5


def test_a_right_form_passes_the_reset_test_and_a_wrong_one_does_not() -> None:
    rng = np.random.default_rng(5)
    rows = pd.DataFrame({"exporter": [f"E{i}" for i in range(900)], "importer": "M", "x": rng.normal(size=900)})
    luck = rng.gamma(2.0, 0.5, size=900)
    right = rows.assign(musd=np.exp(1.0 + rows["x"]) * luck)
    wrong = rows.assign(musd=np.exp(1.0 + rows["x"] + 0.3 * rows["x"] ** 2) * luck)
    assert reset_p_value(estimate(right, ["x"], ()), right) > 0.05
    assert reset_p_value(estimate(wrong, ["x"], ()), wrong) < 0.01
    assert estimate(right, ["x"], ()).terms == ("x", CONSTANT)
