"""Laws of the equilibrium on random corridors with queues, limits, slots and delays."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.corridor.corridor import Corridor
from karvan.corridor.state import State
from karvan.freight.equilibrium import Point
from karvan.freight.network.routes import demand_pairs
from karvan.freight.prepare import Prepared, prepare
from karvan.freight.solved import SolvedYear, solve_year
from karvan.freight.tables import freight_tables
from karvan.freight.year import flow_at, year_of
from tests.freight.made_problems import faults
from tests.freight.solved import Solved, state_of
from tests.laws.made_corridors import congested, corridors
from tests.laws.test_free_flow import net_flows, renamed, scaled


def solved_year(corridor: Corridor) -> tuple[Prepared, SolvedYear]:
    """The base year at its equilibrium, which must be one."""
    base = state_of(corridor)
    prepared = prepare([base], base, [base], demand_pairs([base]))
    answer = solve_year(prepared, base)
    assert answer.equilibrium.convergence.converged
    return prepared, answer


def resource_rows(corridor: Corridor) -> pd.DataFrame:
    """The table of resources at equilibrium."""
    prepared, answer = solved_year(corridor)
    return freight_tables(prepared, [answer.flow], [answer])["freight.resources"].set_index("resource")


@given(congested())
def test_at_equilibrium_nothing_is_lost_and_every_load_fits(corridor: Corridor) -> None:
    prepared, answer = solved_year(corridor)
    assert max(faults(answer.equilibrium).values()) <= 1e-6
    scale = float(corridor["demand"]["kt"].sum())
    net = net_flows(Solved(answer.flow.state, prepared, answer.flow))
    assert max(map(abs, net.values()), default=0.0) < 1e-9 * scale
    pairs = freight_tables(prepared, [answer.flow], [answer])["freight.pairs"]
    assert (pairs["served_kt"] + pairs["unserved_kt"]).to_numpy() == pytest.approx(pairs["demand_kt"], abs=1e-9)


@given(congested(("limit", "slots")))
def test_where_limits_are_the_only_interaction_the_value_is_the_price(corridor: Corridor) -> None:
    _, answer = solved_year(corridor)
    resources, point = answer.equilibrium.problem.resources, answer.equilibrium.point
    expected = point.price * resources.most_used
    assert resources.rent_share.tolist() == [1.0] * expected.size
    away = np.setdiff1d(np.arange(expected.size), answer.worth.kinks)
    assert answer.worth.usd_per_unit[away] == pytest.approx(expected[away], rel=1e-6, abs=1e-6)


@given(congested(), st.sampled_from([0.01, 3.0, 1000.0]))
def test_money_in_another_unit_scales_prices_and_values(corridor: Corridor, factor: float) -> None:
    ours, theirs = resource_rows(corridor), resource_rows(scaled(corridor, factor))
    assert theirs["load"].to_numpy() == pytest.approx(ours["load"].to_numpy(), rel=1e-6, abs=1e-3)
    for column in ("price_usd_per_unit", "value_usd_per_unit", "users_usd_per_percent"):
        figures = ours[column].fillna(0.0).to_numpy() * factor
        floor = 1e-5 * max(1e-3, float(np.abs(figures).max(initial=0.0)))
        assert theirs[column].fillna(0.0).to_numpy() == pytest.approx(figures, rel=1e-5, abs=floor)


@given(congested())
def test_names_and_the_order_of_rows_change_no_load_wait_price_or_value(corridor: Corridor) -> None:
    columns = ["load", "wait_hours", "price_usd_per_unit", "value_usd_per_unit"]
    ours, theirs = resource_rows(corridor)[columns].fillna(0.0), resource_rows(renamed(corridor))[columns].fillna(0.0)
    floors = 1e-6 * np.maximum(ours.abs().max(), 1.0)
    gap = (theirs.loc[ours.index] - ours).abs() - 1e-5 * ours.abs()
    assert (gap <= floors).all().all()


@given(corridors(), st.data())
def test_at_fixed_waits_an_open_or_cheaper_link_never_raises_a_logsum_cost(
    corridor: Corridor, data: st.DataObject
) -> None:
    base = state_of(corridor)
    prepared, links = prepare([base], base, [base], demand_pairs([base])), base["links"]
    point = Point(np.array([data.draw(st.floats(0.0, 500.0))]), np.array([data.draw(st.floats(0.0, 500.0))]))

    def logsum(table: pd.DataFrame) -> np.ndarray:
        state = State(base.year, corridor, {**base.tables, "links": table})
        return flow_at(prepared, year_of(prepared, state), point).shares.logsum_usd_per_t

    cuts = data.draw(st.lists(st.sampled_from([1.0, 0.5]), min_size=len(links), max_size=len(links)))
    shut = data.draw(st.lists(st.booleans(), min_size=len(links), max_size=len(links)))
    now = logsum(links)
    assert (now <= logsum(links.assign(open=shut))).all()
    assert (logsum(links.assign(usd_per_feu=links["usd_per_feu"] * cuts)) <= now * (1 + 1e-12)).all()


@given(congested())
def test_another_start_reaches_the_same_loads(corridor: Corridor) -> None:
    prepared, answer = solved_year(corridor)
    size = answer.equilibrium.load.size
    again = solve_year(prepared, answer.flow.state, Point(np.full(size, 300.0), np.full(size, 50.0)))
    assert again.equilibrium.convergence.converged
    assert again.equilibrium.load == pytest.approx(answer.equilibrium.load, rel=1e-6, abs=1e-6)
