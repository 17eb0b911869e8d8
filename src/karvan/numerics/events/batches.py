"""Batch queues: consignments wait, vehicles take them in order as far as their room goes, and let them go again.

What rides shares the parts of its vehicle's time: at loading the vehicle's parts so far are taken off, at unloading
those of then are added, so that a ship that waits for its berth makes its cargo wait.
"""

from __future__ import annotations

import math

from karvan.numerics.compiled import called, inlined
from karvan.numerics.events.entities import wake, wake_at
from karvan.numerics.events.layout import (
    CONTENT,
    FIRST,
    GO_ON,
    HEAD,
    INSTRUCTION,
    LANE,
    LEAST,
    LENGTH,
    LIGHTEST,
    LOADED,
    LOADS,
    MEASURE,
    MEASURES,
    MOVING,
    NEED,
    NEXT,
    NOBODY,
    NOW,
    PARTS_TOLD,
    PATIENCE,
    PC,
    ROOM,
    SINCE,
    SIZE,
    TAIL,
    VEHICLE_FIRST,
    VEHICLE_LAST,
    WAIT,
    WAITS_AT,
    WARM_UP,
    WEIGHED,
    Memory,
)
from karvan.numerics.events.places import book, served, stand, step_out

SLACK = 1e-9


@inlined
def _fits(memory: Memory, row: int, vehicle: int, entity: int) -> bool:
    """Whether there is room for one more in every measure, beside what the vehicle carries."""
    for measure in range(MEASURES):
        room = memory.real[row + ROOM + measure] - memory.real[vehicle + LOADED + measure]
        if memory.real[entity + SIZE + measure] > room + SLACK:
            return False
    return True


@inlined
def _is_full(memory: Memory, row: int, vehicle: int) -> bool:
    """Whether there is no room for another unit, or none left in any of the other measures that are limited."""
    limited, full = 0, 0
    for measure in range(MEASURES):
        most = memory.real[row + ROOM + measure]
        if memory.real[vehicle + LOADED + measure] >= most - SLACK:
            if measure == 0:
                return True
            full += 1
        if measure > 0 and not math.isinf(most):
            limited += 1
    return limited > 0 and full == limited


@inlined
def _ride(memory: Memory, vehicle: int, entity: int) -> None:
    """Put an entity at the end of a vehicle's cargo."""
    whole, real = memory.whole, memory.real
    if whole[vehicle + TAIL] == NOBODY:
        whole[vehicle + HEAD] = entity
    else:
        whole[whole[vehicle + TAIL] + NEXT] = entity
    whole[vehicle + TAIL] = entity
    for part in range(PARTS_TOLD):
        real[entity + MOVING + part] -= real[vehicle + MOVING + part]
    for measure in range(MEASURES):
        real[vehicle + LOADED + measure] += real[entity + SIZE + measure]


@inlined
def _is_hopeless(memory: Memory, place: int, row: int, vehicle: int) -> bool:
    """Whether even the lightest who waits is too much in the measure of the place."""
    measure = memory.whole[place + MEASURE]
    room = memory.real[row + ROOM + measure] - memory.real[vehicle + LOADED + measure]
    return memory.real[place + LIGHTEST] > room + SLACK


@called
def _board(memory: Memory, vehicle: int, place: int, row: int) -> None:
    """Load what waits at a place and fits, in order."""
    whole, real = memory.whole, memory.real
    measure = whole[place + MEASURE]
    carried = real[vehicle + LOADED + measure]
    before, entity = NOBODY, whole[place + FIRST]
    while entity != NOBODY and not (_is_full(memory, row, vehicle) or _is_hopeless(memory, place, row, vehicle)):
        after = whole[entity + NEXT]
        if _fits(memory, row, vehicle, entity):
            step_out(memory, place, before, entity)
            real[place + CONTENT] -= real[entity + SIZE + measure]
            served(memory, place, real[entity + SINCE])
            _ride(memory, vehicle, entity)
        else:
            before = entity
        entity = after
    if real[NOW] >= real[WARM_UP]:
        real[place + LOADS] += 1.0
        real[place + WEIGHED] += real[vehicle + LOADED + measure] - carried


@called
def _leave_line(memory: Memory, place: int, vehicle: int) -> None:
    """Take a vehicle out of the line of those that wait for cargo."""
    whole = memory.whole
    before, other = NOBODY, whole[place + VEHICLE_FIRST]
    while other != vehicle:
        before, other = other, whole[other + NEXT]
    after = whole[vehicle + NEXT]
    if before == NOBODY:
        whole[place + VEHICLE_FIRST] = after
    else:
        whole[before + NEXT] = after
    if after == NOBODY:
        whole[place + VEHICLE_LAST] = before
    whole[vehicle + NEXT] = NOBODY
    whole[vehicle + WAITS_AT] = NOBODY


@called
def _join_line(memory: Memory, place: int, vehicle: int, row: int) -> None:
    """Put a vehicle at the end of the line of those that wait for cargo, as long as its patience lasts."""
    whole, patience = memory.whole, memory.real[row + PATIENCE]
    whole[vehicle + NEED], whole[vehicle + WAITS_AT], whole[vehicle + NEXT] = row, place, NOBODY
    if whole[place + VEHICLE_LAST] == NOBODY:
        whole[place + VEHICLE_FIRST] = vehicle
    else:
        whole[whole[place + VEHICLE_LAST] + NEXT] = vehicle
    whole[place + VEHICLE_LAST] = vehicle
    if patience >= 0.0:
        wake_at(memory, vehicle, memory.real[NOW] + patience)


@inlined
def _is_short(memory: Memory, place: int, row: int) -> bool:
    """Whether less waits at a place than a load needs."""
    return memory.real[place + CONTENT] < memory.real[row + LEAST] - SLACK


@called
def _call_vehicles(memory: Memory, place: int) -> None:
    """Load the vehicles that wait and now find their least load, in order."""
    whole = memory.whole
    while whole[place + VEHICLE_FIRST] != NOBODY:
        vehicle = whole[place + VEHICLE_FIRST]
        row = whole[vehicle + NEED]
        if _is_short(memory, place, row):
            return
        _leave_line(memory, place, vehicle)
        _board(memory, vehicle, place, row)
        whole[vehicle + PC] += INSTRUCTION
        wake(memory, vehicle)


@called
def hold(memory: Memory, entity: int, pc: int) -> int:
    """HOLD place: wait there until a vehicle comes; this one's coming may be what a vehicle waits for."""
    whole, place = memory.whole, memory.whole[pc + 1]
    book(memory, place)
    whole[entity + PC] = pc + INSTRUCTION
    whole[entity + LANE] = place
    size = memory.real[entity + SIZE + whole[place + MEASURE]]
    lightest = memory.real[place + LIGHTEST] if whole[place + LENGTH] > 0 else math.inf
    memory.real[place + LIGHTEST] = min(lightest, size)
    stand(memory, place, entity)
    memory.real[place + CONTENT] += size
    _call_vehicles(memory, place)
    return WAIT


@called
def load(memory: Memory, vehicle: int, pc: int) -> int:
    """LOAD place row: take what is there, after waiting for the least load, as long as patience lasts."""
    whole, place, row = memory.whole, memory.whole[pc + 1], memory.whole[pc + 2]
    book(memory, place)
    waited = whole[vehicle + WAITS_AT] == place
    in_turn = memory.real[row + LEAST] == 0.0 or whole[place + VEHICLE_FIRST] == NOBODY
    if not waited and (_is_short(memory, place, row) or not in_turn):
        _join_line(memory, place, vehicle, row)
        return WAIT
    if waited:
        _leave_line(memory, place, vehicle)
    _board(memory, vehicle, place, row)
    whole[vehicle + PC] = pc + INSTRUCTION
    if waited:
        _call_vehicles(memory, place)
    return GO_ON


@inlined
def _alight(memory: Memory, vehicle: int, entity: int) -> None:
    """Let one entity go on, with the parts that its vehicle's time had meanwhile."""
    real = memory.real
    for part in range(PARTS_TOLD):
        real[entity + MOVING + part] += real[vehicle + MOVING + part]
    for measure in range(MEASURES):
        real[vehicle + LOADED + measure] -= real[entity + SIZE + measure]
    wake(memory, entity)


@called
def unload(memory: Memory, vehicle: int, pc: int) -> int:
    """UNLOAD place (-1: all): let the cargo that was held there go on, in the order it was loaded."""
    whole, place = memory.whole, memory.whole[pc + 1]
    before, entity = NOBODY, whole[vehicle + HEAD]
    while entity != NOBODY:
        after = whole[entity + NEXT]
        if place < 0 or whole[entity + LANE] == place:
            if before == NOBODY:
                whole[vehicle + HEAD] = after
            else:
                whole[before + NEXT] = after
            if after == NOBODY:
                whole[vehicle + TAIL] = before
            whole[entity + NEXT] = NOBODY
            _alight(memory, vehicle, entity)
        else:
            before = entity
        entity = after
    if whole[vehicle + HEAD] == NOBODY:
        for measure in range(MEASURES):
            memory.real[vehicle + LOADED + measure] = 0.0
    whole[vehicle + PC] = pc + INSTRUCTION
    return GO_ON
