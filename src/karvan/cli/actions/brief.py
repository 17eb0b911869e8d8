"""``karvan brief``: the state of cooperation as known on a day, on the screen, as a page or as Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console

from karvan.cli import inputs
from karvan.cli.actions.evidence import model_of, save
from karvan.cli.actions.monitor import NOTE, screen
from karvan.cli.answers import note_warnings, print_answer
from karvan.cli.door import DONE, Door
from karvan.cli.screen import DIM, HEAD, OVER_STYLE, cell, console, over_sign
from karvan.corridor.outcome import Outcome
from karvan.report.brief.page import brief_page
from karvan.report.brief.sheet import Sheet, SheetItem, sheet
from karvan.report.brief.text import LEGEND, brief_markdown
from karvan.store.builtin import load
from karvan.study.brief.brief import brief


@dataclass(frozen=True)
class Request:
    """What was typed: corridor, day, stored run, and the file that is wanted."""

    corridor: str
    as_of: str = ""
    run: str = ""
    out: str = ""


def show_brief(door: Door, request: Request) -> int:
    """Make the brief of a day; today's where none was typed."""
    as_of = inputs.day("--as-of", request.as_of) or datetime.now(UTC).date().isoformat()
    corridor = load(request.corridor)
    made = brief(corridor, as_of, model_of(door, corridor, request.run, as_of))
    if request.out:
        forms = {".html": lambda: brief_page(corridor, made), ".md": lambda: brief_markdown(corridor, made)}
        save(door, request.out, forms)
    if door.as_json:
        print_answer(door, made.tables, made.provenance, made.convergence, made.warnings)
        return DONE
    if not request.out:
        _show(console(), sheet(corridor, made), made)
    note_warnings(door, made.warnings)
    return DONE


def _show(to: Console, told: Sheet, made: Outcome) -> None:
    to.print(cell(f"{told.title} · the state of cooperation, as known on {told.day}", HEAD))
    for text in (*told.short, told.verdicts):
        to.print(cell(text, DIM))
    if not told.sections:
        to.print(cell("nothing to tell: no row of the table brief had anything known by then"))
        return
    for name, items in told.sections:
        to.print(cell(""))
        to.print(cell(name.upper(), HEAD))
        for item in items:
            if item.table == "targets":
                to.print(screen(made["record.monitor"], with_model=bool(told.run)))
                to.print(cell(NOTE, DIM))
            else:
                _item(to, item)
    if told.unknown:
        to.print(cell(f"Nothing was known by then of: {'; '.join(told.unknown)}", DIM))
    to.print(cell(""))
    to.print(cell("SOURCES", HEAD))
    to.print(cell(LEGEND, DIM))
    for source in told.sources:
        to.print(cell(f"[{source['number']}] {source['citation']} ({source['published']})", DIM))


def _item(to: Console, item: SheetItem) -> None:
    to.print(cell(item.title))
    for line in item.lines:
        figure = f": {line.figure}" if line.figure else ""
        tail = ", ".join(part for part in (line.when, line.marks) if part)
        style = DIM if line.confidence == "low" else ""
        to.print(cell(f"  {line.text}{figure}" + (f" ({tail})" if tail else "") + f" [{line.refs}]", style))
    for flag in item.flags:
        to.print(cell(f"  {over_sign(to)} {flag}", OVER_STYLE))
