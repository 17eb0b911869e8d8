"""What is aimed at: the targets of a corridor, and those commitments of its agreements that figures measure."""

from __future__ import annotations

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.register.known import known_by, publication
from karvan.schema.dates import iso, last_day
from karvan.schema.tables import table

_SAME = ("where", "unit", "direction", "made", "source", "confidence", "note")
_YEAR = 4


def aims(corridor: Corridor, known: str = "") -> pd.DataFrame:
    """Targets, then measured commitments, as rows of the table ``targets`` with ``day``, from which each was known.

    A commitment is an aim where it has a figure of at least or at most so much and names observations in its own unit;
    it is due at the end of the last year its date may mean.

    Parameters
    ----------
    corridor
        With ``targets``, ``commitments``, ``agreements`` and ``sources``.
    known
        Day ``YYYY-MM-DD`` by which an aim must have been published; empty: all of them.
    """
    found = []
    for frame, made in ((corridor["targets"], _targets), (corridor["commitments"], _commitments)):
        rows = known_by(frame, corridor["sources"], known) if known else frame
        found.append(made(corridor, rows).assign(day=publication(rows, corridor["sources"])["day"]))
    return pd.concat(found, ignore_index=True)


def _targets(_corridor: Corridor, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[list(table("targets").column_names)]


def _commitments(corridor: Corridor, rows: pd.DataFrame) -> pd.DataFrame:
    """Commitments that figures measure, named after their agreement."""
    agreements = corridor["agreements"].drop_duplicates("agreement", keep="last")
    names = dict(zip(agreements["agreement"], agreements["name"], strict=True))
    measured = rows["quantity"].notna() & (rows["where"] != "") & (rows["scale"] == 1.0)
    chosen = rows.loc[measured & rows["direction"].isin(("at_least", "at_most"))]
    titles = [
        f"{names[agreement]}: {text}" if agreement in names else text
        for agreement, text in zip(chosen["agreement"], chosen["description"], strict=True)
    ]
    due = [int(iso(last_day(cell))[:_YEAR]) if cell else None for cell in chosen["due"]]
    columns = {
        "target": chosen["commitment"],
        "name": pd.Series(titles, index=chosen.index, dtype=str),
        "value": chosen["quantity"],
        "base_year": pd.Series(pd.NA, index=chosen.index, dtype="Int64"),
        "due": pd.Series(due, index=chosen.index, dtype="Int64"),
        "published": chosen["published"],
        "set_by": chosen["responsible"],
        **{name: chosen[name] for name in _SAME},
    }
    return pd.DataFrame(columns)[list(table("targets").column_names)]
