"""Maps: what a projection must hold, and what clipping and thinning keep."""

from __future__ import annotations

import numpy as np
import pytest

from karvan.report.projection import Window, clip_ring, great_circle, projection_for, simplify

SQUARE = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 0.0]])


@pytest.mark.parametrize("window", [Window(0, 20, 120, 60), Window(-20, -15, 20, 15), Window(0, -60, 40, -20)])
def test_a_small_step_north_and_one_east_are_drawn_equally_long_and_square(window: Window) -> None:
    project = projection_for(window)
    lat = (window.south + window.north) / 2 + 3
    step = 1e-5
    x, y = project(np.array([10, 10 + step / np.cos(np.radians(lat)), 10]), np.array([lat, lat, lat + step]))
    east, north = np.array([x[1] - x[0], y[1] - y[0]]), np.array([x[2] - x[0], y[2] - y[0]])
    assert np.hypot(*east) == pytest.approx(np.hypot(*north), rel=1e-4)
    assert abs(east @ north) < 1e-4 * (east @ east)


def test_both_standard_parallels_are_drawn_to_one_scale_and_what_lies_between_smaller() -> None:
    project = projection_for(Window(0, 24, 60, 48))
    scales = []
    for lat in (28.0, 36.0, 44.0):
        x, y = project(np.array([30.0, 30.0 + 1e-4]), np.array([lat, lat]))
        scales.append(np.hypot(x[1] - x[0], y[1] - y[0]) / np.cos(np.radians(lat)))
    assert scales[0] == pytest.approx(scales[2], rel=1e-6)
    assert scales[1] < scales[0]


def test_north_is_up_on_both_halves_of_the_globe() -> None:
    for window in (Window(0, 20, 40, 60), Window(0, -60, 40, -20), Window(0, -10, 40, 10)):
        middle = (window.south + window.north) / 2
        _, y = projection_for(window)(np.array([20.0, 20.0]), np.array([middle, middle + 1]))
        assert y[1] > y[0]


def test_the_way_over_the_pole_is_the_shortest() -> None:
    _, lat = great_circle((0.0, 60.0), (180.0, 60.0), 10.0)
    assert lat.max() > 85.0


def test_a_square_cut_in_half_keeps_half_its_area() -> None:
    half = clip_ring(SQUARE, Window(5, -1, 20, 20))
    x, y = half.T
    assert abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2 == pytest.approx(50.0)
    assert len(clip_ring(SQUARE, Window(20, 20, 30, 30))) == 0


def test_thinning_drops_points_on_a_straight_line_and_keeps_corners() -> None:
    line = np.array([[0.0, 0.0], [1.0, 0.01], [2.0, 0.0], [2.0, 5.0]])
    assert simplify(line, 0.1).tolist() == [[0.0, 0.0], [2.0, 0.0], [2.0, 5.0]]
