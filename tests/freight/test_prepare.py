"""What is compiled once: scales of choice, path sizes, cheapest costs, passages."""

from __future__ import annotations

import numpy as np
import pytest

from karvan.freight.assignment import free_flow
from karvan.freight.network.routes import demand_pairs
from karvan.freight.network.supernetwork import HEADINGS
from karvan.freight.prepare import OUTSIDE_FACTOR, prepare
from tests.freight.solved import sequences, set_cells, solve, state_of, with_rows
from tests.worlds import YEAR, demand, y_corridor

# y_corridor: 48.75 USD/t and 143.34 h by Upper, 50.83 and 213.44 by Lower, at 2 USD a tonne and day.
UPPER, LOWER = 48.75 + 143.34 / 12, 610 / 12 + 213.44 / 12
PARAMETER = {"unit": "1", "description": "for a test"}


def test_the_cheapest_cost_is_money_and_the_value_of_time_in_the_base_year() -> None:
    assert solve(y_corridor()).prepared.cheapest_usd_per_t[0] == pytest.approx(UPPER)


def test_the_scale_is_the_dispersion_over_the_cheapest_cost() -> None:
    assert solve(y_corridor()).prepared.choice.theta[0] == pytest.approx(5.0 / UPPER)


def test_the_outside_option_costs_a_multiple_of_the_cheapest_route() -> None:
    assert solve(y_corridor()).prepared.choice.outside_usd_per_t[0] == pytest.approx(OUTSIDE_FACTOR * UPPER)
    row = {**PARAMETER, "parameter": "outside_factor", "value": 4.0}
    assert solve(y_corridor(parameters=[row])).prepared.choice.outside_usd_per_t[0] == pytest.approx(4.0 * UPPER)


def test_path_sizes_weigh_the_trunk_by_cost_and_the_exponent_is_a_parameter() -> None:
    """Both routes share loading (50 USD, 12 h) and the trunk (250 USD, 25 h) of a TEU."""
    shared = 300 / 12 + 37 / 12
    prepared = solve(y_corridor()).prepared
    size = 1 - shared / 2 / np.array([UPPER, LOWER])
    order = [sequences(prepared).index(name) for name in ("upper_sea", "berths")]
    assert np.exp(prepared.choice.log_path_size[order]) == pytest.approx(size)
    row = {**PARAMETER, "parameter": "path_size_exponent", "value": 2.0}
    squared = solve(y_corridor(parameters=[row])).prepared
    assert np.exp(squared.choice.log_path_size[order]) == pytest.approx(size**2)


def test_the_scale_stays_that_of_the_base_year_whatever_other_years_cost() -> None:
    rows = [{**demand("east", "west", "goods", "container", 120.0), "year": year} for year in (YEAR - 1, YEAR)]
    lever = {"lever": "H1", "owner": "history", "table": "links", "where": "link=trunk", "column": "usd_per_feu"}
    dear = [{**lever, "operation": "set", "value": "900", "to": str(YEAR - 1)}]
    world = y_corridor(YEAR - 1, demand=rows, levers=dear)
    early, base = state_of(world, YEAR - 1), state_of(world)
    prepared = prepare([early, base], base, [early], demand_pairs([base]))
    assert prepared.cheapest_usd_per_t[0] == pytest.approx(UPPER)


def test_a_route_that_is_closed_in_the_base_year_does_not_set_the_scale() -> None:
    rows = [{**demand("east", "west", "goods", "container", 120.0), "year": year} for year in (YEAR - 1, YEAR)]
    world = set_cells(y_corridor(YEAR - 1, demand=rows), "links", ["to_upper"], open_to=str(YEAR - 1))
    early, base = state_of(world, YEAR - 1), state_of(world)
    prepared = prepare([early, base], base, [early], demand_pairs([base]))
    assert prepared.cheapest_usd_per_t[0] == pytest.approx(LOWER)


def test_a_pair_without_a_route_has_no_cheapest_cost_and_harms_no_other() -> None:
    lost = demand("east", "west", "metals", "wagon", 5.0)
    prepared = solve(with_rows(y_corridor(), "demand", lost)).prepared
    assert np.isnan(prepared.cheapest_usd_per_t).tolist() == [False, True]
    assert prepared.cheapest_usd_per_t[0] == pytest.approx(UPPER)


def test_units_a_tonne_and_the_value_of_time_belong_to_the_commodity() -> None:
    prepared = solve(y_corridor()).prepared
    assert prepared.units_per_t.tolist() == pytest.approx([1 / 12])
    assert prepared.usd_per_t_hour.tolist() == pytest.approx([2.0 / 24])


def test_a_run_of_one_gateway_group_is_one_passage_with_the_heading_of_its_first_arc() -> None:
    """Trunk and arm of one group are one passage; the ship is another, eastbound."""
    world = set_cells(y_corridor(), "links", ["trunk", "to_upper", "to_lower"], gateway_group="railway")
    prepared = solve(set_cells(world, "links", ["upper_ship"], heading="eastbound")).prepared
    groups = [prepared.routes.network.groups[g] for g in prepared.passages.group]
    told = list(zip(groups, [HEADINGS[h] for h in prepared.passages.heading], strict=True))
    assert sorted(told) == [
        ("berths", "westbound"), ("railway", "westbound"), ("railway", "westbound"), ("upper_sea", "eastbound"),
    ]  # fmt: skip


def test_a_year_is_solved_alike_whether_or_not_a_later_one_opens_another_way() -> None:
    rows = [{**demand("east", "west", "goods", "container", 120.0), "year": year} for year in (YEAR, YEAR + 1)]
    world = set_cells(y_corridor(demand=rows), "links", ["to_upper"], open_from=str(YEAR + 1))
    base, later = state_of(world), state_of(world, YEAR + 1)
    alone = prepare([base], base, [base], demand_pairs([base]))
    both = prepare([base, later], base, [base], demand_pairs([base]))
    assert (len(sequences(alone)), len(sequences(both))) == (1, 2)
    split = [dict(zip(sequences(p), free_flow(p, base).shares.route, strict=True)) for p in (alone, both)]
    (there,) = split[0]
    (new,) = set(split[1]) - {there}
    assert split[1] == pytest.approx({**split[0], new: 0.0})
    assert free_flow(alone, base).shares.outside == pytest.approx(free_flow(both, base).shares.outside)
    sizes = dict(zip(sequences(both), both.choice.log_path_size, strict=True))
    assert sizes[new] < 0 == sizes[there]
