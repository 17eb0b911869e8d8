"""One cell: from what people write to the value a column holds.

Scenario files hold numbers, text, truth values and dates; ``levers.csv`` holds text only. Both become the type that the
schema names, or a :class:`~karvan.errors.DataError` that says what was expected.
"""

from __future__ import annotations

import math

from karvan.errors import DataError
from karvan.scenario.dates import first_day
from karvan.schema.ranges import Interval, parse_range
from karvan.schema.tables import ColumnSchema

Cell = float | int | str | bool | None
_TRUTH = {"yes": True, "true": True, "no": False, "false": False}


def to_cell(column: ColumnSchema, value: object) -> Cell:
    """The value as the column's type; None where it is missing (never for text, lists and dates, which hold ``''``).

    Raises
    ------
    DataError
        If the value is not of the column's type; the message is what was expected.

    >>> from karvan.schema.tables import table
    >>> to_cell(table("links").column("gauge_mm"), "1520"), to_cell(table("links").column("both_ways"), "no")
    (1520, False)
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        value = ""
    if column.type in ("float", "int"):
        return _number(column, value)
    if column.type == "bool":
        return _truth(value)
    if column.type == "date":
        return _date(value)
    if isinstance(value, (list, tuple)) and column.type == "list":
        value = "|".join(str(item) for item in value)
    if not isinstance(value, str):
        raise DataError("text in quotes")
    return value


def check_range(column: ColumnSchema, value: Cell) -> None:
    """Nothing where the value is missing or the column's range allows it.

    Raises
    ------
    DataError
        If the range does not allow it; the message is the range.
    """
    allowed = parse_range(column.range)
    if allowed is None or value is None or value == "":
        return
    items = str(value).split("|") if column.type == "list" else [value]
    for item in items:
        fits = float(item) in allowed if isinstance(allowed, Interval) else str(item) in allowed
        if not fits:
            raise DataError(column.range)


def number_or_text(value: str) -> float | str:
    """A finite number where the text is one, else the text itself.

    >>> number_or_text("1.5"), number_or_text("nan")
    (1.5, 'nan')
    """
    try:
        number = float(value)
    except ValueError:
        return value
    return number if math.isfinite(number) else value


def _number(column: ColumnSchema, value: object) -> float | int | None:
    if value == "":
        return None
    number = number_or_text(value) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
        raise DataError("a number")
    if column.type == "float":
        return float(number)
    if number != int(number):
        raise DataError("a whole number")
    return int(number)


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _TRUTH:
        return _TRUTH[value.strip().lower()]
    raise DataError("yes or no")


def _date(value: object) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value):
        value = f"{int(value):04d}"
    if not isinstance(value, str):
        raise DataError("YYYY or YYYY-MM-DD")
    first_day(value)
    return value
