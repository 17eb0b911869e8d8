"""Open hours of calendars against counts by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from karvan.corridor.opening import open_hours_by_month, open_hours_per_year
from tests.built_in import middle_corridor
from tests.worlds import frame


def rules(*rows: dict[str, object]) -> pd.DataFrame:
    named = [{"calendar": "c", "rule": number, "open": True, **row} for number, row in enumerate(rows, start=1)]
    return frame("calendars", named)


@pytest.mark.parametrize(
    ("rows", "hours"),
    [
        (({"kind": "hours", "open_from_h": 8.0, "open_to_h": 18.0},), 3650.0),
        (({"kind": "hours", "weekdays": "1|2|3|4|5", "open_from_h": 8.0, "open_to_h": 18.0},), 365 * (50 + 48) / 7),
        (({"kind": "hours", "open_from_h": 12.0, "open_to_h": 13.0, "open": False},), 365 * 23.0),
        (({"kind": "season", "months": "1|2", "open": False},), (365 - 59) * 24.0),
        (({"kind": "season", "months": "1|2", "open": False}, {"kind": "season", "months": "2"}), (365 - 31) * 24.0),
        (({"kind": "storm", "months": "6", "mean_open_h": 30.0, "mean_closed_h": 10.0},), 8760 - 180.0),
    ],
)
def test_hours_are_those_counted_by_hand(rows: tuple[dict[str, object], ...], hours: float) -> None:
    assert open_hours_per_year(rules(*rows), "c") == pytest.approx(hours)


def test_the_northern_ferry_port_is_closed_half_of_november_and_december() -> None:
    calendars = middle_corridor()["calendars"]
    storms = (calendars["calendar"] == "kuryk_port") & (calendars["kind"] == "storm")
    wind = open_hours_by_month(calendars.loc[storms])
    assert (wind[10] + wind[11]) / (61 * 24) == pytest.approx(0.5)
    assert sum(wind) / 8760 == pytest.approx(0.8, abs=0.05)
