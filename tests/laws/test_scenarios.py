"""Laws of scenarios on random levers: nothing of nothing, twice the same, inputs untouched, order no matter."""

import random

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.corridor.corridor import fingerprint, fingerprints
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.state import State
from karvan.scenario.difference import changed_cells
from karvan.scenario.resolve import BASE, problems, resolve
from karvan.scenario.state import state
from karvan.study.run import run
from tests.scenario.worlds import insert, lever, port_world, record, resource, with_levers
from tests.worlds import y_corridor

HISTORY = [record("H1", "history", 80, "2019..2021"), record("S1", "shock:storm", 0.5, "2020..", operation="multiply")]
YEARS = (2021, 2024)
HALF = settings(max_examples=settings().max_examples // 2)  # each example makes every state several times
_DATES = st.sampled_from(["..", "2022..", "2024..2024", "2024-03-07..", "..2024-08-30", "2024-02-01..2024-05-31"])
_ROWS = st.sampled_from(["resource=pier", "resource=*", "resource=crane|gate"])
_SCALED = st.builds(
    lambda operation, value, where, dates: lever(operation, "capacity_per_year", value, where, dates),
    st.sampled_from(["multiply", "add"]), st.floats(0.1, 10), _ROWS, _DATES,
)  # fmt: skip
_SET = st.builds(lambda value, dates: lever("set", "servers", value, "resource=pier", dates), st.integers(1, 9), _DATES)
_COME = st.builds(lambda dates: insert(resource("quay"), dates=dates), _DATES)
_GO = st.builds(lambda dates: lever("drop", "", "", "resource=crane", dates), _DATES)
STACKS = st.tuples(st.lists(_SCALED, max_size=4), st.lists(_SET | _COME, max_size=1), st.lists(_GO, max_size=1)).map(
    lambda parts: [each for part in parts for each in part]
)


def _hashes(of: State) -> dict[str, str]:
    return {name: fingerprint(of[name]) for name in of.tables}


def _states(levers: list[Lever]) -> list[dict[str, str]]:
    """Every table of some years, hashed, of a fresh copy of the world."""
    world = with_levers(HISTORY)
    on = resolve(world, Scenario("plan", levers=tuple(levers)))
    return [_hashes(state(world, on, year)) for year in YEARS]


@HALF
@given(STACKS)
def test_applying_a_scenario_to_fresh_copies_gives_the_same_twice(levers: list[Lever]) -> None:
    assert _states(levers) == _states(levers)


@HALF
@given(STACKS, st.randoms(use_true_random=False))
def test_the_order_of_levers_and_of_the_table_makes_no_difference(levers: list[Lever], luck: random.Random) -> None:
    shuffled = luck.sample(levers, len(levers))
    assert _states(levers) == _states(shuffled)
    plan, other = (Scenario("plan", levers=tuple(each)) for each in (levers, shuffled))
    cells = changed_cells(with_levers(HISTORY), plan, YEARS).drop(columns="levers")
    again = changed_cells(with_levers(HISTORY[::-1]), other, YEARS).drop(columns="levers")
    pd.testing.assert_frame_equal(cells, again)


@HALF
@given(STACKS)
def test_nothing_that_goes_in_is_changed(levers: list[Lever]) -> None:
    world, plan = with_levers(HISTORY), Scenario("plan", levers=tuple(levers))
    before = (fingerprints(world), repr(plan))
    assert problems(world, plan) == []
    changed_cells(world, plan, YEARS)
    assert (fingerprints(world), repr(plan)) == before


@HALF
@given(STACKS)
def test_cells_told_are_exactly_what_turns_the_base_into_the_scenario(levers: list[Lever]) -> None:
    world, plan = with_levers(HISTORY), Scenario("plan", levers=tuple(levers))
    cells = changed_cells(world, plan, (2024,))
    before, after = (state(world, resolve(world, each), 2024)["resources"] for each in (BASE, plan))
    old, new = (rows.set_index("resource")["capacity_per_year"].to_dict() for rows in (before, after))
    moved = {f"resource={key}" for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    assert set(cells.loc[cells["column"] == "capacity_per_year", "row"]) == moved


def test_the_base_against_the_base_is_zero_in_every_table_of_an_outcome() -> None:
    one, other = run(y_corridor(), BASE), run(y_corridor(), Scenario("nothing"))
    assert sorted(one.tables) == sorted(other.tables)
    for name in one.tables:
        numbers = one[name].select_dtypes("float64")
        assert (numbers - other[name][numbers.columns]).fillna(0.0).eq(0.0).all(axis=None), name
        pd.testing.assert_frame_equal(one[name], other[name], check_exact=True)


def test_a_run_leaves_the_corridor_and_its_scenario_as_they_were() -> None:
    world = y_corridor()
    plan = Scenario("plan", levers=(lever("multiply", "capacity_per_year", 0.5, "resource=berths"),))
    before = (fingerprints(world), repr(plan))
    run(world, plan)
    assert (fingerprints(world), repr(plan)) == before


def test_the_base_of_the_port_is_the_base_of_a_scenario_without_levers() -> None:
    assert changed_cells(port_world(), Scenario("empty")).empty
