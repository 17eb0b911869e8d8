"""One cell: from what people write to the value a column holds.

Scenario files hold numbers, text, truth values and dates; ``levers.csv`` holds text only. Every value is first put as
it would stand in a CSV file, so that one set of rules (:mod:`karvan.schema.cells`) judges both.
"""

from __future__ import annotations

from datetime import date

from karvan.errors import DataError
from karvan.schema.cells import BOOLEANS, parse_float, parse_int
from karvan.schema.dates import is_date, is_span
from karvan.schema.tables import ColumnSchema

Cell = float | int | str | bool | None


def written(value: object) -> str:
    """The value as it would stand in a CSV file; missing is empty.

    >>> written(5.0), written(0.25), written(True), written(["a", "b"]), written(None)
    ('5', '0.25', 'yes', 'a|b', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "|".join(written(item) for item in value)
    return str(value)


def to_cell(column: ColumnSchema, value: object) -> Cell:
    """The value as the column's type; a missing number is None, missing text ``''``, a missing truth value no.

    Raises
    ------
    DataError
        If the value is not of the column's type; the message is what was expected.

    >>> from karvan.schema.tables import table
    >>> to_cell(table("links").column("gauge_mm"), "1520"), to_cell(table("links").column("both_ways"), "no")
    (1520, False)
    """
    text = written(value)
    if column.type in ("float", "int"):
        return _number(column, text)
    if column.type == "bool":
        if text and text not in BOOLEANS:
            raise DataError("yes or no")
        return BOOLEANS.get(text, False)
    if column.type == "date" and text and not is_date(text):
        raise DataError("a day, month or year that exists, as YYYY, YYYY-MM or YYYY-MM-DD")
    if column.type == "span" and text and not is_span(text):
        raise DataError("a date, or two joined by /")
    return text


def number_or_text(text: str) -> float | str:
    """A finite number where the text is one, else the text itself.

    >>> number_or_text("1.5"), number_or_text("nan")
    (1.5, 'nan')
    """
    number = parse_float(text)
    return text if number is None else number


def _number(column: ColumnSchema, text: str) -> float | int | None:
    number = parse_int(text) if column.type == "int" else parse_float(text)
    if text and number is None:
        raise DataError("a whole number" if column.type == "int" else "a number")
    return number
