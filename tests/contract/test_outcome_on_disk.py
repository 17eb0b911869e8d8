"""An outcome to disk and back: exact, whole or not at all, and nothing of another's is lost."""

from __future__ import annotations

import json
import math
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from karvan.corridor.outcome import Convergence, Outcome, Provenance, outcome_table
from karvan.errors import DataError
from karvan.store.outcomes import read_outcome, run_name, runs, write_outcome

ROOT = Path(__file__).parents[2]
FLOW = {"year": 2024, "direction": "forward", "handling_class": "tank", "kt": 0.1, "teu": math.nan, "empty_teu": 0.0}
WRITER = """
import sys
from tests.contract.test_outcome_on_disk import outcome
from karvan.store.outcomes import write_outcome
print("ready", flush=True)
turn = 0
while True:
    turn += 1
    write_outcome(outcome(turn, rows=2000), sys.argv[1], {"report.html": str(turn) * 100_000})
"""


def outcome(number: int = 1, rows: int = 3) -> Outcome:
    flows = pd.DataFrame([{**FLOW, "link": f"l{i}", "kt": number / (i + 3)} for i in range(rows)])
    provenance = Provenance("0.1", "two-links", "base", {"links": "ab"}, {"years": "2024", "seed?": False, "x": 0.1}, 7)
    parts = (Convergence("freight", True, 12, 1e-12, "fine"), Convergence("free flow", True, 0, math.nan))
    tables = {"freight.flows": outcome_table("freight.flows", flows)}
    return Outcome(f"run {number}", tables, provenance, parts, ("a default stood in",))


def test_an_outcome_reads_back_exactly(tmp_path: Path) -> None:
    written = outcome()
    write_outcome(written, tmp_path / "base")
    back = read_outcome(tmp_path / "base")
    pd.testing.assert_frame_equal(back["freight.flows"], written["freight.flows"], check_exact=True)
    assert (back.name, back.provenance, back.warnings) == (written.name, written.provenance, written.warnings)
    assert back.convergence[0] == written.convergence[0]
    assert math.isnan(back.convergence[1].residual)


def test_every_outcome_table_survives_without_rows(tmp_path: Path) -> None:
    from karvan.corridor.corridor import empty_table
    from karvan.schema.tables import tables

    empty = {name: empty_table(name, "outcomes") for name in tables("outcomes")}
    write_outcome(Outcome("empty", empty, outcome().provenance), tmp_path / "empty")
    back = read_outcome(tmp_path / "empty")
    for name, frame in empty.items():
        pd.testing.assert_frame_equal(back[name], frame)


def test_writing_leaves_the_outcome_as_it_was_and_gives_the_same_bytes_again(tmp_path: Path) -> None:
    written, before = outcome(), outcome()
    for name in ("a", "b"):
        write_outcome(written, tmp_path / name, {"report.html": "<p>ü"})
    pd.testing.assert_frame_equal(written["freight.flows"], before["freight.flows"])
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_a_page_lands_with_the_run_and_is_part_of_its_checksums(tmp_path: Path) -> None:
    write_outcome(outcome(), tmp_path / "base", {"report.html": "<p>ü", "map.png": b"\x89PNG"})
    assert (tmp_path / "base" / "report.html").read_bytes() == "<p>ü".encode()
    (tmp_path / "base" / "report.html").write_text("<p>other")
    with pytest.raises(DataError, match=r"report\.html.*changed after the run"):
        read_outcome(tmp_path / "base")


@pytest.mark.parametrize("name", ["outcome.json", "freight.flows.parquet", "../report.html", ".hidden", ""])
def test_an_extra_file_takes_no_name_that_a_run_needs_or_may_not_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError):
        write_outcome(outcome(), tmp_path / "base", {name: "x"})
    assert list(tmp_path.iterdir()) == []


def test_an_older_run_is_replaced_whole(tmp_path: Path) -> None:
    write_outcome(outcome(1), tmp_path / "base", {"old.html": "x"})
    write_outcome(outcome(2), tmp_path / "base")
    assert read_outcome(tmp_path / "base").name == "run 2"
    assert sorted(path.name for path in (tmp_path / "base").iterdir()) == ["freight.flows.parquet", "outcome.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["base"]


def damage_table(run: Path) -> None:
    path = run / "freight.flows.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def damage_listing(run: Path) -> None:
    content = json.loads((run / "outcome.json").read_text())
    (run / "outcome.json").write_text(json.dumps({**content, "files": {"../x": content["files"].popitem()[1]}}))


@pytest.mark.parametrize(
    "damage",
    [
        damage_table,
        damage_listing,
        lambda run: (run / "freight.flows.parquet").unlink(),
        lambda run: (run / "outcome.json").write_text("{"),
        lambda run: (run / "outcome.json").write_text("[]"),
        lambda run: (run / "outcome.json").write_bytes(b"\xff"),
        lambda run: (run / "outcome.json").unlink(),
    ],
)
def test_a_run_that_is_not_whole_is_refused(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    write_outcome(outcome(), tmp_path / "base")
    damage(tmp_path / "base")
    with pytest.raises(DataError, match=r"not whole|no run"):
        read_outcome(tmp_path / "base")


def test_a_table_of_another_schema_is_refused(tmp_path: Path) -> None:
    import hashlib

    write_outcome(outcome(), tmp_path / "base")
    path = tmp_path / "base" / "freight.flows.parquet"
    pd.read_parquet(path).drop(columns="kt").to_parquet(path)
    content = json.loads((tmp_path / "base" / "outcome.json").read_text())
    data = path.read_bytes()
    content["files"][path.name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (tmp_path / "base" / "outcome.json").write_text(json.dumps(content))
    with pytest.raises(DataError, match="missing columns"):
        read_outcome(tmp_path / "base")


def test_runs_lists_whole_runs_only(tmp_path: Path) -> None:
    for name in ("b", "a", "broken"):
        write_outcome(outcome(), tmp_path / name)
    (tmp_path / "broken" / "freight.flows.parquet").unlink()
    (tmp_path / "other").mkdir()
    (tmp_path / "file").write_text("")
    assert runs(tmp_path) == ["a", "b"]
    assert runs(tmp_path / "absent") == []


def test_a_run_that_is_not_there_suggests_its_neighbour(tmp_path: Path) -> None:
    write_outcome(outcome(), tmp_path / "alat-25")
    with pytest.raises(DataError, match="did you mean 'alat-25'"):
        read_outcome(tmp_path / "alat_52")


@pytest.mark.parametrize("content", [{"notes.txt": "mine"}, {"outcome.json": '{"mine": 1}'}])
def test_a_folder_that_is_no_run_is_not_replaced(tmp_path: Path, content: dict[str, str]) -> None:
    (tmp_path / "mine").mkdir()
    for name, text in content.items():
        (tmp_path / "mine" / name).write_text(text)
    with pytest.raises(DataError, match="nothing was written"):
        write_outcome(outcome(), tmp_path / "mine")
    assert {path.name: path.read_text() for path in (tmp_path / "mine").iterdir()} == content


def test_a_note_that_a_user_put_into_a_run_is_not_lost(tmp_path: Path) -> None:
    write_outcome(outcome(1), tmp_path / "base")
    (tmp_path / "base" / "notes.txt").write_text("mine")
    with pytest.raises(DataError, match=r"notes\.txt"):
        write_outcome(outcome(2), tmp_path / "base")
    assert read_outcome(tmp_path / "base").name == "run 1"


def test_a_link_to_a_run_is_not_replaced_by_a_folder(tmp_path: Path) -> None:
    write_outcome(outcome(1), tmp_path / "base")
    (tmp_path / "link").symlink_to(tmp_path / "base")
    with pytest.raises(DataError, match="nothing was written"):
        write_outcome(outcome(2), tmp_path / "link")
    assert read_outcome(tmp_path / "link").name == "run 1"


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "a\\b", "a\nb", "x" * 81, "a ", "a:b", "con?"])
def test_a_name_that_no_folder_should_have_is_refused(name: str) -> None:
    with pytest.raises(DataError, match="run"):
        run_name(name)


@pytest.mark.parametrize("name", ["base", "Alat 25 Mt", "x" * 80, "Bakı-Tiflis_Qars.2"])
def test_names_in_any_script_are_fine(name: str, tmp_path: Path) -> None:
    write_outcome(outcome(), tmp_path / run_name(name))
    assert runs(tmp_path) == [name]


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is another thing there")
def test_a_killed_writer_leaves_the_old_run_or_the_new_one(tmp_path: Path) -> None:
    run = tmp_path / "base"
    write_outcome(outcome(0, rows=2000), run)
    for turn in range(2):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(run)], stdout=subprocess.PIPE, cwd=ROOT) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(0.05 + 0.013 * turn)
            writer.send_signal(signal.SIGKILL)
        back = read_outcome(run)
        assert len(back["freight.flows"]) == 2000
    write_outcome(outcome(99), run)
    assert [path.name for path in tmp_path.iterdir()] == ["base"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is another thing there")
def test_a_writer_killed_at_any_of_forty_moments_leaves_the_old_run_or_the_new_one(tmp_path: Path) -> None:
    run = tmp_path / "base"
    write_outcome(outcome(0, rows=2000), run)
    for turn in range(40):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(run)], stdout=subprocess.PIPE, cwd=ROOT) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(0.02 + 0.0037 * turn)
            writer.send_signal(signal.SIGKILL)
        back = read_outcome(run)
        assert back["freight.flows"]["kt"].iloc[0] == int(back.name.removeprefix("run ")) / 3


@pytest.mark.slow
def test_two_writers_and_a_reader_never_meet_half_a_run(tmp_path: Path) -> None:
    run = tmp_path / "base"
    write_outcome(outcome(0, rows=2000), run)
    command = [sys.executable, "-c", WRITER, str(run)]
    writers = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) for _ in range(2)]
    try:
        for writer in writers:
            assert writer.stdout is not None
            writer.stdout.readline()
        names = {read_outcome(run).name for _ in range(300) if runs(tmp_path) == ["base"]}
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    assert len(names) > 10


@pytest.mark.parametrize(
    ("step", "count", "left"),
    [("fsync", 1, 1), ("fsync", 3, 1), ("rename", 1, 1), ("rename", 2, 1), ("rename", 3, 2), ("rmtree", 1, 2)],
)
def test_a_writer_that_dies_at_a_step_leaves_a_whole_run(tmp_path: Path, step: str, count: int, left: int) -> None:
    run = tmp_path / "base"
    write_outcome(outcome(1), run)
    subprocess.run([sys.executable, "-c", DYING.format(step=step, count=count), str(run)], cwd=ROOT, check=False)
    assert runs(tmp_path) == ["base"]
    assert read_outcome(run).name == f"run {left}"
    write_outcome(outcome(3), run)
    assert [path.name for path in tmp_path.iterdir()] == ["base"]


DYING = """
import os, pathlib, shutil, sys
from tests.contract.test_outcome_on_disk import outcome
from karvan.store.outcomes import write_outcome
room = {{"rename": pathlib.Path, "rmtree": shutil, "fsync": os}}["{step}"]
done, real = [0], getattr(room, "{step}")
def dying(*args, **kwargs):
    done[0] += 1
    if done[0] == {count}:
        os._exit(9)
    return real(*args, **kwargs)
setattr(room, "{step}", dying)
write_outcome(outcome(2), sys.argv[1])
"""


def test_an_interrupt_between_the_renames_puts_the_old_run_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_outcome(outcome(1), tmp_path / "base")
    rename = Path.rename

    def interrupted(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_outcome(outcome(2), tmp_path / "base")
    assert read_outcome(tmp_path / "base").name == "run 1"
    assert [path.name for path in tmp_path.iterdir()] == ["base"]


def test_a_writer_that_fails_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_outcome(outcome(1), tmp_path / "base")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DataError, match="No space left"):
        write_outcome(outcome(2), tmp_path / "base")
    assert read_outcome(tmp_path / "base").name == "run 1"
    assert [path.name for path in tmp_path.iterdir()] == ["base"]
