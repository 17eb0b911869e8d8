"""Journeys of a tiny world: what cargo meets, how much of it, and what it weighs."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from karvan.operations.corridor.build import added_hours, distribution
from karvan.operations.corridor.journeys import BOARDING, HANDLING, MOVING, Lots, Plan, plan
from karvan.operations.corridor.services import Service, services_of
from karvan.operations.distributions import Constant, Erlang, Lognormal, Uniform, mean_hours
from karvan.study.simulate.loads import loads_of
from karvan.study.solve import SolvedYears, solve_years
from karvan.study.states import states
from tests.operations_world import served
from tests.worlds import YEAR


@cache
def solved() -> SolvedYears:
    return solve_years(states(served(), years=(YEAR,)))


@cache
def services() -> tuple[Service, ...]:
    return services_of(solved().years[0].flow.state)


def planned(teu: float = 10.0) -> Plan:
    year = solved().years[0]
    return plan(loads_of(solved().prepared, year), services(), year.flow.state, Lots(teu, 400.0, 87.5))


def test_loads_times_uses_are_freights_loads_of_its_resources() -> None:
    year = solved().years[0]
    loads = loads_of(solved().prepared, year)
    taken: dict[str, float] = {}
    for flow in range(len(loads.flows)):
        for passage in loads.of(flow):
            for resource, used in passage.uses:
                taken[resource] = taken.get(resource, 0.0) + used * float(loads.flows["units"].iloc[flow])
    told = year.flow.taken.by_route.T @ year.flow.units
    for resource, load in zip(year.flow.state["resources"]["resource"], told, strict=True):
        assert taken.get(resource, 0.0) == pytest.approx(load)


def test_boxes_ride_the_train_pass_the_terminal_and_ride_the_ferry() -> None:
    west = [journey for journey in planned().journeys if journey.destination == "west"]
    (chain,) = {journey.chain for journey in west}
    assert chain == "train > terminal > ferry"
    assert [ride.queue for ride in west[0].rides] == ["train forward", "terminal", "ferry forward"]
    assert [ride.weight for ride in west[0].rides] == [1.0, 1.0, 1.0]


def test_no_unit_is_lost_between_freight_and_journeys() -> None:
    loads, made = loads_of(solved().prepared, solved().years[0]), planned()
    carried = sum(journey.units for journey in made.journeys) + sum(made.left_out.values())
    assert carried == pytest.approx(float(loads.flows["units"].sum()))


def test_hours_of_what_is_simulated_are_not_counted_twice() -> None:
    journey = next(journey for journey in planned().journeys if journey.destination == "west")
    assert journey.fixed_h[:, MOVING].sum() == 0.0, "train and ferry move it"
    assert journey.fixed_h[:, BOARDING].sum() == 0.0, "the ferry's queue is its boarding"
    terminal = next(service for service in services() if service.key == "terminal")
    assert journey.fixed_h[2, HANDLING] == pytest.approx(20.0 - terminal.served_h), "20 h of the transfer, queue apart"


def test_a_service_stands_at_the_capacity_of_its_resource() -> None:
    terminal = next(service for service in services() if service.key == "terminal")
    yearly = terminal.vehicles * terminal.room * terminal.open_hours / terminal.mean_h
    assert yearly == pytest.approx(29_200.0)
    ferry = next(service for service in services() if service.key == "ferry")
    assert ferry.vehicles == 2
    assert ferry.room == pytest.approx(120.0)
    assert ferry.pace == pytest.approx(1.0)


@pytest.mark.parametrize("factor", [0.5, 0.9, 1.3])
def test_a_capacity_that_history_changes_changes_pace_or_room_by_as_much(factor: float) -> None:
    base = served()
    resources = base["resources"]
    changed = base.replace(resources=resources.assign(capacity_per_year=resources["capacity_per_year"] * factor))
    state = states(changed, years=(YEAR,)).years[0]
    terminal, ferry = (next(s for s in services_of(state) if s.key == key) for key in ("terminal", "ferry"))
    assert terminal.mean_h == pytest.approx(5.0 / factor)
    assert ferry.room == pytest.approx(120.0 * factor)


def test_added_hours_hold_all_that_is_fixed() -> None:
    journey = next(journey for journey in planned().journeys if journey.destination == "west")
    total, moving, handling, border = added_hours(journey)
    between = float(journey.fixed_h[1:-1].sum())
    assert total + between == pytest.approx(float(journey.fixed_h.sum()))
    waiting = float(journey.fixed_h[:, BOARDING].sum())
    assert moving + between + handling + border + waiting == pytest.approx(float(journey.fixed_h.sum()))


@pytest.mark.parametrize(
    ("kind", "made"),
    [("constant", Constant(6.0)), ("erlang", Erlang(6.0, 4)), ("lognormal", Lognormal(6.0, 3.0))],
)
def test_distributions_have_the_mean_of_the_table(kind: str, made: object) -> None:
    assert distribution(kind, 6.0, 3.0) == made


def test_a_uniform_time_is_as_wide_as_its_deviation() -> None:
    made = distribution("uniform", 10.0, 2.0)
    assert isinstance(made, Uniform)
    assert mean_hours(made) == pytest.approx(10.0)
    assert (made.high_h - made.low_h) / np.sqrt(12.0) == pytest.approx(2.0)
