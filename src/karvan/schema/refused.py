"""Cells that a table's rules refuse, found by a pandera schema, lazily: all of them at once.

Only what is not all right comes here, so that a corridor without a mistake never imports pandera.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from karvan.schema.cells import DUPLICATE, KEY, CellRule


def refused(
    text: pd.DataFrame, rules: Mapping[tuple[str, str], CellRule]
) -> Iterator[tuple[tuple[str, str], pd.Series]]:
    """The cells that each rule refuses.

    Parameters
    ----------
    text
        Columns of text; ``KEY``, where it is among them, holds the joined keys, which must differ.
    rules
        By column and kind.

    Yields
    ------
    (column, kind), values
        The values refused, with their index.
    """
    try:
        _checks(list(text.columns), rules).validate(text, lazy=True)
    except SchemaErrors as error:
        for (column, kind), cases in error.failure_cases.groupby(["column", "check"], sort=False):
            yield (column, kind), cases.set_index("index")["failure_case"].astype("str")


def _checks(names: list[str], rules: Mapping[tuple[str, str], CellRule]) -> pa.DataFrameSchema:
    checks: dict[str, list[pa.Check]] = {name: [] for name in names}
    for (name, kind), rule in rules.items():
        if name in checks:
            checks[name].append(pa.Check(partial(_accepted, accepts=rule.accepts), name=kind))
    if KEY in checks:
        checks[KEY].append(pa.Check(_first_of_its_key, name=DUPLICATE))
    return pa.DataFrameSchema({name: pa.Column(checks=listed) for name, listed in checks.items()})


def _accepted(text: pd.Series, accepts: Callable[[str], bool]) -> pd.Series:
    wrong = [value for value in text.unique() if not accepts(value)]
    return ~text.isin(wrong)


def _first_of_its_key(keys: pd.Series) -> pd.Series:
    return ~keys.duplicated()
