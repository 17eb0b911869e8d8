"""Numbers out of range: times below 0, capacities of 0, shares above 1, rules of calendars that mean nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

from karvan.errors import Problem
from karvan.numerics.events.layout import MOST_MARKS
from karvan.operations.distributions import (
    Constant,
    Distribution,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    Quantiles,
    Uniform,
    mean_hours,
)
from karvan.operations.network import MEASURES, Network, Opening, Source
from karvan.operations.review.walk import Placed, noun_problem
from karvan.operations.steps import (
    PARTS,
    Alter,
    Attempt,
    Choose,
    Delay,
    Fork,
    Load,
    Loop,
    Mark,
    Prioritise,
    Release,
    Room,
    Seize,
    Size,
    Spawn,
    Tally,
    Work,
)

Wrong = tuple[str, object, str]
MOST_PRIORITY = 1000
MOST_COUNT = 1_000_000
KINDS = ("hours", "season", "storm")


def _finite(*values: float) -> bool:
    return all(math.isfinite(value) for value in values)


def wrong_times(time: Distribution) -> Iterator[Wrong]:
    """What is wrong with a distribution: column, value, what was expected."""
    if isinstance(time, Constant) and not (_finite(time.hours) and time.hours >= 0.0):
        yield "hours", time.hours, ">= 0"
    if isinstance(time, Uniform) and not (_finite(time.low_h, time.high_h) and 0.0 <= time.low_h <= time.high_h):
        yield "low_h", time.low_h, "0 <= low_h <= high_h"
    if isinstance(time, Exponential | Erlang | Lognormal) and not (_finite(time.mean_h) and time.mean_h > 0.0):
        yield "mean_h", time.mean_h, "> 0"
    if isinstance(time, Erlang) and not 1 <= time.shape <= 1000:
        yield "shape", time.shape, "1 to 1000"
    if isinstance(time, Lognormal) and not (_finite(time.sd_h) and time.sd_h >= 0.0):
        yield "sd_h", time.sd_h, ">= 0"
    if isinstance(time, Hyperexponential):
        if not (_finite(time.first_mean_h, time.second_mean_h) and min(time.first_mean_h, time.second_mean_h) > 0.0):
            yield "first_mean_h", time.first_mean_h, "> 0, as the second"
        if not 0.0 <= time.first_share <= 1.0:
            yield "first_share", time.first_share, "[0,1]"
    if isinstance(time, Quantiles):
        yield from _wrong_quantiles(time.hours)


def _wrong_quantiles(hours: tuple[float, ...]) -> Iterator[Wrong]:
    if len(hours) < 2 or not _finite(*hours):
        yield "hours", len(hours), "at least two finite quantiles"
    elif hours[0] < 0.0 or any(later < earlier for earlier, later in pairwise(hours)):
        yield "hours", hours[0], "quantiles >= 0 that never fall"


def _wrong_size(size: Size) -> Iterator[Wrong]:
    for column in ("teu", "wagons", "trucks"):
        value = getattr(size, column)
        if not (_finite(value) and value >= 0.0):
            yield f"size {column}", value, ">= 0"


def _wrong_room(room: Room) -> Iterator[Wrong]:
    for column in MEASURES:
        value = getattr(room, column)
        if value is not None and not (_finite(value) and value > 0.0):
            yield f"room {column}", value, "> 0, or no limit"


def _wrong_load(step: Load) -> Iterator[Wrong]:
    yield from _wrong_room(step.room)
    if not (_finite(step.least) and step.least >= 0.0):
        yield "least", step.least, ">= 0"
    if step.patience_h is not None and not (_finite(step.patience_h) and step.patience_h >= 0.0):
        yield "patience_h", step.patience_h, ">= 0"


def _wrong_delay(step: Delay | Work) -> Iterator[Wrong]:
    yield from ((f"time {column}", value, expected) for column, value, expected in wrong_times(step.time))
    if step.part not in PARTS:
        yield "part", step.part, "|".join(PARTS)
    if isinstance(step, Delay) and step.breakdown is not None:
        between = step.breakdown.mean_hours_between
        if not (_finite(between) and between > 0.0):
            yield "breakdown mean_hours_between", between, "> 0"
        repairs = wrong_times(step.breakdown.repair)
        yield from ((f"repair {column}", value, expected) for column, value, expected in repairs)


def _wrong_children(step: Spawn | Fork) -> Iterator[Wrong]:
    if not 1 <= step.count <= MOST_COUNT:
        yield "count", step.count, f"1 to {MOST_COUNT}"
    yield from _wrong_size(step.size)
    yield from _wrong_priority(step.priority)


def _wrong_priority(priority: int) -> Iterator[Wrong]:
    if abs(priority) > MOST_PRIORITY:
        yield "priority", priority, f"-{MOST_PRIORITY} to {MOST_PRIORITY}"


def _wrong_units(step: Seize | Release | Attempt) -> Iterator[Wrong]:
    if not 1 <= step.units <= MOST_COUNT:
        yield "units", step.units, f"1 to {MOST_COUNT}"


def _wrong_share(step: Loop | Choose) -> Iterator[Wrong]:
    column = "again" if isinstance(step, Loop) else "probability"
    share = getattr(step, column)
    if not 0.0 <= share <= 1.0:
        yield column, share, "[0,1]"


def _wrong_prioritise(step: Prioritise) -> Iterator[Wrong]:
    yield from _wrong_priority(step.priority)


_OF_STEPS: dict[type, Callable[..., Iterator[Wrong]]] = {
    Delay: _wrong_delay, Work: _wrong_delay, Load: _wrong_load, Spawn: _wrong_children, Fork: _wrong_children,
    Seize: _wrong_units, Release: _wrong_units, Attempt: _wrong_units, Loop: _wrong_share, Choose: _wrong_share,
    Prioritise: _wrong_prioritise,
}  # fmt: skip


def step_numbers(steps: list[Placed]) -> Iterator[Problem]:
    """Numbers of steps, and more marks than an entity remembers."""
    for each in steps:
        check = _OF_STEPS.get(type(each.step))
        for column, value, expected in check(each.step) if check else ():
            yield each.problem("out of range", column, value, expected)
    marks = {each.step.mark for each in steps if isinstance(each.step, Mark)}
    marks |= {each.step.since for each in steps if isinstance(each.step, Tally) and each.step.since}
    if len(marks) > MOST_MARKS:
        yield noun_problem("network", "", "too many", "marks", len(marks), f"at most {MOST_MARKS}", "reuse a name")


def _wrong_source(source: Source) -> Iterator[Wrong]:
    yield from ((f"every {column}", value, expected) for column, value, expected in wrong_times(source.every))
    if not any(wrong_times(source.every)) and mean_hours(source.every) <= 0.0:
        yield "every", mean_hours(source.every), "a mean > 0"
    if not 1 <= source.count <= MOST_COUNT:
        yield "count", source.count, f"1 to {MOST_COUNT}"
    if source.until_h is not None and not source.until_h >= 0.0:
        yield "until_h", source.until_h, ">= 0"
    yield from _wrong_size(source.size)
    yield from _wrong_priority(source.priority)
    if source.profile:
        if not isinstance(source.every, Exponential):
            yield "every", type(source.every).__name__, "exponential where a profile stands"
        if not all(0.0 <= share <= 1.0 for share in source.profile) or max(source.profile) <= 0.0:
            yield "profile", max(source.profile), "shares in [0,1], one above 0"
        if not (_finite(source.profile_step_h) and source.profile_step_h > 0.0):
            yield "profile_step_h", source.profile_step_h, "> 0"


def _wrong_opening(opening: Opening) -> Iterator[Wrong]:
    if opening.kind not in KINDS:
        yield "kind", opening.kind, "|".join(KINDS)
    if not set(opening.months) <= set(range(1, 13)):
        yield "months", opening.months, "1 to 12"
    if not set(opening.weekdays) <= set(range(1, 8)):
        yield "weekdays", opening.weekdays, "1 to 7"
    if opening.kind == "hours" and not 0.0 <= opening.open_from_h < opening.open_to_h <= 24.0:
        yield "open_from_h", opening.open_from_h, "0 <= open_from_h < open_to_h <= 24"
    if opening.kind == "storm" and not min(opening.mean_open_h, opening.mean_closed_h) > 0.0:
        yield "mean_open_h", opening.mean_open_h, "> 0, as mean_closed_h"
    if not -12.0 <= opening.utc_offset_h <= 14.0:
        yield "utc_offset_h", opening.utc_offset_h, "[-12,14]"


def _wrong_hours(hours: tuple[float, ...], cycle: float | None) -> Iterator[Wrong]:
    if not hours:
        yield "hours", 0, "at least one departure"
    elif not _finite(*hours) or hours[0] < 0.0 or any(later <= earlier for earlier, later in pairwise(hours)):
        yield "hours", hours[0], "hours >= 0, each later than the one before"
    elif cycle is not None and (not (_finite(cycle) and cycle > 0.0) or hours[-1] - hours[0] >= cycle):
        yield "cycle_h", cycle, "longer than the departures are apart"
    elif cycle is not None and hours[-1] > cycle:
        yield "hours", hours[-1], "within the cycle"


def noun_numbers(network: Network, steps: list[Placed]) -> Iterator[Problem]:
    """Numbers of sources, resources, queues, calendars, timetables, headways and lines."""
    found: list[tuple[str, str, Wrong]] = []
    found += [
        ("queue", queue.queue, ("measure", queue.measure, "|".join(MEASURES)))
        for queue in network.queues
        if queue.measure not in MEASURES
    ]
    found += [
        ("start", start.process, ("count", start.count, "1 or more, at an hour >= 0"))
        for start in network.starts
        if not (1 <= start.count <= MOST_COUNT and _finite(start.at_h) and start.at_h >= 0.0)
    ]
    found += [("resource", *each) for each in _wrong_capacities(network, steps)]
    found += [("line", *each) for each in _wrong_lines(network)]
    found += list(_wrong_of_times(network))
    for noun, key, (column, value, expected) in found:
        yield noun_problem(noun, key, "out of range", column, value, expected)


def _wrong_of_times(network: Network) -> Iterator[tuple[str, str, Wrong]]:
    for source in network.sources:
        yield from (("source", source.source, wrong) for wrong in _wrong_source(source))
    for calendar in network.calendars:
        for number, opening in enumerate(calendar.openings, start=1):
            key = f"{calendar.calendar} rule {number}"
            yield from (("calendar", key, wrong) for wrong in _wrong_opening(opening))
    for table in network.timetables:
        yield from (("timetable", table.timetable, wrong) for wrong in _wrong_hours(table.hours, table.cycle_h))
    for headway in network.headways:
        yield from (("headway", headway.headway, wrong) for wrong in wrong_times(headway.time))


def _wrong_capacities(network: Network, steps: list[Placed]) -> Iterator[tuple[str, Wrong]]:
    altered = [each.step for each in steps if isinstance(each.step, Alter)]
    opened, changed = {step.resource for step in altered if step.by > 0}, {step.resource for step in altered}
    most: dict[str, int] = {}
    for each in steps:
        if isinstance(each.step, Seize | Attempt):
            most[each.step.resource] = max(most.get(each.step.resource, 0), each.step.units)
    for resource in network.resources:
        key, capacity = resource.resource, resource.capacity
        least = 0 if key in opened else 1
        if not least <= capacity <= MOST_COUNT:
            yield key, ("capacity", capacity, f"{least} to {MOST_COUNT}")
        elif key not in changed and capacity < most.get(key, 0):
            yield key, ("capacity", capacity, f"the {most[key]} units that are seized at once")


def _wrong_lines(network: Network) -> Iterator[tuple[str, Wrong]]:
    for line in network.lines:
        if not line.sections:
            yield line.line, ("sections", 0, "at least one section")
        for number, section in enumerate(line.sections, start=1):
            place = f"{line.line} section {number}"
            if section.tracks < 1:
                yield place, ("tracks", section.tracks, "1 or more")
            if section.loop_tracks < 1:
                yield place, ("loop_tracks", section.loop_tracks, "1 or more")
            if not (_finite(section.headway_h) and section.headway_h >= 0.0):
                yield place, ("headway_h", section.headway_h, ">= 0")
            yield from ((place, (f"time {c}", value, expected)) for c, value, expected in wrong_times(section.time))
