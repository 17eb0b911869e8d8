"""Every way in which a file can be broken: a problem with file and line, never a traceback."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.corridor.corridor import empty_table
from karvan.errors import Problem
from karvan.schema.tables import table
from karvan.store.sheets import LARGEST_FILE_BYTES, read_sheet, sheet_text


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], tuple[pd.DataFrame | None, list[Problem]]]:
    def reader(content: bytes) -> tuple[pd.DataFrame | None, list[Problem]]:
        (tmp_path / "a.csv").write_bytes(content)
        return read_sheet(tmp_path / "a.csv", tmp_path, "a.csv")

    return reader


Reader = Callable[[bytes], tuple[pd.DataFrame | None, list[Problem]]]


def test_cells_are_text_and_the_index_is_the_line_less_two(read: Reader) -> None:
    frame, problems = read('a,b\r\n1,\r\n ü,"x, y"\r\n'.encode())
    assert problems == []
    assert frame is not None
    assert frame.to_dict("index") == {0: {"a": "1", "b": ""}, 1: {"a": " ü", "b": "x, y"}}


def test_a_byte_order_mark_is_no_part_of_the_first_column(read: Reader) -> None:
    frame, problems = read(b"\xef\xbb\xbfa,b\n1,2\n")
    assert problems == []
    assert frame is not None
    assert list(frame.columns) == ["a", "b"]


def test_a_header_alone_is_an_empty_table(read: Reader) -> None:
    frame, problems = read(b"a,b\n")
    assert problems == []
    assert frame is not None
    assert frame.empty


@pytest.mark.parametrize(
    ("content", "kind", "line"),
    [
        (b"", "empty file", 0),
        (b"\xef\xbb\xbf \n\n", "empty file", 0),
        ("a,b\n1,2\nБаку,3\n".encode("cp1251"), "wrong encoding", 3),
        ("a,b\n1,2\n".encode("utf-16"), "wrong encoding", 1),
        (b"a,b\n1,2\n3,\x00\n", "NUL byte", 3),
        (b"a;b\n1;2\n", "wrong separator", 1),
        (b"a\tb\n1\t2\n", "wrong separator", 1),
        (b'a,b\n1,"2\n3,4\n', "broken CSV", 3),
        (b'a,b\n1,"2"x\n', "broken CSV", 2),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "broken CSV", 2),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_where(read: Reader, content: bytes, kind: str, line: int) -> None:
    frame, problems = read(content)
    assert frame is None
    assert [(p.kind, p.file, p.row) for p in problems] == [(kind, "a.csv", line)]


def test_all_ragged_rows_are_named_with_line_and_count_and_the_others_keep_their_lines(read: Reader) -> None:
    frame, problems = read(b"a,b\n1,2\n1,2,3\n\n4\n5,6\n\n\n")
    assert [(p.kind, p.row, p.value) for p in problems] == [
        ("ragged row", 3, "3 cells"),
        ("ragged row", 4, "0 cells"),
        ("ragged row", 5, "1 cells"),
    ]
    assert frame is not None
    assert list(frame.index + 2) == [2, 6]


def test_lines_are_counted_over_a_break_inside_a_cell(read: Reader) -> None:
    frame, problems = read(b'a,b\n"x\ny",2\n3\n4,5\n')
    assert [(p.kind, p.row) for p in problems] == [("ragged row", 4)]
    assert frame is not None
    assert list(frame.index + 2) == [2, 5]


def test_columns_named_twice_or_not_at_all_are_named(read: Reader) -> None:
    frame, problems = read(b"a,,a\n1,2,3\n")
    assert [(p.kind, p.row) for p in problems] == [("column without a name", 1), ("duplicate column", 1)]
    assert frame is not None
    assert frame.to_dict("list") == {"a": ["1"]}


def test_a_file_of_200_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    frame, problems = read_sheet(path, tmp_path, "a.csv")
    assert frame is None
    assert [(p.kind, p.value, p.expected) for p in problems] == [("file too large", "200 MB", "at most 100 MB")]
    assert LARGEST_FILE_BYTES == 100_000_000


def test_a_folder_a_pipe_and_a_link_that_leads_out_or_nowhere_are_not_read(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "secret.csv"
    inside.mkdir()
    outside.write_text("a,b\n1,2\n")
    (inside / "folder.csv").mkdir()
    os.mkfifo(inside / "pipe.csv")
    (inside / "out.csv").symlink_to(outside)
    (inside / "nowhere.csv").symlink_to(inside / "absent.csv")
    (inside / "loop.csv").symlink_to(inside / "loop.csv")
    kinds = {path.name: read_sheet(path, inside, path.name)[1][0].kind for path in inside.iterdir()}
    assert kinds == {
        "folder.csv": "folder instead of a file",
        "loop.csv": "unreadable file",
        "nowhere.csv": "unreadable file",
        "out.csv": "link out of the folder",
        "pipe.csv": "no ordinary file",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
def test_a_file_without_permission_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    path.chmod(0)
    assert read_sheet(path, tmp_path, "a.csv")[1][0].kind == "unreadable file"


@given(st.binary(max_size=60))
def test_any_bytes_are_read_without_an_exception(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "any.csv").write_bytes(content)
    frame, problems = read_sheet(folder / "any.csv", folder, "any.csv")
    assert frame is not None or problems


def test_a_table_is_written_with_commas_line_feeds_and_its_columns_in_order() -> None:
    shocks = empty_table("shocks").reindex([0]).assign(shock='a "b", c', name="x", happened=True).fillna("")
    text = sheet_text(shocks, table("shocks"))
    assert text.splitlines()[1].startswith('"a ""b"", c",x,yes,')
    assert text.endswith("\n")
    assert "\r" not in text
