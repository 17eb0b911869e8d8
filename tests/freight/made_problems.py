"""Equilibrium problems as arrays: made by hand from pairs and routes, or drawn at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from karvan.freight.equilibrium import Equilibrium, Point, Problem, solve
from karvan.freight.resources import Resources, resources_of
from karvan.numerics.loading import Demand, Paths
from tests.worlds import frame

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cargo:
    """One pair: units of demand a year, its routes (base cost, units of each resource a unit) and its class."""

    units: float
    routes: Sequence[tuple[float, Mapping[int, float]]]
    theta: float = 0.05
    outside: float = 500.0
    hour: float = 0.5
    per_t: float = 1.0


def resource(key: str, behaviour: str, capacity: float, **cells: object) -> dict[str, object]:
    """A resource in tonnes whose scarcity is all rent; a queue of one exponential server that is never rationed."""
    row = {"resource": key, "name": key, "owner": "port", "behaviour": behaviour, "unit": "t", "direction": "both"}
    needs: Mapping[str, Mapping[str, object]] = {
        "queue": {"servers": 1, "units_per_service": capacity / 4380.0 or 1.0, "ca2_plus_cs2": 2.0},
        "delay": {"delay_h": 10.0, "delay_power": 4.0},
    }
    rest = {"max_utilisation": 1.0, "rent_share": 1.0, "background_per_year": 0.0}
    return {**row, "capacity_per_year": capacity, **needs.get(behaviour, {}), **rest, **cells}


def problem(cargo: Sequence[Cargo], rows: Sequence[Mapping[str, object]]) -> Problem:
    """The arrays of some pairs over some resources; every use of a resource is one pass through it."""
    routes = [route for one in cargo for route in one.routes]
    used = [sorted(uses.items()) for _, uses in routes]
    demand = Demand(
        start=np.cumsum([0, *(len(one.routes) for one in cargo)]).astype(np.int64),
        theta=np.array([one.theta for one in cargo]),
        outside=np.array([one.outside for one in cargo]),
        units=np.array([one.units for one in cargo], dtype=np.float64),
        hour=np.array([one.hour for one in cargo]),
        per_t=np.array([one.per_t for one in cargo]),
    )
    resources = resources_of(frame("resources", rows))
    shut = [any(resources.closed[r] for r in uses) for _, uses in routes]
    flat = [entry for uses in used for entry in uses]
    paths = Paths(
        base=np.where(shut, np.inf, np.array([cost for cost, _ in routes], dtype=np.float64)),
        log_size=np.zeros(len(routes)),
        start=np.cumsum([0, *(len(uses) for uses in used)]).astype(np.int64),
        resource=np.array([r for r, _ in flat], dtype=np.int32),
        use=np.array([u for _, u in flat], dtype=np.float64),
        passes=np.ones(len(flat)),
    )
    return Problem(demand, paths, resources)


def random_problem(seed: int, behaviours: Sequence[str], fullness: float = 1.0) -> Problem:
    """Eight pairs of several classes, four routes each, over ten resources of the given behaviours.

    ``fullness`` is what the average free-flow load of a resource is of its capacity.
    """
    rng = np.random.default_rng(seed)
    size, each = 10, 4
    cargo = [
        Cargo(
            units=rng.uniform(1e4, 1e5),
            routes=[
                (rng.uniform(80, 150), {int(r): rng.uniform(0.5, 2.0) for r in rng.choice(size, 3, replace=False)})
                for _ in range(each)
            ],
            theta=rng.uniform(0.02, 0.1),
            outside=rng.uniform(200, 400),
            hour=float(rng.choice([0.05, 0.2, 0.8])),
            per_t=float(rng.choice([1.0, 0.1])),
        )
        for _ in range(8)
    ]
    free = problem(cargo, [resource(f"r{i}", "limit", 1e12) for i in range(size)])
    load = solve(free).load
    capacity = np.maximum(load, 1e3) / fullness * rng.uniform(0.8, 1.25, size)
    kinds = [behaviours[i % len(behaviours)] for i in range(size)]
    extra = {"queue": {"servers": 3, "max_utilisation": 0.95}, "limit": {"rent_share": 0.6}}
    rows = [resource(f"r{i}", kinds[i], capacity[i], **extra.get(kinds[i], {})) for i in range(size)]
    return problem(cargo, rows)


def unrationed(made: Problem) -> Problem:
    """The problem with queues that nothing rations and all scarcity a rent."""
    resources = made.resources
    limited = resources.limited & ~resources.queue
    most = np.where(resources.queue, 1.0, resources.most_used)
    rents = np.ones(most.size)
    return made._replace(resources=replace(resources, limited=limited, most_used=most, rent_share=rents))


def reached(made: Problem, start: Point | None = None) -> Equilibrium:
    """The equilibrium, which must be one."""
    answer = solve(made, start)
    assert answer.convergence.converged, answer.convergence
    return answer


def faults(answer: Equilibrium) -> dict[str, float]:
    """How far an answer is from each thing that an equilibrium promises, as shares; judged without the residual.

    ``wait``: the wait against the curve at the utilisation; ``over``: load beyond what a limit leaves; ``idle``: price
    times unused room, as a share of the price and the capacity.
    """
    resources: Resources = answer.problem.resources
    live = ~resources.closed
    capacity = np.where(live, resources.capacity, 1.0)
    curve = resources.wait_hours(answer.utilisation)
    wait = np.abs(answer.point.wait - curve) / (1.0 + curve)
    slack = (resources.room - answer.load) / capacity
    idle = np.where(answer.point.price > 0, np.minimum(np.abs(slack), answer.point.price), 0.0)
    return {
        "wait": float(np.max(wait, where=resources.waiting, initial=0.0)),
        "over": float(np.max(-slack, where=resources.limited, initial=0.0)),
        "idle": float(np.max(idle, where=resources.limited, initial=0.0)),
        "closed": float(np.max(answer.load, where=resources.closed, initial=0.0)),
    }
