"""Equilibrium problems of any size, made by code from a seed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan.freight.equilibrium import Problem
from karvan.freight.resources import resources_of
from karvan.numerics.loading import Demand, Paths, choose, loads

ROUTES_A_PAIR = 10
RESOURCES_A_ROUTE = 5
BEHAVIOURS = ("queue", "limit", "delay", "slots")


def made_problem(routes: int, resources: int, seed: int = 1) -> Problem:
    """Pairs of four classes with ten routes each over five random resources; capacities are near the free-flow loads.

    Parameters
    ----------
    routes
        At least 10, a multiple of 10.
    resources
        At least 5: queues rationed at 95 %, limits, delays and slots in turn.
    """
    rng = np.random.default_rng(seed)
    pairs, size = routes // ROUTES_A_PAIR, routes * RESOURCES_A_ROUTE
    demand = Demand(
        start=np.arange(0, routes + 1, ROUTES_A_PAIR, dtype=np.int64),
        theta=rng.uniform(0.02, 0.1, pairs),
        outside=rng.uniform(250.0, 400.0, pairs),
        units=rng.lognormal(8.0, 1.0, pairs),
        hour=rng.choice([0.0, 0.05, 0.2, 0.8], pairs),
        per_t=rng.choice([1.0, 0.1], pairs),
    )
    first = rng.integers(0, resources, (routes, 1))
    steps = np.cumsum(rng.integers(1, max(2, resources // RESOURCES_A_ROUTE), (routes, RESOURCES_A_ROUTE)), axis=1)
    paths = Paths(
        base=rng.uniform(80.0, 150.0, routes),
        log_size=np.zeros(routes),
        start=np.arange(0, size + 1, RESOURCES_A_ROUTE, dtype=np.int64),
        resource=((first + steps) % resources).ravel().astype(np.int32),
        use=rng.uniform(0.5, 2.0, size),
        passes=np.ones(size),
    )
    nothing = np.zeros(resources)
    free = loads(demand, paths, choose(demand, paths, nothing, nothing).share, resources)
    capacity = np.maximum(free, 1.0) * rng.uniform(0.8, 1.6, resources)
    return Problem(demand, paths, resources_of(_table(capacity)))


def _table(capacity: np.ndarray) -> pd.DataFrame:
    """The resources table of some capacities."""
    behaviour = np.array([BEHAVIOURS[i % len(BEHAVIOURS)] for i in range(capacity.size)])
    cells = {
        "resource": [f"r{i}" for i in range(capacity.size)],
        "unit": "TEU",
        "owner": "made",
        "behaviour": behaviour,
        "capacity_per_year": capacity,
        "background_per_year": 0.0,
        "max_utilisation": np.where(behaviour == "queue", 0.95, 1.0),
        "rent_share": 1.0,
        "servers": 3.0,
        "hours_open_per_year": 8760.0,
        "units_per_service": capacity * 12.0 / (3.0 * 8760.0),  # a service takes 12 h
        "ca2_plus_cs2": 1.5,
        "delay_h": 10.0,
        "delay_power": 4.0,
    }
    return pd.DataFrame(cells)
