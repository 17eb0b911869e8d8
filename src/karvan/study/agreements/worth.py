"""The levers that agreements pull, and what a comparison of runs says they are worth.

The worth of an agreement in a year is its part of the difference between the base and the base with all the agreements
asked for: Shapley's value up to six of them (:mod:`karvan.study.change.attribution`). Sizes of levers are estimates
unless their row says otherwise; an agreement without a lever in the model has no worth here, not a worth of nought.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Outcome, outcome_table
from karvan.errors import InfeasibleError
from karvan.register.compiled import AGREEMENT
from karvan.schema.tables import table
from karvan.study.change.compare import CompareOptions, compare
from karvan.study.change.measures import UNITS
from karvan.study.solve import Progress

_TOTAL = "total"


def pulled(corridor: Corridor, agreements: Sequence[str]) -> pd.DataFrame:
    """``register.levers``: the levers of some agreements, as the table of levers holds them."""
    levers = corridor["levers"]
    wanted = [AGREEMENT + key for key in agreements]
    rows = levers.loc[levers["owner"].isin(wanted)]
    told = rows.assign(agreement=rows["owner"].str.removeprefix(AGREEMENT))
    return outcome_table("register.levers", told[list(table("register.levers", "outcomes").column_names)])


def owners_with_levers(corridor: Corridor, agreements: Sequence[str]) -> tuple[str, ...]:
    """The agreements, as owners of levers, that the model can pull today.

    Raises
    ------
    InfeasibleError
        If none of them has a lever that a model reads.
    """
    told = pulled(corridor, agreements)
    able = set(told.loc[~told["pending"], "agreement"])
    if not able:
        named = ", ".join(agreements)
        raise InfeasibleError(f"{named}: no lever that a model reads, so no run can tell what it is worth")
    return tuple(AGREEMENT + key for key in agreements if key in able)


def compared(
    corridor: Corridor, agreements: Sequence[str], years: Sequence[int], progress: Progress | None = None
) -> Outcome:
    """The base beside the base with some agreements, by what each of them brings.

    Parameters
    ----------
    corridor
        What both are run on.
    agreements
        Keys; those without a lever that a model reads are left out.
    years
        Calendar years; none: every year of the record.
    progress
        Called with a text and the share done.

    Raises
    ------
    InfeasibleError
        If none of them has a lever that a model reads.
    """
    owners = owners_with_levers(corridor, agreements)
    plan = Scenario("+".join(owners), include=owners)
    return compare(corridor, Scenario(), plan, CompareOptions(tuple(years)), progress)


def worth(comparison: Outcome, agreements: Sequence[str]) -> pd.DataFrame:
    """``register.worth``: the part that each agreement brings to the totals of a comparison, by year.

    Parameters
    ----------
    comparison
        With ``compare.why``, as :func:`karvan.study.change.compare.compare` makes it.
    agreements
        Keys; those that own no part are left out.
    """
    why = comparison["compare.why"]
    rows = why.loc[(why["dimension"] == _TOTAL) & why["owner"].isin([AGREEMENT + key for key in agreements])]
    told = rows.assign(agreement=rows["owner"].str.removeprefix(AGREEMENT), unit=rows["measure"].map(UNITS))
    return outcome_table("register.worth", told[list(table("register.worth", "outcomes").column_names)])
