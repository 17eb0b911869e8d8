"""Years after the last one of the demand table: its rows and the background load, grown by rates."""

from __future__ import annotations

import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever
from karvan.scenario.growth import years_with_demand
from karvan.scenario.state import state
from tests.built_in import middle_corridor
from tests.scenario.worlds import resource
from tests.worlds import frame, two_links


def rate(segment: str, first: int, last: int, percent: float, **cells: object) -> dict[str, object]:
    low_high = {"low_pct": percent - 1, "high_pct": percent + 1}
    return {"segment": segment, "from_year": first, "to_year": last, "central_pct": percent, **low_high, **cells}


def cargo(segment: str, year: int, kt: float, teu: float = 0.0) -> dict[str, object]:
    row = {"segment": segment, "origin": "east", "destination": "west", "commodity": "goods", "year": year}
    return {**row, "handling_class": "container", "kt": kt, "teu": teu}


def world(rates: list[dict[str, object]], rows: list[dict[str, object]]) -> Corridor:
    resources = frame("resources", [resource("pier", background_per_year=40.0)])
    return two_links().replace(growth=frame("growth", rates), demand=frame("demand", rows), resources=resources)


def demand_of(corridor: Corridor, year: int, *levers: Lever) -> pd.DataFrame:
    return state(corridor, levers, year)["demand"].set_index("segment")


def test_demand_grows_by_the_rate_of_every_year_since_the_last_of_the_table() -> None:
    corridor = world([rate("a", 2025, 2026, 10.0), rate("a", 2027, 2030, -5.0)], [cargo("a", 2024, 100.0, 10.0)])
    row = demand_of(corridor, 2028).loc["a"]
    assert row["kt"] == pytest.approx(100 * 1.1**2 * 0.95**2)
    assert row["teu"] == pytest.approx(10 * 1.1**2 * 0.95**2)
    assert (row["year"], row["confidence"]) == (2028, "low")


def test_a_segment_takes_the_rate_of_its_own_name_before_that_of_the_longest_pattern() -> None:
    rates = [rate("*", 2025, 2030, 1.0), rate("ab*", 2025, 2030, 2.0), rate("aba", 2025, 2030, 3.0)]
    corridor = world(rates, [cargo(key, 2024, 100.0) for key in ("aba", "abb", "x")])
    assert demand_of(corridor, 2025)["kt"].to_dict() == pytest.approx({"aba": 103.0, "abb": 102.0, "x": 101.0})


def test_a_segment_without_a_rate_stays_as_it_is() -> None:
    corridor = world([rate("a", 2025, 2030, 10.0)], [cargo("a", 2024, 1.0), cargo("b", 2024, 7.0)])
    assert demand_of(corridor, 2030).loc["b", "kt"] == 7.0


def test_after_a_peak_the_mean_of_the_last_years_grows() -> None:
    rows = [cargo("a", 2022, 900.0), cargo("a", 2023, 20.0), cargo("a", 2024, 40.0)]
    corridor = world([rate("a", 2025, 2030, 10.0, base_years=2)], rows)
    assert demand_of(corridor, 2025).loc["a", "kt"] == pytest.approx(1.1 * 30.0)
    assert demand_of(corridor, 2024).loc["a", "kt"] == 40.0


def test_a_lever_on_demand_acts_before_it_grows() -> None:
    corridor = world([rate("a", 2025, 2030, 10.0)], [cargo("a", 2024, 100.0)])
    lever = Lever("scenario:more", "demand", "multiply", "kt", 2.0, (("segment", ("a",)),), from_date="2026")
    assert demand_of(corridor, 2025, lever).loc["a", "kt"] == pytest.approx(110.0)
    assert demand_of(corridor, 2026, lever).loc["a", "kt"] == pytest.approx(242.0)


def test_a_lever_on_the_rate_moves_what_has_grown() -> None:
    corridor = world([rate("a", 2025, 2030, 10.0)], [cargo("a", 2024, 100.0)])
    lever = Lever("scenario:slow", "growth", "set", "central_pct", 0.0, (("segment", ("a",)),), from_date="2025")
    assert demand_of(corridor, 2030, lever).loc["a", "kt"] == 100.0


def test_background_load_grows_by_its_own_rate() -> None:
    rates = [rate("a", 2025, 2030, 10.0), rate("background", 2026, 2030, 5.0)]
    corridor = world(rates, [cargo("a", 2024, 1.0)])
    told = [float(state(corridor, (), year)["resources"]["background_per_year"].iloc[0]) for year in (2024, 2025, 2027)]
    assert told == pytest.approx([40.0, 40.0, 40.0 * 1.05**2])


def test_background_load_grows_no_further_than_nearly_all_room() -> None:
    corridor = world([rate("a", 2025, 2040, 0.0), rate("background", 2025, 2040, 10.0)], [cargo("a", 2024, 1.0)])
    told = [float(state(corridor, (), year)["resources"]["background_per_year"].iloc[0]) for year in (2033, 2040)]
    assert told == pytest.approx([40 * 1.1**9, 95.0])  # of a pier of 100


def test_years_end_with_the_last_rate_and_a_gap_in_the_table_is_no_year() -> None:
    corridor = world([rate("a", 2025, 2027, 1.0), rate("background", 2025, 2040, 1.0)],
                     [cargo("a", 2021, 1.0), cargo("a", 2024, 1.0)])  # fmt: skip
    assert years_with_demand(corridor) == (2021, 2024, 2025, 2026, 2027)
    assert demand_of(corridor, 2023).empty
    assert demand_of(corridor, 2028).empty


def test_every_segment_of_the_built_in_corridor_has_a_rate_up_to_2040() -> None:
    corridor = middle_corridor()
    assert years_with_demand(corridor) == tuple(range(2019, 2041))
    base, later = (state(corridor, (), year)["demand"].set_index(["segment", "origin", "destination"])["kt"]
                   for year in (2025, 2030))  # fmt: skip
    assert len(later) == len(base)
    ratio = later / base
    assert ratio["KAZ_UR"].to_numpy() == pytest.approx(1.03**5)
    grain = corridor["demand"].loc[lambda rows: rows["segment"].isin(["KAZ_GR_AZ"])].groupby("year")["kt"].sum()
    assert later["KAZ_GR_AZ"].sum() == pytest.approx(grain.loc[2023:2025].mean() * 1.02**5)
