"""The outlook of a tiny corridor: growth, bands, and what was said beside it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.outcome import Outcome
from karvan.study.backcast.outlook import outlook
from tests.study.recorded import GATE, growing

DAY = "2025-03-31"
DEAR = Lever(
    "scenario:dear", "choice", "add", "constant_usd_per_teu", 300.0, tuple((k, (str(v),)) for k, v in GATE.items())
)


@cache
def told(dear: bool = False) -> Outcome:
    """The outlook for 2026 and 2030."""
    return outlook(growing(), (2026, 2030), DAY, Scenario("dear", levers=(DEAR,) if dear else ()))


def upper(name: str, dear: bool = False) -> dict[int, float]:
    """A column of the upper port's outlook by year."""
    rows = told(dear)["record.outlook"].query("indicator == 'upper'")
    return dict(zip(rows["year"].astype(int), rows[name].astype(float), strict=True))


def test_more_cargo_comes_with_faster_growth() -> None:
    slow, middle, fast = (upper(name) for name in ("slow_growth", "outlook", "fast_growth"))
    assert slow[2030] < middle[2030] < fast[2030]
    assert middle[2026] < middle[2030]


def test_a_band_holds_the_range_of_growth_and_the_misfit() -> None:
    low, middle, high = (upper(name) for name in ("low", "outlook", "high"))
    for year in (2026, 2030):
        assert low[year] <= upper("slow_growth")[year]
        assert high[year] >= upper("fast_growth")[year]
        assert np.log(high[year] / middle[year]) >= 1.645 * upper("misfit")[year] - 1e-12


def test_a_plan_is_set_beside_the_outlook_of_its_year() -> None:
    (row,) = told()["record.said"].to_dict("records")
    assert (row["year"], row["said"], row["band"], row["scope_told"]) == (2027, 1000.0, "above", "")
    assert 2027 not in upper("outlook")


def test_a_scenario_moves_the_years_to_come_and_not_the_fit() -> None:
    assert upper("outlook", dear=True)[2030] < upper("outlook")[2030]
    levers = [told(dear)["record.levers"]["value"].tolist() for dear in (False, True)]
    assert levers[0] == pytest.approx(levers[1], rel=1e-3)
