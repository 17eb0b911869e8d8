"""A tiny corridor with a record that its own model made, for tests of fits and forecasts."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.study.calibrate.ground import Ground, Solver, ground_of
from tests.worlds import demand, frame, limit, use, y_corridor

YEARS = tuple(range(2019, 2025))
TRUTH = {"early": -12.0, "late": 30.0}
GATE = {"gateway_group": "upper_sea", "handling_class": "container", "direction": "both"}
UPPER = {"table": "freight.gateways", "where": "gateway_group=upper_sea", "column": "kt", "unit": "kt"}
LOWER = {"table": "freight.flows", "where": "link=lower_ship", "column": "kt", "unit": "kt"}
KINDS = {"early": "observed practice", "late": "aversion"}


def lever(name: str, **cells: object) -> dict[str, object]:
    """A free lever on the constants of one kind at the upper port."""
    where = f"gateway_group=upper_sea & kind={KINDS[name]}"
    row = {"lever": name, "name": name.title(), "where": where, "column": "constant_usd_per_teu", "record": "upper"}
    return {**row, "prior": 0.0, "sd": 200.0, "low": -300.0, "high": 300.0, **cells}


def figure(year: int, value: float, **cells: object) -> dict[str, object]:
    """A yearly figure of the upper port, out on the first of February after its year."""
    row = {"indicator": "upper", "subject": "port", "scope": "all", "year": year, "period": "Y", "value": value}
    told = {"unit": "kt", "status": "observed", "preferred": True, "published": f"{year + 1}-02-01", "source": "made"}
    return {**row, **told, "published_basis": "source", "confidence": "high", **cells}


def bare(berths: float = 9000.0) -> Corridor:
    """The Y with demand that grows, berths, an aversion since 2022, and no record yet."""
    boxes = [{**demand("east", "west", "goods", "container", 100.0 + 10.0 * n), "year": y} for n, y in enumerate(YEARS)]
    return y_corridor(
        first_year=YEARS[0],
        demand=boxes,
        resources=[limit("berths", berths, sd_hours=12.0)],
        modes=[
            {"mode": "rail", "traction": "diesel", "gco2e_per_tkm": 25.0},
            {"mode": "feeder", "traction": "oil", "gco2e_per_tkm": 20.0},
        ],
        uses=[use("berths", "lower_ship")],
        choice=[
            {**GATE, "kind": "observed practice", "from_year": "2019", "constant_usd_per_teu": 10.0},
            {**GATE, "kind": "aversion", "from_year": "2022", "constant_usd_per_teu": 20.0},
        ],
        calibration=[lever("early"), lever("late")],
        indicators=[
            {"indicator": "upper", "name": "Upper", "scale": 1.0, "aggregate": "sum", **UPPER},
            {"indicator": "lower", "name": "Lower", "scale": 1.0, "aggregate": "sum", **LOWER},
        ],
    )


@cache
def recorded() -> Corridor:
    """The same with the yearly figures that its model gives where the levers have their true values."""
    world = bare().replace(observations=frame("observations", [figure(2019, 1.0)]))
    ground = ground_of(world)
    solver = Solver(ground, ground.states)
    solver.solve(YEARS, np.array([TRUTH[each.lever] for each in ground.levers]))
    return world.replace(observations=frame("observations", [figure(y, float(solver.told(y)[0])) for y in YEARS]))


def growing() -> Corridor:
    """The recorded corridor with rates of growth to 2030 and a plan for 2027."""
    rates = {"segment": "all", "from_year": 2025, "to_year": 2030, "base_years": 1}
    ends = {"low_pct": -5.0, "central_pct": 2.0, "high_pct": 10.0}
    plan = figure(2027, 1000.0, status="plan", published="2024-06-01")
    return with_figures(plan).replace(growth=frame("growth", [{**rates, **ends}]))


@cache
def ground() -> Ground:
    """What fits of it stand on."""
    return ground_of(recorded())


def with_figures(*more: dict[str, object]) -> Corridor:
    """The recorded corridor with further rows of the record."""
    world = recorded()
    rows = pd.concat([world["observations"], frame("observations", list(more))], ignore_index=True)
    return world.replace(observations=rows)
