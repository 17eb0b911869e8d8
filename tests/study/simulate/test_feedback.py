"""Back to freight: what deviations move, by the hand calculation of a logit, and what they never change."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from karvan.freight.assignment import RELIABILITY_RATIO
from karvan.freight.empties import EMPTY_BOXES
from karvan.operations.corridor.replicate import Days
from karvan.study.simulate.feedback import Feedback, feedback, largest, moved_kt, with_deviations
from karvan.study.simulate.levers import lever_rows
from karvan.study.simulate.simulate import SimulateOptions, simulate_year
from karvan.study.solve import SolvedYears, solve_years
from karvan.study.states import states
from tests.operations_world import served
from tests.worlds import YEAR, limit, y_corridor

OF_TABLE = 12.0
HOUR = 2.0 / 24.0  # choice value of time of the goods, USD/t-h


@cache
def solved(capacity: float = 1e6) -> SolvedYears:
    berths = limit("berths", capacity, sd_hours=OF_TABLE)
    return solve_years(states(y_corridor(resources=[berths]), years=(YEAR,)))


def given(sd_hours: float, capacity: float = 1e6) -> Feedback:
    known = solved(capacity)
    (year,) = known.years
    simulated = pd.DataFrame({"resource": ["berths"], "sd_hours": [sd_hours]})
    return feedback(known.prepared, year, lever_rows(year.flow.state, simulated))


def row(answer: Feedback, what: str, group: str = "") -> pd.Series:
    rows = answer.tables["operations.feedback"]
    (found,) = rows.loc[(rows["what"] == what) & (rows["gateway_group"] == group)].to_dict("records")
    return pd.Series(found)


def test_the_deviations_of_the_table_given_back_change_nothing() -> None:
    answer = given(OF_TABLE)
    rows = answer.tables["operations.feedback"]
    assert answer.convergence.converged
    assert rows["kt_change"].abs().max() == pytest.approx(0.0, abs=1e-9)
    assert moved_kt(rows) == pytest.approx(0.0, abs=1e-9)
    assert largest(rows, "teu_change", 5).empty or rows["teu_change"].abs().max() < 1e-6


@pytest.mark.parametrize("sd_hours", [0.0, 48.0, 300.0])
def test_the_odds_of_two_ways_move_as_a_logit_says(sd_hours: float) -> None:
    known, answer = solved(), given(sd_hours)
    pairs = known.prepared.routes.pairs
    (pair,) = np.flatnonzero((pairs["origin"] == "east") & (pairs["commodity"] != EMPTY_BOXES))
    routes = np.flatnonzero(known.prepared.routes.pair_of_route == pair)
    before, after = known.years[0].flow, answer.year.flow
    lower = (before.taken.by_route[routes].toarray() > 0).any(axis=1)
    assert lower.sum() == 1
    assert routes.size == 2

    def log_odds(kt: np.ndarray) -> float:
        return float(np.log(kt[routes[lower]] / kt[routes[~lower]])[0])

    by_hand = -known.prepared.choice.theta[pair] * HOUR * RELIABILITY_RATIO * (sd_hours - OF_TABLE)
    assert log_odds(after.kt) - log_odds(before.kt) == pytest.approx(by_hand, rel=1e-6)


def test_a_worse_deviation_sends_cargo_by_the_other_gateway() -> None:
    answer = given(300.0)
    assert row(answer, "gateway", "upper_sea")["kt_change"] > 0.0
    (deviation,) = answer.tables["operations.deviations"].to_dict("records")
    assert deviation["sd_hours_before"] == OF_TABLE
    assert deviation["sd_hours_after"] == 300.0
    assert deviation["load_change"] < 0.0


@pytest.mark.parametrize("capacity", [1e6, 4000.0])
def test_no_cargo_is_lost_and_boxes_go_with_it(capacity: float) -> None:
    answer = given(300.0, capacity)
    served_, left = row(answer, "served"), row(answer, "unserved")
    for side in ("before", "after"):
        assert served_[f"kt_{side}"] + left[f"kt_{side}"] == pytest.approx(120.0)
        assert served_[f"teu_{side}"] + left[f"teu_{side}"] == pytest.approx(10_000.0)


def test_a_full_resource_stays_full_while_its_price_takes_the_change() -> None:
    (before,) = solved(4000.0).years
    answer = given(30.0, 4000.0)
    price = [year.equilibrium.point.price[0] for year in (before, answer.year)]
    assert price[0] > price[1] > 0.0
    (deviation,) = answer.tables["operations.deviations"].to_dict("records")
    assert deviation["load_before"] == pytest.approx(4000.0)
    assert deviation["load_after"] == pytest.approx(4000.0)


def test_only_deviations_of_the_levers_change_in_the_state() -> None:
    (year,) = solved().years
    state = year.flow.state
    levers = lever_rows(state, pd.DataFrame({"resource": ["berths", "a service"], "sd_hours": [5.0, 7.0]}))
    after = with_deviations(state, levers)
    assert after["resources"]["sd_hours"].tolist() == [5.0]
    assert after["resources"].drop(columns="sd_hours").equals(state["resources"].drop(columns="sd_hours"))
    assert state["resources"]["sd_hours"].tolist() == [OF_TABLE]
    assert after["links"] is state["links"]


def test_a_simulation_gives_back_its_own_levers_and_tells_how_freight_ended() -> None:
    options = SimulateOptions(YEAR, replications=1, days=Days(7, 7), back_to_freight=True)
    answer = simulate_year(served(), options=options)
    levers = answer["coupling.levers"].set_index("where")["value"]
    rows = answer["operations.deviations"]
    assert rows["sd_hours_after"].tolist() == [levers[f"resource={key}"] for key in rows["resource"]]
    assert answer.convergence[-1].part == f"freight {YEAR} with simulated deviations"
    assert answer.convergence[-1].converged
    plain = simulate_year(served(), options=SimulateOptions(YEAR, replications=1, days=Days(7, 7)))
    assert plain["operations.feedback"].empty
    assert plain["operations.transits"].equals(answer["operations.transits"])
