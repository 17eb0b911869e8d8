"""``karvan trade`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from karvan.cli.main import main
from karvan.corridor.corridor import Corridor
from karvan.store.corridors import write_corridor
from tests.study.trade.test_sheets import world as trading_world
from tests.worlds import YEAR

PLAN = 'name = "free"\n[[levers]]\ntable = "tariffs"\nwhere = {regime = "MFN"}\ncolumn = "exempt_share"\nset = 1.0\n'


def on_disk() -> Corridor:
    """The world with every cell that a file must have."""
    base = trading_world()
    parameters = base["parameters"].assign(unit="1", description="made")
    return base.replace(modes=base["modes"].assign(traction=base["modes"]["traction"].replace("", "none")),
                        parameters=parameters)  # fmt: skip


@pytest.fixture(name="world", scope="module")
def _world(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("trade") / "world"
    write_corridor(on_disk(), folder)
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "free.toml").write_text(PLAN, encoding="utf-8")
    return str(folder)


def test_blocs_pairs_welfare_and_cargo_are_told(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trade", world, "--scenario", "free", "--year", str(YEAR), "--draws", "20", "--quiet"]) == 0
    said = capsys.readouterr().out
    for words in ("Trade within organisations", "ENDS", "Pairs that move most", "estimated", "customs", "Cargo over"):
        assert words in said


@pytest.mark.slow
def test_json_holds_the_tables_and_what_they_rest_on(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["trade", world, "--scenario", "free", "--year", str(YEAR), "--draws", "0", "--json", "--quiet"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"trade.pairs", "trade.economies", "trade.blocs", "trade.revenue", "trade.cargo"} <= set(told["tables"])
    assert told["tables"]["trade.blocs"][0]["low_within_musd"] is None
    assert any("pairs and sectors" in warning for warning in told["warnings"])


def test_a_corridor_without_trade_ends_as_bad_input(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    base = on_disk()
    write_corridor(base.replace(tariffs=base["tariffs"].iloc[:0]), tmp_path / "bare")
    assert main(["trade", str(tmp_path / "bare"), "--year", str(YEAR), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["problems"][0]["table"] == "tariffs"
