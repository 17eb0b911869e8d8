"""What people type, turned into what verbs take; a near miss is told, never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from karvan.cli.door import OptionError
from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.errors import Problem, ScenarioError
from karvan.schema.dates import is_date
from karvan.schema.nearest import did_you_mean
from karvan.schema.tables import table, tables
from karvan.study.power.years import CHOICES, Choice

BASE = "base"
_ALL = "all"
_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")
_MOST_YEARS = 200
_DAY_LENGTH = len("YYYY-MM-DD")


def years(text: str) -> tuple[int, ...] | None:
    """Years from ``2024``, ``2019-2025`` or ``2019,2023-2025``; None for nothing typed.

    Raises
    ------
    OptionError
        If the text is nothing of the kind.

    >>> years("2019,2023-2025")
    (2019, 2023, 2024, 2025)
    """
    if not text:
        return None
    found: set[int] = set()
    for part in text.split(","):
        match = _YEARS.fullmatch(part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if last < first or last - first >= _MOST_YEARS:
            raise _refused("--years", text, "a year, a range like 2019-2025, or several joined by commas")
        found |= set(range(first, last + 1))
    return tuple(sorted(found))


def day(option: str, text: str) -> str:
    """The day typed, or nothing.

    Raises
    ------
    OptionError
        If it is no day of the calendar as ``YYYY-MM-DD``.

    >>> day("--known", "2024-02-29")
    '2024-02-29'
    """
    if text and (len(text) != _DAY_LENGTH or not is_date(text)):
        raise _refused(option, text, "a day, 2024-08-15")
    return text


def power_choice(text: str) -> Choice:
    """The hours of power to solve: ``weeks``, ``year``, or nothing.

    Raises
    ------
    OptionError
        If the text is nothing of the kind.

    >>> power_choice("weeks")
    'weeks'
    """
    for choice in ("", *CHOICES):
        if text == choice:
            return choice
    raise _refused("--power", text, " or ".join(CHOICES))


def outcome_tables(text: str) -> tuple[str, ...] | None:
    """Names of outcome tables joined by commas, ``all`` for every one; None for nothing typed.

    Raises
    ------
    OptionError
        If no outcome has such a table.

    >>> outcome_tables("freight.pairs, freight.flows")
    ('freight.pairs', 'freight.flows')
    """
    known = tuple(tables("outcomes"))
    names = tuple(part.strip() for part in text.split(",") if part.strip())
    if not names:
        return None
    for name in names:
        if name not in (*known, _ALL):
            raise _refused("--tables", name, f"all, or some of {', '.join(known)}", did_you_mean(name, known))
    return known if _ALL in names else names


def handling_class(text: str) -> str:
    """A handling class that the schema knows, or nothing.

    Raises
    ------
    OptionError
        If there is no such class.
    """
    known = table("demand").column("handling_class").range.split("|")
    if text and text not in known:
        raise _refused("--class", text, ", ".join(known), did_you_mean(text, known))
    return text


def commodity(text: str, corridor: Corridor) -> str:
    """A commodity of the corridor, or nothing; a blank or a hyphen may stand for an underscore.

    Raises
    ------
    OptionError
        If the corridor has no such commodity.
    """
    known = corridor["commodities"]["commodity"].astype(str).tolist()
    written = text.strip().replace(" ", "_").replace("-", "_")
    for name in (text, written):
        if not name or name in known:
            return name
    raise _refused("--commodity", text, ", ".join(known), did_you_mean(text, known))


def scenario(texts: Sequence[str], corridor: Corridor) -> Scenario:
    """One scenario from files, ready scenarios and owners (``shock:KEY``, ``project:KEY``), in the order typed.

    Raises
    ------
    ScenarioError
        If a text is none of these or two of them, or a file is no scenario.
    DataError
        If a file cannot be read.
    """
    found = [one_scenario(text, corridor) for text in texts if text != BASE]
    if not found:
        return Scenario()
    if len(found) == 1:
        return found[0]
    return Scenario(
        name="+".join(part.name for part in found),
        title="; ".join(part.title for part in found if part.title),
        include=tuple(owner for part in found for owner in part.include),
        exclude=tuple(owner for part in found for owner in part.exclude),
        levers=tuple(lever for part in found for lever in part.levers),
        file=", ".join(part.file for part in found if part.file),
    )


def one_scenario(text: str, corridor: Corridor) -> Scenario:
    """The scenario of one text: a file, a ready scenario of the corridor by name, or an owner of levers."""
    from karvan.scenario.parse import parse_scenario
    from karvan.scenario.resolve import owners
    from karvan.store.scenarios import read_text, ready_scenarios

    path, ready = Path(text), ready_scenarios(corridor.folder)
    if text in ready and path.is_file():
        expected = f"one scenario, and {text!r} is a file here and a ready scenario of the corridor"
        raise _refused_scenario("ambiguous scenario", text, expected, f"write ./{text} for the file, or rename it")
    if text.endswith(".toml") or len(path.parts) > 1 or path.is_file():
        return parse_scenario(read_text(path), text)
    if text in ready:
        return parse_scenario(read_text(ready[text]), f"{ready[text].parent.name}/{ready[text].name}")
    known = owners(corridor)
    if text in known:
        return Scenario(name=text.replace(":", "-").replace("/", "-"), include=(text,))
    names = [BASE, *ready]
    expected = f"a file, a ready scenario ({', '.join(names)}) or one of {len(known)} owners such as {known[-1]}"
    remedy = did_you_mean(text, [*names, *known]) or "name a TOML file or an owner of levers in the corridor"
    raise _refused_scenario("unknown scenario", text, expected, remedy)


def _refused_scenario(kind: str, text: str, expected: str, remedy: str) -> ScenarioError:
    return ScenarioError(problems=[Problem(kind, "", "", 0, "--scenario", text, expected, remedy)])


def _refused(option: str, value: str, expected: str, remedy: str = "") -> OptionError:
    return OptionError(problems=[Problem("bad value", column=option, value=value, expected=expected, remedy=remedy)])
