"""What each kind of step does, in worlds small enough to reckon by head."""

from __future__ import annotations

import numpy as np
import pytest

from karvan.errors import InfeasibleError
from karvan.numerics.events.layout import LENGTH, PERIOD_CAME, PERIOD_QUEUE, PERIOD_WAITED
from karvan.numerics.events.replication import Span
from karvan.operations.assemble import assemble
from karvan.operations.distributions import Constant, Exponential, Lognormal
from karvan.operations.network import Calendar, Network, Opening, Process, Queue, Resource, Source, Start
from karvan.operations.simulate import Records, simulate
from karvan.operations.statistics import estimate
from karvan.operations.steps import (
    Breakdown,
    Delay,
    Fork,
    Hold,
    Load,
    Loop,
    Release,
    Room,
    Seize,
    Size,
    Spawn,
    Step,
    Tally,
    Unload,
    Work,
)
from tests.operations.networks import every_step, queue_of

HOUR = Delay(Constant(1.0))


def run(network: Network, hours: float = 1000.0, **span: float) -> Records:
    """One replication."""
    return simulate(assemble(network), seed=1, replications=1, span=Span(hours, **span))  # type: ignore[arg-type]  # floats


def one_after_another(*sizes: Size, priority: tuple[int, ...] = ()) -> tuple[Source, ...]:
    """One consignment of each size, at hours 1, 2, 3 and so on."""
    ranks = priority or (0,) * len(sizes)
    return tuple(
        Source(f"box {n}", "box", Constant(float(n)), size=size, until_h=n + 0.5, priority=rank)
        for n, (size, rank) in enumerate(zip(sizes, ranks, strict=True), start=1)
    )


def test_a_vehicle_takes_what_fits_and_passes_over_what_does_not() -> None:
    """Room for 4 TEU at hour 4: 3 and 1 go, the 2 between them stays until the next ship at hour 8."""
    ship = (Loop((Delay(Constant(4.0)), Load("quay", Room(teu=4.0)), Unload())),)
    processes = (Process("ship", ship), Process("box", (Hold("quay"), Tally("box"))))
    demand = one_after_another(Size(teu=3.0), Size(teu=2.0), Size(teu=1.0))
    records = run(Network(processes, demand, (Start("ship"),), queues=(Queue("quay", "teu"),)), 10.0)
    assert records.hours_of("box")[0].tolist() == [3.0, 1.0, 6.0]


def test_wagons_and_trucks_of_one_deck_are_two_measures() -> None:
    """One wagon and one truck fit, a second wagon does not."""
    ship = (Loop((Delay(Constant(4.0)), Load("quay", Room(wagons=1.0, trucks=1.0)), Unload())),)
    processes = (Process("ship", ship), Process("box", (Hold("quay"), Tally("box"))))
    demand = one_after_another(Size(wagons=1.0), Size(wagons=1.0), Size(trucks=1.0))
    records = run(Network(processes, demand, (Start("ship"),), queues=(Queue("quay"),)), 10.0)
    assert records.hours_of("box")[0].tolist() == [3.0, 1.0, 6.0]


def test_a_vehicle_waits_for_its_least_load_but_not_beyond_its_patience() -> None:
    """Ships come at hours 0 and 0: the first finds 2 TEU at hour 2, the second leaves with one box at hour 5."""
    ship = (Load("quay", Room(), least=2.0, patience_h=5.0), Unload(), Tally("ship"))
    processes = (Process("ship", ship), Process("box", (Hold("quay"), Tally("box"))))
    demand = one_after_another(*[Size(teu=1.0)] * 3)
    records = run(Network(processes, demand, (Start("ship", 2),), queues=(Queue("quay", "teu"),)), 10.0)
    assert records.hours_of("ship")[0].tolist() == [2.0, 5.0]
    assert records.hours_of("box")[0].tolist() == [1.0, 0.0, 2.0]


def test_lower_priority_goes_first_and_cargo_shares_the_parts_of_its_ship() -> None:
    """Room for one: the last to come has the better priority. The ship waits an hour at the berth, then moves for 2."""
    ship = (Loop((Delay(Constant(4.0)), Load("quay", Room(units=1)), HOUR, Seize("berth"), HOUR, Unload(),
                  Release("berth"))),)  # fmt: skip
    keeper = (Delay(Constant(5.0)), Seize("berth"), HOUR, Release("berth"))
    processes = (Process("ship", ship), Process("box", (Hold("quay"), Tally("box"))), Process("keeper", keeper))
    demand = one_after_another(Size(), Size(), priority=(0, -1))
    network = Network(processes, demand, (Start("keeper"), Start("ship")), (Resource("berth", 1),), (Queue("quay"),))
    (left,) = run(network, 8.0).runs
    assert left.tally_times.tolist() == [[2.0, 7.0, 2.0, 0.0, 0.0]]


def test_a_fork_goes_on_when_its_last_part_has_ended() -> None:
    """Two pieces share a crane, an hour each."""
    piece = (Seize("crane"), HOUR, Release("crane"))
    whole = (Fork("piece", 2), Tally("whole"))
    processes = (Process("whole", whole), Process("piece", piece))
    records = run(Network(processes, starts=(Start("whole"),), resources=(Resource("crane", 1),)))
    assert records.hours_of("whole")[0].tolist() == [2.0]


def test_wagons_that_come_home_empty_are_what_the_next_load_waits_for() -> None:
    """Two wagons, a day each way, the empties on their own: a load every hour for 3 hours, the third waits 47 hours."""
    load = (Seize("wagons"), Tally("waited"), Delay(Constant(24.0)), Spawn("empty"))
    empty = (Delay(Constant(24.0)), Release("wagons"))
    processes = (Process("load", load), Process("empty", empty))
    demand = (Source("plant", "load", Constant(1.0), until_h=3.5),)
    records = run(Network(processes, demand, resources=(Resource("wagons", 2),)))
    assert records.hours_of("waited")[0].tolist() == [0.0, 0.0, 46.0]


def test_work_goes_on_only_while_it_is_open() -> None:
    """Open from 8 to 18: eleven hours of work that begin at midnight end at 9 the next day."""
    day = Calendar("day", (Opening("hours", open_from_h=8.0, open_to_h=18.0),))
    job = Process("job", (Work(Constant(11.0), "day", "border"), Tally("job")))
    (left,) = run(Network((job,), starts=(Start("job"),), calendars=(day,))).runs
    assert left.tally_times.tolist() == [[0.0, 33.0, 0.0, 0.0, 11.0]]


def test_repairs_add_their_share_to_working_time() -> None:
    """100 h of work, a failure every 50 h, 5 h to mend: 110 h in the mean."""
    broken = Delay(Constant(100.0), breakdown=Breakdown(50.0, Exponential(5.0)))
    job = Process("job", (Loop((Spawn("one"), Delay(Constant(1.0)))),))
    network = Network((job, Process("one", (broken, Tally("one")))), starts=(Start("job"),))
    found = estimate(run(network, 20_000.0).hours_of("one")[0])
    assert abs(found.mean - 110.0) < 3.0 * found.error


def test_demand_follows_its_profile() -> None:
    """Six a day in the first twelve hours, two in the others."""
    source = Source("demand", "one", Exponential(2.0), profile=(1.0, 1.0 / 3.0), profile_step_h=12.0)
    (left,) = run(Network((Process("one", (Tally("one"),)),), (source,)), 24.0 * 4000).runs
    early = left.tally_times[:, 0] % 24.0 < 12.0
    assert early.sum() == pytest.approx(24_000, abs=3.0 * np.sqrt(24_000))
    assert (~early).sum() == pytest.approx(8000, abs=3.0 * np.sqrt(8000))


def test_a_lognormal_time_has_its_mean_and_deviation() -> None:
    job = Process("job", (Loop((Delay(Lognormal(10.0, 5.0)), Spawn("one"))),))
    one = Process("one", (Delay(Lognormal(10.0, 5.0)), Tally("one")))
    hours = run(Network((job, one), starts=(Start("job"),)), 400_000.0).hours_of("one")[0]
    assert hours.mean() == pytest.approx(10.0, rel=0.01)
    assert hours.std() == pytest.approx(5.0, rel=0.03)


def test_sums_by_period_add_up_to_the_whole() -> None:
    network = queue_of(Exponential(1.25), Exponential(1.0))
    (left,) = run(network, 1000.0, period_h=24.0).runs
    came, waited = left.periods[0, :, PERIOD_CAME].sum(), left.periods[0, :, PERIOD_WAITED].sum()
    assert came == left.sums[0, 18]
    assert waited == pytest.approx(left.sums[0, 19])
    assert left.periods[0, :, PERIOD_QUEUE].sum() == pytest.approx(left.sums[0, 23])


def test_what_waits_when_nothing_is_left_to_happen_is_told() -> None:
    """Two processes that each hold what the other waits for."""

    def crossed(first: str, second: str) -> tuple[Step, ...]:
        return (Seize(first), HOUR, Seize(second), HOUR, Release(second), Release(first))

    processes = (Process("a", crossed("x", "y")), Process("b", crossed("y", "x")))
    starts = (Start("a"), Start("b"))
    records = run(Network(processes, starts=starts, resources=(Resource("x", 1), Resource("y", 1))))
    assert records.stalled() == [(0, {"x": 1, "y": 1})]
    assert records.runs[0].places[:, LENGTH].tolist() == [1, 1]
    assert records.runs[0].oldest.tolist() == [1.0, 1.0]


def test_an_instant_without_end_is_an_error() -> None:
    """A ship for which cargo waits that it has no wish to take: it comes back at once, for ever."""
    ship = Process("ship", (Loop((Load("quay", Room(teu=1.0), least=1.0), Unload())),))
    box = Process("box", (Loop((Hold("quay"), Tally("box"))),))
    network = Network((ship, box), starts=(Start("ship"), Start("box")), queues=(Queue("quay"),))
    with pytest.raises(InfeasibleError, match="does not get past hour 0"):
        run(network)


def test_every_kind_of_step_stands_in_the_small_world_of_the_twin() -> None:
    import typing

    from karvan.operations.review.walk import placed

    assert {type(each.step) for each in placed(every_step())} == set(typing.get_args(Step))


def test_a_log_says_who_went_on_when() -> None:
    program = assemble(queue_of(Constant(2.0), Constant(1.0)))
    (left,) = simulate(program, seed=1, replications=1, span=Span(4.5, logged=True)).runs
    both = zip(left.log_times, left.log_items, strict=True)
    told = [(float(at), program.label(int(pc)).step) for at, (_, pc) in both]
    assert told == [
        (0.0, "Source"), (2.0, "Source"), (2.0, "Seize"), (3.0, "Release"), (4.0, "Source"), (4.0, "Seize"),
    ]  # fmt: skip
