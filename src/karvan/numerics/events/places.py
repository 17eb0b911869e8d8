"""Resources: units taken and given back, lower priority first and first come first served within it.

A place keeps its own account: those served, their waits, the integrals of units at work and of the queue, as a whole
after warm-up and by period from the beginning.
"""

from __future__ import annotations

import numpy as np

from karvan.numerics.compiled import lean
from karvan.numerics.events.entities import NOBODY, wake
from karvan.numerics.events.layout import (
    BOOKED,
    BUSY,
    CAPACITY,
    DELAYED,
    FIRST,
    GO_ON,
    LAST,
    LENGTH,
    LONGEST,
    NEED,
    NEXT,
    NOW,
    OFFERED,
    PC,
    PERIOD_CAME,
    PERIOD_H,
    PERIOD_QUEUE,
    PERIOD_WAITED,
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
    State,
    Tables,
)


@lean
def _book_periods(state: State, place: int, since: float, now: float) -> None:
    """Share the integral of a queue out to the periods that it spans."""
    hours, length = state.clock[PERIOD_H], state.places[place, LENGTH]
    last = state.periods.shape[1] - 1
    period = min(np.int64(since / hours), last)
    while since < now:
        until = now if period == last else min(now, (period + 1) * hours)
        state.periods[place, period, PERIOD_QUEUE] += length * (until - since)
        since = until
        period += 1


@lean
def book(state: State, place: int) -> None:
    """Bring the integrals of a place up to now, before anything there changes."""
    now, since = state.clock[NOW], state.sums[place, BOOKED]
    if now <= since:
        return
    state.sums[place, BOOKED] = now
    if state.places[place, LENGTH] > 0 and state.periods.shape[1] > 0:
        _book_periods(state, place, since, now)
    hours = now - max(since, state.clock[WARM_UP])
    if hours > 0.0:
        state.sums[place, BUSY] += state.places[place, USED] * hours
        state.sums[place, QUEUED] += state.places[place, LENGTH] * hours
        state.sums[place, OFFERED] += state.places[place, CAPACITY] * hours


@lean
def served(state: State, place: int, since: float) -> None:
    """Account for one who has waited since a time and is served now."""
    wait = state.clock[NOW] - since
    if state.periods.shape[1] > 0:
        period = min(np.int64(since / state.clock[PERIOD_H]), state.periods.shape[1] - 1)
        state.periods[place, period, PERIOD_CAME] += 1.0
        state.periods[place, period, PERIOD_WAITED] += wait
    if since >= state.clock[WARM_UP]:
        sums = state.sums[place]
        sums[SERVED] += 1.0
        sums[WAITED] += wait
        sums[SQUARED] += wait * wait
        if wait > 0.0:
            sums[DELAYED] += 1.0


@lean
def stand(state: State, place: int, entity: int) -> None:
    """Put an entity into the queue of a place, behind those of its priority and better ones."""
    entities, line = state.entities, state.places[place]
    entities[entity, NEXT] = NOBODY
    entities[entity, WAITS_AT] = place
    state.times[entity, SINCE] = state.clock[NOW]
    line[LENGTH] += 1
    line[LONGEST] = max(line[LONGEST], line[LENGTH])
    if line[LAST] == NOBODY:
        line[FIRST] = line[LAST] = entity
    elif entities[line[LAST], PRIORITY] <= entities[entity, PRIORITY]:
        entities[line[LAST], NEXT] = entity
        line[LAST] = entity
    else:
        before, after = NOBODY, line[FIRST]
        while entities[after, PRIORITY] <= entities[entity, PRIORITY]:
            before, after = after, entities[after, NEXT]
        entities[entity, NEXT] = after
        if before == NOBODY:
            line[FIRST] = entity
        else:
            entities[before, NEXT] = entity


@lean
def step_out(state: State, place: int, before: int, entity: int) -> None:
    """Take an entity out of the queue of a place, where it stands behind ``before`` (NOBODY: it is the first)."""
    entities, line = state.entities, state.places[place]
    after = entities[entity, NEXT]
    if before == NOBODY:
        line[FIRST] = after
    else:
        entities[before, NEXT] = after
    if after == NOBODY:
        line[LAST] = before
    line[LENGTH] -= 1
    entities[entity, NEXT] = NOBODY
    entities[entity, WAITS_AT] = NOBODY


@lean
def _serve_queue(state: State, place: int) -> None:
    """Give free units to those who wait, as far as they go."""
    entities, line = state.entities, state.places[place]
    while line[FIRST] != NOBODY and line[USED] + entities[line[FIRST], NEED] <= line[CAPACITY]:
        entity = line[FIRST]
        step_out(state, place, NOBODY, entity)
        line[USED] += entities[entity, NEED]
        entities[entity, PC] += 1
        served(state, place, state.times[entity, SINCE])
        wake(state, entity)


@lean
def take(tables: Tables, state: State, entity: int, pc: int, attempt: bool) -> int:
    """SEIZE place units; ATTEMPT place units elsewhere: where they are not free, go on there."""
    place, units = tables.code[pc, 1], tables.code[pc, 2]
    line = state.places[place]
    book(state, place)
    if line[LENGTH] == 0 and line[USED] + units <= line[CAPACITY]:
        line[USED] += units
        served(state, place, state.clock[NOW])
        state.entities[entity, PC] = pc + 1
        return GO_ON
    if attempt:
        state.entities[entity, PC] = tables.code[pc, 3]
        return GO_ON
    state.entities[entity, NEED] = units
    stand(state, place, entity)
    return WAIT


@lean
def give(tables: Tables, state: State, entity: int, pc: int, alter: bool) -> int:
    """RELEASE place units; ALTER place units: more or less capacity. Then those who wait are served."""
    place, units = tables.code[pc, 1], tables.code[pc, 2]
    book(state, place)
    if alter:
        state.places[place, CAPACITY] += units
    else:
        state.places[place, USED] -= units
    _serve_queue(state, place)
    state.entities[entity, PC] = pc + 1
    return GO_ON
