"""Cables tried in a year, as gains by country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.state import State
from karvan.scenario.resolve import resolve
from karvan.scenario.state import state
from karvan.study.power.candidates import Candidate, with_all, without
from karvan.study.power.years import SEED

PUT_IN = "put_in"
CHANGES = ("consumers_musd", "producers_musd", "rents_musd", "capital_musd", "net_musd", "co2_mt", "unserved_gwh")


@dataclass(frozen=True)
class Trial:
    """One cable tried in one year: what changes by country, its lines with it in, and the charges for using them.

    ``failures`` are hours in which it fails alone, where it is taken out of all (:mod:`karvan.power.failures`).
    ``change`` has the columns of ``power.countries``, after less before, and gas_freed_bcm, before less after.
    """

    year: int
    cable: Candidate
    test: str
    change: pd.DataFrame
    lines: pd.DataFrame
    charges_musd: float
    failures: pd.DataFrame


def tried_in(
    corridor: Corridor, scenario: Scenario, cables: Sequence[Candidate], year: int, *, follow: bool
) -> list[Trial]:
    """All trials of a year: those of the cables that stand in it.

    Parameters
    ----------
    corridor, scenario
        What the cables are put into; the scenario is taken without them.
    cables
        All cables; the main variants are also taken out of all main variants together.
    year
        A year with load; plants are built for it first where it lies after the corridor's last year.
    follow
        Try each cable with plants built anew too.
    """
    from karvan.power.trials import Tried, trials

    standing = {cable.key: cable for cable in cables if cable.first_year <= year}
    if not standing:
        return []
    base = without(scenario, tuple(cables))
    mains = tuple(cable for cable in standing.values() if cable.is_main)

    def made(chosen: tuple[Candidate, ...]) -> State:
        return state(corridor, resolve(corridor, with_all(base, chosen)), year)

    def told(one: Tried) -> Trial:
        cable = standing[one.key]
        before, after = (ran.countries.set_index("country") for ran in (one.before, one.after))
        change = after[list(CHANGES)] - before[list(CHANGES)]
        change["gas_freed_bcm"] = before["gas_bcm"] - after["gas_bcm"]
        own = one.after.lines.loc[one.after.lines["line"].isin(cable.lines)]
        return Trial(year, cable, one.test, change, own, float(one.after.charges_musd[list(cable.lines)].sum()),
                     one.failures)  # fmt: skip

    found = trials(
        made(()), {key: made((cable,)) for key, cable in standing.items()}, made(mains),
        {cable.key: cable.lines for cable in mains}, SEED, renewed=year > corridor.info.last_year, follow=follow,
    )  # fmt: skip
    return [told(one) for one in found]
