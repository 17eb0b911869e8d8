"""A fit of a tiny corridor to the record that its own model made."""

from __future__ import annotations

import numpy as np
import pytest

from karvan.errors import DataError
from karvan.scenario.parse import parse_scenario
from karvan.study.calibrate.fitted import calibrated, log_sds
from karvan.study.calibrate.ground import Solver, ground_of
from karvan.study.calibrate.told import lever_table, scenario_file
from karvan.study.states import states
from tests.study.recorded import TRUTH, bare, figure, ground, lever, recorded
from tests.worlds import frame

EVER = "2025-03-31"


def _figures() -> list[tuple[int, float]]:
    rows = recorded()["observations"]
    return list(zip(rows["year"].astype(int), rows["value"].astype(float), strict=True))


def test_a_fit_finds_the_levers_that_made_the_record() -> None:
    copies = [figure(y, v, scope=name) for name in ("one", "two") for y, v in _figures()]
    unsure = frame("calibration", [lever(name, sd=3000.0) for name in TRUTH])
    world = recorded().replace(observations=frame("observations", copies), calibration=unsure)
    found = calibrated(ground_of(world), EVER)
    assert len(found.targets) == 12
    assert found.fit.addends.tolist() == pytest.approx([TRUTH["early"], TRUTH["late"]], abs=0.2)
    assert found.fit.misfit < 0.01


@pytest.mark.parametrize(("berths", "short"), [(9000.0, False), (4000.0, True)])
def test_slopes_are_those_of_central_differences_through_prices(berths: float, short: bool) -> None:
    made, middle, step = ground_of(bare(berths), (2024,)), np.array([5.0, 3.0]), 0.01
    solver = Solver(made, made.states)
    solver.solve((2024,), middle)
    slopes = solver.slopes((2024,))[2024]
    for number in range(2):
        told = []
        for sign in (1.0, -1.0):
            solver.solve((2024,), middle + sign * step * np.eye(2)[number])
            told.append(solver.told(2024))
        assert slopes[:, number] == pytest.approx((told[0] - told[1]) / (2 * step), rel=1e-4, abs=1e-7)
    assert bool(abs(slopes[1, 0]) < 1e-7) is short


def test_years_that_had_not_ended_carry_the_aversion_of_the_last_that_had() -> None:
    found = calibrated(ground(), "2022-03-31")
    choice = found.solver.states[2024]["choice"]
    assert found.last == 2021
    assert "aversion" not in set(choice["kind"])
    assert "aversion" in set(ground().states[2024]["choice"]["kind"])


def test_the_scenario_file_gives_the_model_that_was_fitted() -> None:
    found = calibrated(ground(), EVER)
    text = scenario_file(ground(), found, EVER)
    scenario = parse_scenario(text, "calibrated.toml")
    choice = states(recorded(), scenario, (2024,)).years[0]["choice"]
    fitted = ground().states[2024]["choice"]["constant_usd_per_teu"] + found.fit.addends
    assert choice["constant_usd_per_teu"].tolist() == pytest.approx(fitted.tolist())
    assert f"{np.sqrt(found.fit.covariance[0, 0]):.1f} USD/TEU" in text


def test_a_lever_without_a_figure_of_its_own_is_held_and_told_so() -> None:
    world = recorded().replace(calibration=frame("calibration", [lever("early", record="other"), lever("late")]))
    made = ground_of(world)
    told = lever_table(made, calibrated(made, EVER)).set_index("lever")
    assert told["state"].tolist() == ["held", "free"]
    assert told.loc["early", "record_share"] == 0.0


def test_a_band_is_never_narrower_than_the_misfit() -> None:
    found = calibrated(ground(), EVER)
    assert (log_sds(found, 2024) >= found.fit.misfit).all()


def test_a_day_before_the_record_is_refused_and_so_is_a_corridor_without_levers() -> None:
    with pytest.raises(DataError, match="nothing was known"):
        calibrated(ground(), "2019-03-31")
    with pytest.raises(DataError, match="no free lever"):
        ground_of(bare().replace(calibration=bare()["calibration"].head(0)))
