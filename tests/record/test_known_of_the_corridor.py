"""Nothing of later reaches the calibration of the built-in corridor, whatever later figures and shocks say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.register.known import known_by
from karvan.schema.dates import first_days, last_day
from karvan.study.calibrate.fitted import calibrated
from karvan.study.calibrate.ground import ground_of
from karvan.study.calibrate.known import SHOCK, as_known
from tests.built_in import middle_corridor

DAYS = ("2021-03-31", "2023-03-31", "2024-03-31", "2025-03-31")
FITTED_DAY, ENDED = "2022-03-31", (2020, 2021)
SPOILED = 7.0


def spoiled(corridor: Corridor, day: str) -> Corridor:
    """The corridor with every figure not known on a day sevenfold and preferred, later shocks and changes other."""
    record = corridor["observations"]
    later = ~record.index.isin(known_by(record, corridor["sources"], day).index)
    shocks, levers = corridor["shocks"], corridor["levers"]
    of_later = SHOCK + shocks.loc[first_days(shocks["from"]) > last_day(day), "shock"].astype(str)
    changes = levers["owner"].str.startswith(SHOCK) & (
        levers["owner"].isin(of_later) | (first_days(levers["from"]) > last_day(day))
    )
    assert later.any()
    assert changes.any()
    values = levers["value"].where(~changes | (levers["operation"] == "insert"), "7")
    return corridor.replace(
        observations=record.assign(
            value=record["value"].where(~later, SPOILED * record["value"]),
            preferred=record["preferred"].where(~later, other=True),
            status=record["status"].where(~later, other="observed"),
        ),
        levers=levers.assign(value=values).loc[~changes | (levers["operation"] != "drop")],
    )


@pytest.mark.parametrize("day", DAYS)
def test_no_table_that_a_fit_stands_on_holds_anything_of_later(day: str) -> None:
    plain, other = (as_known(each, day) for each in (middle_corridor(), spoiled(middle_corridor(), day)))
    for name in ("observations", "shocks", "levers"):
        told, spoilt = (each[name].reset_index(drop=True) for each in (plain, other))
        pd.testing.assert_frame_equal(told, spoilt)


@pytest.mark.slow
def test_no_figure_or_shock_of_later_moves_the_fit_by_a_digit() -> None:
    fits = []
    for corridor in (middle_corridor(), spoiled(middle_corridor(), FITTED_DAY)):
        found = calibrated(ground_of(as_known(corridor, FITTED_DAY), ENDED), FITTED_DAY)
        assert found.fit.free.any()
        fits.append((found.fit.addends, np.concatenate([found.solver.told(year) for year in ENDED])))
    assert fits[0][0].tolist() == fits[1][0].tolist()
    assert fits[0][1].tolist() == fits[1][1].tolist()
