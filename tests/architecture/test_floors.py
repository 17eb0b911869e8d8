"""Every room has its floor in the contract, and no heavy library is loaded before it is needed."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.architecture.source_files import PACKAGE, ROOT, project

HEAVY = {
    "numba", "numpy", "pandas", "pandera", "pyarrow", "pydantic", "scipy", "jinja2", "matplotlib", "duckdb",
    "fsspec", "rich", "nicegui", "fastapi", "pypsa", "linopy", "highspy", "pvlib",
}  # fmt: skip
HELP = "import sys; sys.argv = ['karvan', '--help']; from karvan.cli.main import run; run()"
BLANK = "import sys; sys.exit(0)"


def _floors() -> dict[str, object]:
    tools = project()["tool"]
    assert isinstance(tools, dict)
    (floors,) = (c for c in tools["importlinter"]["contracts"] if c["id"] == "floors")
    return dict(floors)


def test_every_room_and_module_stands_on_one_floor_of_an_exhaustive_contract() -> None:
    floors = _floors()
    assert floors["exhaustive"] is True
    layers = floors["layers"]
    assert isinstance(layers, list)
    placed = [room.strip(" ()") for layer in layers for room in layer.split("|")]
    rooms = {p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists()}
    modules = {p.stem for p in PACKAGE.glob("*.py") if not p.stem.startswith("__")}
    assert sorted(placed) == sorted(rooms | modules)


def test_the_corridor_of_the_package_is_data_and_no_code() -> None:
    assert list((PACKAGE / "data").rglob("*.py")) == []


def test_the_floors_of_the_contract_are_those_that_the_architecture_page_draws() -> None:
    drawn = re.findall(r"^\| \d \| (.+?) \|", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), re.MULTILINE)
    layers = _floors()["layers"]
    assert isinstance(layers, list)
    assert [set(re.findall(r"`(\w+)`", row)) for row in drawn] == [set(re.findall(r"\w+", row)) for row in layers]


def _loaded(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, check=True)
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


def test_asking_for_help_loads_no_heavy_library() -> None:
    # A blank interpreter is taken off: an editable installation may load modules of its own at start-up.
    loaded = _loaded(HELP) - _loaded(BLANK)
    assert any(name.startswith("karvan.cli") for name in loaded)
    assert sorted(HEAVY & {name.partition(".")[0] for name in loaded}) == []
