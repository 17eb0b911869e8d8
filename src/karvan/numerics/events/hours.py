"""Time that passes: delays, work that fails or waits for opening hours, departures, headways, demand that varies."""

from __future__ import annotations

import numpy as np

from karvan.numerics.compiled import lean
from karvan.numerics.events.draws import draw
from karvan.numerics.events.entities import wake_at
from karvan.numerics.events.layout import (
    BREAKING,
    DELAY,
    DEPART,
    FOLLOW,
    GO_ON,
    MOVING,
    NOW,
    PC,
    WAIT,
    WAIT_OPEN,
    WORK,
    Floats,
    State,
    Tables,
)
from karvan.numerics.streams import uniform

NEVER = np.inf


@lean
def first_after(values: Floats, low: int, high: int, value: float) -> int:
    """The first position in [low, high) whose value is greater; ``high`` where none is."""
    while low < high:
        middle = (low + high) // 2
        if values[middle] > value:
            high = middle
        else:
            low = middle + 1
    return low


@lean
def _worked(tables: Tables, calendar: int, now: float, hours: float) -> float:
    """When work of so many hours that goes on only while a calendar is open ends."""
    last = tables.intervals_from[calendar + 1]
    at = first_after(tables.closes, tables.intervals_from[calendar], last, now)
    while at < last:
        begin = max(now, tables.opens[at])
        if begin + hours <= tables.closes[at]:
            return begin + hours
        hours -= tables.closes[at] - begin
        at += 1
    return NEVER


@lean
def _opened(tables: Tables, calendar: int, now: float) -> float:
    """When a calendar is next open: now where it is."""
    last = tables.intervals_from[calendar + 1]
    at = first_after(tables.closes, tables.intervals_from[calendar], last, now)
    return NEVER if at == last else max(now, tables.opens[at])


@lean
def _departure(tables: Tables, state: State, timetable: int) -> float:
    """The next departure that nobody has taken, which is taken by this."""
    now, taken = state.clock[NOW], state.taken[timetable]
    first, last = tables.departures_from[timetable], tables.departures_from[timetable + 1]
    cycle = tables.cycles[timetable]
    begin = max(now, taken)
    round_, at = 0.0, first
    if cycle > 0.0:
        round_ = np.floor(begin / cycle) * cycle
    while at < last and (round_ + tables.departures[at] < now or round_ + tables.departures[at] <= taken):
        at += 1
    if at == last and cycle > 0.0:
        round_ += cycle
        at = first
    time = NEVER if at == last else round_ + tables.departures[at]
    state.taken[timetable] = time
    return time


@lean
def _failing(tables: Tables, state: State, pc: int, hours: float) -> float:
    """Hours of work with its repairs: failures come after exponential working time, which has no memory."""
    life, repair = tables.code[pc, 3], tables.code[pc, 4]
    whole = hours
    rest = hours - draw(tables, state, life)
    while rest > 0.0:
        whole += draw(tables, state, repair)
        rest -= draw(tables, state, life)
    return whole


@lean
def _spend(tables: Tables, state: State, entity: int, pc: int, hours: float) -> None:
    """Count hours to the part of a journey that the instruction says (-1: none)."""
    part = tables.code[pc, 2]
    if part >= 0:
        state.times[entity, MOVING + part] += hours


@lean
def _end_of(tables: Tables, state: State, entity: int, pc: int) -> float:
    """When the step of time at an instruction ends; draws what it takes to know."""
    code, now, what = tables.code[pc, 0], state.clock[NOW], tables.code[pc, 1]
    if code == WAIT_OPEN:
        return _opened(tables, what, now)
    if code == DEPART:
        return _departure(tables, state, what)
    if code == FOLLOW:
        time = max(now, state.taken[tables.code[pc, 2]] + draw(tables, state, what))
        state.taken[tables.code[pc, 2]] = time
        return time
    hours = draw(tables, state, what)
    _spend(tables, state, entity, pc, hours)
    if code == WORK:
        return _worked(tables, tables.code[pc, 3], now, hours)
    if code == BREAKING:
        hours = _failing(tables, state, pc, hours)
    return now + hours


@lean
def pass_time(tables: Tables, state: State, entity: int, pc: int) -> int:
    """DELAY, BREAKING, WORK, WAIT_OPEN, DEPART, FOLLOW: go on when the step ends; never, where that is never."""
    state.entities[entity, PC] = pc + 1
    until = _end_of(tables, state, entity, pc)
    if tables.code[pc, 0] != DELAY and until <= state.clock[NOW]:
        return GO_ON
    wake_at(state, entity, until)
    return WAIT


@lean
def accepted(tables: Tables, state: State, pc: int) -> bool:
    """THIN profile stream: whether a candidate of the greatest rate comes at this time."""
    profile = tables.code[pc, 1]
    first, last = tables.profiles_from[profile], tables.profiles_from[profile + 1]
    step = np.int64(state.clock[NOW] / tables.profiles[first])
    share = tables.profiles[first + 1 + step % (last - first - 1)]
    return uniform(state.streams, tables.code[pc, 2]) < share
