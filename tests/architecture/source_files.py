"""The project's own files, as the tests of the house read them."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "karvan"
DOORS = (PACKAGE / "cli", PACKAGE / "web")


def python_files(folder: Path) -> list[Path]:
    """Every Python file below a folder, in order."""
    return sorted(folder.rglob("*.py"))


def below_doors() -> list[Path]:
    """Every module of the package that is part of no door."""
    return [path for path in python_files(PACKAGE) if not set(DOORS) & set(path.parents)]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """The path below the repository, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


def project() -> dict[str, object]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def exemptions() -> dict[str, str]:
    """Files and functions that a size does not bind, with the reason: ``[tool.karvan.architecture]``."""
    tools = project()["tool"]
    assert isinstance(tools, dict)
    return dict(tools["karvan"]["architecture"]["exemptions"])


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file, inner ones too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def docstring_lines(node: ast.AST) -> int:
    """How many lines the docstring of a function, class or module takes."""
    first = next(iter(getattr(node, "body", [])), None)
    if not (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)):
        return 0
    return int(first.end_lineno or 0) - first.lineno + 1 if isinstance(first.value.value, str) else 0


def strings(path: Path) -> list[ast.Constant]:
    """Every string of a file that is no docstring (nor stands alone as one)."""
    alone = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Constant)]
    return [node for node in constants if isinstance(node.value, str) and id(node) not in alone]
