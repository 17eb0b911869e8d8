"""The event loop against queueing theory: every public reference case, five seeds, a hundred replications each."""

from __future__ import annotations

import pytest

from karvan.operations.assemble import assemble
from karvan.operations.simulate import simulate
from karvan.operations.statistics import estimate
from tests.operations.oracle_cases import CASES, Case

SEEDS = (1, 2, 3, 4, 5)
REPLICATIONS = 100
QUICK = ("M/M/1/5", "timetable", "full loads", "tandem", "vacations")


def misses(case: Case, seed: int) -> list[str]:
    """What lies more than three standard errors off; half-widths of 2 % and more are failures at once."""
    records = simulate(assemble(case.network), seed=seed, replications=REPLICATIONS, span=case.span)
    found = []
    for quantity, measure, exact in case.known:
        got = estimate(measure(records))
        assert got.relative < 0.02, (case.name, quantity, got)
        if abs(got.mean - exact) > 3.0 * got.error:
            found.append(f"{case.name} {quantity} seed {seed}: {got.mean:.5g}, exact {exact:.5g}")
    return found


@pytest.mark.parametrize("name", QUICK)
def test_a_quick_case_meets_its_exact_value(name: str) -> None:
    (case,) = (case for case in CASES if case.name == name)
    assert misses(case, 2) == []


@pytest.mark.parametrize("case", [case for case in CASES if case.exact], ids=lambda case: case.name)
def test_what_holds_no_chance_is_exact(case: Case) -> None:
    records = simulate(assemble(case.network), seed=1, replications=2, span=case.span)
    for _, measure, exact in case.known:
        assert measure(records).tolist() == pytest.approx([exact, exact], rel=1e-12)


@pytest.mark.slow
def test_over_all_cases_and_seeds_at_most_one_value_is_missed() -> None:
    found = [miss for case in CASES if not case.exact for seed in SEEDS for miss in misses(case, seed)]
    print(found)
    assert len(found) <= 1
