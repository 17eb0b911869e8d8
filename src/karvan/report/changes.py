"""Changed cells as people read them: years in which nothing more happens folded into one line."""

from __future__ import annotations

import pandas as pd

from karvan.report.numbers import MISSING
from karvan.schema.cells import parse_float

_SAME = ["table", "row", "column", "change", "before", "after", "unit", "owners", "levers"]


def folded(cells: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``scenario.cells`` with runs of years that are alike folded into ``years``, as 2028-2040.

    >>> columns = dict.fromkeys(_SAME, "a")
    >>> rows = pd.DataFrame([{**columns, "year": year} for year in (2027, 2028, 2029, 2031)])
    >>> folded(rows)["years"].tolist()
    ['2027-2029', '2031']
    """
    rows = cells.sort_values(["table", "row", "column", "year"], kind="stable").reset_index(drop=True)
    same = (rows[_SAME] == rows[_SAME].shift()).all(axis=1) & (rows["year"] == rows["year"].shift() + 1)
    run = (~same.fillna(False).astype(bool)).cumsum()
    last = rows.groupby(run, sort=False)["year"].last()
    kept = rows.loc[~run.duplicated()].reset_index(drop=True)
    ends = zip(kept["year"].tolist(), last.tolist(), strict=True)
    return kept.assign(years=[str(first) if first == end else f"{first}-{end}" for first, end in ends])


def shown_value(text: str) -> str:
    """A cell's text with thousands set apart and without the dust of binary fractions; missing is a dash.

    >>> [shown_value(text) for text in ("28000000", "24.750000000000004", "2027-07-01", "rail", "")]
    ['28,000,000', '24.75', '2027-07-01', 'rail', '-']
    """
    number = parse_float(text)
    if number is None:
        return text or MISSING
    return f"{number:,.10g}" if abs(number) >= 10_000 else f"{number:.10g}"
