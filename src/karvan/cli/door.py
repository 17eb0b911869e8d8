"""What all commands share: how they were asked, how they answer, and how they say what went wrong.

Exit codes: 0 done, 1 the model says no, 2 bad input, 130 interrupted, 141 the reader of the output went away, 70 a
fault of Karvan itself. Nothing heavy is imported here.
"""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from karvan import __version__
from karvan.errors import (
    AssumptionWarning,
    DataError,
    InfeasibleError,
    KarvanError,
    NoRouteError,
    NotConvergedError,
    Problem,
    ScenarioError,
    summarise,
)

DONE, MODEL_SAYS_NO, BAD_INPUT, FAULT, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 70, 130, 141
_CONTROLS = re.compile("[\x7f-\x9f]")
_SAYS_NO = (NoRouteError, InfeasibleError, NotConvergedError)


class OptionError(DataError):
    """An option has a value that no command takes."""


_KINDS: tuple[tuple[type[KarvanError], str], ...] = (
    (NoRouteError, "no route"),
    (InfeasibleError, "no answer"),
    (NotConvergedError, "not converged"),
    (OptionError, "bad usage"),
    (ScenarioError, "bad scenario"),
    (DataError, "bad data"),
    (KarvanError, "error"),
)


@dataclass(frozen=True)
class Door:
    """How a command was asked: its name and the switches that all commands have."""

    command: str
    as_json: bool = False
    quiet: bool = False
    debug: bool = False

    def note(self, text: str) -> None:
        """A line on standard error, unless quiet."""
        if not self.quiet:
            print(printable(text), file=sys.stderr)


def attempt(door: Door, action: Callable[[], int]) -> int:
    """The exit code of an action; whatever it raises is said in one line, and in JSON where that was asked for."""
    try:
        code = _answered(door, action)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return interrupted()
    except BrokenPipeError:
        return pipe_closed()
    return code


def _answered(door: Door, action: Callable[[], int]) -> int:
    try:
        return action()
    except BrokenPipeError:
        raise
    except KarvanError as error:
        return refuse(door, error)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return refuse(door, DataError(f"{place}{error.strerror or error}"))
    except Exception as error:  # noqa: BLE001  # the last door: a fault is told as one, never as a stack of frames
        if _came_from_interrupt(error):
            return interrupted()
        return _fault(door, error)


@contextmanager
def answers_only(door: Door) -> Iterator[None]:
    """Keep what libraries write to the standard output of the process off it while something is solved.

    A solver greets there when it is first made; standard output is for the answer, which a program may read. The
    greeting is shown on standard error with ``--debug``.
    """
    sys.stdout.flush()
    kept, elsewhere = os.dup(1), os.dup(2) if door.debug else os.open(os.devnull, os.O_WRONLY)
    os.dup2(elsewhere, 1)
    os.close(elsewhere)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


@contextmanager
def assumptions() -> Iterator[list[str]]:
    """A list that holds, once the block has ended, what stood in for data within it, each said once."""
    told: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", AssumptionWarning)
        yield told
    told += dict.fromkeys(str(w.message) for w in caught if issubclass(w.category, AssumptionWarning))
    for other in caught:
        if not issubclass(other.category, AssumptionWarning):
            warnings.warn_explicit(other.message, other.category, other.filename, other.lineno)


def refuse(door: Door, error: KarvanError) -> int:
    """Say what is wrong: one line and the problems on standard error, or the JSON object; return the exit code."""
    kind = next(word for sort, word in _KINDS if isinstance(error, sort))
    problems = summarise(error.problems)
    if door.debug:
        traceback.print_exception(error)
    if door.as_json:
        print_problems(door, problems or [Problem(kind, remedy=str(error))])
    else:
        first = printable(_first_line(error, problems))
        print(f"karvan: {first}" if first.startswith(kind) else f"karvan: {kind}: {first}", file=sys.stderr)
        if problems and (len(problems) > 1 or first != str(problems[0]).strip()):
            show_problems(problems)
    return MODEL_SAYS_NO if isinstance(error, _SAYS_NO) else BAD_INPUT


def print_problems(door: Door, problems: Iterable[Problem]) -> None:
    """The JSON object of bad input on standard output."""
    rows = [problem.as_row() for problem in problems]
    answer = {"command": door.command, "version": __version__, "ok": False, "problems": rows}
    print(escaped(json.dumps(answer, ensure_ascii=False)))


def show_problems(problems: Sequence[Problem]) -> None:
    """The problems as a table on standard error."""
    from karvan.cli.screen import console, problem_table

    console(stderr=True).print(problem_table(problems))


def printable(text: str) -> str:
    """The text without control characters, which could move a terminal's cursor or change its title.

    >>> printable("Ba" + chr(27) + "[2Jku")
    'Ba�[2Jku'
    """
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def escaped(text: str) -> str:
    r"""JSON whose control characters beyond those of ASCII are escaped, too: a terminal obeys them like the others.

    >>> escaped('"port \x9b2J"')
    '"port \\u009b2J"'
    """
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def interrupted() -> int:
    """Say that the command was interrupted; return the exit code."""
    sys.stderr.write("\nkarvan: interrupted\n")
    return INTERRUPTED


def pipe_closed() -> int:
    """Let the interpreter end in silence although nobody reads its output; return the exit code."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return PIPE_CLOSED


def _came_from_interrupt(error: BaseException | None) -> bool:
    """Whether Ctrl-C lies behind an error: a compiled kernel may wrap it in one of its own."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def _first_line(error: KarvanError, problems: Sequence[Problem]) -> str:
    if error.problems and str(error) == str(KarvanError(problems=error.problems)):
        count = len(problems) + sum(problem.rest for problem in problems)
        return str(problems[0]).strip() if count == 1 else f"{count} problems"
    return " ".join(str(error).split("\n")) or type(error).__name__


def _fault(door: Door, error: Exception) -> int:
    if door.debug:
        traceback.print_exception(error)
    told = " ".join(f"{type(error).__name__}: {error}".split())
    remedy = "this is a fault of Karvan, please report it" + ("" if door.debug else " with what --debug prints")
    if door.as_json:
        print_problems(door, [Problem("fault", value=told, remedy=remedy)])
    print(f"karvan: fault: {printable(told)}; {remedy}", file=sys.stderr)
    return FAULT
