"""Small networks of operations for tests: queues with known answers, and a corridor of eight stations."""

from __future__ import annotations

from karvan.operations.distributions import (
    Constant,
    Distribution,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    Quantiles,
    Uniform,
)
from karvan.operations.network import (
    Calendar,
    Headway,
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
from karvan.operations.steps import (
    Alter,
    Attempt,
    Breakdown,
    Choose,
    Delay,
    Depart,
    Follow,
    Fork,
    Hold,
    IfEmpty,
    Load,
    Loop,
    Mark,
    Prioritise,
    Release,
    Room,
    Seize,
    Size,
    Spawn,
    Step,
    Tally,
    Travel,
    Unload,
    WaitOpen,
    Work,
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


def every_step() -> Network:
    """A small world in which every kind of step, distribution and rule occurs, with many events at one time."""
    parcel: tuple[Step, ...] = (
        Mark("came"),
        Choose(0.3, (Delay(Lognormal(2.0, 1.0), "border"),), (Delay(Quantiles((0.0, 0.5, 3.0))), Prioritise(-1))),
        Attempt("desk", 1, (Delay(Erlang(1.0, 3), "handling"), Release("desk")), (Delay(Constant(0.25)),)),
        Hold("quay"),
        Work(Hyperexponential(0.2, 1.0, 0.7), "office", "border"),
        Fork("piece", 2, Size(teu=1.0)),
        Loop(served("desk", Uniform(0.1, 0.4)), again=0.4),
        Tally("parcel", "came"),
    )
    piece: tuple[Step, ...] = (Delay(Exponential(0.5), "handling"), Hold("lorry"), Tally("piece"))
    ship = Load("quay", Room(units=9, teu=12.0), least=6.0, patience_h=8.0)
    sail = Delay(Uniform(3.0, 6.0), breakdown=Breakdown(12.0, Exponential(4.0)))
    voyage = (ship, WaitOpen("sea"), Depart("tide"), sail, Seize("berth"), Delay(Constant(1.0), "handling"))
    back = (Unload("quay"), Release("berth"), Delay(Constant(4.0)), Tally("voyage"))
    lorry = (Loop((Load("lorry", Room(teu=4.0), least=3.0), Follow("gap"), Delay(Constant(1.0)), Unload())),)
    train = (Travel("line"), Delay(Constant(0.5)), Travel("line", back=True), Tally("train"))
    shift = (Loop((Delay(Constant(8.0)), Alter("desk", -1), Delay(Constant(4.0)), Alter("desk", 1))),)
    idle = (Loop((IfEmpty("lorry", (Delay(Constant(3.0)),), (Delay(Constant(2.0)), Spawn("walker", 2, heirs=True))),)),)
    sections = tuple(Section(1, Uniform(0.5, 1.0), loops, 0.1) for loops in (2, 1, 3, 2))
    hours = Opening("hours", weekdays=(1, 2, 3, 4, 5), open_from_h=8.0, open_to_h=18.0)
    storm = Opening("storm", mean_open_h=60.0, mean_closed_h=10.0)
    named = {"parcel": parcel, "piece": piece, "ship": (Loop((*voyage, *back)),), "lorry": lorry, "train": train,
             "shift": shift, "idle": idle, "walker": (Delay(Constant(1.0)), Tally("walker"))}  # fmt: skip
    return Network(
        tuple(Process(key, steps) for key, steps in named.items()),
        (
            Source(
                "demand", "parcel", Exponential(1.0), size=Size(teu=2.0), profile=(1.0, 0.2, 0.6), profile_step_h=8.0
            ),
            Source("pairs", "train", Constant(3.0), count=2, until_h=900.0),
            Source("small", "parcel", Erlang(6.0, 2), size=Size(teu=1.0), priority=2),
        ),
        (Start("ship", 2), Start("lorry", 3, at_h=1.0), Start("shift"), Start("idle", priority=1)),
        resources=(Resource("desk", 2), Resource("berth", 1)),
        queues=(Queue("quay", "teu"), Queue("lorry", "teu")),
        calendars=(Calendar("office", (hours,)), Calendar("sea", (storm,))),
        timetables=(Timetable("tide", (2.0, 8.0), 12.0),),
        headways=(Headway("gap", Uniform(0.2, 0.6)),),
        lines=(Line("line", sections),),
    )
