"""Scenarios over many years, comparison and attribution on the built-in corridor."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from benchmarks.measured import Rows, memory_mb, timed
from karvan.cli.inputs import one_scenario
from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.store.builtin import load
from karvan.store.outcomes import read_outcome, write_outcome
from karvan.study.change.compare import CompareOptions, compare, compare_runs
from karvan.study.run import run

YEARS = tuple(range(2019, 2041))
OWNERS = 6
SCENARIOS = ("as-is", "all-announced")


def _busy(corridor: Corridor, year: int) -> list[str]:
    """The resources that are worth most per 1 % of capacity in a year."""
    table = run(corridor, years=(year,))["freight.resources"]
    return table.nlargest(OWNERS, "value_usd_per_percent")["resource"].tolist()


def _wider(resource: str, number: int) -> Lever:
    """A tenth more of a resource, each owned by somebody else."""
    where = (("resource", (resource,)),)
    return Lever(f"model:owner {number}", "resources", "multiply", "capacity_per_year", 1.1, where)


def changes(years: tuple[int, ...] = YEARS) -> Rows:
    """A scenario of many years, two stored runs compared, and six owners attributed in one year and in all."""
    corridor = load("middle-corridor")
    wider = Scenario("wider", levers=tuple(_wider(key, n) for n, key in enumerate(_busy(corridor, years[-1]))))
    run(corridor, years=years[:1])
    rows: Rows = []
    for chosen in (wider, *(one_scenario(name, corridor) for name in SCENARIOS)):
        whole = timed(partial(run, corridor, chosen, years))
        rows.append({"case": f"run of {len(years)} years, {chosen.name}", "seconds": whole, "memory_mb": memory_mb()})
    with tempfile.TemporaryDirectory() as folder:
        base, plan = (Path(folder) / name for name in ("base", "plan"))
        write_outcome(run(corridor, years=years), base)
        write_outcome(run(corridor, wider, years), plan)
        stored = timed(lambda: compare_runs(corridor, read_outcome(base), read_outcome(plan)))
    rows.append({"case": "two stored runs compared", "seconds": stored})
    for span in (years[-1:], years):
        options = (CompareOptions(span, why=False), CompareOptions(span))
        plain, told = (timed(partial(compare, corridor, Scenario(), wider, each)) for each in options)
        rows.append({"case": f"compared over {len(span)} years", "seconds": plain, "with_why": told,
                     "attribution": told - plain})  # fmt: skip
    return rows
