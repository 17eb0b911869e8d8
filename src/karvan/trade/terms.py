"""Columns that a gravity equation explains trade by, made from a panel.

Each function takes the panel and gives columns back, indexed as the panel, to be set beside it; none writes into it. A
figure of one country alone (hours at its border, its logistics score) is told whole by the effects of its years: it
can be estimated only where it is met with the border, beside domestic sales (Heid, Larch & Yotov 2021, Estimating the
effects of non-discriminatory trade policies within structural gravity models).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from karvan.corridor.checks.findings import Finding, found
from karvan.errors import DataError, Problem, summarise
from karvan.trade.panel import positive

Side = Literal["exporter", "importer", "both"]


def logged(frame: pd.DataFrame, column: str) -> pd.Series:
    """The natural logarithm of a column, named ``ln_COLUMN``; refuses what is not above 0."""
    return pd.Series(np.log(positive(frame[column], frame.index, column)), index=frame.index, name=f"ln_{column}")


def border(frame: pd.DataFrame) -> pd.Series:
    """1 where the goods cross a border, 0 for domestic sales; named ``international``.

    >>> border(pd.DataFrame({"exporter": ["A", "A"], "importer": ["A", "B"]})).tolist()
    [0.0, 1.0]
    """
    abroad = (frame["exporter"] != frame["importer"]).astype(float)
    return abroad.rename("international")


def pair(frame: pd.DataFrame) -> pd.Series:
    """The two countries of a row whichever sells, as ``A~B``: what pair effects and clusters are usually by.

    >>> pair(pd.DataFrame({"exporter": ["B", "A"], "importer": ["A", "B"]})).tolist()
    ['A~B', 'A~B']
    """
    names = np.sort(frame[["exporter", "importer"]].to_numpy(dtype=str), axis=1)
    return pd.Series([f"{first}~{second}" for first, second in names], index=frame.index, name="pair")


def by_value(frame: pd.DataFrame, column: str, of: str) -> pd.DataFrame:
    """The column apart for each value of another: ``COLUMN@VALUE``, 0 in rows of other values.

    The effect of distance, or of a border, year by year; with effects of pairs leave one value out as the reference.
    """
    values = sorted(frame[of].unique())
    return pd.DataFrame({f"{column}@{value}": frame[column].where(frame[of] == value, 0.0) for value in values})


def phased(frame: pd.DataFrame, column: str, years: Sequence[int]) -> pd.DataFrame:
    """The column of the same pair some years before or after: effects that come in over time, and anticipation.

    Parameters
    ----------
    frame
        One row a directed pair and year, in all years that are asked back for.
    column
        Such as 1 while an agreement is in force.
    years
        Shifts; 4 gives ``COLUMN_lag4`` (its value four years earlier), -4 gives ``COLUMN_lead4``.

    Returns
    -------
    pandas.DataFrame
        Missing where the panel does not hold that other year: such rows are for the caller to leave out or fill; an
        estimate refuses them.

    Examples
    --------
    >>> panel = pd.DataFrame({"exporter": "A", "importer": "B", "year": [2000, 2004], "rta": [0.0, 1.0]})
    >>> phased(panel, "rta", [4])["rta_lag4"].tolist()
    [nan, 0.0]
    """
    key = ["exporter", "importer", "year"]
    at = frame.set_index(key)[column]
    if not at.index.is_unique:
        raise DataError("", [Problem("pair that stands twice", table="trade", column="year", expected="one row a pair "
                                     "and year", remedy="phase one sector at a time")])  # fmt: skip
    shifted = {}
    for shift in years:
        asked = pd.MultiIndex.from_frame(frame[key].assign(year=frame["year"] - shift))
        name = f"{column}_lag{shift}" if shift >= 0 else f"{column}_lead{-shift}"
        shifted[name] = at.reindex(asked).to_numpy()
    return pd.DataFrame(shifted, index=frame.index)


def by_direction(frame: pd.DataFrame, column: str, members: Collection[str]) -> pd.DataFrame:
    """The column apart by who sells: effects of one agreement that differ by direction.

    ``COLUMN_out`` where only the exporter is one of ``members``, ``COLUMN_in`` where only the importer is,
    ``COLUMN_within`` where both are, ``COLUMN_rest`` elsewhere. Parts that are zero in every row are left out, so that
    the four add up to the column.
    """
    sells, buys = frame["exporter"].isin(members), frame["importer"].isin(members)
    parts = {"out": sells & ~buys, "in": ~sells & buys, "within": sells & buys, "rest": ~sells & ~buys}
    split = {f"{column}_{part}": frame[column].where(rows, 0.0) for part, rows in parts.items()}
    return pd.DataFrame({name: values for name, values in split.items() if (values != 0.0).any()}, index=frame.index)


def at_border(frame: pd.DataFrame, values: pd.Series, side: Side) -> pd.Series:
    """A figure of countries met with the border: its value where goods cross, 0 for domestic sales.

    Parameters
    ----------
    frame
        The panel, domestic sales among its rows.
    values
        By country, or by country and year; named, such as ``border_hours`` or ``logistics_score``.
    side
        Whose figure: the exporter's, the importer's, or the sum of both.

    Raises
    ------
    DataError
        A country (and year) of the panel has no figure.
    """
    yearly = isinstance(values.index, pd.MultiIndex)
    total = np.zeros(len(frame))
    for end in ("exporter", "importer") if side == "both" else (side,):
        asked = pd.MultiIndex.from_frame(frame[[end, "year"]]) if yearly else frame[end]
        told = values.reindex(asked).to_numpy(dtype=float)
        finding = Finding("country without a figure", end, f"a value of {values.name}", "add it, or leave the rows out")
        problems = found("trade", frame, ~np.isfinite(told), finding)
        if problems:
            raise DataError("", summarise(problems))
        total += told
    return pd.Series(total * border(frame).to_numpy(), index=frame.index, name=f"{values.name}_at_border")
