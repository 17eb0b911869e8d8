"""Where runs lie: names that stay in their folder, and object stores that never hold half a run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from karvan.errors import DataError
from karvan.store.outcomes import read_outcome, runs, write_outcome
from karvan.store.runs.listing import stored_runs
from karvan.store.runs.places import find_run, place
from tests.contract.test_outcome_on_disk import outcome


@pytest.fixture
def bucket() -> Iterator[str]:
    """An object store without runs."""
    yield "memory://bucket"
    fsspec.filesystem("memory").rm("/bucket", recursive=True)


def files(bucket: str) -> list[str]:
    return sorted(str(name).rsplit("/", 1)[-1] for name in fsspec.filesystem("memory").find("/bucket"))


def test_a_run_on_an_object_store_reads_back_exactly(bucket: str) -> None:
    write_outcome(outcome(), f"{bucket}/base", {"report.html": "x"})
    back = read_outcome(f"{bucket}/base")
    assert back["freight.flows"].equals(outcome()["freight.flows"])
    assert back.provenance == outcome().provenance
    assert runs(bucket) == ["base"]


def test_a_url_of_a_file_is_a_folder_of_this_machine(tmp_path: Path) -> None:
    write_outcome(outcome(), f"file://{tmp_path}/base")
    assert read_outcome(tmp_path / "base").name == "run 1"


def test_a_replaced_run_leaves_none_of_its_objects(bucket: str) -> None:
    write_outcome(outcome(1), f"{bucket}/base", {"old.html": "x"})
    write_outcome(outcome(2), f"{bucket}/base")
    assert read_outcome(f"{bucket}/base").name == "run 2"
    assert files(bucket) == ["freight.flows.parquet", "outcome.json"]


@pytest.mark.parametrize("last", range(3))
def test_a_writer_that_dies_at_any_object_leaves_the_old_run(
    bucket: str, last: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_outcome(outcome(1), f"{bucket}/base")
    store = fsspec.filesystem("memory")
    real, done = store.pipe_file, [0]

    def dying(path: str, data: bytes, **options: object) -> None:
        if done[0] == last:
            raise SystemExit(9)
        done[0] += 1
        real(path, data, **options)

    monkeypatch.setattr(store, "pipe_file", dying)
    with pytest.raises(SystemExit):
        write_outcome(outcome(2), f"{bucket}/base", {"report.html": "x"})
    assert read_outcome(f"{bucket}/base").name == "run 1"
    assert files(bucket) == ["freight.flows.parquet", "outcome.json"]


def test_two_writers_of_one_run_on_an_object_store_do_not_mix(bucket: str) -> None:
    write_outcome(outcome(0), f"{bucket}/base")

    def write(number: int) -> None:
        for _ in range(20):
            write_outcome(outcome(number), f"{bucket}/base")

    writers = [threading.Thread(target=write, args=(number,)) for number in (1, 2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    back = read_outcome(f"{bucket}/base")
    assert back["freight.flows"]["kt"].iloc[0] == int(back.name.removeprefix("run ")) / 3


def test_a_changed_object_is_refused(bucket: str) -> None:
    write_outcome(outcome(), f"{bucket}/base")
    (path,) = [name for name in fsspec.filesystem("memory").find("/bucket") if name.endswith(".parquet")]
    fsspec.filesystem("memory").pipe_file(path, b"other")
    with pytest.raises(DataError, match="changed after the run"):
        read_outcome(f"{bucket}/base")


def test_objects_that_are_no_run_are_not_replaced(bucket: str) -> None:
    fsspec.filesystem("memory").pipe_file("/bucket/base/notes.txt", b"mine")
    with pytest.raises(DataError, match="nothing was written"):
        write_outcome(outcome(), f"{bucket}/base")
    assert files(bucket) == ["notes.txt"]


def test_a_file_system_that_nobody_knows_is_refused() -> None:
    with pytest.raises(DataError, match="no such file system"):
        place("nonsense://runs/base")


@pytest.mark.parametrize("name", ["../secret", "runs/../../etc", "..", "", ".", "/", "a/..", "..\\b"])
def test_a_name_never_leaves_its_folder(name: str) -> None:
    with pytest.raises(DataError, match="leaves its folder"):
        find_run(name)


def test_a_link_to_a_run_elsewhere_is_refused(tmp_path: Path) -> None:
    write_outcome(outcome(), tmp_path / "elsewhere" / "base")
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "base").symlink_to(tmp_path / "elsewhere" / "base")
    with pytest.raises(DataError, match="it is a link"):
        find_run("base", str(tmp_path / "runs"))


def test_a_table_that_is_a_link_is_refused(tmp_path: Path) -> None:
    write_outcome(outcome(), tmp_path / "base")
    table = tmp_path / "base" / "freight.flows.parquet"
    table.rename(tmp_path / "moved")
    table.symlink_to(tmp_path / "moved")
    with pytest.raises(DataError, match="link"):
        read_outcome(tmp_path / "base")


def test_the_list_of_runs_says_which_one_is_broken_and_why(tmp_path: Path) -> None:
    for name in ("b", "a", "cut"):
        write_outcome(outcome(), tmp_path / name)
    (tmp_path / "cut" / "freight.flows.parquet").unlink()
    (tmp_path / "b" / "outcome.json").write_text("{", encoding="utf-8")
    found = stored_runs(tmp_path)
    rows = {str(row["run"]): row for row in found.to_dict(orient="records")}
    assert {name: row["whole"] for name, row in rows.items()} == {"a": True, "b": False, "cut": False}
    assert rows["b"]["problem"] == "it is no JSON text"
    assert [rows["a"][c] for c in ("corridor", "scenario", "years", "version")] == ["two-links", "base", "2024", "0.1"]
    size = sum(file.stat().st_size for file in (tmp_path / "a").iterdir())
    assert rows["a"]["bytes"] == size
