"""Measured series: what such files get wrong is named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from karvan.errors import DataError
from karvan.power.horizon import hours_of
from karvan.power.profiles.measured import measured_year

YEAR = 2025


def _series(times: pd.DatetimeIndex, suffix: str = "") -> pd.DataFrame:
    written = [time.strftime("%Y-%m-%dT%H:%M") + suffix for time in times]
    return pd.DataFrame({"time": written, "value": np.arange(len(times), dtype=float)})


def _faults(series: pd.DataFrame, utc_offset_h: float = 0.0) -> list[tuple[str, str]]:
    with pytest.raises(DataError) as caught:
        measured_year(series, YEAR, utc_offset_h, "wind.csv")
    return [(problem.kind, problem.value) for problem in caught.value.problems]


def test_times_in_utc_and_in_local_time_give_the_same_year() -> None:
    utc = measured_year(_series(hours_of(YEAR), "Z"), YEAR, 5.0, "wind.csv")
    local = measured_year(_series(hours_of(YEAR) + pd.Timedelta(hours=5)), YEAR, 5.0, "wind.csv")
    assert utc.tolist() == local.tolist() == list(range(8760))


def test_rows_in_any_order_give_the_hours_in_order() -> None:
    shuffled = _series(hours_of(YEAR), "Z").sample(frac=1.0, random_state=1)
    assert measured_year(shuffled, YEAR, 0.0, "wind.csv").tolist() == list(range(8760))


def test_a_year_of_8759_rows_names_the_hour_that_is_missing() -> None:
    assert _faults(_series(hours_of(YEAR).delete(100), "Z")) == [("missing hour", "2025-01-05 04:00:00 UTC")]


def test_an_hour_twice_when_clocks_go_back_is_named_with_the_one_that_is_missing() -> None:
    clocks = hours_of(YEAR).tz_localize("UTC").tz_convert("Europe/Bucharest").tz_localize(None)
    kinds = {kind for kind, _ in _faults(_series(clocks), 2.0)}
    assert {"hour twice", "missing hour"} <= kinds


def test_values_and_times_that_cannot_be_read_are_named_by_row() -> None:
    series = _series(hours_of(YEAR), "Z").astype({"value": object})
    series.loc[3, "value"], series.loc[4, "time"] = "n/a", "yesterday"
    assert _faults(series) == [("wrong type", "yesterday"), ("wrong type", "n/a")]


def test_an_hour_of_another_year_is_named() -> None:
    more = pd.DatetimeIndex([*hours_of(YEAR), pd.Timestamp("2031-01-01")])
    assert _faults(_series(more, "Z")) == [("hour out of the year", "2031-01-01 00:00:00 UTC")]
