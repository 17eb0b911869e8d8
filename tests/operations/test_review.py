"""Every bad network is refused, with the place of what is wrong and every problem at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from karvan.errors import DataError
from karvan.operations.assemble import assemble
from karvan.operations.distributions import Constant, Erlang, Exponential, Lognormal, Quantiles, Uniform
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
    Timetable,
)
from karvan.operations.review import review
from karvan.operations.steps import (
    Alter,
    Attempt,
    Choose,
    Delay,
    Depart,
    Fork,
    Hold,
    IfEmpty,
    Load,
    Loop,
    Prioritise,
    Release,
    Room,
    Seize,
    Size,
    Spawn,
    Step,
    Tally,
    Travel,
    WaitOpen,
    Work,
)
from tests.operations.networks import eight_stations, every_step


def of(*steps: Step, **nouns: object) -> Network:
    """A network of one process with these steps."""
    return replace(Network((Process("train", steps),)), **nouns)  # type: ignore[arg-type]  # nouns by their names


def told(network: Network) -> list[str]:
    """What is wrong, as text."""
    return [str(problem) for problem in review(network)]


HOUR = Delay(Constant(1.0))
CRANE = {"resources": (Resource("crane", 1),)}
BAD = {
    "unknown resource": of(Seize("crane")),
    "unknown queue": of(Hold("yard")),
    "unknown calendar": of(WaitOpen("sea")),
    "unknown timetable": of(Depart("daily")),
    "unknown line": of(Travel("line")),
    "unknown process": of(Spawn("ship")),
    "unknown process of a source": of(HOUR, sources=(Source("demand", "ship", Constant(1.0)),)),
    "unknown process of a start": of(HOUR, starts=(Start("ship"),)),
    "unknown mark": of(Tally("transit", since="noon")),
    "double key": of(HOUR, resources=(Resource("a", 1), Resource("a", 2))),
    "one name for two places": of(HOUR, resources=(Resource("a", 1),), queues=(Queue("a"),)),
    "negative time": of(Delay(Constant(-1.0))),
    "time that is no number": of(Delay(Constant(float("nan")))),
    "mean of nothing": of(Delay(Exponential(0.0))),
    "upside down": of(Delay(Uniform(2.0, 1.0))),
    "no shape": of(Delay(Erlang(1.0, 0))),
    "negative spread": of(Delay(Lognormal(1.0, -1.0))),
    "falling quantiles": of(Delay(Quantiles((1.0, 0.5)))),
    "one quantile": of(Delay(Quantiles((1.0,)))),
    "unknown part": of(Delay(Constant(1.0), "resting")),
    "capacity 0": of(Seize("crane"), HOUR, Release("crane"), resources=(Resource("crane", 0),)),
    "more units than there are": of(Seize("crane", 2), Release("crane", 2), **CRANE),
    "no units": of(Seize("crane", 0), **CRANE),
    "never taken": of(Release("crane"), **CRANE),
    "probability": of(Choose(1.5)),
    "loop without delay": of(Loop((Prioritise(1),))),
    "loop with a way that takes no time": of(Loop((Choose(0.5, (HOUR,)),))),
    "loop in a full queue": of(Loop((Load("yard", Room()), IfEmpty("yard", (HOUR,)))), queues=(Queue("yard"),)),
    "loop that seizes": of(Loop((Seize("crane"), Release("crane"))), **CRANE),
    "process that starts itself": of(Spawn("train")),
    "process that parts into itself": of(Fork("train", 2)),
    "nobody loads": of(Hold("yard"), queues=(Queue("yard"),)),
    "nobody comes": of(Load("yard", Room(), least=1.0), queues=(Queue("yard"),)),
    "least beyond the room": of(Load("yard", Room(units=2), least=3.0), Hold("yard"), queues=(Queue("yard"),)),
    "no room": of(Load("yard", Room(units=0)), queues=(Queue("yard"),)),
    "does not fit": of(Hold("yard"), Load("yard", Room(teu=2.0)), queues=(Queue("yard"),),
                       sources=(Source("demand", "train", Constant(1.0), size=Size(teu=3.0)),)),
    "unknown measure": of(HOUR, queues=(Queue("yard", "kg"),)),
    "no departures": of(Depart("daily"), timetables=(Timetable("daily", ()),)),
    "departures out of order": of(Depart("daily"), timetables=(Timetable("daily", (2.0, 1.0)),)),
    "departure outside the cycle": of(Depart("daily"), timetables=(Timetable("daily", (20.0, 25.0), 24.0),)),
    "never open": of(WaitOpen("sea"), calendars=(Calendar("sea", (Opening("season", open=False),)),)),
    "hours that close before they open": of(Work(Constant(1.0), "sea"), calendars=(Calendar("sea", (
        Opening("hours", open_from_h=9.0, open_to_h=8.0),)),)),
    "storms without end": of(WaitOpen("sea"), calendars=(Calendar("sea", (Opening("storm", mean_open_h=9.0),)),)),
    "line without sections": of(Travel("line"), lines=(Line("line", ()),)),
    "section without track": of(Travel("line"), lines=(Line("line", (Section(0, Constant(1.0)),)),)),
    "loop without track": of(Travel("line"), lines=(Line("line", (Section(1, Constant(1.0), 0),)),)),
    "profile of nothing": of(HOUR, sources=(Source("demand", "train", Exponential(1.0), profile=(0.0,)),)),
    "profile of constant times": of(HOUR, sources=(Source("demand", "train", Constant(1.0), profile=(1.0,)),)),
    "source of no time": of(HOUR, sources=(Source("demand", "train", Constant(0.0)),)),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_network_is_refused_with_its_place(name: str) -> None:
    with pytest.raises(DataError) as refused:
        assemble(BAD[name])
    for problem in refused.value.problems:
        assert problem.file
        assert problem.kind


def test_all_problems_are_told_at_once_with_what_mends_them() -> None:
    assert told(of(Seize("crane"), Loop((Hold("yard"),)))) == [
        "process train step 1 resource: unknown key: 'crane'; add the resource, or mend the name",
        "process train step 2.1 queue: unknown key: 'yard'; add the queue, or mend the name",
    ]


def test_good_networks_have_no_problem() -> None:
    assert told(eight_stations()) == []
    assert told(every_step()) == []
    shift = (Loop((Alter("crane", 1), HOUR, Alter("crane", -1), HOUR)),)
    users = (Attempt("crane", 1, (Release("crane"),)),)
    closed = Network((Process("shift", shift), Process("user", users)), resources=(Resource("crane", 0),))
    assert told(closed) == []
