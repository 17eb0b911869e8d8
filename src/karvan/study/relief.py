"""The relief curve: widen the most valuable bottleneck, see which is next, and so on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from karvan import __version__
from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Convergence, Outcome, Provenance, outcome_table
from karvan.freight.equilibrium import Equilibrium, solve
from karvan.freight.resources import widened
from karvan.freight.worth.values import users_usd, values, welfare_usd
from karvan.freight.year import problem_of, year_of
from karvan.study.resume import input_fingerprints
from karvan.study.solve import Progress, prepared_for, silent, with_boxes
from karvan.study.spread import one_numeric_thread
from karvan.study.states import BASE, states


@dataclass(frozen=True)
class ReliefOptions:
    """How far to go: ``steps`` of ``percent`` more capacity each; no year is the last of the record."""

    year: int | None = None
    steps: int = 8
    percent: float = 10.0


@one_numeric_thread
def relief(
    corridor: Corridor,
    scenario: Scenario = BASE,
    options: ReliefOptions | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Widen the resource that is worth most per 1 % of capacity, solve again, and repeat.

    Capacity grows where it is: a queue serves faster, a fleet sails more often, a limit rises. Costs of doing so are
    not counted.

    Parameters
    ----------
    corridor, scenario
        What is run.
    options
        Year, number of steps and how much each adds.
    progress
        Called with a text and the share done.

    Returns
    -------
    Outcome
        Table ``freight.relief``. Gains are of welfare in USD a year, users' part beside them; the last step is the
        one after which nothing is worth more, or the one before an equilibrium that did not converge.
    """
    wanted = options or ReliefOptions()
    tell = progress or silent
    year = wanted.year if wanted.year is not None else corridor.info.last_year
    chosen = with_boxes(states(corridor, scenario, (year,)))
    prepared, _ = prepared_for(chosen, progress=lambda text, share: tell(text, 0.8 * share))
    problem = problem_of(prepared, year_of(prepared, chosen.years[0]))
    reached = solve(problem)
    names = dict(zip(chosen.years[0]["resources"]["resource"], chosen.years[0]["resources"]["name"], strict=True))
    rows, convergence = curve(reached, names, wanted, lambda text, share: tell(text, 0.8 + 0.2 * share))
    return _outcome(corridor, scenario, wanted, rows, convergence)


def curve(
    reached: Equilibrium, names: Mapping[str, str], options: ReliefOptions, progress: Progress | None = None
) -> tuple[list[dict[str, object]], list[Convergence]]:
    """Steps of relief from an equilibrium that is at hand.

    Parameters
    ----------
    reached
        Where it begins.
    names
        Printed names of resources.
    options
        Number of steps and how much each adds; the year is that of the equilibrium.
    progress
        Called with a text and the share done.

    Returns
    -------
    rows, convergence
        What each step changed, as in ``freight.relief``, and how each equilibrium ended.
    """
    tell = progress or silent
    rows: list[dict[str, object]] = []
    convergence = [reached.convergence]
    first = most_valuable(reached) if reached.convergence.converged else None
    for step in range(1, options.steps + 1):
        if first is None:
            break
        tell(f"step {step}", step / options.steps)
        resources = widened(reached.problem.resources, first, 1.0 + options.percent / 100.0)
        following = solve(reached.problem._replace(resources=resources), reached.point)
        convergence.append(replace(following.convergence, part=f"step {step}"))
        if not following.convergence.converged:
            break
        rows.append({"step": step, **_row(reached, following, first, names)})
        reached, first = following, most_valuable(following)
        rows[-1]["next_resource"] = "" if first is None else str(reached.problem.resources.keys[first])
    return rows, convergence


def most_valuable(equilibrium: Equilibrium) -> int | None:
    """The resource that is worth most per 1 % of its capacity; None where none is worth anything."""
    worth = values(equilibrium).usd_per_unit * equilibrium.problem.resources.capacity
    best = int(np.argmax(worth)) if worth.size else -1
    return best if best >= 0 and worth[best] > 0 else None


def _row(before: Equilibrium, after: Equilibrium, resource: int, names: Mapping[str, str]) -> dict[str, object]:
    """What widening one resource changed."""
    resources = before.problem.resources
    key = str(resources.keys[resource])
    return {
        "resource": key,
        "name": names[key],
        "owner": str(resources.owner[resource]),
        "unit": str(resources.unit[resource]),
        "capacity_before": float(resources.capacity[resource]),
        "capacity_after": float(after.problem.resources.capacity[resource]),
        "gain_usd": welfare_usd(after) - welfare_usd(before),
        "users_gain_usd": users_usd(after) - users_usd(before),
    }


def _outcome(
    corridor: Corridor,
    scenario: Scenario,
    options: ReliefOptions,
    rows: list[dict[str, object]],
    convergence: list[Convergence],
) -> Outcome:
    """The curve with its provenance."""
    columns = [
        "step", "resource", "name", "owner", "unit", "capacity_before", "capacity_after", "gain_usd", "users_gain_usd",
        "next_resource",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    frame["cumulative_gain_usd"] = frame["gain_usd"].astype(float).cumsum()
    year = options.year if options.year is not None else corridor.info.last_year
    settings = {"year": year, "steps": options.steps, "percent": options.percent}
    made = Provenance(__version__, corridor.info.name, scenario.name, input_fingerprints(corridor, scenario), settings)
    return Outcome(
        name=f"{scenario.name}-relief",
        tables={"freight.relief": outcome_table("freight.relief", frame)},
        provenance=made,
        convergence=tuple(convergence),
    )
