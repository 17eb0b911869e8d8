"""What every question to the register shares: corridor, day, knowledge, provenance, tables of the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import pandas as pd
from rich.table import Table
from rich.text import Text

from karvan import __version__
from karvan.cli import inputs
from karvan.cli.answers import print_answer
from karvan.cli.door import DONE, Door
from karvan.cli.screen import DIM, add_figure, cell, console, figures_table
from karvan.corridor.corridor import Corridor, fingerprints
from karvan.corridor.outcome import Provenance
from karvan.register.compiled import Moment, Register, moment, register_of
from karvan.schema.cells import cell_text
from karvan.store.builtin import load

MOST_SHOWN = 60


@dataclass(frozen=True)
class Asked:
    """A corridor, the day asked for (today's where none was typed) and the day of knowledge."""

    name: str
    on: str = ""
    known: str = ""

    @cached_property
    def day(self) -> str:
        """The day asked for."""
        return inputs.day("--on", self.on) or datetime.now(UTC).date().isoformat()

    @cached_property
    def at(self) -> Moment:
        """Day and knowledge as the register takes them."""
        return moment(self.day, inputs.day("--known", self.known))

    @cached_property
    def corridor(self) -> Corridor:
        """The corridor's tables."""
        return load(self.name)

    @cached_property
    def register(self) -> Register:
        """Its register, ready for questions."""
        return register_of(self.corridor)

    def provenance(self, **options: str) -> Provenance:
        """What an answer rests on."""
        given = {"known": self.known, **options}
        asked = {"on": self.day, **{name: text for name, text in given.items() if text}}
        return Provenance(__version__, self.corridor.info.name, "", fingerprints(self.corridor), asked)

    def told(self, what: str) -> str:
        """A line on what is shown, as of when."""
        return f"{what} on {self.day}" + (f", as known on {self.known}" if self.known else "")


def split(text: str) -> tuple[str, ...]:
    """Names joined by commas.

    >>> split("one, two")
    ('one', 'two')
    """
    return tuple(part.strip() for part in text.split(",") if part.strip())


Show = Callable[[], Iterable[Table | Text]]


def answer(door: Door, asked: Asked, tables: Mapping[str, pd.DataFrame], show: Show, **options: str) -> int:
    """Print the tables as JSON, or what ``show`` makes of them."""
    if door.as_json:
        print_answer(door, tables, asked.provenance(**options))
        return DONE
    to = console()
    for part in show():
        to.print(part)
    return DONE


def listed(frame: pd.DataFrame, columns: Mapping[str, int], figures: Sequence[str] = ()) -> list[Table | Text]:
    """Rows as a table of the terminal: columns with their share of the width, figures to the right.

    What is assumed or not certain carries a sign; rows beyond sixty are counted.
    """
    made = figures_table()
    for name, ratio in columns.items():
        if name in figures:
            add_figure(made, name.replace("_", " "))
        else:
            made.add_column(name.replace("_", " "), ratio=ratio, overflow="fold")
    for row in frame.head(MOST_SHOWN).to_dict("records"):
        unsure = "certain" in row and not row["certain"]
        made.add_row(*(_cell(name, row[name], unsure=unsure) for name in columns))
    rest = len(frame) - MOST_SHOWN
    return [made, *([cell(f"and {rest} more; --json lists all", DIM)] if rest > 0 else [])]


def _cell(name: str, value: object, *, unsure: bool) -> Text:
    text = cell_text(value).replace("|", ", ")
    if name == "status":
        text = text.replace("_", " ")
    if name == "from" and unsure:
        text = f"~{text}"
    return cell(text, DIM if name in ("source", "confidence") else "")
