"""The guide on scenarios: every example changes something, and what it calls refused is refused for those reasons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from karvan.errors import ScenarioError
from karvan.scenario.difference import changed_cells, idle_levers
from karvan.scenario.parse import parse_scenario
from karvan.scenario.resolve import resolve
from tests.built_in import middle_corridor

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "guides" / "scenarios.md").read_text(encoding="utf-8")
RIGHT = re.findall(r"^```toml run\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
WRONG = re.findall(r"^```toml refused\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("text", RIGHT, ids=lambda text: parse_scenario(text).name)
def test_every_lever_of_an_example_changes_a_cell(text: str) -> None:
    scenario = parse_scenario(text)
    assert idle_levers(middle_corridor(), scenario, changed_cells(middle_corridor(), scenario, (2025, 2030))) == ()


def test_every_operation_has_an_example() -> None:
    operations = {lever.operation for text in RIGHT for lever in parse_scenario(text).levers}
    assert operations == {"set", "multiply", "add", "insert", "drop"}


def test_the_refused_file_is_refused_for_what_its_comments_say() -> None:
    told = re.findall(r"# (.+): (.+)$", WRONG[0], re.MULTILINE)
    with pytest.raises(ScenarioError) as caught:
        resolve(middle_corridor(), parse_scenario(WRONG[0], "wrong.toml"))
    assert {(p.column, p.kind) for p in caught.value.problems} == set(told)
