"""Derivatives by cells of the built-in tables, through the whole equilibrium, against running twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from karvan.corridor.state import State
from karvan.freight.equilibrium import Equilibrium, solve
from karvan.freight.prepare import Prepared, compiled
from karvan.freight.worth.adjoint import Adjoint
from karvan.freight.worth.cells import cell_derivatives, gateway_kt, load_of, row_keys
from karvan.freight.worth.parameters import parameter_cells
from karvan.freight.worth.values import welfare_gradient, welfare_usd
from karvan.freight.year import Year, flow_at, problem_of, year_of
from karvan.study.solve import prepared_for, with_boxes
from karvan.study.states import states
from tests.built_in import middle_corridor

YEAR = 2024
STEP = 1e-3
CELLS = 50
PARAMETERS = 8
GATEWAY = "caspian_aktau"


@dataclass(frozen=True)
class Solved:
    prepared: Prepared
    base: State
    year: Year
    equilibrium: Equilibrium
    adjoint: Adjoint


@pytest.fixture(scope="module")
def solved() -> Solved:
    chosen = with_boxes(states(middle_corridor(), years=(YEAR,)))
    prepared, _ = prepared_for(chosen)
    year = year_of(prepared, chosen.years[0])
    equilibrium = solve(problem_of(prepared, year))
    return Solved(prepared, chosen.base, year, equilibrium, Adjoint(equilibrium))


def changed(state: State, cell: pd.Series, factor: float) -> State:
    """The state with one cell multiplied; what belongs to it moves along."""
    frame = state[cell["table"]].copy()
    keys = {
        "links": ["link"], "borders": ["link"], "resources": ["resource"],
        "transfers": ["place", "from_mode", "from_gauge_mm", "to_mode", "to_gauge_mm", "handling_class"],
        "choice": ["gateway_group", "handling_class", "direction", "kind", "from_year"],
        "demand": ["segment", "origin", "destination", "commodity", "year"],
        "parameters": ["parameter"], "commodities": ["commodity"],
    }  # fmt: skip
    named = row_keys(frame, keys[cell["table"]]) == cell["row"]
    assert named.sum() == 1
    columns = ["kt", "teu"] if cell["column"] == "kt" else [cell["column"]]
    for column in columns:
        frame.loc[named, column] = frame.loc[named, column] * factor
    return State(state.year, state.corridor, {**state.tables, cell["table"]: frame})


def central(solved: Solved, cell: pd.Series, outcome: Callable[[Year, Equilibrium], float]) -> float:
    """The derivative by solving at two neighbouring values."""
    reached = []
    for factor in (1.0 + STEP, 1.0 - STEP):
        year = year_of(solved.prepared, changed(solved.year.state, cell, factor))
        equilibrium = solve(problem_of(solved.prepared, year), solved.equilibrium.point)
        assert equilibrium.convergence.converged
        reached.append(outcome(year, equilibrium))
    return float((reached[0] - reached[1]) / (2.0 * STEP * cell["value"]))


def sample(table: pd.DataFrame, seed: int, count: int) -> pd.DataFrame:
    """Cells of every table and column that matter: elasticity above a thousandth of its column's largest."""
    top = table.groupby(["table", "column"])["elasticity"].transform(lambda cells: cells.abs().max())
    kept = table.loc[(table["elasticity"].abs() > 1e-3 * top) & (table["value"].abs() > 0)]
    kinds = kept.groupby(["table", "column"], group_keys=False)
    each = max(1, count // kinds.ngroups)
    first = kinds.sample(n=1, random_state=seed)
    rest = kept.drop(first.index).sample(n=count - len(first), random_state=seed) if each else kept
    return pd.concat([first, rest])


@pytest.mark.slow
def test_welfare_by_fifty_random_cells_equals_central_differences(solved: Solved) -> None:
    derivatives = solved.adjoint.derivatives(welfare_gradient(solved.equilibrium, solved.adjoint))
    table = cell_derivatives(solved.prepared, solved.year, derivatives)
    for _, cell in sample(table, 7, CELLS).iterrows():
        seen = central(solved, cell, lambda year, equilibrium: welfare_usd(equilibrium))
        floor = 1e-7 * abs(welfare_usd(solved.equilibrium)) / abs(cell["value"])
        assert cell["derivative"] == pytest.approx(seen, rel=1e-4, abs=floor * 1e-2), cell.to_dict()


def passing(solved: Solved, year: Year, equilibrium: Equilibrium) -> float:
    """Cargo through the gateway in kt."""
    prepared = solved.prepared
    number = prepared.routes.network.groups.index(GATEWAY)
    route = prepared.passages.route[prepared.passages.group == number]
    return float(flow_at(prepared, year, equilibrium.point).kt[route].sum())


@pytest.mark.slow
def test_a_gateways_cargo_by_random_cells_equals_central_differences(solved: Solved) -> None:
    derivatives = solved.adjoint.derivatives(gateway_kt(solved.adjoint, solved.prepared, solved.year, GATEWAY))
    table = cell_derivatives(solved.prepared, solved.year, derivatives)
    for _, cell in sample(table, 11, 20).iterrows():
        seen = central(solved, cell, lambda year, equilibrium: passing(solved, year, equilibrium))
        floor = 1e-6 * passing(solved, solved.year, solved.equilibrium) / abs(cell["value"])
        assert cell["derivative"] == pytest.approx(seen, rel=1e-3, abs=floor), cell.to_dict()


def again(solved: Solved, cell: pd.Series, factor: float) -> float:
    """The gateway's cargo with a cell of every year multiplied: compiled and solved anew on the same routes."""
    base, state = (changed(each, cell, factor) for each in (solved.base, solved.year.state))
    prepared = compiled(solved.prepared.routes, base, solved.prepared.pairs)
    year = year_of(prepared, state)
    equilibrium = solve(problem_of(prepared, year), solved.equilibrium.point)
    assert equilibrium.convergence.converged
    return passing(replace(solved, prepared=prepared), year, equilibrium)


@pytest.mark.slow
def test_a_gateways_cargo_by_what_holds_in_every_year_equals_running_twice(solved: Solved) -> None:
    derivatives = solved.adjoint.derivatives(gateway_kt(solved.adjoint, solved.prepared, solved.year, GATEWAY))
    table = parameter_cells(solved.prepared, solved.base, solved.year, solved.equilibrium, derivatives)
    largest = table.loc[table["elasticity"].abs().sort_values(ascending=False).index].head(PARAMETERS)
    for _, cell in largest.iterrows():
        seen = (again(solved, cell, 1.0 + STEP) - again(solved, cell, 1.0 - STEP)) / (2.0 * STEP)
        floor = 1e-4 * float(largest["elasticity"].abs().max())
        assert cell["elasticity"] == pytest.approx(seen, rel=1e-3, abs=floor), cell.to_dict()


@pytest.mark.slow
def test_the_load_of_a_full_resource_answers_to_its_capacity_alone(solved: Solved) -> None:
    prices = solved.equilibrium.point.price
    full = int(np.argmax(prices > 0))
    table = cell_derivatives(solved.prepared, solved.year, solved.adjoint.derivatives(load_of(solved.adjoint, full)))
    key = solved.year.resources.keys[full]
    own = table.loc[(table["row"] == key) & (table["column"] == "capacity_per_year"), "derivative"].iloc[0]
    assert own == pytest.approx(solved.year.resources.most_used[full], rel=1e-6)
    others = table.loc[(table["column"] == "capacity_per_year") & (table["row"] != key)]
    assert others["derivative"].abs().max() < 1e-6
