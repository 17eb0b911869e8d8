"""What can be wrong with a table of trade before anything is estimated from it or solved on it.

In: rows of exporter, importer, perhaps year, and a value. Out: an error that names the rows, or notes of what stands
there and may surprise (pairs that are absent, countries that only buy). Nothing is filled, cut or dropped here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from karvan.corridor.checks.findings import Finding, found
from karvan.errors import DataError, Problem, SchemaError, summarise
from karvan.schema.nearest import did_you_mean

Floats = NDArray[np.float64]
NAMES_SHOWN = 8


def checked(frame: pd.DataFrame, flow: str, terms: Sequence[str], keys: Sequence[str]) -> list[Problem]:
    """What is to be noted of a panel; raises on what makes an estimate of it meaningless.

    Parameters
    ----------
    frame
        One row a directed pair (and year, and sector), with ``exporter`` and ``importer``.
    flow
        The column of values, at least 0; an empty one is not zero.
    terms
        Columns that must be finite numbers.
    keys
        Columns of effects and clusters; a missing value is refused.

    Raises
    ------
    SchemaError
        A column that is asked for is absent, or the frame has no rows.
    DataError
        Values that are no number, missing or negative; rows that stand twice; trade that is zero everywhere.
    """
    _has_columns(frame, ["exporter", "importer", flow, *terms, *keys])
    problems = [*_flows_wrong(frame, flow), *_twice(frame)]
    for term in terms:
        wrong = ~np.isfinite(_numbers(frame[term]))
        expected = Finding("term without a number", term, "a finite number", "fill it in or leave the row out yourself")
        problems += found("trade", frame, wrong, expected)
    for key in keys:
        lost = frame[key].isna() | (frame[key].astype(str) == "")
        problems += found("trade", frame, lost, Finding("missing key", key, "a value", "name the level of every row"))
    if not problems and float(_numbers(frame[flow]).max()) == 0.0:
        problems = [Problem("no trade at all", table="trade", column=flow, value="0", expected="a positive value",
                            remedy="every row is zero: look at what was read")]  # fmt: skip
    if problems:
        raise DataError("", summarise(problems))
    return _notes(frame, flow)


def _has_columns(frame: pd.DataFrame, names: Sequence[str]) -> None:
    wanted = dict.fromkeys(names)
    columns = [str(name) for name in frame.columns]
    absent = [
        Problem("missing column", table="trade", column=name, expected="a column of the panel",
                remedy=did_you_mean(name, columns) or f"there are {', '.join(columns)}")
        for name in wanted if name not in columns
    ]  # fmt: skip
    if absent:
        raise SchemaError("", absent)
    if frame.empty:
        raise SchemaError("", [Problem("no rows", table="trade", expected="at least one pair")])


def _numbers(values: pd.Series) -> Floats:
    """The values as floats, not-a-number where they are none."""
    return np.asarray(pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan))


def _flows_wrong(frame: pd.DataFrame, flow: str) -> list[Problem]:
    values, lost = _numbers(frame[flow]), frame[flow].isna().to_numpy()
    strange = ~lost & ~np.isfinite(values)
    missing = Finding("missing trade", flow, "a value; missing is not zero", "write 0 if nothing was traded")
    return (
        found("trade", frame, strange, Finding("trade that is no number", flow, "a number", "correct the cell"))
        + found("trade", frame, lost, missing)
        + found("trade", frame, values < 0, Finding("negative trade", flow, "[0,)", "correct the cell"))
    )


def _twice(frame: pd.DataFrame) -> list[Problem]:
    key = [name for name in ("exporter", "importer", "sector", "year") if name in frame.columns]
    again = frame.duplicated(key)
    finding = Finding("pair that stands twice", "importer", f"one row for each {', '.join(key)}", "keep one of them")
    return found("trade", frame, again, finding)


def _notes(frame: pd.DataFrame, flow: str) -> list[Problem]:
    """What stands in the panel and may surprise: absent pairs, one-sided countries, countries without trade."""
    sellers, buyers = set(frame["exporter"]), set(frame["importer"])
    notes = []
    for kind, names in (
        ("exporter that never imports", sorted(sellers - buyers)),
        ("importer that never exports", sorted(buyers - sellers)),
    ):
        if names:
            notes.append(Problem(kind, table="trade", value=_listed(names), expected="both sides of every country",
                                 remedy="its resistances on the other side cannot be told"))  # fmt: skip
    pairs = set(zip(frame["exporter"], frame["importer"], strict=True))
    absent = sorted(f"{i}-{j}" for i in sellers for j in buyers if i != j and (i, j) not in pairs)
    if absent:
        notes.append(Problem("absent pairs", table="trade", value=_listed(absent), expected="a row, 0 if nothing",
                             remedy="they are left out of the estimate, not taken as zero"))  # fmt: skip
    at_home = sorted(i for i in sellers & buyers if (i, i) not in pairs)
    if at_home and len(at_home) < len(sellers & buyers):
        notes.append(Problem("domestic sales of some only", table="trade", value=_listed(at_home),
                             expected="domestic sales of all or of none",
                             remedy="add output less exports of these, or leave domestic rows out"))  # fmt: skip
    for side in ("exporter", "importer"):
        total = frame[flow].astype(float).groupby(frame[side]).sum()
        idle = sorted(str(name) for name in total.index[total == 0])
        if idle:
            notes.append(Problem(f"{side} without any trade", table="trade", column=flow, value=_listed(idle),
                                 expected="a positive value in some row",
                                 remedy="effects of its own explain it whole: such rows are dropped"))  # fmt: skip
    return notes


def _listed(names: Sequence[object]) -> str:
    more = len(names) - NAMES_SHOWN
    return ", ".join(str(name) for name in names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def domestic_sales(output: pd.Series, exports: pd.Series) -> pd.Series:
    """What a country sells at home: gross output less exports, by country.

    Parameters
    ----------
    output, exports
        By country, one unit of money, at least 0. Countries of either must stand in both.

    Raises
    ------
    DataError
        A country stands on one side only, or exports more than it makes: re-exports, or a ratio of output to gross
        domestic product that is too low. No sales are invented for it.

    Examples
    --------
    >>> domestic_sales(pd.Series({"AAA": 10.0}), pd.Series({"AAA": 4.0})).to_dict()
    {'AAA': 6.0}
    """
    lonely = sorted(set(output.index) ^ set(exports.index))
    problems = [
        Problem("country on one side only", table="economies", column="country", value=str(name),
                expected="output and exports of each country", remedy="add the other figure") for name in lonely
    ]  # fmt: skip
    left = output - exports.reindex(output.index)
    problems += [
        Problem("exports above output", table="economies", column="gross_output_ratio", value=str(name),
                expected=f"output above its exports of {float(exports[name]):.6g}",
                remedy="raise gross_output_ratio, or take re-exports out of exports")
        for name in left.index[left < 0]
    ]  # fmt: skip
    if problems:
        raise DataError("", problems)
    return left


def positive(values: ArrayLike, index: pd.Index, column: str) -> Floats:
    """The values, all above 0, or an error that names the rows: what a logarithm is taken of."""
    numbers = _numbers(pd.Series(np.asarray(values), index=index))
    frame = pd.DataFrame({column: np.asarray(values)}, index=index)
    finding = Finding("no logarithm", column, "a value above 0", "leave the row out, or estimate by ppml")
    problems = found("trade", frame, ~(numbers > 0), finding)
    if problems:
        raise DataError("", summarise(problems))
    return numbers
