"""A plan against a base on a small corridor: nothing against itself, sums that agree, nobody's part forgotten."""

from __future__ import annotations

import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.errors import DataError
from karvan.store.builtin import load
from karvan.study.change.compare import CompareOptions, compare, compare_runs, usual_years
from karvan.study.run import run
from tests.study.change.worlds import CALM, STORMY, both_ways, narrow_strait

KEY = ["year", "dimension", "key", "measure"]


@pytest.fixture(scope="module")
def world() -> Corridor:
    return narrow_strait()


def test_base_against_base_differs_nowhere(world: Corridor) -> None:
    found = compare(world, STORMY, STORMY)
    assert (found["compare.totals"]["difference"] == 0).all()
    assert found["compare.why"].empty
    resources = found["compare.resources"]
    assert resources["load_base"].equals(resources["load_plan"])


def test_parts_of_all_owners_add_up_to_every_difference(world: Corridor) -> None:
    found = compare(world, Scenario(), both_ways())
    parts = found["compare.why"].groupby(KEY)["part"].sum()
    whole = found["compare.totals"].set_index(KEY)["difference"]
    assert set(found["compare.why"]["owner"]) == {"project:CANAL", "shock:STORM", "scenario:both"}
    assert parts.reindex(whole.index).to_numpy() == pytest.approx(whole.to_numpy(), rel=1e-9, abs=1e-6)


def test_countries_commodities_and_owners_add_up_to_the_total(world: Corridor) -> None:
    totals = compare(world, Scenario(), CALM, CompareOptions(why=False))["compare.totals"]
    sums = totals.groupby(["dimension", "measure"])["plan"].sum()
    for measure in ("users", "served", "unserved", "freight", "time", "emissions"):
        assert sums["country", measure] == pytest.approx(sums["total", measure])
        assert sums["commodity", measure] == pytest.approx(sums["total", measure])
    assert sums["owner", "rents"] == pytest.approx(sums["total", "rents"])
    assert sums["total", "welfare"] == pytest.approx(sums["total", "users"] + sums["total", "rents"])


def test_taking_a_shock_away_is_worth_what_bringing_it_costs(world: Corridor) -> None:
    there, back = (compare(world, *sides)["compare.why"].set_index([*KEY, "owner"])["part"]
                   for sides in ((STORMY, CALM), (CALM, STORMY)))  # fmt: skip
    assert there.to_numpy() == pytest.approx(-back.reindex(there.index).to_numpy(), rel=1e-9, abs=1e-6)
    assert there[2024, "total", "all", "welfare", "shock:STORM"] > 0


def test_stored_runs_say_the_same_as_their_scenarios(world: Corridor) -> None:
    runs = [run(world, scenario, years=(2024,)) for scenario in (Scenario(), CALM)]
    of_runs = compare_runs(world, *runs)["compare.totals"].set_index(KEY)["difference"]
    of_scenarios = compare(world, Scenario(), CALM, CompareOptions(why=False))["compare.totals"].set_index(KEY)
    assert of_runs.to_numpy() == pytest.approx(of_scenarios["difference"].reindex(of_runs.index).to_numpy(), abs=1e-6)


def test_runs_without_a_common_year_are_refused(world: Corridor) -> None:
    one, other = (run(world, years=(year,)) for year in (2024, 2025))
    with pytest.raises(DataError, match="no year in common"):
        compare_runs(world, one, other)


def test_two_scenarios_of_one_name_with_other_levers_are_refused(world: Corridor) -> None:
    levers = [Lever("scenario:x", "resources", "multiply", "capacity_per_year", factor, (("resource", ("strait",)),))
              for factor in (2.0, 3.0)]  # fmt: skip
    with pytest.raises(DataError, match="two scenarios of one name"):
        compare(world, Scenario("x", levers=(levers[0],)), Scenario("x", levers=(levers[1],)))


def test_inputs_are_as_they_were(world: Corridor) -> None:
    before = {name: world[name].copy() for name in world}
    compare(world, Scenario(), both_ways())
    for name, frame in before.items():
        pd.testing.assert_frame_equal(world[name], frame)


def test_usual_years_are_the_last_of_the_record_and_every_fifth_after_it() -> None:
    assert usual_years(load("middle-corridor")) == (2025, 2030, 2035, 2040)
