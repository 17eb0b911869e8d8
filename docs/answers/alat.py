"""Write or check ``docs/answers/alat.md``: what Alat from 15 to 25 Mt is worth, to whom, and what binds next.

Run ``python docs/answers/alat.py`` to write the page, with ``--check`` to see that its figures still hold (within 2 %
or 0.05 MUSD), as CI does.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from keeping import write_or_check

from karvan.freight.equilibrium import Equilibrium, solve
from karvan.freight.resources import widened
from karvan.freight.worth.values import rents_usd, users_usd, values, welfare_usd
from karvan.scenario.parse import parse_scenario
from karvan.store.builtin import load
from karvan.study.record import comparison
from karvan.study.solve import SolvedYears, solve_years
from karvan.study.states import states

HERE = Path(__file__).parent
PAGE = HERE / "alat.md"
YEARS = (2024, 2025)
BERTHS = ("R_ALAT_BOX", "R_ALAT_DRY", "R_ALAT_FERRY")
ELSEWHERE = 1.5
MUSD = 1e-6


def gains(base: Equilibrium, plan: Equilibrium) -> tuple[float, float]:
    """Users' gain and rents gained, MUSD a year."""
    rents = float(rents_usd(plan).sum() - rents_usd(base).sum())
    return MUSD * (users_usd(plan) - users_usd(base)), MUSD * rents


def with_far_outside(equilibrium: Equilibrium, cheapest: np.ndarray) -> Equilibrium:
    """The same year with the outside option's extra cost doubled."""
    demand = equilibrium.problem.demand
    further = demand._replace(outside=2.0 * demand.outside - np.nan_to_num(cheapest))
    return solve(equilibrium.problem._replace(demand=further), equilibrium.point)


def with_room_elsewhere(equilibrium: Equilibrium) -> Equilibrium:
    """The same year with every capacity but Alat's widened by half."""
    resources = equilibrium.problem.resources
    for number, key in enumerate(resources.keys):
        if key not in BERTHS and resources.capacity[number] > 0:
            resources = widened(resources, number, ELSEWHERE)
    return solve(equilibrium.problem._replace(resources=resources), equilibrium.point)


def figures(base: SolvedYears, plan: SolvedYears) -> list[str]:
    """The lines of the page that hold figures."""
    cheapest = base.prepared.cheapest_usd_per_t
    lines = ["| year | users, MUSD a year | rents | welfare | outside option doubled | rest of the corridor +50 % |",
             "| -- | -- | -- | -- | -- | -- |"]  # fmt: skip
    for before, after in zip(base.years, plan.years, strict=True):
        one, two = before.equilibrium, after.equilibrium
        users, rents = gains(one, two)
        far = MUSD * (welfare_usd(with_far_outside(two, cheapest)) - welfare_usd(with_far_outside(one, cheapest)))
        free = MUSD * (welfare_usd(with_room_elsewhere(two)) - welfare_usd(with_room_elsewhere(one)))
        gained = (users, rents, users + rents, far, free)
        lines.append(f"| {before.flow.state.year} | " + " | ".join(f"{value:.2f}" for value in gained) + " |")
    lines += ["", "| berth, 2025 | capacity | widened to | used before | used after | wait before, h | after |",
              "| -- | -- | -- | -- | -- | -- | -- |"]  # fmt: skip
    one, two = base.years[-1].equilibrium, plan.years[-1].equilibrium
    resources, wider = one.problem.resources, two.problem.resources
    for number in np.flatnonzero(np.isin(resources.keys.astype(str), BERTHS)):
        lines.append(
            f"| {resources.keys[number]} | {resources.capacity[number]:,.0f} {resources.unit[number]} | "
            f"{wider.capacity[number]:,.0f} | {one.utilisation[number]:.2f} | {two.utilisation[number]:.2f} | "
            f"{one.point.wait[number]:.1f} | {two.point.wait[number]:.1f} |"
        )
    return [*lines, "", *rents_and_next(one, two)]


def rents_and_next(one: Equilibrium, two: Equilibrium) -> list[str]:
    """Who earns more or less, and what is worth most per 1 % once Alat is wide."""
    change = MUSD * (rents_usd(two) - rents_usd(one))
    resources = one.problem.resources
    lines = ["| rent, 2025 | owner | change, MUSD a year |", "| -- | -- | -- |"]
    largest = np.argsort(-np.abs(change))[:5]
    lines += [f"| {resources.keys[n]} | {resources.owner[n]} | {change[n]:.2f} |" for n in largest]
    worth = MUSD * 0.01 * values(two).usd_per_unit * two.problem.resources.capacity
    lines += ["", "| what binds next, 2025 | MUSD a year per 1 % of capacity |", "| -- | -- |"]
    lines += [f"| {resources.keys[number]} | {worth[number]:.2f} |" for number in np.argsort(-worth)[:5]]
    return lines


def backcast(base: SolvedYears) -> list[str]:
    """The record of the rooms used, beside the model."""
    from karvan.freight.tables import freight_tables

    tables = freight_tables(base.prepared, [year.flow for year in base.years], base.years)
    rows = comparison(load("middle-corridor"), tables, YEARS)
    wanted = rows.loc[rows["indicator"].isin(["baku_port_total", "baku_port_teu", "titr_containers", "titr_tonnes"])]
    lines = ["| record | scope | year | published | model |", "| -- | -- | -- | -- | -- |"]
    for row in wanted.itertuples(index=False):
        name = f"{row.subject} {row.unit}"
        lines.append(f"| {name} | {row.scope} | {row.year} | {row.observed:,.2f} | {row.modelled:,.2f} |")
    return lines


def page() -> str:
    """The whole page."""
    corridor = load("middle-corridor")
    scenario = parse_scenario((HERE / "alat.toml").read_text(encoding="utf-8"), "alat.toml")
    base = solve_years(states(corridor, years=YEARS))
    plan = solve_years(states(corridor, scenario, YEARS))
    text = (HERE / "alat.in.txt").read_text(encoding="utf-8")
    text = text.replace("<!-- figures -->", "\n".join(figures(base, plan)))
    return text.replace("<!-- backcast -->", "\n".join(backcast(base)))


if __name__ == "__main__":
    raise SystemExit(write_or_check(PAGE, page(), sys.argv[1:]))
