"""Sizes of the house: files, functions, arguments, classes and rooms."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.source_files import (
    PACKAGE,
    ROOT,
    docstring_lines,
    exemptions,
    functions,
    name_of,
    python_files,
    tree,
)

FILE_LINES = 500
BODY_LINES = 60
ARGUMENTS = 7
INIT_LINES = 40
ROOM_FILES = 10
PUBLIC_METHODS = 15

EVERY_FILE = [path for folder in ("src", "tests", "benchmarks") for path in python_files(ROOT / folder)]
OWN_FILES = python_files(PACKAGE)


def _unless_exempt(too_big: dict[str, int]) -> dict[str, int]:
    return {name: size for name, size in too_big.items() if name not in exemptions()}


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return int(function.end_lineno or 0) - function.body[0].lineno + 1 - docstring_lines(function)


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    given = function.args
    named = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in named if name not in ("self", "cls")])


def test_no_file_is_longer_than_500_lines() -> None:
    lines = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in EVERY_FILE}
    assert _unless_exempt({name: size for name, size in lines.items() if size > FILE_LINES}) == {}


def test_no_function_body_is_longer_than_60_lines_without_its_docstring() -> None:
    sizes = {f"{name_of(p)}::{f.name}": _body_lines(f) for p in EVERY_FILE for f in functions(p)}
    assert _unless_exempt({name: size for name, size in sizes.items() if size > BODY_LINES}) == {}


def test_no_function_takes_more_than_7_arguments() -> None:
    sizes = {f"{name_of(p)}::{f.name}": _arguments(f) for p in OWN_FILES for f in functions(p)}
    assert _unless_exempt({name: size for name, size in sizes.items() if size > ARGUMENTS}) == {}


def test_an_init_file_hands_names_on_in_at_most_40_lines() -> None:
    inits = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in OWN_FILES if p.name == "__init__.py"}
    assert _unless_exempt({name: size for name, size in inits.items() if size > INIT_LINES}) == {}


def test_a_room_has_at_most_10_files() -> None:
    rooms = [path for path in PACKAGE.iterdir() if (path / "__init__.py").exists()]
    sizes = {name_of(room): len([p for p in room.glob("*.py") if p.name != "__init__.py"]) for room in rooms}
    assert _unless_exempt({name: size for name, size in sizes.items() if size > ROOM_FILES}) == {}


@pytest.mark.parametrize("path", OWN_FILES, ids=name_of)
def test_a_class_has_at_most_15_public_methods_and_one_parent(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef):
            public = [f for f in node.body if isinstance(f, ast.FunctionDef) and not f.name.startswith("_")]
            assert len(public) <= PUBLIC_METHODS, node.name
            # The second parent of an error is the built-in kind that callers catch without knowing Karvan.
            builtin = [b for b in node.bases if isinstance(b, ast.Name) and b.id in ("ValueError", "UserWarning")]
            assert len(node.bases) - len(builtin) <= 1, node.name


def test_every_exemption_names_something_that_stands_and_says_why() -> None:
    for name, reason in exemptions().items():
        assert (ROOT / name.split("::")[0]).exists(), name
        assert reason.strip(), name
