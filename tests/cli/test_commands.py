"""The commands on a small corridor: what they write, print and answer."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from karvan.cli.main import main
from karvan.schema.tables import tables
from karvan.store.outcomes import read_outcome
from tests.cli.shell import START, written
from tests.report.made import corridor
from tests.worlds import frame, limit, use

KEYS = {"command", "version", "ok", "warnings", "provenance", "convergence", "tables"}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The small corridor in a folder of its own, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    return written(tmp_path)


def test_a_run_writes_a_whole_outcome_with_its_page(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", world, "--name", "first"]) == 0
    found = read_outcome("runs/first")
    assert float(found["freight.pairs"]["demand_kt"].sum()) == pytest.approx(170.0)
    assert Path("runs/first/report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "Written to runs/first" in capsys.readouterr().err


def test_the_first_screen_answers_in_four_lines(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", world]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Two links · base · 2024\n")
    assert "170 kt between 2 pairs of places" in told
    for subject in ("Power", "Trade", "Agreements"):
        assert f"{subject:<12}not in this corridor" in told


def test_the_largest_tables_are_named_and_left_out_of_the_json_unless_asked_for(
    world: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", world, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "freight.pairs" in told["tables"]
    assert not {"freight.routes", "freight.gateways"} & set(told["tables"])
    assert any("freight.routes (2 rows)" in text for text in told["warnings"])


def test_tables_asked_for_are_those_of_the_json(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", world, "--json", "--tables", "freight.routes,freight.pairs"]) == 0
    assert set(json.loads(capsys.readouterr().out)["tables"]) == {"freight.routes", "freight.pairs"}
    assert main(["run", world, "--json", "--tables", "all"]) == 0
    assert len(json.loads(capsys.readouterr().out)["tables"]["freight.routes"]) == 2


def test_a_table_that_is_none_is_refused_with_the_nearest_one(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", world, "--tables", "freight.pair"]) == 2
    assert "freight.pairs" in capsys.readouterr().err


def test_a_year_that_did_not_converge_is_written_and_said_and_the_model_says_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    trains = {
        "resources": frame("resources", [limit("trains", 1000.0)]),
        "uses": frame("uses", [use("trains", "first")]),
    }
    full = written(tmp_path, corridor(border_name="The border").replace(**trains))
    assert main(["run", full, "--name", "full"]) == 0
    assert main(["run", full, "--name", "stopped", "--most-steps", "1"]) == 1
    assert "not converged: freight 2024 after 1 iterations" in capsys.readouterr().err
    assert main(["run", full, "--name", "stopped", "--most-steps", "1", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False
    assert [read_outcome(f"runs/{name}").converged for name in ("full", "stopped")] == [True, False]


def test_quiet_leaves_standard_error_empty(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", world, "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_a_run_in_json_is_one_object_with_null_for_missing(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", world, "--json"]) == 0
    out = capsys.readouterr().out
    assert "NaN" not in out
    told = json.loads(out)
    assert set(told) == KEYS
    assert (told["command"], told["ok"]) == ("run", True)
    for name, rows in told["tables"].items():
        assert all(set(row) == set(tables("outcomes")[name].column_names) for row in rows)
    assert told["tables"]["freight.resources"][0]["price_usd_per_unit"] == 0.0  # nothing is full


@pytest.mark.parametrize(
    "options", [["--years", "20x"], ["--years", "2050"], ["--scenario", "gone.toml"], ["--name", "a/b"]]
)
def test_a_refused_run_ends_with_2_and_writes_nothing(world: str, options: list[str]) -> None:
    assert main(["run", world, *options]) == 2
    assert not Path("runs").exists()


def test_an_out_that_is_a_file_is_refused_before_anything_is_computed(world: str) -> None:
    Path("taken").write_text("mine", encoding="utf-8")
    assert main(["run", world, "--out", "taken"]) == 2
    assert Path("taken").read_text(encoding="utf-8") == "mine"


def test_a_corridor_with_a_broken_cell_is_told_with_its_line(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path(world) / "places.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",45,", ",95,", 1), encoding="utf-8")
    assert main(["check", world, "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert ("places.csv", 2, "lat_deg") in {(p["file"], p["row"], p["column"]) for p in told["problems"]}


def test_a_clean_corridor_checks_clean(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", world]) == 0
    assert capsys.readouterr().out.startswith("two-links: no problems in ")


def test_free_flow_has_no_waits_and_says_so(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routes", "East", "west", "--corridor", world, "--free-flow"]) == 0
    assert "free flow: no queues and no scarcity prices" in capsys.readouterr().out
    assert main(["routes", "East", "west", "--corridor", world, "--free-flow", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["provenance"]["options"]["free_flow"] is True
    assert {row["wait_hours"] for row in told["tables"]["freight.routes"]} == {0.0}


def test_routes_tell_the_way_and_its_legs(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routes", "East", "west", "--corridor", world]) == 0
    told = capsys.readouterr().out
    assert told.startswith("East to West\ngoods (container), 2024, scenario base")
    assert "AAA > BBB" in told
    assert "together" in told


def test_routes_in_json_hold_the_alternatives_and_the_legs(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routes", "east", "west", "--corridor", world, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == KEYS
    (way,) = told["tables"]["freight.routes"]
    assert (way["origin"], way["destination"], way["share"], way["length_km"]) == ("east", "west", 1.0, 2000.0)
    assert sum(leg["usd"] for leg in told["tables"]["freight.legs"]) == pytest.approx(way["usd_per_feu"])


def test_an_unknown_place_is_refused_with_the_nearest_one(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routes", "Eats", "West", "--corridor", world]) == 2
    assert "East" in capsys.readouterr().err


def test_a_pair_without_a_way_is_the_models_no(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = corridor(border_name="The border")
    links = made["links"].assign(open_from=["", "9999"])
    folder = written(tmp_path, made.replace(links=links))
    assert main(["routes", "East", "West", "--corridor", str(tmp_path / folder)]) == 1
    assert "second" in capsys.readouterr().err


def test_markup_in_a_name_is_shown_by_routes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path, corridor(middle_name="[red]Middle[/red]", border_name="The border"))
    assert main(["routes", "East", "West", "--corridor", str(tmp_path / folder)]) == 0
    assert "[red]Middle[/red]" in capsys.readouterr().out


def test_a_reader_that_goes_away_ends_the_command_in_silence(world: str) -> None:
    command = [sys.executable, "-c", START, "run", world, "--json", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
        assert (process.wait(), told) == (141, "")


@pytest.mark.slow
def test_an_interrupted_run_ends_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", f"print('ready', flush=True); {START}", "run", "--quiet"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
        assert process.wait() == 130
    assert told.strip() == "karvan: interrupted"
    assert list(tmp_path.iterdir()) == []


def test_legs_of_an_alternative_that_is_none_are_refused(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routes", "East", "West", "--corridor", world, "--legs", "7"]) == 2
    assert "expected 1 to 1" in capsys.readouterr().err
