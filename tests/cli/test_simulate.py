"""``karvan simulate`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from karvan.cli.main import main
from karvan.store.corridors import write_corridor
from karvan.store.outcomes import read_outcome
from tests.operations_world import served


@pytest.fixture(name="world", scope="module")
def _world(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("services") / "world"
    write_corridor(served(), folder)
    return str(folder)


def test_the_screen_tells_days_waits_ships_and_that_few_years_are_too_few(
    world: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", world, "--replications", "2"]) == 1
    told = capsys.readouterr()
    for words in ("2 years of luck under seed 1", "East > West", "train > terminal > ferry", "rounds a year", "Cranes"):
        assert words in told.out
    assert "more replications narrow them" in told.err


def test_json_and_folder_hold_the_tables_and_the_folder_the_events_and_the_ships(
    world: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "year"
    main(["simulate", world, "--replications", "1", "--seed", "7", "--json", "--quiet", "--out", str(out)])
    told = json.loads(capsys.readouterr().out)
    assert told["provenance"]["seed"] == 7
    assert "operations.transits" in told["tables"]
    assert "operations.events" not in told["tables"]
    written = read_outcome(out)
    assert not written["operations.events"].empty
    assert not written["operations.queues"].empty
    assert "<svg" in (out / "ships.html").read_text(encoding="utf-8")


def test_a_corridor_without_services_is_told_what_to_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = served()
    write_corridor(base.replace(services=base["services"].iloc[:0], fleet=base["fleet"].iloc[:0],
                                timetables=base["timetables"].iloc[:0]), tmp_path / "bare")  # fmt: skip
    assert main(["simulate", str(tmp_path / "bare")]) == 2
    assert "write services" in capsys.readouterr().err
