"""The wait formula against the exact wait of M/M/c, which Erlang's C gives (Erlang 1917)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from karvan.numerics.queues import queue_slope, queue_utilisation, queue_wait

Floats = NDArray[np.float64]
REFERENCE = Path(__file__).parents[3] / "shared" / "acceptance" / "queue_reference.csv"
SERVERS = (1, 2, 3, 4, 5, 8, 10)
UTILISATIONS = (0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


def erlang_wait(servers: int, utilisation: float) -> float:
    """Exact mean wait of M/M/c in service times, by the recursion of Erlang's B."""
    offered, blocked = servers * utilisation, 1.0
    for n in range(1, servers + 1):
        blocked = offered * blocked / (n + offered * blocked)
    waiting = blocked / (1.0 - utilisation * (1.0 - blocked))
    return waiting / (servers * (1.0 - utilisation))


def formula(servers: int, utilisation: float, variability: float = 2.0) -> float:
    """The wait in service times."""
    return float(queue_wait(*(np.array([x]) for x in (utilisation, float(servers), 1.0, variability)))[0])


def test_the_wait_is_within_a_twentieth_of_the_service_time_of_erlangs() -> None:
    """The error as an absolute share of the service time, which is what a planner pays for."""
    errors = [formula(c, rho) - erlang_wait(c, rho) for c in SERVERS for rho in UTILISATIONS]
    worst = float(np.max(np.abs(errors)))
    print(f"largest error {worst:.4f} of the service time")
    assert worst < 0.05


def test_one_server_with_exponential_times_is_exact() -> None:
    for rho in UTILISATIONS:
        assert formula(1, rho) == pytest.approx(rho / (1.0 - rho), rel=1e-12)


@pytest.mark.skipif(not REFERENCE.exists(), reason="the table of reference waits is not part of the repository")
def test_the_wait_is_as_near_to_the_table_of_exact_waits() -> None:
    for servers, rho, _, exact, half in pd.read_csv(REFERENCE).to_numpy().tolist():
        assert erlang_wait(int(servers), rho) == pytest.approx(exact, abs=1e-8)
        assert formula(int(servers), rho) == pytest.approx(exact, abs=0.05)
        assert formula(int(servers), rho, 1.5) == pytest.approx(half, abs=0.05)


@pytest.mark.parametrize("servers", [1.0, 3.0, 40.0, 1000.0])
def test_utilisation_and_slope_are_those_of_the_wait(servers: float) -> None:
    rho = np.array([0.3, 0.7, 0.95, 0.9999])
    rest = (np.full(4, servers), np.full(4, 5.0), np.full(4, 1.2))
    wait = queue_wait(rho, *rest)
    kept = wait > 1e-12  # what the inverse is meant for
    assert queue_utilisation(wait, *rest)[kept] == pytest.approx(rho[kept], rel=1e-12)
    step = 1e-7 * rho
    seen = (queue_wait(rho + step, *rest) - queue_wait(rho - step, *rest)) / (2 * step)
    assert queue_slope(rho, *rest) == pytest.approx(seen, rel=1e-5)
