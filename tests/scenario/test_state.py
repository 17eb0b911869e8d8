"""The state of a year: order of operations, shares of days, and what cannot be shared out."""

import itertools
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.corridor.corridor import Corridor, fingerprint, fingerprints
from karvan.corridor.lever import Lever
from karvan.corridor.state import State
from karvan.errors import ScenarioError
from karvan.scenario.compiled import compile_levers
from karvan.scenario.state import state
from tests.scenario.worlds import choice, insert, lever, port_world, resource
from tests.worlds import demand, frame, rail

CELL = "capacity_per_year"


def _value(state_of_year: State, column: str = CELL, key: str = "pier") -> object:
    rows = state_of_year["resources"].set_index("resource")
    return rows.loc[key, column]


def _capacity(levers: list[Lever], year: int = 2024) -> object:
    return _value(state(port_world(), tuple(levers), year))


def test_levers_act_in_the_order_insert_drop_set_multiply_add_however_they_are_given() -> None:
    levers = [lever("add", CELL, 7), lever("multiply", CELL, 3), lever("set", CELL, 10), lever("multiply", CELL, 2)]
    assert {_capacity(list(order)) for order in itertools.permutations(levers)} == {10 * 3 * 2 + 7}


def test_a_value_set_counts_by_the_share_of_the_year_in_force() -> None:
    assert _capacity([lever("set", CELL, 200, dates="2023-07-01..")], 2023) == pytest.approx(100 + 100 * 184 / 365)
    assert _capacity([lever("set", CELL, 200, dates="2024-07-01..")], 2024) == pytest.approx(100 + 100 * 184 / 366)
    assert _capacity([lever("set", CELL, 200, dates="2024-07-01..")], 2025) == 200
    assert _capacity([lever("set", CELL, 200, dates="2024-07-01..")], 2023) == 100


def test_sets_that_follow_each_other_within_a_year_give_the_mean_weighted_by_days() -> None:
    before, after = lever("set", CELL, 1, dates="2019..2024-05-19"), lever("set", CELL, 5, dates="2024-05-20..")
    expected = (140 * 1 + 226 * 5) / 366
    assert _capacity([before, after]) == pytest.approx(expected)
    assert _capacity([after, before]) == _capacity([before, after])


def test_days_that_no_set_covers_keep_the_value_of_the_table() -> None:
    quarter, last = lever("set", CELL, 0, dates="2024-01-01..2024-03-31"), lever("set", CELL, 50, dates="2024-12-01..")
    assert _capacity([quarter, last]) == pytest.approx((91 * 0 + 31 * 50 + 244 * 100) / 366)


@given(
    st.sampled_from([2023, 2024]),
    st.lists(st.integers(-30, 400), min_size=2, max_size=6, unique=True),
    st.lists(st.sampled_from([0.0, 5.0, 300.0]), min_size=3, max_size=3),
)
def test_sets_give_the_mean_of_the_days_of_the_year(year: int, cuts: list[int], values: list[float]) -> None:
    daily, start = np.full(366 if year == 2024 else 365, 100.0), date(year, 1, 1)
    levers, ends = [], sorted(cuts)
    for first, last, value in zip(ends[::2], ends[1::2], values, strict=False):
        daily[max(first, 0) : max(last + 1, 0)] = value
        levers.append(lever("set", CELL, value, dates=f"{start + timedelta(first)}..{start + timedelta(last)}"))
    assert _capacity(levers[::-1], year) == pytest.approx(daily.mean())


def test_a_factor_and_an_addend_count_by_their_share() -> None:
    assert _capacity([lever("multiply", CELL, 0.4, dates="2024-10-01..2024-12-31")]) == pytest.approx(
        100 * (1 - 0.6 * 92 / 366)
    )
    assert _capacity([lever("add", CELL, 30, dates="..2024-01-31")]) == pytest.approx(100 + 30 * 31 / 366)


def test_a_whole_year_gives_the_figure_exactly() -> None:
    assert _capacity([lever("set", CELL, 0.1, dates="2024")]) == 0.1
    assert _capacity([lever("set", CELL, 1, dates="2024"), lever("multiply", CELL, 0.1)]) == 0.1
    halves = [lever("set", CELL, 0.3, dates="2024-01-01..2024-06-30"), lever("set", CELL, 0.3, dates="2024-07-01..")]
    assert _capacity(halves) == 0.3


def test_what_was_missing_takes_the_new_value_whole() -> None:
    levers = (lever("set", "service_hours", 6, "resource=gate", "2024-11-01.."),)
    assert _value(state(port_world(), levers, 2024), "service_hours", "gate") == 6
    assert np.isnan(float(str(_value(state(port_world(), levers, 2023), "service_hours", "gate"))))


@pytest.mark.parametrize(("start", "servers"), [("2024-07-02", 9), ("2024-07-03", 2)])
def test_whole_numbers_text_and_dates_follow_the_half_year_rule(start: str, servers: int) -> None:
    levers = (lever("set", "servers", 9, dates=f"{start}.."), lever("set", "owner", "fund", dates=f"{start}.."))
    year = state(port_world(), levers, 2024)
    assert _value(year, "servers") == servers
    assert _value(year, "owner") == ("fund" if servers == 9 else "port")


def test_equal_values_of_adjoining_levers_count_together() -> None:
    parts = [("2024-01-01", "2024-04-30"), ("2024-05-01", "2024-08-31")]
    levers = [lever("set", "servers", 9, dates=f"{start}..{end}") for start, end in parts]
    assert _value(state(port_world(), levers, 2024), "servers") == 9


def test_rows_come_and_go_for_years_in_which_they_stand_at_least_half() -> None:
    levers = (insert(resource("quay"), dates="2024-06-01.."), lever("drop", "", "", "resource=crane", "2024-09-01.."))
    names = {year: state(port_world(), levers, year)["resources"]["resource"].tolist() for year in (2023, 2024, 2025)}
    assert names[2023] == ["pier", "crane", "gate"]
    assert names[2024] == ["pier", "crane", "gate", "quay"]
    assert names[2025] == ["pier", "gate", "quay"]


def test_conditions_see_inserted_rows_and_rows_after_a_drop_alike() -> None:
    levers = (
        insert(resource("quay")),
        lever("drop", "", "", "resource=pier"),
        lever("multiply", CELL, 2, "resource=gate|quay"),
        lever("set", CELL, 5, "resource=crane"),
    )
    rows = state(port_world(), levers, 2024)["resources"]
    assert dict(zip(rows["resource"], rows[CELL], strict=True)) == {"crane": 5.0, "gate": 200.0, "quay": 200.0}
    assert rows.index.tolist() == [0, 1, 2]


_LEVERS = st.lists(
    st.tuples(
        st.sampled_from(["multiply", "add"]),
        st.floats(0.1, 10),
        st.sampled_from(["resource=pier", "resource=*", "resource=crane|gate"]),
        st.sampled_from(["..", "2024..2024", "2024-03-07..", "..2024-08-30"]),
    ),
    max_size=6,
)


@given(_LEVERS, st.randoms(use_true_random=False))
def test_the_order_of_levers_makes_no_difference(rows: list[tuple[str, float, str, str]], random: object) -> None:
    levers = [lever(operation, CELL, value, where, dates) for operation, value, where, dates in rows]  # type: ignore[arg-type]
    shuffled = list(levers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    corridor = port_world()
    one, other = state(corridor, levers, 2024)["resources"], state(corridor, shuffled, 2024)["resources"]
    assert fingerprint(one) == fingerprint(other)


@given(_LEVERS)
def test_inputs_stay_as_they_were_and_a_second_application_is_identical(
    rows: list[tuple[str, float, str, str]],
) -> None:
    corridor = port_world()
    levers = [lever(operation, CELL, value, where, dates) for operation, value, where, dates in rows]  # type: ignore[arg-type]
    levers += [insert(resource("quay")), lever("drop", "", "", "resource=gate")]
    before, compiled = fingerprints(corridor), compile_levers(corridor, levers)
    one, other = state(corridor, compiled, 2024), state(corridor, compiled, 2024)
    assert fingerprints(corridor) == before
    assert {name: fingerprint(one[name]) for name in one.tables} == {n: fingerprint(other[n]) for n in other.tables}


def test_writing_into_a_state_does_not_reach_the_corridor() -> None:
    corridor = port_world()
    year = state(corridor, (lever("set", CELL, 1),), 2024)
    year["resources"].loc[0, "name"] = "scribble"
    year["links"].loc[0, "hours"] = -1.0
    assert corridor["resources"].loc[0, "name"] == "Pier"
    assert corridor["links"].loc[0, "hours"] == 25.0


def test_without_levers_only_dates_are_resolved() -> None:
    corridor = port_world()
    year = state(corridor, (), 2024)
    assert set(year.tables) == {"links", "demand", "choice"}
    assert year["links"].drop(columns="open").equals(corridor["links"])
    assert year["links"]["open"].tolist() == [True, True]
    assert year["demand"].equals(corridor["demand"])


def test_demand_and_choice_hold_the_rows_of_the_year() -> None:
    later = {**demand("east", "west", "goods", "container", 200.0), "year": 2025}
    rows = [demand("east", "west", "goods", "container", 120.0), later]
    corridor = port_world().replace(demand=frame("demand", rows))
    assert [state(corridor, (), year)["demand"]["kt"].tolist() for year in (2024, 2025, 2020)] == [[120.0], [200.0], []]
    groups = [state(corridor, (), year)["choice"]["gateway_group"].tolist() for year in (2021, 2023, 2024)]
    assert groups == [[], ["north"], ["south"]]


def test_levers_on_demand_and_choice_change_the_rows_of_their_year() -> None:
    levers = (
        lever("multiply", "kt", 1.5, "commodity=goods", table="demand"),
        insert(choice("east", "2024", "2024"), "choice"),
        lever("add", "constant_usd_per_teu", 10, "gateway_group=*", table="choice"),
    )
    year = state(port_world(), levers, 2024)
    assert year["demand"]["kt"].tolist() == [180.0, 50.0]
    assert year["choice"].set_index("gateway_group")["constant_usd_per_teu"].to_dict() == {"south": 60.0, "east": 60.0}


def test_links_are_open_by_their_dates_after_levers() -> None:
    links = frame("links", [rail("old", "east", "west", 9.0, open_to="2023"), rail("new", "east", "west", 9.0)])
    corridor = port_world().replace(links=links)
    levers = (lever("set", "open_from", "2024-10-01", "link=new", table="links"),)
    opened = {year: state(corridor, levers, year)["links"]["open"].tolist() for year in (2023, 2024, 2025)}
    assert opened == {2023: [True, False], 2024: [False, False], 2025: [False, True]}


def test_levers_compiled_for_another_corridor_are_refused() -> None:
    compiled = compile_levers(port_world(), (lever("set", CELL, 1),))
    with pytest.raises(ScenarioError, match="another corridor"):
        state(port_world().replace(), compiled, 2024)


def test_an_empty_corridor_has_an_empty_state() -> None:
    empty = Corridor(port_world().info, {})
    assert all(rows.empty for rows in state(empty, (), 2024).tables.values())
