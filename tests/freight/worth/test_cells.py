"""Every cell of a small corridor of queues, limits, slots and delays against running twice."""

from __future__ import annotations

import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.state import State
from karvan.freight.equilibrium import Equilibrium, Point, solve
from karvan.freight.prepare import Prepared
from karvan.freight.worth.adjoint import Adjoint
from karvan.freight.worth.cells import cell_derivatives, load_of, row_keys
from karvan.freight.worth.service import service_cells
from karvan.freight.worth.values import values, welfare_gradient, welfare_usd
from karvan.freight.year import problem_of, year_of
from tests.freight.solved import solve as prepared_world
from tests.worlds import demand, limit, use, y_corridor

STEP = 1e-4
KEYS = {
    "links": ["link"],
    "borders": ["link"],
    "resources": ["resource"],
    "transfers": ["place", "from_mode", "from_gauge_mm", "to_mode", "to_gauge_mm", "handling_class"],
    "choice": ["gateway_group", "handling_class", "direction", "kind", "from_year"],
    "demand": ["segment", "origin", "destination", "commodity", "year"],
}


def busy() -> Corridor:
    """The Y with cargo both ways over a queue, a delay, a fleet's slots and a limit, each of them near or at full."""
    queue = {"behaviour": "queue", "servers": 2, "units_per_service": 5.0, "ca2_plus_cs2": 1.5, "max_utilisation": 0.95}
    delay = {"behaviour": "delay", "delay_h": 30.0, "delay_power": 4.0}
    return y_corridor(
        demand=[
            demand("east", "west", "goods", "container", 120.0),
            demand("west", "east", "goods", "container", 60.0),
        ],
        resources=[
            limit("yard", 15_800.0, **queue),
            limit("track", 12_000.0, background_per_year=1500.0, **delay),
            limit("ships", 6000.0, behaviour="slots", direction="forward", max_utilisation=0.97),
            limit("berths", 8500.0, background_per_year=500.0, rent_share=0.8, sd_hours=9.0),
        ],
        uses=[
            use("yard", "trunk"), use("track", "to_lower"), use("ships", "upper_ship", "forward"),
            use("berths", "lower_ship", units_per_teu=1.5),
        ],
        choice=[
            {"gateway_group": "upper_sea", "handling_class": "container", "direction": "both", "kind": "aversion",
             "from_year": 2000, "constant_usd_per_teu": 30.0},
        ],
    )  # fmt: skip


def reached(prepared: Prepared, state: State, start: Point | None = None) -> Equilibrium:
    """The equilibrium of a state, which must be one."""
    answer = solve(problem_of(prepared, year_of(prepared, state)), start)
    assert answer.convergence.converged
    return answer


def changed(state: State, cell: pd.Series, factor: float) -> State:
    """The state with one cell multiplied; a row of demand takes its boxes along."""
    frame = state[cell["table"]].copy()
    named = row_keys(frame, KEYS[cell["table"]]) == cell["row"]
    assert named.sum() == 1
    for column in ["kt", "teu"] if cell["column"] == "kt" else [cell["column"]]:
        frame[column] = frame[column].astype(float).where(~named, frame[column].astype(float) * factor)
    return State(state.year, state.corridor, {**state.tables, cell["table"]: frame})


def test_the_small_corridor_waits_and_binds() -> None:
    solved = prepared_world(busy())
    answer = reached(solved.prepared, solved.state)
    assert (answer.point.wait[:2] > 1.0).all()
    assert (answer.point.price > 0).sum() >= 2
    assert values(answer).kinks.size == 0


@pytest.mark.parametrize(
    ("outcome", "every"),
    [
        ("welfare", 6),
        pytest.param("welfare", 1, marks=pytest.mark.slow),
        pytest.param("load of the queue", 1, marks=pytest.mark.slow),
    ],
)
def test_every_cell_answers_as_running_twice_does(outcome: str, every: int) -> None:
    solved = prepared_world(busy())
    answer = reached(solved.prepared, solved.state)
    adjoint = Adjoint(answer)
    gradient = welfare_gradient(answer, adjoint) if outcome == "welfare" else load_of(adjoint, 0)
    year = year_of(solved.prepared, solved.state)
    derivatives = adjoint.derivatives(gradient)
    services = service_cells(solved.prepared, year, answer, derivatives)
    table = pd.concat([cell_derivatives(solved.prepared, year, derivatives), services], ignore_index=True)
    table = table.loc[table["value"] > 0].reset_index(drop=True)
    assert len(table) >= 55
    floor = 1e-6 * table["elasticity"].abs().max()
    beside = Point(1.01 * answer.point.wait, 1.01 * answer.point.price)  # so that Newton has a step to take
    for _, cell in table.iloc[::every].iterrows():
        sides = [reached(solved.prepared, changed(solved.state, cell, 1 + s), beside) for s in (STEP, -STEP)]
        up, down = (welfare_usd(side) if outcome == "welfare" else float(side.load[0]) for side in sides)
        assert cell["elasticity"] == pytest.approx((up - down) / (2 * STEP), rel=1e-4, abs=floor), cell.to_dict()
