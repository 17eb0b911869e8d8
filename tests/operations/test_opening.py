"""Opening hours as they are drawn, held to what their rules come to on average."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from karvan.corridor.opening import DAYS_OF_MONTHS, open_hours_by_month
from karvan.operations.network import Calendar, Opening
from karvan.operations.opening import open_intervals, open_share_by_day
from karvan.units import HOURS_PER_DAY

RULES = (
    {"kind": "hours", "months": "", "open_from_h": 0.0, "open_to_h": 18.0},
    {"kind": "storm", "months": "11|12", "mean_open_h": 60.0, "mean_closed_h": 60.0},
)
DRAWS, DAYS = 400, 365


def drawn() -> np.ndarray:
    """Open share of November and December of each draw."""
    hours = Opening("hours", open_from_h=0.0, open_to_h=18.0)
    storm = Opening("storm", months=(11, 12), mean_open_h=60.0, mean_closed_h=60.0)
    calendar = Calendar("port", (hours, storm))
    shares = [
        open_share_by_day(open_intervals(calendar, date(2023, 1, 1), DAYS * HOURS_PER_DAY, 5, number), 0.0, DAYS)
        for number in range(DRAWS)
    ]
    return np.array(shares)


def test_storms_as_drawn_close_as_much_as_the_rules_come_to() -> None:
    rules = pd.DataFrame(RULES).assign(weekdays="", open=True, rule=[1, 2])
    hours = open_hours_by_month(rules)
    expected = sum(hours[10:]) / (sum(DAYS_OF_MONTHS[10:]) * HOURS_PER_DAY)
    late = drawn()[:, -sum(DAYS_OF_MONTHS[10:]) :].mean(axis=1)
    error = late.std(ddof=1) / np.sqrt(DRAWS)
    assert expected == pytest.approx(0.75 / 2)
    assert abs(late.mean() - expected) < 3.0 * error
    assert error < 0.02 * expected


def test_a_day_without_storm_is_open_as_its_hours_say() -> None:
    assert drawn()[:, : sum(DAYS_OF_MONTHS[:10])] == pytest.approx(0.75)
