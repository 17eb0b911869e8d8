"""What the terminal shows: width, colour, tables that fit, progress.

Every text from a table goes through :func:`cell`, so that neither markup nor control characters in a name are obeyed.
Colour never stands alone: what is red carries a sign.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from karvan.cli.door import Door, printable
from karvan.errors import Problem

PIPED_WIDTH = 120
NARROWEST = 60
OVER_STYLE, DIM, HEAD = "bold red", "dim", "bold"
_FULL_BLOCK, _PART_BLOCKS = "█", "▏▎▍▌▋▊▉"
_HEADS = {"where": 3, "what": 3, "expected": 3, "remedy": 4}
Report = Callable[[str, float], None]


class _Screen(Console):
    """A console that leaves a closed pipe to the door."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console(stderr: bool = False) -> Console:
    """A console for standard output or error; 120 columns wide where there is no terminal."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPED_WIDTH
    made = _Screen(file=stream, width=width, highlight=False, emoji=False, markup=False, soft_wrap=False)
    made.width = max(made.width, NARROWEST)
    return made


def cell(text: object, style: str = "") -> Text:
    """Text as it stands, without markup and control characters."""
    return Text(printable(str(text)).replace("\n", " "), style=style)


def over_sign(to: Console) -> str:
    """The sign of what is over capacity, in letters that the terminal can write."""
    return "▲" if "utf" in to.encoding.lower() else "!"


def bar(to: Console, share: float, width: int) -> str:
    """A bar of so many columns, eighths of a column told where the terminal can write them.

    Parameters
    ----------
    to
        Gives the encoding.
    share
        Of the whole width; what is outside [0, 1] is cut.
    width
        Columns of the whole.
    """
    eighths = round(8 * width * min(max(share, 0.0), 1.0))
    if "utf" not in to.encoding.lower():
        return "#" * (eighths // 8)
    whole, rest = divmod(eighths, 8)
    return _FULL_BLOCK * whole + (_PART_BLOCKS[rest - 1] if rest else "")


def figures_table(title: str = "") -> Table:
    """An empty table without lines but one below its head."""
    made = Table(title=cell(title, HEAD) if title else None, title_justify="left", box=None, pad_edge=False)
    made.padding = (0, 1, 0, 0)
    made.header_style = DIM
    return made


def add_name(to: Table, head: str, width: int) -> None:
    """A column of names of a set width, what is longer cut with an ellipsis."""
    to.add_column(head, width=width, no_wrap=True, overflow="ellipsis")


def add_figure(to: Table, head: str, width: int | None = None) -> None:
    """A column of figures, to the right, never cut."""
    to.add_column(head, justify="right", no_wrap=True, min_width=width)


def problem_table(problems: Sequence[Problem]) -> Table:
    """Problems with place, what stands there, what was expected and how to mend it."""
    found = [_told(problem) for problem in problems]
    heads = [(head, ratio) for head, ratio in _HEADS.items() if any(row[head] for row in found)]
    made = figures_table()
    made.expand = True
    for head, ratio in heads:
        made.add_column(head, ratio=ratio, overflow="fold")
    for row in found:
        made.add_row(*(cell(row[head]) for head, _ in heads))
    return made


@contextmanager
def progress(door: Door) -> Iterator[Report | None]:
    """A bar on standard error while a block runs; None where nobody looks at it."""
    if door.quiet or not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=30), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)

        def report(what: str, share: float) -> None:
            bar.update(task, description=printable(what)[:40], completed=min(max(share, 0.0), 1.0))

        yield report


def _told(problem: Problem) -> dict[str, str]:
    """A problem as text under the heads of the table."""
    place = problem.file or problem.table
    if problem.row:
        place += f":{problem.row}"
    what = problem.kind + (f": {problem.value!r}" if problem.value else "")
    rest = f" (and {problem.rest} more of this kind)" if problem.rest else ""
    cells = (f"{place} {problem.column}".strip(), what + rest, problem.expected, problem.remedy)
    return dict(zip(_HEADS, cells, strict=True))
