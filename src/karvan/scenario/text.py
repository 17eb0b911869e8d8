"""A scenario as the text of its file: what :func:`karvan.scenario.parse.parse_scenario` reads back."""

from __future__ import annotations

import json
from collections.abc import Iterable

from karvan.corridor.lever import Lever, Scenario


def scenario_text(scenario: Scenario) -> str:
    r"""The file of a scenario, TOML.

    >>> print(scenario_text(Scenario("calm", exclude=("shock:storm",))))
    name = "calm"
    exclude = ["shock:storm"]
    <BLANKLINE>
    """
    lines = [f"name = {_text(scenario.name)}"]
    if scenario.title:
        lines.append(f"title = {_text(scenario.title)}")
    for key, owners in (("include", scenario.include), ("exclude", scenario.exclude)):
        if owners:
            lines.append(f"{key} = {_list(owners)}")
    for lever in scenario.levers:
        lines += ["", "[[levers]]", *_lever(lever)]
    return "\n".join(lines) + "\n"


def _lever(lever: Lever) -> list[str]:
    lines = [f"table = {_text(lever.table)}"]
    if lever.where:
        pairs = (f"{_text(name)} = {_list(values)}" for name, values in lever.where)
        lines.append(f"where = {{{', '.join(pairs)}}}")
    if lever.rows is not None:
        lines.append(f"rows = {lever.rows}")
    if lever.column:
        lines.append(f"column = {_text(lever.column)}")
    lines.append(_change(lever))
    if lever.unit:
        lines.append(f"unit = {_text(lever.unit)}")
    dates = (("from", lever.from_date), ("to", lever.to_date))
    return lines + [f"{key} = {_text(day)}" for key, day in dates if day]


def _change(lever: Lever) -> str:
    if lever.operation == "drop":
        return "drop = true"
    if isinstance(lever.value, tuple):
        return f"insert = {{{', '.join(f'{_text(name)} = {_value(cell)}' for name, cell in lever.value)}}}"
    return f"{lever.operation} = {_value(lever.value)}"


def _value(value: object) -> str:
    return repr(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else _text(str(value))


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    """A basic string of TOML; JSON escapes the same characters, and DEL besides."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
