"""Which levers are in force, and every problem told with its place."""

import json

import pytest

from karvan.corridor.lever import Lever, Scenario
from karvan.errors import Problem, ScenarioError
from karvan.scenario.parse import parse_scenario
from karvan.scenario.resolve import levers_of, owners, pending_levers, problems, resolve
from karvan.scenario.state import state
from tests.scenario.worlds import insert, lever, port_world, record, resource, with_levers
from tests.worlds import frame, rail

ROWS = [
    record("H1", "history", 14, "2019..2019"),
    record("S1", "shock:storm", 0.5, operation="multiply"),
    record("S2", "shock:flood", 0.1, operation="multiply"),
    record("P1", "project:pier_2", 30, "2027.."),
]
CELL = "capacity_per_year"


def _keys(scenario: Scenario) -> list[str]:
    return [found.key for found in resolve(with_levers(ROWS), scenario)]


def _of(*levers: Lever, **scenario: tuple[str, ...]) -> list[Problem]:
    return problems(port_world(), Scenario("test", levers=levers, file="test.toml", **scenario))  # type: ignore[arg-type]


def _one(*levers: Lever) -> Problem:
    found = _of(*levers)
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


def test_history_and_shocks_that_happened_are_on_others_only_when_included() -> None:
    assert _keys(Scenario()) == ["H1", "S1"]
    assert _keys(Scenario(exclude=("shock:storm",))) == ["H1"]
    assert _keys(Scenario(include=("project:pier_2", "shock:flood"))) == ["H1", "S1", "S2", "P1"]
    assert _keys(Scenario(levers=(lever("add", CELL, 1, key="mine"),)))[-1] == "mine"


def test_every_owner_is_known_by_its_shock_project_or_lever() -> None:
    assert owners(with_levers(ROWS)) == ("history", "project:pier_2", "shock:flood", "shock:storm")


def test_an_owner_that_stands_nowhere_is_told_with_one_near_it() -> None:
    corridor = with_levers(ROWS)
    found = problems(corridor, Scenario("x", include=("project:pier2",), exclude=("history",), file="x.toml"))
    assert [(p.kind, p.column) for p in found] == [
        ("unknown owner", "include[1]"),
        ("history is always on", "exclude[1]"),
    ]
    assert "project:pier_2" in found[0].remedy


def test_levers_read_from_the_table_are_typed_by_their_column() -> None:
    row = json.dumps({"resource": "quay", "capacity_per_year": 5, "name": "Quay"})
    rows = [*ROWS, record("I1", "history", row, operation="insert", where="", column="")]
    text = record("T1", "history", "2", column="owner", rows=1)
    levers = {found.key: found for found in levers_of(with_levers([*rows, text]))}
    assert (levers["H1"].value, levers["H1"].from_date, levers["T1"].value) == (14.0, "2019", "2")
    assert (levers["H1"].rows, levers["T1"].rows) == (None, 1)
    value = levers["I1"].value
    assert isinstance(value, tuple)
    assert dict(value)["capacity_per_year"] == 5.0
    assert dict(value)["source"] == "made"


def test_a_row_of_the_table_that_cannot_be_read_is_told_with_its_line() -> None:
    rows = [*ROWS, record("W", "history", 1, where="pier"), record("J", "history", "{", operation="insert")]
    found = problems(with_levers([*rows, record("O", "shock:strom", 1)]))
    assert [(p.file, p.row, p.column) for p in found[:3]] == [
        ("levers.csv", 6, "where"),
        ("levers.csv", 7, "value"),
        ("levers.csv", 8, "owner"),
    ]
    with pytest.raises(ScenarioError):
        levers_of(with_levers(rows))


@pytest.mark.parametrize(
    ("wrong", "kind", "key"),
    [
        (lever("set", CELL, 1, table="resource"), "unknown table", "table"),
        (lever("set", CELL, 1, table="levers", where="lever=*"), "table no lever may change", "table"),
        (lever("set", "capacity", 1), "unknown column", "column"),
        (lever("set", "resource", "mole"), "key column changed", "column"),
        (lever("multiply", "owner", 2), "operation on a wrong type", "operation"),
        (lever("set", CELL, "many"), "wrong type", "set"),
        (lever("set", "servers", 1.5), "wrong type", "set"),
        (lever("multiply", "servers", 1.5), "wrong type", "multiply"),
        (lever("set", CELL, ""), "missing value", "set"),
        (lever("set", CELL, float("nan")), "wrong type", "set"),
        (lever("set", "max_utilisation", 1.2), "out of range", "set"),
        (lever("set", "behaviour", "limits"), "not among the alternatives", "set"),
        (lever("set", CELL, 1, "resource=peer"), "no row matches", "where"),
        (lever("set", CELL, 1, ""), "no condition", "where"),
        (lever("set", CELL, 1, "berth=pier"), "unknown column", "where"),
        (lever("set", CELL, 1, "servers=two"), "wrong type", "where"),
        (lever("set", CELL, 1, "resource=*", rows=2), "number of rows", "rows"),
        (lever("set", CELL, 1, dates="2024-02-30.."), "bad date", "from"),
        (lever("set", CELL, 1, dates="2025..2024"), "from after to", "from"),
        (lever("set", CELL, 1, dates="2041.."), "outside the horizon", "from"),
        (lever("set", CELL, 1, dates="..2018-12-31"), "outside the horizon", "to"),
        (lever("multiply", "service_hours", 2, "resource=gate"), "missing value scaled", "where"),
        (lever("set", CELL, 1, unit="TEU"), "wrong unit", "unit"),
        (lever("add", "service_hours", 1, unit="days"), "wrong unit", "unit"),
        (lever("multiply", CELL, 1.5, unit="t"), "wrong unit", "unit"),
        (lever("set", "max_utilisation", 0.9, unit="%"), "wrong unit", "unit"),
        (lever("drop", "", "", "resource=gate", unit="t"), "unit without use", "unit"),
        (lever("multiply", "max_utilisation", 1.2), "result out of range", "multiply"),
        (lever("add", "servers", -2), "result out of range", "add"),
        (lever("drop", "", "", "link=second", table="links"), "row still named", ""),
        (lever("drop", CELL, ""), "column without use", "column"),
        (insert({**resource("quay"), "colour": "red"}), "unknown column", "insert"),
        (
            insert({"resource": "quay", "name": "Quay", "owner": "p", "behaviour": "limit", "unit": "t"}),
            "row",
            "insert",
        ),
        (insert(resource("pier")), "key stands already", "insert"),
        (insert(resource("quay", servers="two")), "wrong type", "insert"),
        (insert(rail("new", "east", "wset", 9.0), "links"), "unknown key", "insert"),
    ],
)
def test_a_wrong_lever_is_told_with_its_file_and_key(wrong: Lever, kind: str, key: str) -> None:
    problem = _one(wrong)
    assert problem.kind.startswith(kind)
    assert (problem.file, problem.column) == ("test.toml", f"{wrong.key}.{key}".removesuffix("."))


def test_keys_of_a_table_in_a_folder_are_looked_up_there() -> None:
    zone = {"name": "east_zone", "country": "KAZ", "x": 50.0, "y": 43.0}
    plant = {"name": "dam", "bus": "east_zone", "carrier": "hydro", "p_nom": 10.0, "marginal_cost": 0.0}
    tables = {
        "power.buses": frame("power.buses", [zone]),
        "power.generators": frame("power.generators", [plant]),
        "power.carriers": frame("power.carriers", [{"name": "hydro"}, {"name": "AC"}]),
    }
    wrong = lever("set", "bus", "east_zon", "name=dam", table="power.generators")
    found = problems(port_world().replace(**tables), Scenario("plan", levers=(wrong,), file="test.toml"))
    assert [(one.kind, one.expected) for one in found] == [("unknown key", "bus: a key of power.buses")]
    assert "'east_zone'" in found[0].remedy


def test_names_that_nearly_stand_somewhere_are_suggested() -> None:
    assert "'resources'" in _one(lever("set", CELL, 1, table="resource")).remedy
    assert "'capacity_per_year'" in _one(lever("set", "capacity_year", 1)).remedy
    assert "'pier'" in _one(lever("set", CELL, 1, "resource=peir")).remedy
    assert "'limit'" in _one(lever("set", "behaviour", "limits")).remedy


def test_a_unit_that_is_that_of_the_column_or_of_its_rows_is_no_problem() -> None:
    for right in (
        lever("set", CELL, 5e6, "resource=*", unit="t"),
        lever("add", CELL, 5e6, unit="t/year"),
        lever("set", "service_hours", 6, unit="h"),
        lever("multiply", CELL, 1.2, unit="1"),
        lever("set", "max_utilisation", 0.9, unit="1"),
    ):
        assert not _of(right)


def test_a_wrong_unit_that_can_be_converted_says_what_to_write() -> None:
    problem = _one(lever("set", CELL, 25.0, unit="Mt"))
    assert problem.expected == "t, the unit of capacity_per_year in its rows"
    assert problem.remedy == "write 25000000 t"


def test_rows_of_several_units_cannot_take_one_unit() -> None:
    rows = frame("resources", [resource("pier"), resource("deck", unit="wagons")])
    wrong = lever("set", CELL, 5, "resource=*", unit="t")
    found = problems(port_world().replace(resources=rows), Scenario("x", levers=(wrong,)))
    assert [(p.kind, p.expected[:9], p.remedy) for p in found] == [
        ("wrong unit", "t, wagons", "write one lever for each unit")
    ]


def test_a_lever_that_reaches_into_the_horizon_is_no_problem() -> None:
    assert not _of(lever("set", CELL, 1, dates="1999..2019"), lever("set", CELL, 2, dates="2040-06-01.."))


def test_a_result_out_of_range_names_row_value_year_and_how_many_more() -> None:
    found = _of(lever("multiply", "max_utilisation", 1.5, "resource=*", "2030.."))
    assert [p.value for p in found] == ["pier max_utilisation becomes 1.5 in 2030 (and 2 more)"]
    assert found[0].expected == "(0,1]"


def test_levers_that_are_sound_alone_may_be_out_of_range_together() -> None:
    half = [lever("multiply", "max_utilisation", 0.5), lever("add", "max_utilisation", 0.6, dates="2025..", key="more")]
    assert not _of(*half[:1])
    assert [(p.kind, p.column) for p in _of(*half)] == [("result out of range", "more.add")]


def test_a_row_may_be_dropped_with_all_that_names_it() -> None:
    drops = [lever("drop", "", "", "link=second", table=table) for table in ("links", "borders")]
    assert not _of(*drops)
    found = _of(drops[0])
    assert [(p.value, p.expected) for p in found] == [
        ("second in 2019", "nothing that names it, but borders link (second) does")
    ]


def test_a_row_may_not_name_one_that_is_inserted_later() -> None:
    track = insert(rail("third", "east", "west", 9.0), "links", "2030..", "track")
    border = insert({"link": "third", "hours_forward": 1.0, "hours_back": 1.0}, "borders", "2028..", "border")
    assert [(p.kind, p.value, p.column) for p in _of(track, border)] == [("row still named", "third in 2028", "track")]


def test_a_dropped_row_may_be_inserted_again_under_its_key() -> None:
    gone, back = lever("drop", "", "", "resource=gate", "2030.."), insert(resource("gate", unit="TEU"), dates="2030..")
    assert not _of(gone, back, lever("set", CELL, 5, "resource=gate", rows=1))
    assert [p.kind for p in _of(gone, insert(resource("gate"), dates="2029.."))] == ["key stands already"]


def test_tables_of_power_are_addressed_as_any_other() -> None:
    world = port_world().replace(power__links=frame("power.links", [{"name": "cable", "p_nom": 100.0}]))
    more = lever("set", "p_nom", 1000.0, "name=cable", table="power.links", unit="MW")
    assert problems(world, Scenario("x", levers=(more,))) == []
    wrong = [lever("set", "p_nom", 1.0, "name=cables", table="power.links"), lever("set", "pnom", 1.0, "name=cable",
             table="power.links"), lever("set", "p_nom", 1.0, "name=cable", table="power.link")]  # fmt: skip
    remedies = [p.remedy for p in problems(world, Scenario("x", levers=tuple(wrong)))]
    assert sorted(remedies) == ["did you mean 'cable'?", "did you mean 'p_nom'?", "did you mean 'power.links'?"]


def test_two_sets_that_disagree_on_a_day_are_a_problem_that_names_both() -> None:
    scenario = lever("set", CELL, 20, "resource=*", "2019-06-01..2022", key="levers[1]")
    found = problems(with_levers(ROWS), Scenario("plan", levers=(scenario,), file="test.toml"))
    assert [(p.kind, p.column) for p in found] == [("two sets on one cell", "levers[1].set")]
    assert found[0].value == "resources pier capacity_per_year from 2019-06-01 to 2019-12-31"
    assert "H1 of levers.csv" in found[0].expected


def test_sets_that_agree_or_follow_each_other_are_no_problem() -> None:
    assert not _of(lever("set", CELL, 5, dates="2019..2024-05-19"), lever("set", CELL, 6, dates="2024-05-20.."))
    assert not _of(lever("set", CELL, 5), lever("set", CELL, 5, "resource=pier|gate"))
    assert not _of(lever("set", CELL, 5), lever("set", CELL, 6, "resource=gate"))


def test_one_pair_of_levers_that_disagree_is_told_once_however_many_cells_they_share() -> None:
    assert len(_of(lever("set", CELL, 5, "resource=*"), lever("set", CELL, 6, "resource=*"))) == 1


def test_a_number_that_a_set_fills_in_may_be_scaled_in_those_years() -> None:
    fill = lever("set", "service_hours", 4, "resource=gate", "2024..2025")
    assert not _of(fill, lever("multiply", "service_hours", 2, "resource=gate", "2024-07-01..2025"))
    kinds = [p.kind for p in _of(fill, lever("multiply", "service_hours", 2, "resource=gate", "2024..2026"))]
    assert kinds == ["missing value scaled"]


def test_a_lever_may_change_a_row_that_another_inserts_while_it_stands() -> None:
    quay = insert(resource("quay"), dates="2025..")
    assert not _of(quay, lever("set", CELL, 5, "resource=quay", "2026.."))
    assert [p.kind for p in _of(quay, lever("set", CELL, 5, "resource=quay", "2019..2024"))] == ["no row matches"]


def test_a_key_may_be_inserted_twice_only_at_different_times() -> None:
    early, late = insert(resource("quay"), dates="..2024"), insert(resource("quay"), dates="2025..", key="late")
    assert not _of(early, late)
    assert _one(early, insert(resource("quay"), dates="2024..", key="late")).kind == "key inserted twice"


def test_all_problems_are_told_at_once_and_nothing_is_in_force() -> None:
    wrong = (lever("set", "x", 1), lever("set", CELL, 1, "resource=y"), lever("add", CELL, 1, dates="soon.."))
    with pytest.raises(ScenarioError) as caught:
        resolve(port_world(), Scenario("test", levers=wrong, file="test.toml"))
    assert {p.kind for p in caught.value.problems} == {"unknown column", "no row matches", "bad date"}


def test_a_scenario_file_changes_the_state_it_says_it_changes() -> None:
    text = 'name = "plan"\n[[levers]]\ntable = "resources"\nwhere = {resource = "pier"}\ncolumn = "servers"\nadd = 3'
    corridor = port_world()
    year = state(corridor, resolve(corridor, parse_scenario(text)), 2024)
    assert year["resources"]["servers"].tolist()[:2] == [5, 3]


def test_a_pending_lever_is_listed_and_reviewed_but_never_applied() -> None:
    late = {**record("T1", "project:pier_2", 0), "table": "tariffs", "where": "exporter=AAA", "pending": True}
    late["column"] = "applied_pct"
    corridor, on = with_levers([*ROWS, late]), Scenario(include=("project:pier_2",))
    assert [found.key for found in pending_levers(corridor, on)] == ["T1"]
    assert pending_levers(corridor) == ()
    assert [found.key for found in resolve(corridor, on)][-1:] == ["P1"]


def test_a_pending_lever_that_names_no_column_is_told_all_the_same() -> None:
    late = record("T1", "history", 0.0, table="tariffs", where="exporter=AAA", column="nothing", pending=True)
    assert [(p.kind, p.column) for p in problems(with_levers([late]))] == [("unknown column", "column")]


def test_a_project_is_on_in_one_variant_only() -> None:
    rows = [{"project": "pier_2", "variant": name, "name": "P"} for name in ("", "wide")]
    corridor = with_levers([*ROWS, record("P2", "project:pier_2/wide", 40, "2027..")])
    corridor = corridor.replace(projects=frame("projects", rows))
    wide = resolve(corridor, Scenario(include=("project:pier_2/wide",)))
    assert [found.key for found in wide] == ["H1", "S1", "P2"]
    found = problems(corridor, Scenario(include=("project:pier_2", "project:pier_2/wide")))
    assert "two variants of one project" in [problem.kind for problem in found]


def test_an_owner_of_levers_stands_in_the_table_of_projects_where_there_is_one() -> None:
    corridor = with_levers(ROWS).replace(projects=frame("projects", [{"project": "pier_3", "name": "P"}]))
    assert [(p.kind, p.value) for p in problems(corridor)] == [("unknown owner", "project:pier_2")]
    assert problems(with_levers(ROWS)) == []


def test_a_row_of_the_table_that_states_another_unit_is_told_with_its_line() -> None:
    found = problems(with_levers([record("H1", "history", 20, unit="t"), record("H2", "history", 0.02, unit="kt")]))
    assert [(p.kind, p.file, p.row) for p in found if "unit" in p.kind] == [("wrong unit", "levers.csv", 3)]


@pytest.mark.parametrize("column", ["servers", "service_hours", "units_per_service", "hours_open_per_year"])
def test_a_queue_whose_capacity_stays_gains_nothing_from_what_capacity_is_made_of(column: str) -> None:
    made_of = {"servers": 2, "units_per_service": 1, "service_hours": 8.0, "hours_open_per_year": 400}
    there = insert(resource("lock", behaviour="queue", **made_of), dates="2020..", key="lock")
    change = lever("multiply", column, 2.0, "resource=lock", "2025..")
    found = _of(there, change)
    assert [(p.kind, p.column) for p in found] == [("queue without its capacity", "multiply 2.0.column")]
    assert _of(there, change, lever("multiply", CELL, 2.0, "resource=lock", "2025..", key="capacity")) == []
