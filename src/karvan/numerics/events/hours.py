"""Time that passes: delays, work that fails or waits for opening hours, departures, headways, demand that varies."""

from __future__ import annotations

import numpy as np

from karvan.numerics.compiled import called, inlined
from karvan.numerics.events.draws import draw
from karvan.numerics.events.entities import wake_at
from karvan.numerics.events.layout import (
    BREAKING,
    CYCLE,
    DEPART,
    FOLLOW,
    GO_ON,
    INSTRUCTION,
    MOVING,
    NOW,
    PC,
    STEP_H,
    TAKEN,
    VALUES,
    VALUES_AT,
    WAIT,
    WAIT_OPEN,
    WORK,
    Floats,
    Memory,
)
from karvan.numerics.streams import uniform

NEVER = np.inf


@inlined
def first_after(values: Floats, low: int, high: int, value: float) -> int:
    """The first position in [low, high) whose value is greater; ``high`` where none is."""
    while low < high:
        middle = (low + high) // 2
        if values[middle] > value:
            high = middle
        else:
            low = middle + 1
    return low


@called
def _worked(memory: Memory, calendar: int, hours: float) -> float:
    """When work of so many hours from now, which goes on only while a calendar is open, ends."""
    real, now = memory.real, memory.real[NOW]
    opens, count = memory.whole[calendar + VALUES_AT], memory.whole[calendar + VALUES]
    at = first_after(real, opens + count, opens + 2 * count, now)
    while at < opens + 2 * count:
        begin = max(now, real[at - count])
        if begin + hours <= real[at]:
            return begin + hours
        hours -= real[at] - begin
        at += 1
    return NEVER


@called
def _opened(memory: Memory, calendar: int) -> float:
    """When a calendar is next open: now where it is."""
    real, now = memory.real, memory.real[NOW]
    opens, count = memory.whole[calendar + VALUES_AT], memory.whole[calendar + VALUES]
    at = first_after(real, opens + count, opens + 2 * count, now)
    return NEVER if at == opens + 2 * count else max(now, real[at - count])


@called
def _departure(memory: Memory, timetable: int) -> float:
    """The next departure that nobody has taken, which is taken by this."""
    real, now, taken = memory.real, memory.real[NOW], memory.real[timetable + TAKEN]
    first, count = memory.whole[timetable + VALUES_AT], memory.whole[timetable + VALUES]
    cycle = real[timetable + CYCLE]
    begin = np.floor(max(now, taken) / cycle) * cycle if cycle > 0.0 else 0.0
    at = first
    while at < first + count and (begin + real[at] < now or begin + real[at] <= taken):
        at += 1
    if at == first + count and cycle > 0.0:
        begin += cycle
        at = first
    time = NEVER if at == first + count else begin + real[at]
    real[timetable + TAKEN] = time
    return time


@called
def _followed(memory: Memory, headway: int, distribution: int) -> float:
    """When the headway after the one before has passed; the next will follow this."""
    time = max(memory.real[NOW], memory.real[headway] + draw(memory, distribution))
    memory.real[headway] = time
    return time


@called
def _failing(memory: Memory, pc: int, hours: float) -> float:
    """Hours of work with its repairs: failures come after exponential working time, which has no memory."""
    life, repair = memory.whole[pc + 3], memory.whole[pc + 4]
    whole = hours
    rest = hours - draw(memory, life)
    while rest > 0.0:
        whole += draw(memory, repair)
        rest -= draw(memory, life)
    return whole


@inlined
def _end_of(memory: Memory, entity: int, pc: int) -> float:
    """When the step of time at an instruction ends; draws what it takes to know, and counts it to a part."""
    code, what, part = memory.whole[pc], memory.whole[pc + 1], memory.whole[pc + 2]
    if code == WAIT_OPEN:
        return _opened(memory, what)
    if code == DEPART:
        return _departure(memory, what)
    if code == FOLLOW:
        return _followed(memory, part, what)
    hours = draw(memory, what)
    if part >= 0:
        memory.real[entity + MOVING + part] += hours
    if code == WORK:
        return _worked(memory, memory.whole[pc + 3], hours)
    if code == BREAKING:
        hours = _failing(memory, pc, hours)
    return memory.real[NOW] + hours


@called
def pass_time(memory: Memory, entity: int, pc: int) -> int:
    """DELAY, BREAKING, WORK, WAIT_OPEN, DEPART, FOLLOW: go on when the step ends; never, where that is never."""
    memory.whole[entity + PC] = pc + INSTRUCTION
    until = _end_of(memory, entity, pc)
    if memory.whole[pc] > WORK and until <= memory.real[NOW]:
        return GO_ON
    wake_at(memory, entity, until)
    return WAIT


@called
def accepted(memory: Memory, profile: int, stream: int) -> bool:
    """Whether a candidate of the greatest rate comes at this time."""
    step = np.int64(memory.real[NOW] / memory.real[profile + STEP_H]) % memory.whole[profile + VALUES]
    return uniform(memory.whole, stream) < memory.real[memory.whole[profile + VALUES_AT] + step]
