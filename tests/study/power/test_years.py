"""Power in a run: asked for, reused, or left out with the command that adds it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.outcome import Outcome, Provenance
from karvan.scenario.resolve import resolve
from karvan.scenario.state import state
from karvan.store.outcomes import write_outcome
from karvan.store.runs.places import place
from karvan.study.power import years
from karvan.study.power.years import powered
from karvan.study.run import run
from tests.power.worlds import in_year, two_zones
from tests.worlds import YEAR, two_links


def _kept(folder: Path) -> Path:
    made = powered([in_year(two_zones())], "weeks")
    origin = Provenance("0.1", "two-links", "base", {}, dict(made.options))
    write_outcome(Outcome("base", dict(made.tables), origin), folder / "base")
    return folder


def test_a_run_that_is_asked_for_weeks_holds_the_tables_of_power() -> None:
    outcome = run(two_zones(), power=lambda states: powered(states, "weeks"))
    assert outcome["power.lines"]["line"].tolist() == ["cable"]
    assert outcome.provenance.options["power"] == "weeks"
    assert set(outcome["power.balance"]["year"]) == {YEAR}


def test_lines_and_resources_stand_in_one_list_by_worth_of_one_per_cent() -> None:
    outcome = run(two_zones(), power=lambda states: powered(states, "weeks"))
    first = outcome["run.bottlenecks"].iloc[0]
    # 60 MW that carry energy of 10 USD/MWh to where it is worth 50, a tenth lost: 35 USD an hour and MW.
    assert (first["model"], first["resource"], first["unit"], first["rank"]) == ("power", "cable", "MW", 1)
    assert first["value_usd_per_percent"] == pytest.approx(0.6 * 35 * 8760)


def test_a_run_that_is_not_asked_says_which_command_adds_power() -> None:
    outcome = run(two_zones(), power=powered)
    assert outcome["power.lines"].empty
    assert any("karvan run --power weeks" in text for text in outcome.warnings)


def test_a_corridor_without_zones_is_told_nothing_of_power() -> None:
    assert powered([in_year(two_links())]).warnings == ()


def test_stored_power_of_the_same_tables_is_not_solved_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _kept(tmp_path)
    monkeypatch.setattr(years, "_solved", lambda *_: pytest.fail("solved again"))
    again = powered([in_year(two_zones())], stored=place(folder))
    pd.testing.assert_frame_equal(again.tables["power.lines"], powered(
        [in_year(two_zones())], "weeks", place(folder)).tables["power.lines"])  # fmt: skip


def test_a_lever_on_power_calls_for_new_results_and_one_on_freight_does_not(tmp_path: Path) -> None:
    folder = place(_kept(tmp_path))
    wider = Lever("scenario:wider", "power.links", "set", "p_nom", 90.0, (("name", ("cable",)),))
    cheap = Lever("scenario:cheap", "links", "multiply", "usd_per_feu", 0.5, (("link", ("first",)),))
    found = []
    for lever in (wider, cheap):
        corridor = two_zones()
        made = state(corridor, resolve(corridor, Scenario("s", levers=(lever,))), YEAR)
        found.append(bool(powered([made], stored=folder).tables))
    assert found == [False, True]


def test_a_year_without_load_is_named() -> None:
    told = powered([in_year(two_zones()), in_year(two_zones(), YEAR + 1)], "weeks")
    assert told.warnings == (f"power of {YEAR + 1} is left out: power/loads.csv has no load of it",)


@pytest.mark.slow
def test_every_hour_of_the_year_costs_what_the_weeks_cost_where_all_hours_are_alike() -> None:
    tables = [powered([in_year(two_zones())], choice).tables["power.countries"] for choice in years.CHOICES]
    assert tables[0]["net_musd"].tolist() == pytest.approx(tables[1]["net_musd"].tolist())
