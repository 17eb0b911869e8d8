"""A run: the same twice, inputs left alone, everything accounted for."""

from __future__ import annotations

import pandas as pd
import pytest

from karvan.corridor.corridor import fingerprints
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.outcome import Outcome
from karvan.errors import DataError
from karvan.study.resume import scenario_fingerprint
from karvan.study.run import run
from tests.freight.solved import with_rows
from tests.worlds import YEAR, demand, two_links, y_corridor

LOST = demand("east", "west", "metals", "wagon", 5.0)
YEARS = [{**demand("east", "west", "goods", "container", 120.0), "year": year} for year in (YEAR - 1, YEAR)]


@pytest.fixture(scope="module", name="outcome")
def _outcome() -> Outcome:
    return run(y_corridor(YEAR - 1, demand=YEARS))


def test_the_same_run_twice_gives_the_same_numbers(outcome: Outcome) -> None:
    again = run(y_corridor(YEAR - 1, demand=YEARS))
    assert set(again.tables) == set(outcome.tables)
    for name, frame in outcome.tables.items():
        pd.testing.assert_frame_equal(again[name], frame, check_exact=True)
    assert again.provenance == outcome.provenance


def test_a_run_leaves_the_corridor_as_it_was(outcome: Outcome) -> None:
    corridor = y_corridor(YEAR - 1, demand=YEARS)
    before = fingerprints(corridor)
    run(corridor)
    assert fingerprints(corridor) == before
    assert {**before, "scenario": scenario_fingerprint(Scenario())} == dict(outcome.provenance.fingerprints)


def test_every_year_of_the_record_is_solved_and_years_can_be_chosen(outcome: Outcome) -> None:
    assert outcome["freight.pairs"]["year"].tolist() == [YEAR - 1, YEAR]
    assert run(y_corridor(YEAR - 1, demand=YEARS), years=[YEAR])["freight.pairs"]["year"].tolist() == [YEAR]


def test_provenance_says_what_was_run(outcome: Outcome) -> None:
    told = outcome.provenance
    assert (told.corridor, told.scenario, told.options["years"]) == ("y-corridor", "base", f"{YEAR - 1}-{YEAR}")
    assert told.options["routes"] == 2
    assert told.options["route_searches_cut_off"] == 0


def test_served_and_unserved_make_the_demand(outcome: Outcome) -> None:
    pairs = outcome["freight.pairs"]
    assert (pairs["served_kt"] + pairs["unserved_kt"]).tolist() == pytest.approx([120.0, 120.0], abs=1e-9)


def test_a_scenario_changes_the_answer_and_gives_it_its_name(outcome: Outcome) -> None:
    cheap = Lever("scenario:cheap", "links", "multiply", "usd_per_feu", 0.5, (("link", ("lower_ship", "to_lower")),))
    found = run(y_corridor(YEAR - 1, demand=YEARS), Scenario("cheap", levers=(cheap,)))
    share = [o["freight.routes"].query("gateways == 'berths'")["share"].iloc[0] for o in (outcome, found)]
    assert found.name == found.provenance.scenario == "cheap"
    assert share[1] > share[0]


def test_a_pair_that_no_route_serves_is_told_once(outcome: Outcome) -> None:
    found = run(with_rows(y_corridor(), "demand", LOST))
    assert outcome.warnings == ()
    assert found.warnings == ("no route serves east - west, metals by wagon: all of it is unserved",)


def test_a_corridor_in_which_nothing_has_a_route_runs_and_serves_nothing() -> None:
    found = run(y_corridor(demand=[LOST]))
    assert found["freight.pairs"][["served_kt", "unserved_kt"]].to_numpy().tolist() == [[0.0, 5.0]]
    assert found["freight.routes"].empty
    assert len(found.warnings) == 1


def test_a_year_without_demand_is_refused() -> None:
    with pytest.raises(DataError, match="year without demand"):
        run(y_corridor(), years=[2031])


def test_progress_runs_from_nothing_to_done_and_never_back() -> None:
    told: list[tuple[str, float]] = []
    run(y_corridor(), progress=lambda text, share: told.append((text, share)))
    shares = [share for _, share in told]
    assert (shares[0], told[-1]) == (0.0, ("done", 1.0))
    assert shares == sorted(shares)


def test_a_corridor_of_places_links_commodities_and_demand_alone_runs() -> None:
    world = two_links()
    bare = {name: world[name] for name in ("places", "links", "commodities", "demand", "transfers")}
    outcome = run(type(world)(world.info, bare))
    assert outcome["freight.resources"].empty
    assert outcome["freight.pairs"]["served_kt"].gt(0).all()
