"""Scenarios over many years, comparison and attribution on the built-in corridor."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from benchmarks.measured import Rows, memory_mb, timed
from karvan.corridor.lever import Scenario
from karvan.store.builtin import load
from karvan.store.outcomes import read_outcome, write_outcome
from karvan.study.change.compare import CompareOptions, compare, compare_runs
from karvan.study.run import run

YEARS = tuple(range(2019, 2041))
OWNERS = 6


def changes(years: tuple[int, ...] = YEARS) -> Rows:
    """A scenario of many years, two stored runs compared, and six owners attributed in one year and in all."""
    corridor = load("middle-corridor")
    shocks = corridor["shocks"]
    happened = [f"shock:{key}" for key in shocks.loc[shocks["happened"], "shock"]]
    calm = Scenario("calm", exclude=tuple(happened[:OWNERS]))
    run(corridor, years=years[:1])
    whole = timed(partial(run, corridor, calm, years))
    rows: Rows = [{"case": f"run of {len(years)} years", "seconds": whole, "memory_mb": memory_mb()}]
    with tempfile.TemporaryDirectory() as folder:
        base, plan = (Path(folder) / name for name in ("base", "plan"))
        write_outcome(run(corridor, years=years), base)
        write_outcome(run(corridor, calm, years), plan)
        stored = timed(lambda: compare_runs(corridor, read_outcome(base), read_outcome(plan)))
    rows.append({"case": "two stored runs compared", "seconds": stored})
    for chosen in {years[-1:], years}:
        options = (CompareOptions(chosen, why=False), CompareOptions(chosen))
        plain, told = (timed(partial(compare, corridor, Scenario(), calm, each)) for each in options)
        rows.append({"case": f"compared over {len(chosen)} years", "seconds": plain, "with_why": told,
                     "attribution": told - plain})  # fmt: skip
    return rows
