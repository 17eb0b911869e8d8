"""Small networks of operations for tests: queues with known answers, and a corridor of eight stations."""

from __future__ import annotations

from karvan.operations.distributions import Constant, Distribution, Exponential, Uniform
from karvan.operations.network import (
    Calendar,
    Network,
    Opening,
    Process,
    Queue,
    Resource,
    Source,
    Start,
    Timetable,
)
from karvan.operations.steps import (
    Delay,
    Depart,
    Hold,
    Load,
    Loop,
    Release,
    Room,
    Seize,
    Spawn,
    Step,
    Tally,
    Unload,
    WaitOpen,
)


def served(resource: str, time: Distribution, part: str = "handling") -> tuple[Step, ...]:
    """Wait for a server, be served, let it go."""
    return Seize(resource), Delay(time, part), Release(resource)


def queue_of(every: Distribution, service: Distribution, servers: int = 1) -> Network:
    """One queue: tallies ``wait`` and ``stay``."""
    steps = (Seize("server"), Tally("wait"), Delay(service, "handling"), Release("server"), Tally("stay"))
    return Network(
        (Process("customer", steps),), (Source("demand", "customer", every),), resources=(Resource("server", servers),)
    )


def timetabled(every: Distribution, headway_h: float, capacity: float | None = None) -> Network:
    """Who comes waits for the next departure with room: tally ``wait``."""
    vehicle = (Loop((Depart("timetable"), Load("yard", Room(units=capacity)), Unload())),)
    processes = (Process("vehicle", vehicle), Process("customer", (Hold("yard"), Tally("wait"))))
    return Network(
        processes, (Source("demand", "customer", every),), (Start("vehicle"),), queues=(Queue("yard"),),
        timetables=(Timetable("timetable", (0.0,), headway_h),),
    )  # fmt: skip


def eight_stations(ferry_cap: int = 48, inspectors: int = 4) -> Network:
    """Trains, border, gauge change, crane, ferry with storms, rail, border: the reference corridor."""
    consignment: tuple[Step, ...] = (
        Hold("train"),
        *served("border west", Exponential(1.0), "border"),
        *served("gauge change", Constant(0.5)),
        *served("crane", Exponential(0.75)),
        Hold("ferry"),
        Delay(Uniform(10.0, 16.0)),
        *served("border east", Exponential(1.0), "border"),
        Tally("transit"),
    )
    train = (Load("train", Room(units=24)), Delay(Uniform(8.0, 14.0)), Unload())
    ferry = (WaitOpen("sea"), Load("ferry", Room(units=ferry_cap)), Delay(Constant(18.0)), Unload())
    calls = {"train": Timetable("trains", (6.0,), 6.0), "ferry": Timetable("sailings", (12.0,), 12.0)}
    dispatchers = [
        Process(f"{kind} dispatch", (Loop((Depart(table.timetable), Spawn(kind))),)) for kind, table in calls.items()
    ]
    storms = Opening("storm", mean_open_h=240.0, mean_closed_h=18.0)
    return Network(
        (Process("consignment", consignment), Process("train", train), Process("ferry", ferry), *dispatchers),
        (Source("demand", "consignment", Exponential(1.0 / 3.0)),),
        tuple(Start(process.process) for process in dispatchers),
        resources=(
            Resource("border west", inspectors), Resource("gauge change", 2), Resource("crane", 3),
            Resource("border east", inspectors),
        ),
        queues=(Queue("train"), Queue("ferry")),
        calendars=(Calendar("sea", (storms,)),),
        timetables=tuple(calls.values()),
    )  # fmt: skip
