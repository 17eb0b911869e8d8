from __future__ import annotations

import pytest

from karvan.errors import SchemaError
from karvan.schema.ranges import Alternatives, Interval, Pattern, parse_range


def test_an_interval_keeps_open_and_closed_ends_apart() -> None:
    half_open = parse_range("(0,1]")
    assert isinstance(half_open, Interval)
    assert [0.0 in half_open, 1e-9 in half_open, 1.0 in half_open, 1.1 in half_open] == [False, True, True, False]


def test_an_end_left_empty_is_without_end() -> None:
    unbounded = parse_range("[0,)")
    assert isinstance(unbounded, Interval)
    assert 1e300 in unbounded
    assert -1e-9 not in unbounded


def test_words_and_patterns_are_told_apart() -> None:
    assert parse_range("yes|no|part") == Alternatives(("yes", "no", "part"))
    code = parse_range("/[A-Z]{3}/")
    assert isinstance(code, Pattern)
    assert "AZE" in code
    assert "AZER" not in code


@pytest.mark.parametrize("text", ["[1,0]", "[a,1]", "/[/", "low||high", "low| high", "low|low"])
def test_a_range_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(SchemaError, match="range"):
        parse_range(text)
