"""The file ``corridor.toml``: what is said about a corridor as a whole."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from karvan.corridor.corridor import CorridorInfo
from karvan.errors import Problem
from karvan.schema.cells import shown
from karvan.schema.nearest import did_you_mean
from karvan.store.sheets import read_text

CORRIDOR_FILE = "corridor.toml"
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


class CorridorFile(BaseModel):
    """What ``corridor.toml`` may hold; keys it does not name are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)
    title: str = Field(min_length=1, max_length=200)
    base_year: int = Field(ge=_FIRST_YEAR, le=_LAST_YEAR)
    first_year: int = Field(ge=_FIRST_YEAR, le=_LAST_YEAR)
    last_year: int = Field(ge=_FIRST_YEAR, le=_LAST_YEAR)
    price_year: int = Field(ge=_FIRST_YEAR, le=_LAST_YEAR)
    licence: str = Field(default="", max_length=200)
    description: str = Field(default="", max_length=4000)

    @model_validator(mode="after")
    def _years_in_order(self) -> CorridorFile:
        if not self.first_year <= self.base_year <= self.last_year:
            raise ValueError("first_year <= base_year <= last_year must hold")
        return self


def read_info(folder: Path) -> tuple[CorridorInfo | None, list[Problem]]:
    """What ``corridor.toml`` in the folder says, or None and every problem in it."""
    path = folder / CORRIDOR_FILE
    if not path.exists() and not path.is_symlink():
        remedy = f"write it with the keys {', '.join(CorridorFile.model_fields)}"
        return None, [Problem("missing file", CORRIDOR_FILE, remedy=remedy)]
    text, problems = read_text(path, folder, CORRIDOR_FILE)
    if text is None:
        return None, problems
    try:
        content = tomllib.loads(text)
        return CorridorInfo(**CorridorFile.model_validate(content).model_dump()), []
    except tomllib.TOMLDecodeError as error:
        return None, [Problem("broken TOML", CORRIDOR_FILE, value=str(error), remedy="mend the line it names")]
    except RecursionError:
        return None, [Problem("broken TOML", CORRIDOR_FILE, value="nested too deep", remedy="write plain keys")]
    except ValidationError as error:
        return None, [_problem(dict(detail)) for detail in error.errors(include_url=False)]


def info_text(info: CorridorInfo) -> str:
    """The canonical text of ``corridor.toml``.

    >>> print(info_text(CorridorInfo("a", "A", 2024, 2019, 2025, 2024)).splitlines()[0])
    name = "a"
    """
    rows = {key: value for key, value in asdict(info).items() if value != ""}
    return "".join(f"{key} = {_toml(value)}\n" for key, value in rows.items())


def _toml(value: object) -> str:
    # A JSON string is a TOML basic string but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _problem(detail: dict[str, object]) -> Problem:
    place = detail["loc"]
    key = ".".join(str(part) for part in place) if isinstance(place, tuple) else ""
    kind = {"missing": "missing key", "extra_forbidden": "unknown key"}.get(str(detail["type"]), "wrong value")
    known = list(CorridorFile.model_fields)
    remedy = "" if kind == "wrong value" else did_you_mean(key, known) or f"keys are {', '.join(known)}"
    value = "" if kind == "missing key" or not key else shown(str(detail["input"]))
    expected = "" if kind == "unknown key" else str(detail["msg"])
    return Problem(kind, CORRIDOR_FILE, column=shown(key), value=value, expected=expected, remedy=remedy)
