"""What was known on a day, and that nothing else reaches a fit."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.corridor.corridor import Corridor
from karvan.study.calibrate.fitted import calibrated
from karvan.study.calibrate.ground import ground_of
from karvan.study.calibrate.known import as_known, known_on
from tests.study.recorded import YEARS, figure, recorded, with_figures
from tests.worlds import frame

DAY = "2023-03-31"
ENDED = [year for year in YEARS if year < 2023]


def shocked(begins: str, constant: float, change_from: str = "") -> Corridor:
    """The recorded corridor with a shock at the upper port."""
    row = {"gateway_group": "upper_sea", "handling_class": "container", "direction": "both", "kind": "sanction"}
    cells = {**row, "from_year": "2019", "constant_usd_per_teu": constant, "source": "made", "confidence": "low"}
    change = {
        "lever": "s",
        "owner": "shock:storm",
        "table": "choice",
        "operation": "insert",
        "from": change_from or begins,
    }
    shock = {"shock": "storm", "name": "Storm", "happened": True, "from": begins, "description": "a storm"}
    value = pd.Series(cells).to_json()
    return recorded().replace(shocks=frame("shocks", [shock]), levers=frame("levers", [{**change, "value": value}]))


def fit_as_known(world: Corridor) -> tuple[list[float], list[float]]:
    """Addends of the fit as known on the day, and what its years are."""
    found = calibrated(ground_of(as_known(world, DAY), ENDED), DAY)
    return found.fit.addends.tolist(), np.concatenate([found.solver.told(year) for year in ENDED]).tolist()


@cache
def unmoved() -> tuple[list[float], list[float]]:
    """The fit of the recorded corridor itself."""
    return fit_as_known(recorded())


@given(
    value=st.floats(1.0, 1e4),
    year=st.sampled_from(YEARS),
    later=st.dates(pd.Timestamp("2023-04-01").date(), pd.Timestamp("2030-01-01").date()),
    preferred=st.booleans(),
)
@settings(max_examples=2, deadline=None)
def test_no_figure_published_later_reaches_the_fit(value: float, year: int, later: object, preferred: bool) -> None:
    cells = {"published": str(later), "preferred": preferred, "scope": "all", "status": "estimate"}
    assert fit_as_known(with_figures(figure(year, value, **cells))) == unmoved()


@given(constant=st.floats(-200.0, 200.0), month=st.integers(4, 12), begun=st.booleans())
@settings(max_examples=2, deadline=None)
def test_no_shock_and_no_change_of_later_reaches_the_fit(constant: float, month: int, begun: bool) -> None:
    later = f"2023-{month:02d}-01"
    world = shocked("2022" if begun else later, constant, change_from=later)
    assert fit_as_known(world) == unmoved()


def test_a_shock_that_had_begun_does_reach_it() -> None:
    assert fit_as_known(shocked("2021", 60.0)) != unmoved()


def test_of_a_figure_corrected_later_the_one_published_by_then_is_known() -> None:
    world = with_figures(figure(2021, 7.0, published="2022-06-01", preferred=False))
    rows = world["observations"]
    rows.loc[(rows["year"] == 2021) & rows["preferred"], "published"] = "2024-01-01"
    told = known_on(world.replace(observations=rows), DAY).set_index("year")
    assert (told.loc[2021, "value"], bool(told.loc[2021, "preferred"])) == (7.0, True)
    assert sorted(told.index) == [2019, 2020, 2021, 2022]


def test_plans_and_forecasts_are_no_record() -> None:
    world = with_figures(figure(2030, 9.0, status="plan", published="2020-01-01"))
    assert 2030 not in set(known_on(world, "2029-12-31")["year"])


def test_a_day_that_is_assumed_waits_for_its_source_and_a_month_for_its_end() -> None:
    assumed = figure(2018, 7.0, published="2019-01-30", published_basis="assumed", source="later")
    world = with_figures(assumed, figure(2017, 7.0, published="2023-03"))
    later = pd.concat([world["sources"], frame("sources", [{"source": "later", "published": "2023-05"}])])
    world = world.replace(sources=later.reset_index(drop=True))
    known = [{2017, 2018} & set(known_on(world, day)["year"]) for day in ("2023-03-30", DAY, "2023-05-01")]
    assert known == [set(), {2017}, {2017, 2018}]
