"""A brief as Markdown."""

from __future__ import annotations

import re

from karvan.corridor.corridor import Corridor
from karvan.corridor.outcome import Outcome
from karvan.report import numbers
from karvan.report.brief.sheet import Sheet, SheetItem, sheet

LEGEND = "~ estimate; ° no source says from which day it was known; * counted in several perimeters"
_MARKS = re.compile(r"([\\`*_\[\]<>|#~])")


def brief_markdown(corridor: Corridor, outcome: Outcome) -> str:
    """The brief of an outcome as Markdown; every text of a table is escaped."""
    told = sheet(corridor, outcome)
    parts = [f"# {escaped(told.title)}: the state of cooperation, as known on {told.day}", ""]
    parts += [f"{escaped(text)}." for text in (told.verdicts, *told.short, *told.warnings) if text]
    for name, items in told.sections:
        parts += ["", f"## {escaped(name)}"]
        for item in items:
            parts += ["", *(_targets(told) if item.table == "targets" else _item(item))]
    if told.unknown:
        parts += ["", f"Nothing was known by then of: {escaped('; '.join(told.unknown))}."]
    parts += ["", "## Sources", ""]
    parts += [f"{s['number']}. {escaped(s['citation'])} ({s['published']}) {s['url']}".rstrip() for s in told.sources]
    return "\n".join([*parts, "", escaped(LEGEND), ""])


def escaped(text: str) -> str:
    r"""The text with a backslash before Markdown's own marks.

    >>> print(escaped("a|b <i>"))
    a\|b \<i\>
    """
    return _MARKS.sub(r"\\\1", text)


def _item(item: SheetItem) -> list[str]:
    lines = [f"**{escaped(item.title)}**", ""]
    for line in item.lines:
        figure = f": **{escaped(line.figure)}**" if line.figure else ""
        tail = ", ".join(part for part in (line.when, line.marks) if part)
        lines.append(f"- {escaped(line.text)}{figure}" + (f" ({escaped(tail)})" if tail else "") + f" [{line.refs}]")
    return [*lines, *(f"- **▲ {escaped(flag)}**" for flag in item.flags)]


def _targets(told: Sheet) -> list[str]:
    heads = ("target", "wanted", "by", "last", "trend", *(("model",) if told.run else ()), "status", "sources")
    lines = [f"| {' | '.join(heads)} |", f"|{' -- |' * len(heads)}"]
    for row in told.targets:
        modelled = (row.modelled,) if told.run else ()
        cells = (row.name, row.wanted, row.due, row.last, row.forecast, *modelled, row.status)
        lines.append(f"| {' | '.join(escaped(cell) for cell in cells)} | {row.refs or numbers.MISSING} |")
    return lines
