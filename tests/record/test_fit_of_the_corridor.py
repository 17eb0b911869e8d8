"""The built-in corridor held to its record: derivatives, the fit, and how near it comes to what it has not seen."""

from __future__ import annotations

import time
from functools import cache

import numpy as np
import pandas as pd
import pytest

from karvan.scenario.parse import parse_scenario
from karvan.scenario.where import parse_where
from karvan.store.builtin import folder_of
from karvan.store.scenarios import read_text, ready_scenarios
from karvan.study.backcast.rolling import rolling
from karvan.study.calibrate.fit import OBSERVATIONS_A_LEVER
from karvan.study.calibrate.fitted import calibrated
from karvan.study.calibrate.free import NAME
from karvan.study.calibrate.ground import Ground, Solver, ground_of
from karvan.study.calibrate.told import usual_end
from tests.built_in import middle_corridor

DAY = "2024-03-31"
PAIRS = 20
STEP = 1e-4
pytestmark = pytest.mark.slow


@cache
def ground() -> Ground:
    """Every year of the record on one set of routes."""
    return ground_of(middle_corridor())


@cache
def rolled() -> pd.DataFrame:
    """Errors of every year told from the one before, by indicator and scope."""
    return rolling(ground())["record.skill"]


def test_twenty_derivatives_are_those_of_central_differences() -> None:
    draw, years = np.random.default_rng(20240815), tuple(ground().states)
    levers = np.array([0.2 * each.sd for each in ground().levers])
    solver = Solver(ground(), ground().states)
    solver.solve(years, levers)
    at, slopes = {year: solver.told(year) for year in years}, solver.slopes(years)
    moving = [(y, i, n) for y in years for i, n in np.argwhere(np.abs(slopes[y]) > 1e-6 * at[y][:, None]).tolist()]
    chosen = [moving[number] for number in draw.choice(len(moving), PAIRS, replace=False)]
    off = []
    for year, indicator, number in chosen:
        step, told = STEP * ground().levers[number].sd * np.eye(len(levers))[number], []
        for sign in (1.0, -1.0):
            solver.solve((year,), levers + sign * step)
            told.append(solver.told(year)[indicator])
        difference = (told[0] - told[1]) / (2.0 * step.sum())
        floor = 1e-7 * at[year][indicator] / ground().levers[number].sd
        off.append(abs(difference - slopes[year][indicator, number]) <= 1e-4 * abs(difference) + floor)
    # One of the twenty may straddle a kink, where a limit begins or ceases to bind within the step.
    assert sum(off) >= PAIRS - 1, [pair for pair, near in zip(chosen, off, strict=True) if not near]


def test_the_fit_converges_and_says_how_long_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    ground()
    start = time.perf_counter()
    found = calibrated(ground(), DAY)
    with capsys.disabled():
        print(f"\nfit to {len(found.targets)} figures: {time.perf_counter() - start:.1f} s, {found.fit.steps} steps")
    assert found.fit.converged
    assert int(found.fit.free.sum()) <= len(found.targets) // OBSERVATIONS_A_LEVER
    assert (found.targets["published"].astype(str) <= DAY).all()


def test_the_ready_scenario_is_what_the_whole_record_gives_today() -> None:
    found = calibrated(ground(), usual_end(middle_corridor())).fit
    file = ready_scenarios(folder_of("middle-corridor"))[NAME]
    told = {lever.where: float(str(lever.value)) for lever in parse_scenario(read_text(file), NAME).levers}
    for each, addend, sd in zip(ground().levers, found.addends, np.sqrt(np.diag(found.covariance)), strict=True):
        assert told[parse_where(each.where)] == pytest.approx(addend, abs=0.2 * sd)


@pytest.mark.parametrize(
    ("indicator", "scope", "figures"),
    [("titr_containers", "all boxes, empties included", 5), ("northern_china_eu", "ERAI, both ways", 2)],
)
def test_with_hindsight_on_drivers_the_model_is_nearer_than_the_better_naive_forecast(
    indicator: str, scope: str, figures: int
) -> None:
    told = rolled()
    row = told.loc[(told["indicator"] == indicator) & (told["scope"] == scope)]
    assert row["n_naive"].tolist() == [figures]
    assert float(row["hindsight_beside"].iloc[0]) < float(row["naive"].iloc[0])
