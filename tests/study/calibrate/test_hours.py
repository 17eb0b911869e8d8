"""Hours as free levers: exact derivatives, the scenario they make, and what the record cannot tell from a constant."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from karvan.corridor.corridor import Corridor
from karvan.errors import DataError
from karvan.scenario.parse import parse_scenario
from karvan.study.calibrate.fitted import Fitted, calibrated
from karvan.study.calibrate.free import free_levers
from karvan.study.calibrate.ground import Ground, Solver, ground_of
from karvan.study.calibrate.identify import alike, directions, pairs
from karvan.study.calibrate.told import scenario_file
from karvan.study.states import states
from tests.study.recorded import bare, lever, recorded
from tests.worlds import frame, limit, use

EVER = "2025-03-31"
YEAR = 2024
HOURS = {
    "border": {"table": "borders", "where": "link=to_upper", "column": "hours_forward"},
    "port": {"table": "transfers", "where": "place=lower & from_mode=rail", "column": "hours"},
    "risk": {"table": "resources", "where": "resource=berths", "column": "sd_hours"},
    "track": {"table": "resources", "where": "resource=track", "column": "delay_h"},
}


def hour(name: str, **cells: object) -> dict[str, object]:
    """A free lever on hours."""
    return {**lever("early"), **HOURS[name], "lever": name, "name": name.title(), "sd": 24.0, **cells}


def busy(berths: float = 9000.0) -> Corridor:
    """The Y with a queue before the fork and a track that delays, every kind of hour free."""
    queue = {"behaviour": "queue", "servers": 2, "units_per_service": 5.0, "ca2_plus_cs2": 1.5, "max_utilisation": 0.95}
    yard = limit("yard", 8_800.0, hours_open_per_year=8000.0, **queue)
    track = limit("track", 12_000.0, behaviour="delay", delay_h=30.0, delay_power=4.0)
    return bare(berths).replace(
        resources=frame("resources", [limit("berths", berths, sd_hours=12.0), yard, track]),
        uses=frame("uses", [use("berths", "lower_ship"), use("yard", "to_upper"), use("track", "to_lower")]),
        calibration=frame("calibration", [lever("early"), *(hour(name) for name in HOURS)]),
    )


@pytest.mark.parametrize("berths", [9000.0, 4000.0])
def test_slopes_by_hours_are_those_of_central_differences(berths: float) -> None:
    made = ground_of(busy(berths), (YEAR,))
    middle, step = np.array([5.0, 3.0, 2.0, 1.0, 2.0]), 0.01
    solver = Solver(made, made.states)
    solver.solve((YEAR,), middle)
    slopes = solver.slopes((YEAR,))[YEAR]
    for number in range(middle.size):
        told = []
        for sign in (1.0, -1.0):
            solver.solve((YEAR,), middle + sign * step * np.eye(middle.size)[number])
            told.append(solver.told(YEAR))
        assert slopes[:, number] == pytest.approx((told[0] - told[1]) / (2 * step), rel=1e-4, abs=1e-5)
    by_hours = np.abs(slopes[0])
    assert (by_hours > 1e-3).all() or berths < 5000.0, "where the berths are full, hours move next to nothing"


def with_hours(*rows: dict[str, object]) -> Corridor:
    """The recorded corridor with other free levers."""
    return recorded().replace(calibration=frame("calibration", list(rows)))


@cache
def confounded() -> tuple[Ground, Fitted]:
    """A constant of the upper port and hours of the border before it, held to the same figures."""
    made = ground_of(with_hours(lever("early"), hour("border")))
    return made, calibrated(made, EVER)


def test_an_hour_before_a_port_and_a_constant_of_it_do_the_same_to_the_record() -> None:
    made, found = confounded()
    told = pairs(made, found)
    assert told["cosine"].tolist() == pytest.approx([1.0, 1.0], abs=1e-6)
    assert alike(told) == ["early and border (+1.00)"]
    assert (told["sd_alone"] < told["sd_together"]).all()


def test_the_directions_are_as_many_as_levers_and_one_of_two_that_do_the_same_says_nothing() -> None:
    made, found = confounded()
    told = directions(made, found).drop_duplicates("rank")
    assert len(told) == 2
    assert told["singular"].iloc[0] > 1.0
    assert told["singular"].iloc[1] == pytest.approx(0.0, abs=1e-6)
    weights = directions(made, found)
    assert (weights.assign(square=weights["weight"] ** 2).groupby("rank")["square"].sum() - 1.0).abs().max() < 1e-9


def test_levers_of_different_years_are_told_apart() -> None:
    made = ground_of(recorded())
    told = pairs(made, calibrated(made, EVER))
    assert alike(told) == []


def test_the_scenario_of_fitted_hours_gives_the_model_that_was_fitted() -> None:
    made = ground_of(with_hours(hour("border")))
    found = calibrated(made, EVER)
    assert found.fit.addends[0] != 0.0
    scenario = parse_scenario(scenario_file(made, found, EVER), "a.toml")
    borders = states(recorded(), scenario, (YEAR,)).years[0]["borders"]
    forward = dict(zip(borders["link"], borders["hours_forward"], strict=True))
    assert forward["to_upper"] == pytest.approx(10.0 + found.fit.addends[0])
    assert forward["to_lower"] == 8.0


@pytest.mark.parametrize(
    ("cells", "said"), [({"column": "hours_back", "table": "choice"}, "hours_back"), ({"after": "late"}, "late")]
)
def test_a_lever_on_no_column_or_after_none_is_refused(cells: dict[str, object], said: str) -> None:
    with pytest.raises(DataError, match=said):
        free_levers(with_hours(lever("early", **cells)))
