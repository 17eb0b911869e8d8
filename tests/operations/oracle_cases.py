"""The public reference cases of queueing as networks: what is measured in each, and its exact value.

The values are closed forms or exact chains: Erlang 1917, Pollaczek and Khinchine 1930, Crommelin 1932, Hunt 1956,
Jackson 1957, Bailey 1954, and numerically solved chains of the same models.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from karvan.numerics.events.layout import DELAYED, SERVED, WAITED
from karvan.numerics.events.replication import Span
from karvan.operations.distributions import Constant, Erlang, Exponential, Hyperexponential, Uniform
from karvan.operations.network import (
    Calendar,
    Line,
    Network,
    Opening,
    Process,
    Queue,
    Resource,
    Section,
    Source,
    Start,
)
from karvan.operations.simulate import Records
from karvan.operations.steps import (
    Attempt,
    Delay,
    Hold,
    IfEmpty,
    Load,
    Loop,
    Release,
    Room,
    Seize,
    Step,
    Tally,
    Travel,
    Unload,
    Work,
)
from tests.operations.networks import queue_of, served, timetabled

Values = np.ndarray[tuple[int], np.dtype[np.float64]]
Measure = Callable[[Records], Values]


@dataclass(frozen=True)
class Case:
    """A network, how long it is run, and (quantity, measure by replication, exact value) of what is known about it."""

    name: str
    network: Network
    span: Span
    known: tuple[tuple[str, Measure, float], ...]
    exact: bool = False


def mean(tally: str) -> Measure:
    """The mean of a tally."""
    return lambda records: np.array([hours.mean() for hours in records.hours_of(tally)])


def quantile(tally: str, share: float) -> Measure:
    """A quantile of a tally."""
    return lambda records: np.array([np.quantile(hours, share) for hours in records.hours_of(tally)])


def ratio(place: str, above: int, below: int) -> Measure:
    """One sum of a place over another."""
    return lambda records: records.sums_of(place, above) / records.sums_of(place, below)


def _finite_yard() -> Network:
    """M/M/1/5: who finds five in the system is turned away."""
    steps = (Attempt("yard", 1, (*served("server", Exponential(1.0)), Release("yard"), Tally("in")), (Tally("out"),)),)
    return Network(
        (Process("customer", steps),), (Source("demand", "customer", Exponential(1.0 / 0.9)),),
        resources=(Resource("yard", 5), Resource("server", 1)),
    )  # fmt: skip


def _lost(records: Records) -> Values:
    both = zip(records.hours_of("out"), records.hours_of("in"), strict=True)
    return np.array([out.size / (out.size + taken.size) for out, taken in both])


def _repair() -> Network:
    """Ten locomotives, one workshop."""
    steps = (Loop((Delay(Exponential(100.0)), Seize("shop"), Delay(Exponential(8.0)), Release("shop"))),)
    return Network((Process("locomotive", steps),), starts=(Start("locomotive", 10),), resources=(Resource("shop", 1),))


def _jackson() -> Network:
    """Two stations; one in five goes back to the first."""
    both = (*served("one", Exponential(0.5)), *served("two", Exponential(1.25)))
    steps = (Loop(both, again=0.2), Tally("transit"))
    return Network(
        (Process("customer", steps),), (Source("demand", "customer", Exponential(1.0)),),
        resources=(Resource("one", 1), Resource("two", 2)),
    )  # fmt: skip


def _irregular() -> Network:
    """Headways U(6,18)."""
    vehicle = (Loop((Delay(Uniform(6.0, 18.0)), Load("yard", Room()), Unload())),)
    processes = (Process("vehicle", vehicle), Process("customer", (Hold("yard"), Tally("wait"))))
    demand = (Source("demand", "customer", Exponential(1.0 / 3.0)),)
    return Network(processes, demand, (Start("vehicle"),), queues=(Queue("yard"),))


def _full_loads() -> Network:
    """A vehicle leaves with 24."""
    vehicle = (Loop((Load("yard", Room(units=24), least=24), Unload())),)
    processes = (Process("vehicle", vehicle), Process("customer", (Hold("yard"), Tally("wait"))))
    demand = (Source("demand", "customer", Exponential(1.0 / 3.0)),)
    return Network(processes, demand, (Start("vehicle"),), queues=(Queue("yard"),))


def _storms() -> Network:
    """M/M/1 whose server works only out of storms."""
    steps = (Seize("server"), Work(Exponential(1.0), "sea"), Release("server"), Tally("stay"))
    sea = Calendar("sea", (Opening("storm", mean_open_h=20.0, mean_closed_h=5.0),))
    return Network(
        (Process("customer", steps),), (Source("demand", "customer", Exponential(2.0)),),
        resources=(Resource("server", 1),), calendars=(sea,),
    )  # fmt: skip


def _vacations() -> Network:
    """A server that leaves for two hours whenever nobody waits."""
    serve = (Load("line", Room(units=1)), Delay(Constant(1.0)), Unload())
    server = (Loop((IfEmpty("line", (Delay(Constant(2.0)),), serve),)),)
    processes = (Process("server", server), Process("customer", (Hold("line"),)))
    demand = (Source("demand", "customer", Exponential(2.0)),)
    return Network(processes, demand, (Start("server"),), queues=(Queue("line"),))


def _tandem() -> Network:
    """Three stations in a row without buffers before which there is always work: blocking after service."""
    steps: list[Step] = [Seize("one"), Delay(Exponential(1.0))]
    for before, after in (("one", "two"), ("two", "three")):
        steps += [Seize(after), Release(before), Delay(Exponential(1.0))]
    steps += [Release("three")]
    job = Process("job", (Loop(tuple(steps)),))
    stations = tuple(Resource(key, 1) for key in ("one", "two", "three"))
    return Network((job,), starts=(Start("job", 5),), resources=stations)


def _yard() -> Network:
    """Room enough for everybody: dwell Erlang-2 of 48 h."""
    steps = (Seize("yard"), Delay(Erlang(48.0, 2)), Release("yard"), Tally("box"))
    demand = (Source("demand", "box", Exponential(1.0 / 3.0)),)
    return Network((Process("box", steps),), demand, resources=(Resource("yard", 1_000_000),))


def _there(records: Records) -> list[Values]:
    """How many boxes are in the yard at every full hour but those of the beginning and the end, by replication."""
    hours = np.arange(DWELL_GONE_H, records.span.hours - DWELL_GONE_H)
    found = []
    for run in records.runs:
        came, went = np.sort(run.tally_times[:, 0]), np.sort(run.tally_times[:, 1])
        there = np.searchsorted(came, hours, side="right") - np.searchsorted(went, hours, side="right")
        found.append(there.astype(np.float64))
    return found


def _occupancy(records: Records) -> Values:
    return np.array([there.mean() for there in _there(records)])


def _at_most_164(records: Records) -> Values:
    """The share of hours with at most 164 boxes, which makes that the 95 % quantile: 0.946 have at most 163."""
    return np.array([(there <= 164.0).mean() for there in _there(records)])


def _section() -> Network:
    """One section, trains of both directions at random, 20 minutes and 2 to clear."""
    run = Constant(22.0 / 60.0)
    steps = (Seize("section"), Delay(run), Release("section"))
    both = tuple(Process(name, steps) for name in ("east", "west"))
    sources = tuple(Source(each.process, each.process, Exponential(1.0)) for each in both)
    return Network(both, sources, resources=(Resource("section", 1),))


def _meet_pass() -> Network:
    """One section between two stations, always a train waiting on either side."""
    run = Section(1, Constant(22.0 / 60.0))
    trains = [Process(name, (Loop((Travel("line", back=name == "west"), Tally(name))),)) for name in ("east", "west")]
    return Network(tuple(trains), starts=tuple(Start(each.process) for each in trains), lines=(Line("line", (run,)),))


def _trains_a_day(records: Records) -> Values:
    arrived = [np.sort(run.tally_times[:, 1]) for run in records.runs]
    return np.array([24.0 * (each.size - 1) / (each[-1] - each[0]) for each in arrived])


def _throughput(records: Records) -> Values:
    return records.sums_of("three", SERVED) / (records.span.hours - records.span.warm_up)


DWELL_GONE_H = 600.0
WAIT = ratio("server", WAITED, SERVED)
CASES = (
    Case("M/M/1", queue_of(Exponential(1.25), Exponential(1.0)), Span(26_000.0, 1500.0),
         (("wait", WAIT, 4.0), ("p95 stay", quantile("stay", 0.95), 14.978661367769954))),
    Case("M/M/4", queue_of(Exponential(1.0 / 3.0), Exponential(1.0), 4), Span(7500.0, 200.0),
         (("wait", WAIT, 0.5094339622641509), ("waits", ratio("server", DELAYED, SERVED), 0.5094339622641509),
          ("p95 wait", quantile("wait", 0.95), 2.321277226006198))),
    Case("M/M/1/5", _finite_yard(), Span(3500.0, 100.0), (("loss", _lost, 0.12602254998836862),)),
    Case("M/D/1", queue_of(Exponential(1.25), Constant(1.0)), Span(11_000.0, 500.0), (("wait", WAIT, 2.0),)),
    Case("M/E2/1", queue_of(Exponential(1.25), Erlang(1.0, 2)), Span(17_000.0, 1000.0), (("wait", WAIT, 3.0),)),
    Case("M/H2/1", queue_of(Exponential(1.25), Hyperexponential(0.5, 3.0, 0.8)), Span(47_000.0, 2000.0),
         (("wait", WAIT, 8.0),)),
    Case("M/D/2", queue_of(Exponential(0.625), Constant(1.0), 2), Span(6000.0, 400.0),
         (("wait", WAIT, 0.9032838794055683),)),
    Case("machine repair", _repair(), Span(30_000.0, 1000.0), (("wait", ratio("shop", WAITED, SERVED),
                                                                9.985646765703759),)),
    Case("Jackson", _jackson(), Span(4000.0, 300.0), (("transit", mean("transit"), 5.676691729323308),)),
    Case("timetable", timetabled(Exponential(1.0 / 3.0), 12.0), Span(1200.0),
         (("wait", mean("wait"), 6.0), ("p95 wait", quantile("wait", 0.95), 11.4))),
    Case("irregular", _irregular(), Span(2400.0, 48.0), (("wait", mean("wait"), 6.5),)),
    Case("Bailey", timetabled(Exponential(1.0 / 3.0), 12.0, 40), Span(3000.0, 300.0),
         (("wait", mean("wait"), 6.663418111149032),)),
    Case("Bailey, five", timetabled(Exponential(1.0 / 0.375), 12.0, 5), Span(60_000.0, 3000.0),
         (("wait", mean("wait"), 15.320341897328547),)),
    Case("full loads", _full_loads(), Span(1200.0, 48.0), (("wait", mean("wait"), 3.8333333333333335),)),
    Case("storms", _storms(), Span(30_000.0, 1000.0), (("stay", mean("stay"), 6.000000000360294),)),
    Case("vacations", _vacations(), Span(3000.0, 100.0), (("wait", ratio("line", WAITED, SERVED), 1.5),)),
    Case("tandem", _tandem(), Span(3000.0, 100.0), (("throughput", _throughput, 22.0 / 39.0),)),
    Case("yard", _yard(), Span(2500.0), (("occupancy", _occupancy, 144.0), ("at most 164", _at_most_164, 0.9538723))),
    Case("section", _section(), Span(3500.0, 100.0), (("wait", ratio("section", WAITED, SERVED), 0.5041666666666664),)),
    Case("meet and pass", _meet_pass(), Span(264.0), (("trains a day", _trains_a_day, 65.45454545454545),),
         exact=True),
)  # fmt: skip

