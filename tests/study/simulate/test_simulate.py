"""A year of services of a tiny world: what adds up, what repeats, what more ships or a storm change."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.outcome import Outcome
from karvan.errors import DataError
from karvan.operations.corridor.replicate import DAYS, Days, reading, run
from karvan.scenario.resolve import resolve
from karvan.scenario.state import state
from karvan.study.simulate.simulate import ONE_YEAR, SimulateOptions, prepared_year, simulate_year
from karvan.study.states import BASE
from tests.operations_world import served
from tests.worlds import YEAR

FEW = SimulateOptions(YEAR, replications=3)
CHAIN = "train > terminal > ferry"


@cache
def simulated() -> Outcome:
    return simulate_year(served(), options=FEW)


def total(outcome: Outcome, service: str, column: str, part: str = "total") -> float:
    rows = outcome["operations.transits"]
    chosen = (rows["service"] == service) & (rows["part"] == part) & (rows["commodity"] == "goods")
    return float(rows.loc[chosen, column].iloc[0])


def more_ships(factor: float) -> Scenario:
    where = (("resource", ("ships_forward", "ships_back")),)
    lever = Lever("scenario:more", "resources", "multiply", "capacity_per_year", factor, where)
    return Scenario("more", levers=(lever,))


def test_parts_of_the_time_add_up_to_all_of_it() -> None:
    parts = [total(simulated(), CHAIN, "mean_hours", part) for part in ("moving", "waiting", "handling", "border")]
    assert sum(parts) == pytest.approx(total(simulated(), CHAIN, "mean_hours"))
    assert min(parts) >= 0.0


def test_moving_hours_are_those_of_train_and_ferry() -> None:
    assert total(simulated(), CHAIN, "mean_hours", "moving") == pytest.approx(25.0 + 40.0, rel=0.02)


def test_quantiles_stand_in_order() -> None:
    p50, p80, p95 = (total(simulated(), CHAIN, f"p{share}_hours") for share in (50, 80, 95))
    assert 0.0 < p50 < p80 < p95


def test_consignments_of_the_year_are_the_cargo_of_freight_over_the_lot() -> None:
    counted = total(simulated(), CHAIN, "consignments") / FEW.replications
    assert counted == pytest.approx(960.0, rel=0.1), "9,600 TEU in lots of ten, Poisson"


def test_the_ferry_carries_what_came() -> None:
    rows = simulated()["operations.resources"].set_index("resource")
    assert rows["load"]["ships_forward"] == pytest.approx(9600.0, rel=0.1)
    assert rows["load"]["cranes"] == pytest.approx(9600.0 + 2000.0, rel=0.1)
    assert rows["capacity"]["cranes"] == pytest.approx(29_200.0)
    assert 50.0 < rows["cycles_per_year"]["ships_forward"] < 90.0


def test_trains_keep_a_timetable_that_gives_them_time() -> None:
    rows = simulated()["operations.transits"]
    train = rows.loc[(rows["service"] == "train") & (rows["part"] == "total")].iloc[0]
    assert train["on_time_share"] > 0.95, "30 hours for a run of 25, deviation 2"
    assert train["consignments"] / FEW.replications == pytest.approx(DAYS, abs=10)


def test_boarding_waits_half_a_day_for_a_daily_train() -> None:
    ready = prepared_year(served(), BASE, YEAR, Days())
    queues = [queue.queue for queue in ready.year.built.network.queues]
    one = reading(ready.year, 1, 0)
    served_there, waited = one.queues[queues.index("train forward"), :2]
    assert waited / served_there == pytest.approx(12.0, rel=0.1)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    again = simulate_year(served(), options=FEW)
    other = simulate_year(served(), options=SimulateOptions(YEAR, replications=3, seed=2))
    for name, frame in simulated().tables.items():
        assert frame.equals(again[name]), name
    assert total(other, CHAIN, "mean_hours") != total(simulated(), CHAIN, "mean_hours")


def test_a_replication_alone_is_that_among_others() -> None:
    ready = prepared_year(served(), BASE, YEAR, Days())
    first, second = run(ready.year, 1, 0), run(ready.year, 1, 1)
    alone = run(ready.year, 1, 1)
    assert np.array_equal(second.tally_times, alone.tally_times)
    assert not np.array_equal(first.tally_times[:50], second.tally_times[:50])


def test_a_scenario_that_changes_nothing_changes_no_hour() -> None:
    answer = simulate_year(served(), more_ships(1.0), FEW)
    assert (answer["operations.changes"]["change_hours"] == 0.0).all()
    assert (answer["operations.wait_changes"]["change_hours"] == 0.0).all()


def test_larger_ships_never_lengthen_the_wait_under_the_same_luck() -> None:
    answer = simulate_year(served(), more_ships(2.0), FEW)
    rows = answer["operations.changes"]
    mean = rows.loc[(rows["service"] == CHAIN) & (rows["measure"] == "mean")].iloc[0]
    assert mean["change_hours"] < 0.0
    assert mean["change_hours"] == pytest.approx(mean["plan_hours"] - mean["base_hours"])
    waits = answer["operations.wait_changes"].set_index("service")
    plain = simulated()["operations.resources"].set_index("resource")["wait_hours"]
    assert waits["change_hours"]["ferry forward"] < 0.0
    assert waits["base_hours"]["ferry forward"] == pytest.approx(plain["ships_forward"])


def test_years_are_drawn_until_enough_is_known_and_are_those_of_any_other_count() -> None:
    until = simulate_year(served(), options=SimulateOptions(YEAR, replications=40, until_enough=True))
    count = int(until.provenance.options["replications"])
    told = {each.part: each for each in until.convergence}[f"operations {YEAR}"]
    assert told.converged or count == 40
    assert count >= 10
    same = simulate_year(served(), options=SimulateOptions(YEAR, replications=count))
    for name, frame in until.tables.items():
        assert frame.equals(same[name]), name


def test_both_runs_of_a_scenario_are_drawn_as_often() -> None:
    answer = simulate_year(served(), more_ships(2.0), SimulateOptions(YEAR, replications=12, until_enough=True))
    assert 10 <= int(answer.provenance.options["replications"]) <= 12
    assert answer["operations.changes"]["half_width_hours"].notna().any()


def test_a_year_that_begins_with_nobody_on_the_way_is_told_to_fill_first() -> None:
    bare, warm = (
        simulate_year(served(), options=SimulateOptions(YEAR, replications=20, days=Days(before=before)))
        for before in (0, ONE_YEAR.before)
    )
    days = bare["operations.resources"].set_index("resource")["transient_days"]
    assert 0 < days["train"] <= ONE_YEAR.before
    unsettled = [[each for each in outcome.warnings if "MSER-5" in each] for outcome in (bare, warm)]
    assert "train" in unsettled[0][0]
    assert all("train" not in each for each in unsettled[1])


def test_storms_close_the_ferry_in_winter_and_its_queue_grows_then() -> None:
    rows = simulated()["operations.queues"]
    ferry = rows.loc[rows["service"] == "ferry forward"].set_index("day")
    assert ferry["open_share"][200] == 1.0
    # Drawn, not told: three winters of twelve storms each, half of them closed, give or take 0.06.
    assert ferry["open_share"][306:].mean() == pytest.approx(0.5, abs=0.2)
    assert ferry["open_share"][306:].nunique() > 1
    assert ferry["mean_queue"][320:360].mean() > ferry["mean_queue"][150:300].mean()


def test_deviations_come_back_to_freight_as_levers_that_it_can_apply() -> None:
    levers = simulated()["coupling.levers"]
    assert set(levers["where"]) == {"resource=cranes", "resource=ships_forward"}
    first = levers.iloc[0]
    key = str(first["where"]).partition("=")[2]
    value, where = float(first["value"]), (("resource", (key,)),)
    lever = Lever(str(first["owner"]), "resources", "set", "sd_hours", value, where)
    corridor = served()
    after = state(corridor, resolve(corridor, Scenario("model", levers=(lever,))), YEAR)
    rows = after["resources"].set_index("resource")
    assert rows["sd_hours"][key] == pytest.approx(float(first["value"]))


def test_events_are_told_in_order_of_time_with_names() -> None:
    answer = simulate_year(served(), options=SimulateOptions(YEAR, replications=1, logged=True))
    events = answer["operations.events"]
    assert events["hour"].is_monotonic_increasing
    assert {"ferry", "terminal", "train"} <= set(events["process"])
    assert "wind" in set(events["names"])


def test_few_replications_are_told_not_to_have_converged() -> None:
    (_, operations) = simulated().convergence
    assert not operations.converged
    assert operations.iterations == FEW.replications
    assert "more replications" in operations.message


@pytest.mark.parametrize("lacking", ["services", "parameters"])
def test_what_is_missing_is_asked_for(lacking: str) -> None:
    base = served()
    bare = Corridor(base.info, {name: base[name] for name in base if name != lacking})
    with pytest.raises(DataError) as refused:
        simulate_year(bare, options=FEW)
    assert refused.value.problems[0].remedy
