"""What can go wrong, said once.

Every error of Karvan is a :class:`KarvanError`; most carry :class:`Problem` rows that say where, what, what was
expected and how to mend it. The tree::

    KarvanError
    ├─ DataError(ValueError)        a table or file is wrong
    │   ├─ SchemaError              a table or column is missing, or a value has the wrong type
    │   ├─ UnknownKeyError          a row names a key that stands nowhere
    │   └─ RangeError               a value is outside its range
    ├─ ScenarioError(ValueError)    a scenario or its levers are wrong
    ├─ NoRouteError                 a pair has no route
    ├─ InfeasibleError              no answer exists
    └─ NotConvergedError            only when the caller asked to be strict
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

ROWS_SHOWN_A_KIND = 5


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it stands, what stands there, what was expected and how to mend it.

    ``kind`` groups problems of one sort (``wrong type``, ``unknown key``); ``row`` is the line of the file, the header
    being line 1, or 0 where the problem is not one row's. ``rest`` counts further problems of the kind left out.

    >>> print(Problem("out of range", "places.csv", "places", 3, "lat_deg", "95", "[-90,90]", "check the sign"))
    places.csv:3 lat_deg: out of range: '95', expected [-90,90]; check the sign
    """

    kind: str
    file: str = ""
    table: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    expected: str = ""
    remedy: str = ""
    rest: int = 0

    def __str__(self) -> str:
        place = self.file or self.table
        if self.row:
            place += f":{self.row}"
        if self.column:
            place += f" {self.column}"
        found = f": {self.value!r}" if self.value else ""
        text = f"{place}: {self.kind}{found}"
        if self.expected:
            text += f", expected {self.expected}"
        if self.remedy:
            text += f"; {self.remedy}"
        if self.rest:
            text += f" (and {self.rest} more of this kind)"
        return text.removeprefix(": ")

    def as_row(self) -> dict[str, str | int]:
        """The problem as a flat dictionary, for JSON."""
        return asdict(self)


def summarise(problems: Iterable[Problem], most: int = ROWS_SHOWN_A_KIND) -> list[Problem]:
    """At most ``most`` problems of a kind in one table and column, the last of them saying how many were left out.

    >>> rows = [Problem("duplicate key", "a.csv", "a", row) for row in range(2, 9)]
    >>> [(p.row, p.rest) for p in summarise(rows)]
    [(2, 0), (3, 0), (4, 0), (5, 0), (6, 2)]
    """
    everything = list(problems)
    left: Counter[tuple[str, str, str]] = Counter()
    for problem in everything:
        left[problem.kind, problem.table, problem.column] += 1 + problem.rest
    seen: Counter[tuple[str, str, str]] = Counter()
    kept = []
    for problem in everything:
        key = (problem.kind, problem.table, problem.column)
        seen[key] += 1
        if seen[key] < most:
            kept.append(problem)
            left[key] -= 1 + problem.rest
        elif seen[key] == most:
            kept.append(Problem(**{**asdict(problem), "rest": left[key] - 1}))
    return kept


class KarvanError(Exception):
    """Base of every error that Karvan raises on purpose.

    Parameters
    ----------
    message
        One line that a planner can act on.
    problems
        The rows behind it, already summarised or not; kept as a tuple.
    """

    def __init__(self, message: str = "", problems: Sequence[Problem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__(message or "; ".join(str(p) for p in summarise(self.problems)))


class DataError(KarvanError, ValueError):
    """A table or file is wrong."""


class SchemaError(DataError):
    """A table or column is missing, or a value has the wrong type."""


class UnknownKeyError(DataError):
    """A name or key stands nowhere; the message suggests near ones."""


class RangeError(DataError):
    """A value lies outside its range."""


class ScenarioError(KarvanError, ValueError):
    """A scenario or its levers are wrong."""


class NoRouteError(KarvanError):
    """A pair has no route; the message says what would open one."""


class InfeasibleError(KarvanError):
    """No answer exists; the message says what to relax."""


class NotConvergedError(KarvanError):
    """The iteration did not converge and the caller asked to be strict."""


class AssumptionWarning(UserWarning):
    """A default stood in for data."""
