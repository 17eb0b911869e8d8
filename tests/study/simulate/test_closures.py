"""Closed hours of a simulated year: with the open hours they are all hours, and storms keep to their months."""

from __future__ import annotations

import numpy as np

from karvan.operations.corridor.replicate import Days, openings
from karvan.study.simulate.closures import closure_rows
from karvan.study.simulate.simulate import prepared_year
from karvan.study.states import BASE
from tests.operations_world import served
from tests.worlds import YEAR


def test_open_and_closed_hours_make_the_whole_time_and_storms_come_in_winter() -> None:
    days = Days(0, 0)
    year = prepared_year(served(), BASE, YEAR, days).year
    rows = closure_rows(year, 1, 0)
    hours = days.span.hours
    for calendar, opened in zip(year.program.network.calendars, openings(year, 1, 0), strict=True):
        own = rows.loc[rows["calendar"] == calendar.calendar]
        closed = float((own["to_hour"] - own["from_hour"]).sum())
        inside = np.clip(opened, 0.0, hours)
        assert closed + float((inside[:, 1] - inside[:, 0]).sum()) == hours
    wind = rows.loc[rows["calendar"] == "wind"]
    assert not wind.empty
    assert wind["from_hour"].min() >= 305 * 24.0, "1 November of a leap year"
