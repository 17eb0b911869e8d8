"""What every command answers beside its screen: the JSON object, as the design says, and notes on standard error."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict

import pandas as pd

from karvan import __version__
from karvan.cli.door import DONE, MODEL_SAYS_NO, Door, escaped
from karvan.corridor.outcome import Convergence, Outcome, Provenance
from karvan.report.answer import folded


def print_answer(
    door: Door,
    tables: Mapping[str, pd.DataFrame],
    provenance: Provenance,
    convergence: Iterable[Convergence] = (),
    warnings: Iterable[str] = (),
) -> None:
    """Print the object; ``ok`` says whether every iterative part converged.

    The tables are written one after another, so that a large answer never stands twice in memory.
    """
    parts = tuple(convergence)
    head = {
        "command": door.command,
        "version": __version__,
        "ok": all(part.converged for part in parts),
        "warnings": list(dict.fromkeys(warnings)),
        "provenance": _plain(provenance),
        "convergence": [_plain(part) for part in parts],
    }
    out = sys.stdout
    out.write(escaped(json.dumps(head, ensure_ascii=False)[:-1]) + ', "tables": {')
    for n, (name, frame) in enumerate(tables.items()):
        out.write(f"{', ' if n else ''}{json.dumps(name)}: ")
        out.write(escaped(frame.to_json(orient="records", double_precision=15, force_ascii=False)))
    out.write("}}\n")


def tell(door: Door, answer: Outcome, assumed: Iterable[str], show: Callable[[], None]) -> int:
    """Answer with an outcome, as an object or on the screen; what stood in for data and what failed is told with it.

    Returns
    -------
    int
        The exit code: done, or the model says no where something did not converge.
    """
    told = (*answer.warnings, *assumed)
    if door.as_json:
        print_answer(door, answer.tables, answer.provenance, answer.convergence, told)
    else:
        show()
        note_warnings(door, told, answer.convergence)
    return DONE if answer.converged else MODEL_SAYS_NO


def note_warnings(door: Door, warnings: Iterable[str], convergence: Iterable[Convergence] = ()) -> None:
    """Tell on standard error what a reader must know beside an answer: warnings, and what did not converge."""
    for text in folded(warnings):
        door.note(f"karvan: warning: {text}")
    for part in convergence:
        if not part.converged:
            after = f"after {part.iterations} iterations, residual {part.residual:.1e}"
            door.note(f"karvan: not converged: {part.part} {after}; {part.message}")


def _plain(noun: Provenance | Convergence) -> dict[str, object]:
    fields = {**vars(noun)} if isinstance(noun, Provenance) else asdict(noun)
    return {key: _value(value) for key, value in fields.items()}


def _value(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _value(inner) for key, inner in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value
