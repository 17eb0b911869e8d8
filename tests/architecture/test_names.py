"""Names: what modules may not be called, and what the package promises."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re

import karvan
from tests.architecture.builtin_names import identifiers, names
from tests.architecture.source_files import PACKAGE, ROOT, name_of, python_files, strings, tree

FORBIDDEN = {"utils", "util", "common", "helpers", "helper", "misc", "manager", "base"}
# The public face; a name that comes or goes is a change that users feel and the changelog tells.
PUBLIC = ["RouteOptions", "Scenario", "__version__", "brief", "check", "claims", "load", "monitor", "routes", "run"]


def test_no_module_is_named_after_nothing() -> None:
    files = python_files(ROOT / "src") + python_files(ROOT / "tests") + python_files(ROOT / "benchmarks")
    named = {name_of(path) for path in files if FORBIDDEN & {*path.stem.split("_"), path.parent.name}}
    assert named == set()


def test_the_public_names_are_these_and_all_stand() -> None:
    assert list(karvan.__all__) == PUBLIC
    for name in PUBLIC:
        assert getattr(karvan, name) is not None, name


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    assert not hasattr(karvan, "no_such_name")


def test_every_module_says_what_it_is() -> None:
    silent = [name_of(p) for p in python_files(PACKAGE) if ast.get_docstring(tree(p)) is None]
    assert silent == []


def test_every_module_can_be_imported_alone() -> None:
    for module in pkgutil.walk_packages(karvan.__path__, "karvan."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def test_no_string_of_the_code_names_what_stands_in_the_built_in_tables() -> None:
    words = re.compile(r"\b(" + "|".join(map(re.escape, sorted(names(), key=len, reverse=True))) + r")\b")
    everything = [(path, node) for path in python_files(PACKAGE) for node in strings(path)]
    found = [
        (name_of(path), node.lineno, node.value)
        for path, node in everything
        if node.value in identifiers() or words.search(str(node.value))
    ]
    assert found == []


def test_the_built_in_tables_give_names_to_look_for() -> None:
    assert len(names()) > 100
    assert len(identifiers()) > 100
