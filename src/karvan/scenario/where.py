r"""Which rows: the text ``column=value|value & column=value`` and what it matches.

Every condition must hold, and one of its values is enough. Blanks around names and values do not count. A value that
ends in ``*`` matches all that begins so, a lone ``*`` matches every row, and an empty value matches what is missing.
Where a name or value itself holds ``|``, ``&``, ``=``, a backslash, an outer blank or a ``*`` at its end, a backslash
goes before it. Values are compared as the column's type: ``gauge_mm=1520`` as numbers, ``zone=yes`` as truth, and a
list matches when any of its items does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.errors import DataError
from karvan.scenario.cells import Cell, to_cell
from karvan.schema.tables import ColumnSchema, TableSchema

Where = tuple[tuple[str, tuple[str, ...]], ...]
Mask = NDArray[np.bool_]
_MARKS = "|&="
EVERY_ROW = "*"


def parse_where(text: str) -> Where:
    r"""The conditions that a text states, in its order; an empty text states none.

    Raises
    ------
    DataError
        If a condition has no ``=`` or more than one, or names no column.

    >>> parse_where("gauge_mm=1520 & mode=rail|rail_ferry")
    (('gauge_mm', ('1520',)), ('mode', ('rail', 'rail_ferry')))
    >>> parse_where(r"name=Smith \& Sons")
    (('name', ('Smith & Sons',)),)
    """
    if not text.strip():
        return ()
    return tuple(_condition(tokens, text) for tokens in _split(_tokens(text), "&"))


def format_where(where: Where) -> str:
    r"""The text that :func:`parse_where` reads back as the same conditions.

    >>> format_where((("name", ("Smith & Sons",)), ("zone", ("yes",))))
    'name=Smith \\& Sons & zone=yes'
    """
    return " & ".join(f"{_escape(name)}={'|'.join(map(_escape, values))}" for name, values in where)


def matching(frame: pd.DataFrame, where: Where, schema: TableSchema) -> Mask:
    """Which rows of the frame meet every condition, as booleans of shape (rows,).

    Raises
    ------
    UnknownKeyError
        If the table has no such column.
    DataError
        If a value cannot be of the column's type.
    """
    mask = np.ones(len(frame), dtype=bool)
    for name, values in where:
        mask &= _any_of(frame[schema.column(name).name], schema.column(name), values)
    return mask


def typed_value(column: ColumnSchema, value: str) -> Cell:
    """What a condition's value is compared with: the column's type, or the text itself where it is a pattern.

    Raises
    ------
    DataError
        If the value cannot be of the column's type.
    """
    if column.type in ("text", "list", "date", "span") or value == EVERY_ROW:
        return value
    try:
        return to_cell(column, value)
    except DataError as error:
        raise DataError(f"{column.name}={value}: expected {error}") from error


def _any_of(cells: pd.Series, column: ColumnSchema, values: tuple[str, ...]) -> Mask:
    if EVERY_ROW in values:
        return np.ones(len(cells), dtype=bool)
    if column.type in ("float", "int"):
        return _numbers(cells, column, values)
    if column.type == "bool":
        wanted = {typed_value(column, value) for value in values}
        return cells.isin(list(wanted)).to_numpy(dtype=bool)
    test = _text_test(values)
    code, texts = pd.factorize(cells)
    if column.type == "list":
        answers = [any(test(item.strip()) for item in text.split("|")) for text in texts]
    else:
        answers = [test(text) for text in texts]
    return np.array(answers, dtype=bool)[code]


def _numbers(cells: pd.Series, column: ColumnSchema, values: tuple[str, ...]) -> Mask:
    numbers = cells.to_numpy(dtype=float, na_value=np.nan)
    mask = np.zeros(len(numbers), dtype=bool)
    for value in values:
        wanted = typed_value(column, value)
        mask |= np.isnan(numbers) if wanted is None else numbers == float(wanted)
    return mask


def _text_test(values: tuple[str, ...]) -> Callable[[str], bool]:
    exact = {_plain_end(value) for value in values if not _is_prefix(value)}
    prefixes = tuple(value[:-1] for value in values if _is_prefix(value))
    return lambda text: text in exact or (bool(prefixes) and text.startswith(prefixes))


def _is_prefix(value: str) -> bool:
    return value.endswith("*") and not value.endswith("\\*")


def _plain_end(value: str) -> str:
    return value[:-2] + "*" if value.endswith("\\*") else value


def _tokens(text: str) -> list[tuple[str, bool]]:
    """Characters with whether they are plain (marks that separate are not)."""
    tokens: list[tuple[str, bool]] = []
    escaped = False
    for character in text:
        if escaped:
            tokens.append(("\\*" if character == "*" else character, True))
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            tokens.append((character, character not in _MARKS and character != " "))
    if escaped:
        raise DataError(f"a backslash at the end of {text!r} protects nothing")
    return tokens


def _split(tokens: list[tuple[str, bool]], mark: str) -> list[list[tuple[str, bool]]]:
    parts: list[list[tuple[str, bool]]] = [[]]
    for token in tokens:
        if token == (mark, False):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _condition(tokens: list[tuple[str, bool]], text: str) -> tuple[str, tuple[str, ...]]:
    sides = _split(tokens, "=")
    if len(sides) != 2 or not _join(sides[0]):
        raise DataError(f"{text!r} does not read column=value|value & column=value")
    return _join(sides[0]), tuple(_join(value) for value in _split(sides[1], "|"))


def _join(tokens: list[tuple[str, bool]]) -> str:
    start, end = 0, len(tokens)
    while start < end and tokens[start] == (" ", False):
        start += 1
    while end > start and tokens[end - 1] == (" ", False):
        end -= 1
    inner = [character for character, _ in tokens[start:end]]
    return "".join("*" if character == "\\*" else character for character in inner[:-1]) + "".join(inner[-1:])


def _escape(name: str) -> str:
    body, star = (name[:-2], "\\*") if name.endswith("\\*") else (name, "")
    outer = {0} if star else {0, len(body) - 1}
    marked = (at in outer if character == " " else character in "|&=\\" for at, character in enumerate(body))
    return "".join("\\" * mark + character for mark, character in zip(marked, body, strict=True)) + star
