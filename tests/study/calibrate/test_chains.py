"""Constants that walk from year to year: what a chain counts for, what it learns, and where it stays."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from karvan.corridor.corridor import Corridor
from karvan.scenario.parse import parse_scenario
from karvan.study.calibrate.fit import freed, worth_of
from karvan.study.calibrate.fitted import Fitted, calibrated
from karvan.study.calibrate.free import FreeLever, prior_sds
from karvan.study.calibrate.ground import Ground, ground_of
from karvan.study.calibrate.told import free_counted, lever_table, scenario_file
from karvan.study.states import states
from tests.study.recorded import YEARS, figure, lever, recorded
from tests.worlds import frame

EVER = "2025-03-31"
ONE = FreeLever("a", "A", "", "hours", 0.0, 3.0, -9.0, 9.0, "")


def walk(sd: float, first_sd: float = 200.0) -> list[dict[str, object]]:
    """A lever a year at the upper port, each after the one before."""
    rows: list[dict[str, object]] = []
    for year in YEARS:
        last = year == YEARS[-1]
        cells = {"from_year": year, "to_year": None if last else year, "after": f"of_{year - 1}" if rows else ""}
        where = "gateway_group=upper_sea & kind=observed practice"
        own = {"lever": f"of_{year}", "where": where, "sd": sd if rows else first_sd}
        rows.append({**lever("early"), **cells, **own})
    return rows


def walking(sd: float) -> Corridor:
    """The recorded corridor, whose figures jump in 2022, with a chain; figures of three scopes each year."""
    rows = recorded()["observations"]
    told = zip(rows["year"].astype(int), rows["value"].astype(float), strict=True)
    copies = [figure(year, value, scope=scope) for year, value in told for scope in ("one", "two", "three")]
    return recorded().replace(observations=frame("observations", copies), calibration=frame("calibration", walk(sd)))


@cache
def fitted(sd: float, day: str = EVER) -> tuple[Ground, Fitted]:
    made = ground_of(walking(sd))
    return made, calibrated(made, day)


def test_the_sd_of_a_chain_grows_by_the_squares_of_its_steps() -> None:
    chain = [ONE, ONE._replace(lever="b", sd=4.0, after="a"), ONE._replace(lever="c", sd=12.0, after="b")]
    assert prior_sds(chain).tolist() == pytest.approx([3.0, 5.0, 13.0])


def test_a_chain_counts_for_its_effective_number_between_one_and_its_length() -> None:
    slopes = np.eye(3)
    counts = []
    for sd in (1e-3, 1.0, 1e3):
        after = [ONE._replace(lever=name, sd=sd, after=before) for name, before in (("b", "a"), ("c", "b"))]
        counts.append(float(worth_of(slopes, [ONE._replace(sd=1e3), *after])[0]))
    assert counts[0] == pytest.approx(1.0, abs=0.01)
    assert 1.2 < counts[1] < 2.8
    assert counts[2] == pytest.approx(3.0, abs=0.01)


def test_a_chain_that_counts_for_more_than_the_record_has_room_for_is_held_as_a_whole() -> None:
    assert freed([1, 1, 1], 8, [0, 0, 0], [2.1] * 3).tolist() == [False] * 3
    assert freed([1, 1, 1], 9, [0, 0, 0], [2.1] * 3).tolist() == [True] * 3


def test_a_walk_learns_the_jump_that_one_constant_cannot() -> None:
    made, found = fitted(60.0)
    assert found.fit.free.all()
    assert free_counted(found, made) <= len(found.targets) / 4
    before, after = found.fit.addends[YEARS.index(2021)], found.fit.addends[YEARS.index(2023)]
    assert before < 0.0 < after
    tight = fitted(1.0)[1].fit.addends
    assert np.ptp(tight) < 0.2 * np.ptp(found.fit.addends)


def test_years_without_a_figure_stay_where_the_walk_was_and_are_less_sure() -> None:
    _, found = fitted(60.0, "2023-03-31")
    last, sd = YEARS.index(2022), np.sqrt(np.diag(found.fit.covariance))
    assert found.fit.addends[last + 1 :].tolist() == pytest.approx([found.fit.addends[last]] * 2, abs=0.05)
    assert sd[last] < sd[last + 1] < sd[last + 2]


def test_the_table_tells_what_the_chain_counts_for_and_the_scenario_its_years() -> None:
    made, found = fitted(60.0)
    told = lever_table(made, found).set_index("lever")
    assert told["counts_for"].nunique() == 1
    assert 1.0 < told["counts_for"].iloc[0] <= len(found.targets) / 4
    scenario = parse_scenario(scenario_file(made, found, EVER), "a.toml")
    dear = {each.year: each["choice"] for each in states(recorded(), scenario, (2020, 2024)).years}
    for year, choice in dear.items():
        constant = choice.loc[choice["kind"] == "observed practice", "constant_usd_per_teu"].iloc[0]
        assert constant == pytest.approx(10.0 + float(told["value"].loc[f"of_{year}"]))
