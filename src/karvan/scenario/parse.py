"""Scenario files: TOML that people write by hand.

A file has a ``name``, and may have a ``title``, owners to ``include`` and ``exclude``, and levers of its own::

    name = "second-pier"
    title = "The port handles 25 Mt from mid-2027"
    include = ["project:second_pier"]
    exclude = ["shock:storm"]

    [[levers]]
    table = "resources"
    where = {resource = "pier"}
    column = "capacity_per_year"
    set = 25e6
    unit = "t"
    from = 2027-07-01
    reason = "contract of May"

A lever has one of ``set``, ``multiply``, ``add``, ``insert`` (a whole row) and ``drop = true``, or the same in two
keys, ``operation`` and ``value``; ``rows``, ``unit``, ``from``, ``to`` and ``reason`` may be left out. In messages the
first ``[[levers]]`` is ``levers[1]``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr, ValidationError
from pydantic_core import ErrorDetails

from karvan.corridor.lever import OPERATIONS, Lever, Operation, Scenario
from karvan.errors import DataError, Problem, ScenarioError
from karvan.scenario.cells import written
from karvan.schema.nearest import did_you_mean
from karvan.schema.tables import tables

_LINE = re.compile(r"\(at line (\d+)")
_EXPECTED = re.compile(r"^(Value error, )?expected |^Value error, |^Input should be ")
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class _Place:
    """Where in a file something stands."""

    file: str
    key: str = ""

    def of(self, *keys: str) -> str:
        """The key below this place, joined by dots."""
        return ".".join(key for key in (self.key, *keys) if key)


def _one_value(value: object) -> object:
    if isinstance(value, (dict, list, datetime)) or not isinstance(value, (str, bool, int, float, date)):
        raise DataError("expected text, a number, a date, true or false")
    return written(value)


def _values(value: object) -> object:
    items = value if isinstance(value, list) else [value]
    if not items:
        raise DataError("expected at least one value")
    return tuple(_one_value(item) for item in items)


def _day(value: object) -> object:
    if isinstance(value, (bool, datetime)) or not isinstance(value, (str, int, date)):
        raise DataError("expected a year or a day, as 2027 or 2027-07-01")
    return written(value)


def _cell(value: object) -> float | str:
    if isinstance(value, list):
        return "|".join(str(_one_value(item)) for item in value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _float(value)
    return str(_one_value(value))


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise DataError("expected a number of at most 300 digits") from error


def _line_of_text(value: object) -> object:
    if isinstance(value, str) and not value.isprintable():
        raise DataError("expected one line of plain text")
    return value


class _LeverInFile(BaseModel):
    """One ``[[levers]]`` block; pydantic names the keys at fault."""

    model_config = ConfigDict(extra="forbid")

    table: StrictStr
    where: dict[str, Annotated[tuple[str, ...], BeforeValidator(_values)]] = Field(default_factory=dict)
    rows: Annotated[StrictInt, Field(ge=1)] | None = None
    column: StrictStr = ""
    operation: Literal["set", "multiply", "add", "insert", "drop"] | None = None
    value: Any = None
    set_: Any = Field(default=None, alias="set")
    multiply: Any = None
    add: Any = None
    insert: Any = None
    drop: StrictBool = False
    unit: StrictStr = ""
    from_: Annotated[str, BeforeValidator(_day)] = Field(default="", alias="from")
    to: Annotated[str, BeforeValidator(_day)] = ""
    reason: StrictStr = ""


class _ScenarioInFile(BaseModel):
    """The file without its levers, which are read one by one."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[StrictStr, Field(pattern=r"^\w[\w .-]{0,79}$")]
    title: Annotated[StrictStr, BeforeValidator(_line_of_text)] = ""
    include: list[StrictStr] = Field(default_factory=list)
    exclude: list[StrictStr] = Field(default_factory=list)


def parse_scenario(text: str, file: str = "") -> Scenario:
    r"""A scenario from the text of its file.

    Parameters
    ----------
    text
        TOML.
    file
        Its name, for messages.

    Returns
    -------
    Scenario
        Its levers are owned by ``scenario:NAME``. Whether they fit a corridor is for
        :func:`karvan.scenario.resolve.resolve` to say.

    Raises
    ------
    ScenarioError
        With every problem, each with file and key.

    >>> parse_scenario('name = "calm"\nexclude = ["shock:STORM"]').exclude
    ('shock:STORM',)
    """
    content = _content(text, file)
    problems: list[Problem] = []
    blocks = content.pop("levers", [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        problems.append(Problem("wrong form", file, column="levers", expected="[[levers]] blocks"))
        blocks = []
    head = _validated(_ScenarioInFile, content, _Place(file), problems)
    owner = f"scenario:{head.name}" if head else "scenario:"
    places = [_Place(file, f"levers[{at}]") for at in range(1, len(blocks) + 1)]
    levers = [_lever(block, owner, place, problems) for block, place in zip(blocks, places, strict=True)]
    if problems or head is None:
        raise ScenarioError(problems=problems)
    kept = tuple(lever for lever in levers if lever is not None)
    return Scenario(head.name, head.title, tuple(head.include), tuple(head.exclude), kept, file)


def _content(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        problem = Problem("not TOML", file, expected="values that are nested less deeply")
        raise ScenarioError(problems=[problem]) from error
    except ValueError as error:
        place = _LINE.search(str(error))
        row = int(place.group(1)) if place else 0
        told = str(error).partition(";")[0]
        raise ScenarioError(problems=[Problem("not TOML", file, row=row, remedy=told)]) from error


def _validated(
    model: type[_Model], content: dict[str, object], place: _Place, problems: list[Problem]
) -> _Model | None:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        names = [field.alias or name for name, field in model.model_fields.items()]
        problems.extend(_fault(fault, place, names) for fault in error.errors(include_url=False))
        return None


def _fault(fault: ErrorDetails, place: _Place, names: list[str]) -> Problem:
    keys = [str(key) for key in fault["loc"]]
    where = place.of(*keys)
    if fault["type"] == "missing":
        return Problem("missing key", place.file, column=where)
    if fault["type"] == "extra_forbidden":
        expected, remedy = f"one of {', '.join(names)}", did_you_mean(keys[-1], names)
        return Problem("unknown key", place.file, column=where, expected=expected, remedy=remedy)
    pattern = fault["type"] == "string_pattern_mismatch"
    expected = "letters, digits, blanks, dots and hyphens" if pattern else _EXPECTED.sub("", fault["msg"])
    return Problem("wrong value", place.file, column=where, value=str(fault["input"])[:80], expected=expected)


def _lever(block: dict[str, object], owner: str, place: _Place, problems: list[Problem]) -> Lever | None:
    read = _validated(_LeverInFile, block, place, problems)
    if read is None:
        return None
    try:
        operation, value = _operation(read)
        kept = _row(read.table, value, owner) if operation == "insert" else _cell(value)
    except ValueError as error:
        expected = _EXPECTED.sub("", str(error))
        problems.append(Problem("wrong value", place.file, column=place.of(), expected=expected))
        return None
    return Lever(
        owner=owner,
        table=read.table,
        operation=operation,
        column=read.column,
        value=kept,
        where=tuple(read.where.items()),
        rows=read.rows,
        from_date=read.from_,
        to_date=read.to,
        unit=read.unit.strip(),
        key=place.key,
        file=place.file,
    )


def _operation(read: _LeverInFile) -> tuple[Operation, object]:
    given = read.model_fields_set
    short = [name for name in OPERATIONS if name in given or f"{name}_" in given]
    if len(short) + ("operation" in given) != 1 or ("value" in given and read.operation is None):
        raise DataError(f"exactly one of {', '.join(OPERATIONS)}, or operation with value")
    name = read.operation or short[0]
    if name == "drop":
        if not read.drop and read.operation is None:
            raise DataError("drop = true, or no drop at all")
        return name, ""
    if read.operation is not None and "value" not in given:
        raise DataError(f"a value for operation {name}")
    return name, read.value if read.operation is not None else getattr(read, "set_" if name == "set" else name)


def _row(table_name: str, row: object, owner: str) -> tuple[tuple[str, object], ...]:
    """A whole row as sorted pairs; where it does not say, the scenario is its source and confidence is low."""
    if not isinstance(row, dict):
        raise DataError("insert = {column = value, ...}, a whole row")
    known = tables("inputs")
    columns = known[table_name].column_names if table_name in known else ()
    own = {name: text for name, text in (("source", owner), ("confidence", "low")) if name in columns}
    cells = {**own, **{name: _cell(value) for name, value in row.items()}}
    return tuple(sorted(cells.items()))
