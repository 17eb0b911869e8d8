"""Corridors to disk and back, and folders in which many things are wrong at once."""

from __future__ import annotations

import filecmp
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karvan.corridor.corridor import Corridor, CorridorInfo, fingerprints
from karvan.errors import DataError, RangeError, SchemaError, UnknownKeyError
from karvan.schema.tables import file_of
from karvan.store.builtin import builtin_names, folder_of, load
from karvan.store.corridors import examine, read_corridor, write_corridor
from karvan.store.scenarios import ready_scenarios
from tests.worlds import demand, frame, place, rail, two_links

LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "Zs", "S"), exclude_characters="<=+@|")
PLAIN = st.text(LETTERS, max_size=9)
FLOATS = st.floats(0, 1e7, allow_nan=False) | st.floats(1e-9, 1e-3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_corridor(two_links(), tmp_path / "world")
    return tmp_path / "world"


def assert_same(one: Corridor, other: Corridor) -> None:
    assert one.info == other.info
    assert set(one) == set(other)
    for name in one:
        pd.testing.assert_frame_equal(one[name], other[name], check_exact=True)
    assert fingerprints(one) == fingerprints(other)


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))


def test_a_corridor_reads_back_as_it_was(folder: Path) -> None:
    assert_same(read_corridor(folder), two_links())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(PLAIN, min_size=2, max_size=2), kt=FLOATS, teu=FLOATS, hours=st.floats(0, 5000), title=PLAIN)
def test_any_corridor_reads_back_exactly(
    tmp_path: Path, names: list[str], kt: float, teu: float, hours: float, title: str
) -> None:
    world = two_links()
    places = world["places"].assign(name=[f"a{names[0]}", f"b{names[1]}", "c"], note=names[0], aliases=names[1].strip())
    rows = [{**demand("east", "west", "goods", "container", 1.0), "kt": kt, "teu": teu}]
    links = [rail("first", "east", "middle", 1000.0, hours=hours), rail("second", "middle", "west", 1000.0)]
    changed = world.replace(places=places, demand=frame("demand", rows), links=frame("links", links))
    changed = replace(changed, info=replace(world.info, title=f"t{title}"))
    write_corridor(changed, tmp_path / "any")
    assert_same(read_corridor(tmp_path / "any"), changed)


@pytest.mark.parametrize("name", builtin_names())
def test_writing_a_built_in_corridor_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    corridor = load(name)
    write_corridor(corridor, tmp_path / "copy")
    files = (path for path in (tmp_path / "copy").rglob("*") if path.is_file())
    written = sorted(path.relative_to(tmp_path / "copy").as_posix() for path in files)
    scenarios = {f"scenarios/{key}.toml" for key in ready_scenarios(folder_of(name))}
    assert {file for file in written if "/" in file} == scenarios | {
        file_of(table) for table in corridor if "." in table
    }
    _, differing, failed = filecmp.cmpfiles(tmp_path / "copy", folder_of(name), written, shallow=False)
    assert (differing, failed) == ([], [])


def test_only_four_tables_are_needed(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        if path.stem not in ("places", "links", "commodities", "demand"):
            path.unlink()
    corridor = read_corridor(folder)
    assert corridor["resources"].empty
    assert len(corridor["links"]) == 2


def test_all_problems_of_all_files_are_found_at_once(folder: Path) -> None:
    edit(folder, "places.csv", "45,terminal", "95,terminal")
    edit(folder, "links.csv", "middle,west,rail", "midle,west,rail")
    edit(folder, "demand.csv", "120", "lots")
    edit(folder, "corridor.toml", "base_year", "bse_year")
    (folder / "commodities.csv").unlink()
    (folder / "conections.csv").write_text("a\n")
    (folder / "borders.csv").write_bytes(b"\xff\xfe")
    corridor, problems = examine(folder)
    assert corridor is None
    assert {(p.file, p.kind) for p in problems} == {
        ("places.csv", "out of range"),
        ("links.csv", "unknown key"),
        ("demand.csv", "wrong type"),
        ("corridor.toml", "unknown key"),
        ("corridor.toml", "missing key"),
        ("commodities.csv", "missing table"),
        ("conections.csv", "unknown table"),
        ("borders.csv", "wrong encoding"),
    }


def test_a_corridor_with_wrong_cells_can_still_be_looked_at(folder: Path) -> None:
    edit(folder, "demand.csv", "120", "lots")
    corridor, problems = examine(folder)
    assert corridor is not None
    assert corridor["demand"]["kt"].isna().tolist() == [True, False]
    assert [p.row for p in problems] == [2]


@pytest.mark.parametrize(
    ("file", "old", "new", "error"),
    [
        ("places.csv", "45,terminal", "95,terminal", RangeError),
        ("links.csv", "middle,west,rail", "midle,west,rail", UnknownKeyError),
        ("demand.csv", "120", "lots", SchemaError),
        ("demand.csv", "wagon", "wagon,9", DataError),
    ],
)
def test_the_error_names_the_sort_where_all_problems_are_of_one(
    folder: Path, file: str, old: str, new: str, error: type[DataError]
) -> None:
    edit(folder, file, old, new)
    with pytest.raises(DataError) as caught:
        read_corridor(folder)
    assert type(caught.value) is error
    assert caught.value.problems[0].file == file


@pytest.mark.parametrize("place", [".", "..", "/"])
def test_a_place_without_a_name_is_not_written(place: str) -> None:
    with pytest.raises(DataError, match="no name for a folder"):
        write_corridor(two_links(), place)


@pytest.mark.parametrize("name", ["absent", "world/places.csv", "wor\x00ld", "x" * 300, "world/nothing/here"])
def test_a_place_that_is_no_corridor_is_one_problem(folder: Path, name: str) -> None:
    corridor, problems = examine(folder.parent / name)
    assert corridor is None
    assert len(problems) == 1


def test_nothing_in_a_message_can_drive_a_terminal(folder: Path) -> None:
    (folder / "\x1b[2Jplaces\udcff.csv").write_text("a\n")
    edit(folder, "places.csv", "place,", "\x1b[31mplace,")
    edit(folder, "corridor.toml", "title", '"\\u001b[2J"')
    found = [str(p) for p in examine(folder)[1]]
    assert len(found) >= 4
    assert [text for text in found if not text.isprintable()] == []


def test_a_missing_folder_suggests_its_neighbour(folder: Path) -> None:
    assert examine(folder.parent / "wrold")[1][0].remedy == "did you mean 'world'?"


def test_hidden_files_and_other_kinds_of_files_are_left_alone(folder: Path) -> None:
    for name in (".~lock.places.csv#", "._places.csv", "README.md", "map.geojson"):
        (folder / name).write_text("anything")
    assert examine(folder)[1] == []


def test_a_table_in_other_letters_or_in_the_wrong_place_is_not_taken_silently(folder: Path) -> None:
    (folder / "places.csv").rename(folder / "Places.CSV")
    (folder / "power").mkdir()
    (folder / "power" / "lodas.csv").write_text("name\n")
    _, problems = examine(folder)
    found = {(p.file, p.kind, p.remedy) for p in problems if p.kind == "unknown table"}
    assert ("Places.CSV", "unknown table", "did you mean 'places'?") in found
    assert ("power/lodas.csv", "unknown table", "did you mean 'power.loads'?") in found


def test_a_table_of_a_group_is_written_to_and_read_from_its_subfolder(tmp_path: Path) -> None:
    world = two_links()
    carriers = frame("power.carriers", [{"name": "AC"}])
    write_corridor(world.replace(power__carriers=carriers), tmp_path / "w")
    assert (tmp_path / "w" / "power" / "carriers.csv").is_file()
    pd.testing.assert_frame_equal(read_corridor(tmp_path / "w")["power.carriers"], carriers)


@pytest.mark.parametrize(
    ("text", "kind", "column"),
    [
        ('name = "a"', "missing key", "title"),
        ("name = [", "broken TOML", ""),
        ("a = " + "[" * 5000, "broken TOML", ""),
        ('base_year = "2024"', "wrong value", "base_year"),
        ("base_year = 1066", "wrong value", "base_year"),
        ('name = "../x"', "wrong value", "name"),
        ("titel = 1", "unknown key", "titel"),
    ],
)
def test_corridor_toml_is_held_to_its_keys(folder: Path, text: str, kind: str, column: str) -> None:
    (folder / "corridor.toml").write_text(text)
    _, problems = examine(folder)
    assert (kind, column) in {(p.kind, p.column) for p in problems}


def test_the_base_year_lies_within_the_years_of_the_record(folder: Path) -> None:
    edit(folder, "corridor.toml", "base_year = 2024", "base_year = 2030")
    assert [p.kind for p in examine(folder)[1]] == ["wrong value"]


def test_titles_with_quotes_and_control_characters_survive_toml(tmp_path: Path) -> None:
    info = CorridorInfo("a", 'He said "Ü"\\ \x7f\t', 2024, 2019, 2025, 2024, description="line\nline")
    write_corridor(Corridor(info, two_links().tables), tmp_path / "w")
    assert read_corridor(tmp_path / "w").info == info


def test_a_folder_that_is_no_corridor_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(DataError, match="nothing was written"):
        write_corridor(two_links(), tmp_path / "thesis")
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "years of work"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis"]


def test_a_corridor_folder_that_holds_other_files_is_not_overwritten(folder: Path) -> None:
    (folder / "notes.txt").write_text("keep")
    with pytest.raises(DataError, match=r"notes\.txt"):
        write_corridor(two_links(), folder)
    assert (folder / "notes.txt").read_text() == "keep"


def test_tables_that_a_corridor_lost_are_gone_after_writing(folder: Path) -> None:
    world = two_links()
    kept = {name: rows for name, rows in world.tables.items() if name != "modes"}
    write_corridor(Corridor(world.info, kept), folder)
    assert not (folder / "modes.csv").exists()
    assert [path.name for path in folder.parent.iterdir()] == ["world"]


def test_a_place_that_cannot_be_written_is_a_data_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot write"):
        write_corridor(two_links(), tmp_path / "file" / "below")


def test_names_of_built_in_corridors_match_loosely_and_suggest() -> None:
    assert folder_of("Middle_Corridor") == folder_of("middle-corridor")
    with pytest.raises(UnknownKeyError, match="did you mean 'middle-corridor'"):
        load("midle-corridor")


def test_a_path_is_never_taken_for_a_built_in_name(folder: Path) -> None:
    assert load(folder).info.name == "two-links"
    with pytest.raises(DataError, match="missing folder"):
        load("./middle-corridor")


def test_a_zone_name_that_spreadsheets_would_run_is_refused_on_reading(folder: Path) -> None:
    world = two_links()
    rows = [place("east", "AAA", 62.0, 45.0, name='=cmd|"/c calc"'), place("middle", "AAA", 50.0, 45.0)]
    write_corridor(world.replace(places=frame("places", [*rows, place("west", "BBB", 38.0, 45.0)])), folder)
    assert [p.kind for p in examine(folder)[1]] == ["spreadsheet formula"]


def with_calm(folder: Path) -> Path:
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "calm.toml").write_text('name = "calm"\n')
    return folder


def test_ready_scenarios_go_with_the_corridor_that_was_read(folder: Path, tmp_path: Path) -> None:
    write_corridor(read_corridor(with_calm(folder)), tmp_path / "copy")
    assert list(ready_scenarios(tmp_path / "copy")) == ["calm"]
    write_corridor(read_corridor(folder), folder)
    assert (folder / "scenarios" / "calm.toml").read_text() == 'name = "calm"\n'


def test_ready_scenarios_stay_where_a_corridor_without_any_is_written(folder: Path) -> None:
    write_corridor(two_links(), with_calm(folder))
    assert list(ready_scenarios(folder)) == ["calm"]


def test_another_file_among_the_scenarios_is_foreign_and_nothing_is_written(folder: Path) -> None:
    (with_calm(folder) / "scenarios" / "notes.txt").write_text("mine")
    with pytest.raises(DataError, match=r"scenarios/notes\.txt"):
        write_corridor(two_links(), folder)
    assert (folder / "scenarios" / "notes.txt").read_text() == "mine"


def test_a_scenario_that_leads_out_of_the_folder_is_not_ready(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text('name = "secret"\n')
    (with_calm(folder) / "scenarios" / "secret.toml").symlink_to(tmp_path / "secret.toml")
    assert list(ready_scenarios(folder)) == ["calm"]
