"""The steps of a process, as a caller writes them: what a consignment, a train, a ship or a shift does, one by one.

A step that names a resource, queue, calendar, timetable, headway, line or process names it by its key in the
:class:`karvan.operations.network.Network`. Times pass in :class:`Delay`, :class:`Work` and :class:`Travel`, which say
what part of a journey they are; all other time of a journey is waiting. Steps that hold steps (:class:`Loop`,
:class:`Choose`, :class:`IfEmpty`, :class:`Attempt`) nest.
"""

from __future__ import annotations

from dataclasses import dataclass

from karvan.operations.distributions import Distribution

PARTS = ("moving", "handling", "border")


@dataclass(frozen=True)
class Size:
    """What one consignment weighs in a batch, beside the one unit that it is: TEU, wagons, trucks, each >= 0."""

    teu: float = 0.0
    wagons: float = 0.0
    trucks: float = 0.0


ONE_UNIT = Size()


@dataclass(frozen=True)
class Room:
    """What a vehicle can take: consignments (``units``), TEU, wagons, trucks; None is without limit."""

    units: float | None = None
    teu: float | None = None
    wagons: float | None = None
    trucks: float | None = None


@dataclass(frozen=True)
class Breakdown:
    """Failures during work: exponential working time between them (hours), then a repair; work goes on after it."""

    mean_hours_between: float
    repair: Distribution


@dataclass(frozen=True)
class Delay:
    """Let a time pass. ``part`` of a journey it is; ``purpose`` names its random stream (default: its place).

    With a ``breakdown`` the time is work that may fail; repairs count as waiting.
    """

    time: Distribution
    part: str = "moving"
    purpose: str = ""
    breakdown: Breakdown | None = None


@dataclass(frozen=True)
class Work:
    """Work for a time, only while the calendar is open: closed hours interrupt it, and it goes on where it stopped."""

    time: Distribution
    calendar: str
    part: str = "handling"
    purpose: str = ""


@dataclass(frozen=True)
class WaitOpen:
    """Wait until the calendar is open; no time passes where it is."""

    calendar: str


@dataclass(frozen=True)
class Depart:
    """Wait for the next departure of the timetable that nobody has taken. One gone by untaken is lost."""

    timetable: str


@dataclass(frozen=True)
class Follow:
    """Wait until the headway after the one who went before has passed."""

    headway: str


@dataclass(frozen=True)
class Seize:
    """Wait for so many units of a resource and take them: lower priority first, else in order of coming."""

    resource: str
    units: int = 1


@dataclass(frozen=True)
class Release:
    """Give units of a resource back, one's own or those of another (a wagon comes home with an empty run)."""

    resource: str
    units: int = 1


@dataclass(frozen=True)
class Alter:
    """Change the capacity of a resource by so many units; who works on goes on."""

    resource: str
    by: int


@dataclass(frozen=True)
class Hold:
    """Wait in a batch queue until a vehicle loads this, ride with it, and go on where it unloads."""

    queue: str


@dataclass(frozen=True)
class Load:
    """Take what waits in a batch queue, in order, as far as there is room; what does not fit is passed over.

    Loading ends where no unit has room, or where every other limited measure is full.
    With ``least`` (in the queue's measure) the vehicle first waits until so much waits there; vehicles are served in
    order of coming. ``patience_h`` is the longest such wait; then it takes what is there.
    """

    queue: str
    room: Room
    least: float = 0.0
    patience_h: float | None = None


@dataclass(frozen=True)
class Unload:
    """Let go what was loaded, all or what was held in one queue."""

    queue: str = ""


@dataclass(frozen=True)
class Travel:
    """Run over a line from its start to its end, or ``back``: over each section when section and track are free."""

    line: str
    back: bool = False


@dataclass(frozen=True)
class Spawn:
    """Start so many of another process here and now; they carry this one's time of birth where ``heirs``."""

    process: str
    count: int = 1
    size: Size = ONE_UNIT
    priority: int = 0
    heirs: bool = False


@dataclass(frozen=True)
class Fork:
    """Part into so many of another process, wait until all of them have ended, and go on as one."""

    process: str
    count: int
    size: Size = ONE_UNIT
    priority: int = 0


@dataclass(frozen=True)
class Prioritise:
    """Change one's priority; lower goes first."""

    priority: int


@dataclass(frozen=True)
class Mark:
    """Remember the time under one of the names of the network's ``marks``."""

    mark: str


@dataclass(frozen=True)
class Tally:
    """Write a row: this name, the time since the mark (or since birth), and how long each part has taken."""

    name: str
    since: str = ""


@dataclass(frozen=True)
class Loop:
    """Do the steps again and again: for ever, or with probability ``again`` after each round."""

    steps: tuple[Step, ...]
    again: float = 1.0
    purpose: str = ""


@dataclass(frozen=True)
class Choose:
    """Take the steps ``then`` with this probability, else ``otherwise``."""

    probability: float
    then: tuple[Step, ...] = ()
    otherwise: tuple[Step, ...] = ()
    purpose: str = ""


@dataclass(frozen=True)
class IfEmpty:
    """Take the steps ``then`` where nothing waits in the batch queue, else ``otherwise``."""

    queue: str
    then: tuple[Step, ...] = ()
    otherwise: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Attempt:
    """Take units of a resource if they are free at once and go on with ``then``, else go on with ``otherwise``."""

    resource: str
    units: int = 1
    then: tuple[Step, ...] = ()
    otherwise: tuple[Step, ...] = ()


Step = (
    Delay | Work | WaitOpen | Depart | Follow | Seize | Release | Alter | Hold | Load | Unload | Travel | Spawn | Fork
    | Prioritise | Mark | Tally | Loop | Choose | IfEmpty | Attempt
)  # fmt: skip
