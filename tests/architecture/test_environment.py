"""The pinned environment: every package once, one version, no address and no path."""

from __future__ import annotations

import re

from tests.architecture.source_files import ROOT, project

PIN = re.compile(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_constraints_hold_pins_and_nothing_else() -> None:
    assert [line for line in _pins() if not PIN.fullmatch(line)] == []


def test_no_line_of_the_constraints_records_an_address_or_a_path() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|file:|\s@\s|^-|index-url|find-links", text, re.MULTILINE)
    assert not re.search(r"(^|\s)[./~]*/\w", text)


def test_every_package_is_pinned_once() -> None:
    names = [_normal(line.partition("==")[0]) for line in _pins()]
    assert sorted(names) == sorted(set(names))


def test_every_dependency_and_every_extra_is_pinned() -> None:
    meta = project()["project"]
    assert isinstance(meta, dict)
    wanted = [*meta["dependencies"], *(name for extra in meta["optional-dependencies"].values() for name in extra)]
    names = {_normal(re.match(r"[A-Za-z0-9._-]+", line)[0]) for line in wanted}  # type: ignore[index]  # all name one
    assert names - {_normal(line.partition("==")[0]) for line in _pins()} == {_normal("karvan")} & names
