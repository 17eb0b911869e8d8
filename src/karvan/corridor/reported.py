"""What a cell of the trade matrix rests on: a report that can be looked up, one without a source, or an estimate."""

from __future__ import annotations

import pandas as pd

from karvan.corridor.corridor import Corridor

REPORTED, UNSOURCED, ESTIMATED = "reported", "no source", "estimated"
_TOLD = ("exporter", "importer", "reconciled")


def standing(corridor: Corridor, rows: pd.DataFrame) -> pd.Series:
    """What each row of ``trade`` rests on, indexed as the rows.

    A row counts as reported only where its source has an address or a day of publication, so that somebody can look it
    up; what was told from memory has neither.

    Parameters
    ----------
    corridor
        With ``sources``.
    rows
        Rows of ``trade``.

    Returns
    -------
    Series
        ``reported``, ``no source`` or ``estimated``.
    """
    sources = corridor["sources"]
    found = sources.loc[(sources["url"] != "") | (sources["published"] != ""), "source"]
    told, sourced = rows["basis"].isin(_TOLD), rows["source"].isin(set(found))
    names = pd.Series(ESTIMATED, index=rows.index)
    return names.mask(told, UNSOURCED).mask(told & sourced, REPORTED)
