"""Days between places with the waits of 2024 and 2025 against what was published and seen."""

from __future__ import annotations

import pandas as pd
import pytest

from karvan.corridor.outcome import Outcome
from karvan.study.routes import RouteOptions, routes
from karvan.study.run import run
from tests.built_in import middle_corridor

YEARS = (2024, 2025)


@pytest.fixture(scope="module", name="solved")
def _solved() -> Outcome:
    return run(middle_corridor(), years=YEARS)


def most_used(solved: Outcome, origin: str, destination: str, group: str, year: int) -> pd.Series:
    """The way of general boxes through a gateway group that carries most."""
    options = RouteOptions("containers_general", year=year)
    table = routes(middle_corridor(), origin, destination, options, solved).alternatives
    return table.loc[table["gateways"].str.contains(group)].sort_values("share").iloc[-1]


@pytest.mark.slow
@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize(
    ("origin", "destination", "group", "low", "high"),
    [
        # from the Chinese side of the Khorgos crossing, border and gauge change included, as in the timetable
        pytest.param("CN_HRG", "Poti", "caspian_aktau", 12, 16, id="Altynkol-Poti"),
        pytest.param("Xi'an", "Baku", "caspian_aktau", 11, 17, id="Xi'an-Baku: timetable, seen"),
        pytest.param("Xi'an", "Constanta", "caspian_aktau", 25, 34, id="Xi'an-Constanta by Aktau"),
        pytest.param("Xi'an", "Constanta", "caspian_", 25, 34, id="Xi'an-Constanta by the Caspian"),
        pytest.param("Xi'an", "Duisburg", "by_pl_brest", 14, 18, id="Xi'an-Duisburg by the North"),
    ],
)
def test_days_with_waits_are_believable(
    solved: Outcome, origin: str, destination: str, group: str, low: float, high: float, year: int
) -> None:
    assert low <= most_used(solved, origin, destination, group, year)["hours"] / 24 <= high


@pytest.mark.slow
@pytest.mark.parametrize("year", YEARS)
def test_a_box_ship_waits_less_for_a_berth_than_it_is_served_but_for_aktau_in_2024(solved: Outcome, year: int) -> None:
    rows = solved["freight.resources"].query(f"year == {year}").set_index("resource")["wait_hours"]
    served = middle_corridor()["resources"].set_index("resource")["service_hours"]
    for terminal in ("R_ALAT_BOX", "R_POTI_TEU", "R_BATUMI_TEU"):
        assert rows[terminal] <= served[terminal], terminal
    assert (rows["R_AKTAU_BOX"] > served["R_AKTAU_BOX"]) == (year == 2024)  # a finding
