"""Resources: units taken and given back, lower priority first and first come first served within it.

A place keeps its own account: those served, their waits, the integrals of units at work and of the queue, as a whole
after warm-up and by period from the beginning.
"""

from __future__ import annotations

import numpy as np

from karvan.numerics.compiled import called, inlined
from karvan.numerics.events.entities import wake
from karvan.numerics.events.layout import (
    ALTER,
    ATTEMPT,
    BOOKED,
    BUSY,
    CAPACITY,
    DELAYED,
    FIRST,
    GO_ON,
    INSTRUCTION,
    LAST,
    LENGTH,
    LONGEST,
    NEED,
    NEXT,
    NOBODY,
    NOW,
    NUMBER,
    OFFERED,
    PC,
    PERIOD_CAME,
    PERIOD_CELLS,
    PERIOD_H,
    PERIOD_QUEUE,
    PERIOD_WAITED,
    PERIODS,
    PERIODS_AT,
    PRIORITY,
    QUEUED,
    SERVED,
    SINCE,
    SQUARED,
    USED,
    WAIT,
    WAITED,
    WAITS_AT,
    WARM_UP,
    Memory,
)


@inlined
def _period(memory: Memory, place: int, time: float) -> int:
    """Where the sums of a place lie for the period of a time; what comes after the last period counts to it."""
    periods = memory.whole[PERIODS]
    period = min(np.int64(time / memory.real[PERIOD_H]), periods - 1)
    return memory.whole[PERIODS_AT] + PERIOD_CELLS * (memory.whole[place + NUMBER] * periods + period)


@called
def _book_periods(memory: Memory, place: int, since: float, now: float) -> None:
    """Share the integral of a queue out to the periods that it spans."""
    hours, length = memory.real[PERIOD_H], memory.whole[place + LENGTH]
    row = _period(memory, place, since)
    until = (np.int64(since / hours) + 1) * hours
    while until < now:
        memory.real[row + PERIOD_QUEUE] += length * (until - since)
        row += PERIOD_CELLS
        since = until
        until += hours
    memory.real[row + PERIOD_QUEUE] += length * (now - since)


@inlined
def book(memory: Memory, place: int) -> None:
    """Bring the integrals of a place up to now, before anything there changes."""
    whole, real = memory.whole, memory.real
    now, since = real[NOW], real[place + BOOKED]
    if now <= since:
        return
    real[place + BOOKED] = now
    if whole[PERIODS] > 0 and whole[place + LENGTH] > 0:
        _book_periods(memory, place, since, now)
    hours = now - max(since, real[WARM_UP])
    if hours > 0.0:
        real[place + BUSY] += whole[place + USED] * hours
        real[place + QUEUED] += whole[place + LENGTH] * hours
        real[place + OFFERED] += whole[place + CAPACITY] * hours


@inlined
def served(memory: Memory, place: int, since: float) -> None:
    """Account for one who has waited since a time and is served now."""
    real = memory.real
    wait = real[NOW] - since
    if memory.whole[PERIODS] > 0:
        row = _period(memory, place, since)
        real[row + PERIOD_CAME] += 1.0
        real[row + PERIOD_WAITED] += wait
    if since >= real[WARM_UP]:
        real[place + SERVED] += 1.0
        real[place + WAITED] += wait
        real[place + SQUARED] += wait * wait
        if wait > 0.0:
            real[place + DELAYED] += 1.0


@called
def stand(memory: Memory, place: int, entity: int) -> None:
    """Put an entity into the queue of a place, behind those of its priority and better ones."""
    whole = memory.whole
    whole[entity + NEXT] = NOBODY
    whole[entity + WAITS_AT] = place
    memory.real[entity + SINCE] = memory.real[NOW]
    whole[place + LENGTH] += 1
    whole[place + LONGEST] = max(whole[place + LONGEST], whole[place + LENGTH])
    last, priority = whole[place + LAST], whole[entity + PRIORITY]
    if last == NOBODY:
        whole[place + FIRST] = entity
        whole[place + LAST] = entity
    elif whole[last + PRIORITY] <= priority:
        whole[last + NEXT] = entity
        whole[place + LAST] = entity
    else:
        before, after = NOBODY, whole[place + FIRST]
        while whole[after + PRIORITY] <= priority:
            before, after = after, whole[after + NEXT]
        whole[entity + NEXT] = after
        if before == NOBODY:
            whole[place + FIRST] = entity
        else:
            whole[before + NEXT] = entity


@inlined
def step_out(memory: Memory, place: int, before: int, entity: int) -> None:
    """Take an entity out of the queue of a place, where it stands behind ``before`` (NOBODY: it is the first)."""
    whole = memory.whole
    after = whole[entity + NEXT]
    if before == NOBODY:
        whole[place + FIRST] = after
    else:
        whole[before + NEXT] = after
    if after == NOBODY:
        whole[place + LAST] = before
    whole[place + LENGTH] -= 1
    whole[entity + NEXT] = NOBODY
    whole[entity + WAITS_AT] = NOBODY


@called
def _serve_queue(memory: Memory, place: int) -> None:
    """Give free units to those who wait, as far as they go."""
    whole = memory.whole
    while whole[place + FIRST] != NOBODY:
        entity = whole[place + FIRST]
        if whole[place + USED] + whole[entity + NEED] > whole[place + CAPACITY]:
            return
        step_out(memory, place, NOBODY, entity)
        whole[place + USED] += whole[entity + NEED]
        whole[entity + PC] += INSTRUCTION
        served(memory, place, memory.real[entity + SINCE])
        wake(memory, entity)


@called
def take(memory: Memory, entity: int, pc: int) -> int:
    """SEIZE place units; ATTEMPT place units elsewhere: where they are not free, go on there."""
    whole, place, units = memory.whole, memory.whole[pc + 1], memory.whole[pc + 2]
    book(memory, place)
    if whole[place + LENGTH] == 0 and whole[place + USED] + units <= whole[place + CAPACITY]:
        whole[place + USED] += units
        served(memory, place, memory.real[NOW])
        whole[entity + PC] = pc + INSTRUCTION
        return GO_ON
    if whole[pc] == ATTEMPT:
        whole[entity + PC] = memory.whole[pc + 3]
        return GO_ON
    whole[entity + NEED] = units
    stand(memory, place, entity)
    return WAIT


@called
def give(memory: Memory, entity: int, pc: int) -> int:
    """RELEASE place units; ALTER place units: more or less capacity. Then those who wait are served."""
    place, units = memory.whole[pc + 1], memory.whole[pc + 2]
    book(memory, place)
    if memory.whole[pc] == ALTER:
        memory.whole[place + CAPACITY] += units
    else:
        memory.whole[place + USED] -= units
    _serve_queue(memory, place)
    memory.whole[entity + PC] = pc + INSTRUCTION
    return GO_ON
