"""Scenario files as people write them."""

import pytest

from karvan.corridor.lever import Scenario
from karvan.errors import Problem, ScenarioError
from karvan.scenario.parse import parse_scenario

GOOD = """
name = "second-pier"
title = "A second pier from mid-2027"
include = ["project:pier_2"]
exclude = ["shock:storm"]

[[levers]]
table = "resources"
where = {resource = ["pier", "crane"], servers = 2, behaviour = "limit"}
rows = 1
column = "capacity_per_year"
set = 25e6
from = 2027-07-01
to = 2030
reason = "contract of May"

[[levers]]
table = "resources"
where = {resource = "gate"}
operation = "multiply"
column = "capacity_per_year"
value = 1.2

[[levers]]
table = "resources"
where = {resource = "old*"}
drop = true

[[levers]]
table = "links"
insert = {link = "new", both_ways = false, handling_classes = ["container", "wagon"], length_km = 12}
"""


def _problems(text: str) -> dict[str, Problem]:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "plan.toml")
    assert all(problem.file == "plan.toml" for problem in caught.value.problems)
    return {problem.column: problem for problem in caught.value.problems}


def test_a_file_gives_its_owners_and_its_levers_in_order() -> None:
    scenario = parse_scenario(GOOD, "plan.toml")
    assert (scenario.name, scenario.include, scenario.exclude) == ("second-pier", ("project:pier_2",), ("shock:storm",))
    assert [lever.operation for lever in scenario.levers] == ["set", "multiply", "drop", "insert"]
    assert {lever.owner for lever in scenario.levers} == {"scenario:second-pier"}
    assert [lever.key for lever in scenario.levers] == ["levers[1]", "levers[2]", "levers[3]", "levers[4]"]


def test_values_conditions_and_dates_are_kept_as_written() -> None:
    first, second, _, row = parse_scenario(GOOD).levers
    assert first.where == (("resource", ("pier", "crane")), ("servers", ("2",)), ("behaviour", ("limit",)))
    assert (first.value, first.from_date, first.to_date, first.rows) == (25e6, "2027-07-01", "2030", 1)
    assert second.value == 1.2
    cells = dict(row.value) if isinstance(row.value, tuple) else {}
    assert (cells["both_ways"], cells["handling_classes"], cells["length_km"]) == ("no", "container|wagon", 12.0)


def test_a_row_that_names_no_source_rests_on_the_scenario_with_low_confidence() -> None:
    value = parse_scenario(GOOD).levers[3].value
    assert isinstance(value, tuple)
    assert dict(value)["source"] == "scenario:second-pier"
    assert dict(value)["confidence"] == "low"


def test_the_shortest_scenario_is_a_name() -> None:
    assert parse_scenario('name = "base"') == Scenario("base")


def test_every_problem_of_a_file_is_told_at_once_with_its_key() -> None:
    text = """
    nam = "typo"
    include = "project:x"
    [[levers]]
    tabel = "links"
    [[levers]]
    table = "links"
    where = {link = {a = 1}}
    rows = 0
    column = "hours"
    set = 1
    [[levers]]
    table = "links"
    set = 1
    multiply = 2
    """
    found = _problems(text)
    assert {"name", "nam", "include", "levers[1].table", "levers[1].tabel"} <= set(found)
    assert {"levers[2].where.link", "levers[2].rows", "levers[3]"} <= set(found)
    assert found["levers[1].tabel"].remedy == "did you mean 'table'?"


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("set = 1\nvalue = 2", "levers[1]"),
        ('operation = "set"', "levers[1]"),
        ('operation = "double"\nvalue = 2', "levers[1].operation"),
        ("drop = false", "levers[1]"),
        ("insert = 5", "levers[1]"),
        ("set = {a = 1}", "levers[1]"),
        ("set = 1\nfrom = true", "levers[1].from"),
        ("set = 1\nfrom = 2024-05-20T10:00:00", "levers[1].from"),
        ("set = 1\nrows = 1.5", "levers[1].rows"),
        ("set = 1\ncolumn = 7", "levers[1].column"),
    ],
)
def test_a_lever_that_says_nothing_or_two_things_is_refused(body: str, key: str) -> None:
    assert key in _problems(f'name = "x"\n[[levers]]\ntable = "links"\n{body}')


@pytest.mark.parametrize("name", ["../../etc", "", "a/b", "<b>x</b>", "=cmd()", "x" * 99])
def test_a_name_that_could_not_name_a_folder_is_refused(name: str) -> None:
    assert _problems(f'name = "{name}"')["name"].kind == "wrong value"


def test_text_that_is_no_toml_is_told_with_its_line() -> None:
    problem = _problems('name = "x"\n[[levers]\n')[""]
    assert (problem.kind, problem.row) == ("not TOML", 2)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("x = " + "[" * 5000 + "]" * 5000, ""),
        ("x = " + "9" * 5000, ""),
        ("x = \x00", ""),
        ("name = 'again'", ""),
        ('title = "\\u001b[2J"', "title"),
        ('[[levers]]\ntable = "links"\nset = ' + "9" * 400, "levers[1]"),
        ('[[levers]]\ntable = "links"\ninsert = {link = {deep = 1}}', "levers[1]"),
        ('[[levers]]\ntable = "links"\nset = 10:00:00', "levers[1]"),
        ('[[levers]]\ntable = "links"\nset = 1\nunit = 5', "levers[1].unit"),
    ],
)
def test_odd_text_is_told_and_never_a_fault(body: str, key: str) -> None:
    assert key in _problems(f'name = "x"\n{body}\n')


def test_a_lever_may_state_its_unit() -> None:
    text = 'name = "x"\n[[levers]]\ntable = "links"\nwhere = {link = "a"}\ncolumn = "hours"\nset = 5\nunit = " h "'
    assert [lever.unit for lever in parse_scenario(text).levers] == ["h"]


def test_levers_that_are_no_blocks_are_refused() -> None:
    assert "levers" in _problems('name = "x"\nlevers = 5')
