"""Questions in tables that cannot be asked are found before anybody asks them."""

from __future__ import annotations

import pytest

from karvan.study.claims.queries import query_problems
from tests.built_in import middle_corridor


@pytest.mark.parametrize(
    ("table", "column", "text", "kind"),
    [
        ("claims", "table", "eventz", "unknown table"),
        ("claims", "where", "nobody=1", "bad condition"),
        ("claims", "where", "title", "bad condition"),
        ("claims", "column", "dte", "unknown column"),
        ("targets", "where", "year=soon", "bad condition"),
        ("commitments", "where", "nobody=1", "bad condition"),
        ("brief", "where", "nobody=1", "bad condition"),
    ],
)
def test_a_question_that_cannot_be_asked_is_told_with_its_row(table: str, column: str, text: str, kind: str) -> None:
    world = middle_corridor()
    wrong = world[table].copy()
    wrong.loc[1, column] = text
    (problem,) = query_problems(world.replace(**{table: wrong}))
    assert (problem.kind, problem.file, problem.row, problem.value) == (kind, f"{table}.csv", 3, text)
    assert problem.remedy


def test_the_questions_of_the_corridor_can_be_asked() -> None:
    assert query_problems(middle_corridor()) == []
