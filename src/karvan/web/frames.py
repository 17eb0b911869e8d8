"""Frames as JSON and as CSV: missing is null or empty, infinity is missing, columns keep their order."""

from __future__ import annotations

import pandas as pd

from karvan.corridor.outcome import Outcome

Records = list[dict[str, object]]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def records(frame: pd.DataFrame) -> Records:
    """The rows of a frame as JSON holds them.

    >>> records(pd.DataFrame({"a": [1.5, float("nan")]}))
    [{'a': 1.5}, {'a': None}]
    """
    plain = frame.astype(object).where(frame.notna() & (frame != float("inf")), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def csv_text(frame: pd.DataFrame) -> str:
    r"""The frame as CSV; text that a spreadsheet would run as a formula is led by an apostrophe.

    >>> csv_text(pd.DataFrame({"a": ["=1+1", "b"]}))
    "a\n'=1+1\nb\n"
    """
    guarded = frame.copy()
    for name in guarded.columns:
        if not pd.api.types.is_numeric_dtype(guarded[name]):
            guarded[name] = [f"'{text}" if str(text).startswith(_FORMULA) else text for text in guarded[name]]
    return str(guarded.to_csv(index=False, lineterminator="\n"))


def answer(outcome: Outcome, names: tuple[str, ...]) -> dict[str, object]:
    """An outcome as the command line tells it with ``--json``, with some of its tables."""
    made = outcome.provenance
    return {
        "command": "run",
        "version": made.version,
        "ok": True,
        "warnings": list(outcome.warnings),
        "provenance": {
            "version": made.version,
            "corridor": made.corridor,
            "scenario": made.scenario,
            "fingerprints": dict(made.fingerprints),
            "options": dict(made.options),
            "seed": made.seed,
        },
        "convergence": [
            {"part": part.part, "converged": part.converged, "iterations": part.iterations,
             "residual": part.residual, "message": part.message}
            for part in outcome.convergence
        ],
        "tables": {name: records(outcome[name]) for name in names},
    }  # fmt: skip
