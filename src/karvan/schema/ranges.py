"""The grammar of the column ``range`` in the schema files.

A range is an interval (``[0,1)``, an open end left empty), alternatives joined by ``|``, or a pattern between slashes
that a whole value must match.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from karvan.errors import SchemaError

_INTERVAL = re.compile(r"([\[(])([^,|]*),([^,|]*)([\])])")


@dataclass(frozen=True)
class Interval:
    """Numbers from ``low`` to ``high``; an end is infinite where the file leaves it empty."""

    low: float
    high: float
    low_closed: bool
    high_closed: bool

    def __contains__(self, value: float) -> bool:
        above = value >= self.low if self.low_closed else value > self.low
        below = value <= self.high if self.high_closed else value < self.high
        return above and below


@dataclass(frozen=True)
class Alternatives:
    """One of these words."""

    words: tuple[str, ...]

    def __contains__(self, value: str) -> bool:
        return value in self.words


@dataclass(frozen=True)
class Pattern:
    """Text that matches as a whole."""

    regex: str

    def __contains__(self, value: str) -> bool:
        return re.fullmatch(self.regex, value) is not None


@cache
def parse_range(text: str) -> Interval | Alternatives | Pattern | None:
    """What a range in a schema file allows; None where it is empty.

    Raises
    ------
    SchemaError
        If the text follows no form of the grammar.

    >>> 0.0 in parse_range("[0,1)"), 1.0 in parse_range("[0,1)"), 1e9 in parse_range("[0,)")
    (True, False, True)
    >>> parse_range("high|low").words
    ('high', 'low')
    """
    if not text:
        return None
    if len(text) > 2 and text[0] == text[-1] == "/":
        return _pattern(text[1:-1])
    match = _INTERVAL.fullmatch(text)
    if match:
        return _interval(text, match)
    words = tuple(text.split("|"))
    if any(not word or word != word.strip() for word in words) or len(set(words)) < len(words):
        raise SchemaError(f"range {text!r} is neither an interval, nor alternatives, nor a pattern between slashes")
    return Alternatives(words)


def _pattern(regex: str) -> Pattern:
    try:
        re.compile(regex)
    except re.error as error:
        raise SchemaError(f"range /{regex}/ is no regular expression: {error}") from error
    return Pattern(regex)


def _interval(text: str, match: re.Match[str]) -> Interval:
    opening, low, high, closing = match.groups()
    try:
        interval = Interval(float(low or "-inf"), float(high or "inf"), opening == "[", closing == "]")
    except ValueError as error:
        raise SchemaError(f"range {text!r} has an end that is no number") from error
    if not interval.low <= interval.high:
        raise SchemaError(f"range {text!r} is empty")
    return interval
