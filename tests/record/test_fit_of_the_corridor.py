"""The built-in corridor held to its record: derivatives, the fit, and how near it comes to what it has not seen."""

from __future__ import annotations

import time
from collections import Counter
from functools import cache

import numpy as np
import pandas as pd
import pytest

from karvan.scenario.parse import parse_scenario
from karvan.store.builtin import folder_of
from karvan.store.scenarios import read_text, ready_scenarios
from karvan.study.backcast.rolling import rolling
from karvan.study.calibrate.fit import OBSERVATIONS_A_LEVER, Floats
from karvan.study.calibrate.fitted import calibrated
from karvan.study.calibrate.free import NAME, as_scenario
from karvan.study.calibrate.ground import Ground, Solver, ground_of
from karvan.study.calibrate.told import free_counted, usual_end
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


def smooth(solver: Solver, year: int, levers: Floats, step: Floats) -> tuple[Floats, Floats] | None:
    """Indicators on both sides of a point; None where a limit or a wait begins or ends between them."""
    told, regimes = [], []
    for sign in (1.0, -1.0):
        solver.solve((year,), levers + sign * step)
        told.append(solver.told(year))
        regimes.append(solver.regime(year))
    return (told[0], told[1]) if (regimes[0] == regimes[1]).all() else None


def table_by_table(pairs: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Pairs of levers of one table after the other in turn, within each in the order given."""
    turns: Counter[str] = Counter()
    ranked = []
    for pair in pairs:
        table = ground().levers[pair[2]].table
        ranked.append((turns[table], pair))
        turns[table] += 1
    return [pair for _, pair in sorted(ranked, key=lambda each: each[0])]


def test_twenty_derivatives_are_those_of_central_differences() -> None:
    draw, years = np.random.default_rng(20240815), tuple(ground().states)
    sds = np.array([each.sd for each in ground().levers])
    levers = 0.2 * sds
    solver = Solver(ground(), ground().states)
    solver.solve(years, levers)
    at, slopes = {year: solver.told(year) for year in years}, solver.slopes(years)
    moving = [(y, i, n) for y in years for i, n in np.argwhere(np.abs(slopes[y]) > 1e-6 * at[y][:, None]).tolist()]
    held: list[tuple[int, int, int]] = []
    for year, indicator, number in table_by_table(draw.permutation(moving).tolist()):
        step = STEP * sds[number] * np.eye(len(levers))[number]
        sides = smooth(solver, year, levers, step)
        if sides is None:
            continue
        difference = (sides[0] - sides[1])[indicator] / (2.0 * step.sum())
        floor = 1e-7 * at[year][indicator] / sds[number]
        assert slopes[year][indicator, number] == pytest.approx(difference, rel=1e-4, abs=floor), (year, number)
        held.append((year, indicator, number))
        if len(held) == PAIRS:
            break
    assert len(held) == PAIRS
    assert {"borders", "choice", "transfers"} == {ground().levers[number].table for _, _, number in held}


def test_the_fit_converges_and_says_how_long_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    ground()
    start = time.perf_counter()
    found = calibrated(ground(), DAY)
    with capsys.disabled():
        print(f"\nfit to {len(found.targets)} figures: {time.perf_counter() - start:.1f} s, {found.fit.steps} steps")
    assert found.fit.converged
    assert free_counted(found, ground()) <= len(found.targets) / OBSERVATIONS_A_LEVER
    assert (found.targets["published"].astype(str) <= DAY).all()


def test_the_ready_scenario_is_what_the_whole_record_gives_today() -> None:
    found = calibrated(ground(), usual_end(middle_corridor())).fit
    file = ready_scenarios(folder_of("middle-corridor"))[NAME]
    levers = parse_scenario(read_text(file), NAME).levers
    told = {(lever.where, lever.from_date): float(str(lever.value)) for lever in levers}
    free = np.flatnonzero(found.free)
    assert len(levers) == free.size
    made = as_scenario([ground().levers[number] for number in free], found.addends[free]).levers
    for number, lever in zip(free, made, strict=True):
        sd = float(np.sqrt(found.covariance[number, number]))
        assert told[lever.where, lever.from_date] == pytest.approx(found.addends[number], abs=0.2 * sd)


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
