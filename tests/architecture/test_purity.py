"""Below the door nothing prints, reads the clock or the environment, or draws from a global generator."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.source_files import below_doors, name_of, tree

CLOCKS = {"time", "timeit", "locale", "getpass", "random", "secrets"}
CALLS = {
    "print", "input", "breakpoint", "datetime.now", "datetime.today", "datetime.utcnow", "date.today",
    "os.getenv", "os.environ.get", "os.getcwd", "Path.cwd", "Path.home", "warnings.simplefilter",
    "logging.basicConfig", "np.random.seed", "np.random.rand", "np.random.normal", "pd.Timestamp.now", "pd.set_option",
}  # fmt: skip
READS = {"os.environ", "sys.argv", "sys.stdout", "sys.stderr", "sys.stdin"}


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("path", below_doors(), ids=name_of)
def test_no_clock_environment_or_print_below_the_door(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            assert not CLOCKS & {alias.name for alias in node.names}, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.module not in CLOCKS, node.lineno
        elif isinstance(node, ast.Call):
            assert _dotted(node.func) not in CALLS, node.lineno
        elif isinstance(node, ast.Attribute):
            assert _dotted(node) not in READS, node.lineno


@pytest.mark.parametrize("path", below_doors(), ids=name_of)
def test_no_function_changes_a_global(path: Path) -> None:
    assert [node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.Global)] == []


@pytest.mark.parametrize("path", below_doors(), ids=name_of)
def test_no_import_is_for_types_only(path: Path) -> None:
    names = {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name)}
    assert "TYPE_CHECKING" not in names
