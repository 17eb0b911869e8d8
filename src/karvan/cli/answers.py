"""The JSON object of a command, as the design says: one object on standard output, missing figures null."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict

import pandas as pd

from karvan import __version__
from karvan.cli.door import Door
from karvan.corridor.outcome import Convergence, Provenance


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
    out.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "tables": {')
    for n, (name, frame) in enumerate(tables.items()):
        out.write(f"{', ' if n else ''}{json.dumps(name)}: ")
        out.write(frame.to_json(orient="records", double_precision=15, force_ascii=False))
    out.write("}}\n")


def _plain(noun: Provenance | Convergence) -> dict[str, object]:
    fields = {**vars(noun)} if isinstance(noun, Provenance) else asdict(noun)
    return {key: _value(value) for key, value in fields.items()}


def _value(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _value(inner) for key, inner in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value
