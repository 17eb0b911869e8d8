"""Pages: links lead somewhere, marked blocks run, every table and column is described, every page is listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from karvan.schema.ranges import parse_range
from karvan.schema.tables import TableSchema, tables

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
BLOCK = re.compile(r"^```python run\n(.*?)^```", re.DOTALL | re.MULTILINE)
TYPES = {"text", "int", "float", "bool", "list", "date", "span"}
INPUTS, OUTCOMES = tables("inputs"), tables("outcomes")
EVERY_TABLE = [*INPUTS.values(), *OUTCOMES.values()]


def _page(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=_page)
def test_every_link_inside_the_repository_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            file, _, anchor = target.partition("#")
            found = (path.parent / file).resolve() if file else path
            assert found.exists(), target
            assert not anchor or anchor in _anchors(found.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("path", [p for p in PAGES if BLOCK.search(p.read_text(encoding="utf-8"))], ids=_page)
def test_every_block_marked_to_run_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in BLOCK.findall(path.read_text(encoding="utf-8")):
        exec(compile(block, _page(path), "exec"), names)


def test_every_page_of_the_documents_is_listed_in_the_index() -> None:
    listed = set(re.findall(r"\]\(([^)#]+)\)", (DOCS / "index.md").read_text(encoding="utf-8")))
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} - {"index.md"}
    assert pages - listed == set()


def test_every_table_has_its_line_on_the_page_of_tables_and_no_other_stands_there() -> None:
    lines = re.findall(r"^\| `([\w.]+)` \| (.+?) \|$", (DOCS / "tables.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert all(text.strip() for _, text in lines)
    assert sorted(name for name, _ in lines) == sorted([*INPUTS, *OUTCOMES])


@pytest.mark.parametrize("schema", EVERY_TABLE, ids=lambda schema: schema.name)
def test_every_column_says_what_it_is_in_a_type_and_range_that_can_be_read(schema: TableSchema) -> None:
    assert schema.key, "a table names its key"
    assert len(set(schema.column_names)) == len(schema.columns)
    for column in schema.columns:
        assert column.description.strip(), column.name
        assert column.type in TYPES, column.name
        parse_range(column.range)


@pytest.mark.parametrize("schema", INPUTS.values(), ids=lambda schema: schema.name)
def test_every_reference_points_to_a_column_that_stands(schema: TableSchema) -> None:
    for column in schema.columns:
        if column.references:
            name, _, key = column.references.rpartition(".")
            assert key in INPUTS[name].key, column.name


@pytest.mark.parametrize("schema", INPUTS.values(), ids=lambda schema: schema.name)
def test_every_row_of_a_corridor_names_source_confidence_and_note(schema: TableSchema) -> None:
    if schema.name != "sources":
        assert schema.column_names[-3:] == ("source", "confidence", "note")


def test_conventions_are_numbered_without_a_gap() -> None:
    numbers = re.findall(r"^- \*\*C(\d+)\*\*", (DOCS / "conventions.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(n) for n in numbers] == list(range(1, len(numbers) + 1))


def test_the_changelog_has_its_section_on_numbers() -> None:
    assert "### Numbers that changed" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
