"""Streams of projects by party, and what they come to."""

from __future__ import annotations

import pandas as pd
import pytest

from karvan.appraisal.streams import indicators

ROW = {"project": "P", "country": "", "basis": "account"}


def streams() -> pd.DataFrame:
    rows = [{"year": 2030, "party": "builder", "kind": "capex", "musd": -100.0}]
    rows += [{"year": year, "party": party, "kind": "money", "musd": gain}
             for year in (2031, 2032) for party, gain in (("AAA", 50.0), ("BBB", 20.0))]  # fmt: skip
    return pd.DataFrame([{**ROW, **row} for row in rows])


def value(party: str, name: str) -> float:
    made = indicators(streams(), 0.1).set_index(["party", "indicator"])["value"]
    return float(made[party, name])


def test_present_values_of_parties_add_up_to_that_of_all() -> None:
    assert value("all", "npv_musd") == pytest.approx(-100 + 70 / 1.1 + 70 / 1.21)
    parts = sum(value(party, "npv_musd") for party in ("AAA", "BBB", "builder"))
    assert parts == pytest.approx(value("all", "npv_musd"))


def test_break_even_capex_is_what_the_benefits_are_worth() -> None:
    assert value("all", "switching_value") == pytest.approx((70 / 1.1 + 70 / 1.21) / 100)
    assert value("all", "bcr") == pytest.approx(value("all", "switching_value"))


def test_a_project_that_costs_nothing_says_that_it_has_no_rate_of_return() -> None:
    free = streams().loc[lambda rows: rows["kind"] == "money"]
    (told,) = indicators(free, 0.1).query("indicator == 'eirr'").to_dict("records")
    assert "never changes its sign" in told["message"]
    assert pd.isna(told["value"])
