"""What one cell may hold: rules built from a column of a schema file.

A rule looks at the text of a cell as a person wrote it and accepts it or not. It knows the kind of problem a refusal
is, what was expected and how to mend it. Empty cells are accepted by every rule but the one on missing values.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from karvan.schema.dates import is_date, is_span
from karvan.schema.nearest import did_you_mean
from karvan.schema.ranges import Alternatives, Interval, Pattern, parse_range
from karvan.schema.tables import ColumnSchema

BOOLEANS = {"yes": True, "no": False}
# The column of joined keys, which no table can have, and what is told of one that comes twice.
KEY = "\x1fkey"
DUPLICATE = "duplicate key"

_INT = re.compile(r"-?(0|[1-9][0-9]{0,18})")
_FLOAT = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_HTML = re.compile(r"<[/!]?[a-zA-Z][^<>]*>|<!--|<(script|img|iframe|svg|style|object|embed|link|meta)\b", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SEPARATORS = re.compile(r"[ _'\u00a0\u202f]")
_SHOWN = 80
_FORMS = "YYYY, YYYY-MM or YYYY-MM-DD"
_YES_NO = {"true": "yes", "1": "yes", "y": "yes", "false": "no", "0": "no", "n": "no"}


@dataclass(frozen=True)
class CellRule:
    """One rule: what it accepts, and what to say of a cell that it refuses."""

    kind: str
    accepts: Callable[[str], bool]
    expected: str
    remedy: Callable[[str], str]


def parse_int(text: str) -> int | None:
    """A whole number in digits that fits 64 bits, or None.

    >>> parse_int("1520"), parse_int("1_520"), parse_int("1520.0")
    (1520, None, None)
    """
    if not _INT.fullmatch(text):
        return None
    value = int(text)
    return value if -(2**63) <= value < 2**63 else None


def parse_float(text: str) -> float | None:
    """A finite number with a full stop for decimals, or None.

    >>> parse_float("3e-05"), parse_float("1,200"), parse_float("nan"), parse_float("1e999")
    (3e-05, None, None, None)
    """
    if not _FLOAT.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def cell_text(value: object) -> str:
    """A typed value as a cell holds it: the shortest digits that read back the same, yes or no, empty where missing.

    >>> [cell_text(value) for value in (7446.0, 3e-05, float("nan"), 1520, True, "rail")]
    ['7446', '3e-05', '', '1520', 'yes', 'rail']
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(float(value)).removesuffix(".0")
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return "" if value is None or value is pd.NA else str(value)


def printable(text: str) -> str:
    r"""The text with whatever a terminal might obey or fail to print replaced by a mark.

    >>> printable("port \x1b[2J").isprintable()
    True
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)


def shown(text: str) -> str:
    """A cell as it stands in a message: printable, and shortened where it is long.

    >>> shown("x" * 200)[-3:]
    'xx…'
    """
    return printable(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def cell_rules(column: ColumnSchema) -> tuple[CellRule, ...]:
    """The rules a column's cells must pass, in the order in which a reader should mend them."""
    rules = []
    if column.required and not column.default:
        rules.append(CellRule("missing value", bool, _meaning(column), lambda _: "fill the cell in"))
    if column.type in ("text", "list"):
        rules.extend(_TEXT_RULES)
    else:
        rules.append(_type_rule(column))
    allowed = parse_range(column.range)
    if isinstance(allowed, Interval):
        rules.append(_interval_rule(column, allowed))
    elif allowed is not None:
        rules.append(_words_rule(column, allowed))
    if column.type == "text" and (column.key or column.references):
        rules.append(_BLANKS_RULE)
    return tuple(rules)


def _meaning(column: ColumnSchema) -> str:
    return f"{column.description} ({column.unit})" if column.unit else column.description


def _type_rule(column: ColumnSchema) -> CellRule:
    rule = partial(CellRule, "wrong type")
    if column.type == "int":
        return rule(_empty_or(lambda text: parse_int(text) is not None), "a whole number", _mend_number)
    if column.type == "float":
        return rule(_empty_or(lambda text: parse_float(text) is not None), "a number", _mend_number)
    if column.type == "bool":
        return rule(lambda text: text in ("", *BOOLEANS), "yes or no", _mend_boolean)
    if column.type == "span":
        return rule(_empty_or(is_span), "dates that exist", lambda _: f"write {_FORMS}, or two of them joined by /")
    return rule(_empty_or(is_date), "a year, month or day that exists", lambda _: f"write {_FORMS}")


def _empty_or(accepts: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: not text or accepts(text)


def _mend_number(text: str) -> str:
    if text != text.strip():
        return "remove the blanks around it"
    plain = _SEPARATORS.sub("", text)
    if plain != text and parse_float(plain) is not None:
        return f"write {plain}"
    if plain.endswith(".0") and parse_int(plain[:-2]) is not None:
        return f"write {plain[:-2]}"
    if text.casefold() in ("nan", "na", "n/a", "null", "none", "-", "inf"):
        return "leave the cell empty where the figure is not known"
    return "write digits with a full stop for decimals and no separators of thousands"


def _mend_boolean(text: str) -> str:
    word = _YES_NO.get(text.strip().casefold(), text.strip().casefold())
    return f"write {word}" if word in BOOLEANS else "write yes or no"


def _interval_rule(column: ColumnSchema, interval: Interval) -> CellRule:
    def accepts(text: str) -> bool:
        value = parse_float(text)
        return value is None or value in interval

    unit = f" {column.unit}" if column.unit else ""
    return CellRule("out of range", accepts, f"{column.range}{unit}", lambda _: "check the figure and its unit")


def _words_rule(column: ColumnSchema, allowed: Alternatives | Pattern) -> CellRule:
    def accepts(text: str) -> bool:
        return all(item in allowed for item in _items(text, column))

    if isinstance(allowed, Pattern):
        expected = f"{column.description}, as {column.range}"
        return CellRule("wrong form", accepts, expected, lambda _: "check the spelling")
    remedy = partial(_nearest_word, column=column, words=allowed.words)
    return CellRule("not among the alternatives", accepts, " | ".join(allowed.words), remedy)


def _items(text: str, column: ColumnSchema) -> list[str]:
    if not text:
        return []
    return text.split("|") if column.type == "list" else [text]


def _nearest_word(text: str, column: ColumnSchema, words: tuple[str, ...]) -> str:
    wrong = next((item for item in _items(text, column) if item not in words), text)
    return did_you_mean(wrong, words)


_TEXT_RULES = (
    CellRule(
        "spreadsheet formula",
        lambda text: not text.startswith(("=", "+", "@")),
        "plain text",
        lambda _: "start the cell with a letter or digit, so that no spreadsheet runs it",
    ),
    CellRule("HTML tag", lambda text: not _HTML.search(text), "plain text", lambda _: "remove the tag"),
    CellRule(
        "control character or line break",
        lambda text: not _CONTROL.search(text),
        "one line of plain text",
        lambda _: "remove it; a cell holds one line",
    ),
)
_BLANKS_RULE = CellRule(
    "blanks around a key",
    lambda text: text == text.strip(),
    "a key without blanks",
    lambda text: f"write {text.strip()!r}",
)
