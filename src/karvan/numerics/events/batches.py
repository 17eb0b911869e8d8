"""Batch queues: consignments wait, vehicles take them in order as far as their room goes, and let them go again.

What rides shares the parts of its vehicle's time: at loading the vehicle's parts so far are taken off, at unloading
those of then are added, so that a ship that waits for its berth makes its cargo wait.
"""

from __future__ import annotations

from karvan.numerics.compiled import lean
from karvan.numerics.events.entities import NOBODY, wake, wake_at
from karvan.numerics.events.layout import (
    CONTENT,
    DELAYED,
    FIRST,
    GO_ON,
    HEAD,
    HELD,
    LANE,
    MEASURE,
    MEASURES,
    MOVING,
    NEED,
    NEXT,
    NOW,
    PARTS_TOLD,
    PC,
    SINCE,
    TAIL,
    SIZE,
    LOADED,
    VEHICLE_FIRST,
    VEHICLE_LAST,
    WAIT,
    WAITS_AT,
    WARM_UP,
    WEIGHED,
    State,
    Tables,
)
from karvan.numerics.events.places import book, served, stand, step_out

# A row of numbers of a LOAD: room by measure, least load, patience in hours (below 0: without end).
LEAST, PATIENCE = MEASURES, MEASURES + 1
LOAD_NUMBERS = MEASURES + 2
SLACK = 1e-9


@lean
def _fits(tables: Tables, state: State, row: int, vehicle: int, entity: int) -> bool:
    """Whether there is room for one more in every measure, beside what the vehicle carries."""
    for measure in range(MEASURES):
        room = tables.numbers[row + measure] - state.times[vehicle, LOADED + measure]
        if state.times[entity, SIZE + measure] > room + SLACK:
            return False
    return True


@lean
def _is_full(tables: Tables, state: State, row: int, vehicle: int) -> bool:
    """Whether one of the measures leaves no room at all."""
    for measure in range(MEASURES):
        if state.times[vehicle, LOADED + measure] >= tables.numbers[row + measure] - SLACK:
            return True
    return False


@lean
def _ride(state: State, vehicle: int, entity: int) -> None:
    """Put an entity at the end of a vehicle's cargo."""
    entities = state.entities
    if entities[vehicle, TAIL] == NOBODY:
        entities[vehicle, HEAD] = entity
    else:
        entities[entities[vehicle, TAIL], NEXT] = entity
    entities[vehicle, TAIL] = entity
    for part in range(PARTS_TOLD):
        state.times[entity, MOVING + part] -= state.times[vehicle, MOVING + part]
    for measure in range(MEASURES):
        state.times[vehicle, LOADED + measure] += state.times[entity, SIZE + measure]


@lean
def _board(tables: Tables, state: State, vehicle: int, place: int, row: int) -> None:
    """Load what waits at a place and fits, in order."""
    measure = state.places[place, MEASURE]
    carried = state.times[vehicle, LOADED + measure]
    before, entity = NOBODY, state.places[place, FIRST]
    while entity != NOBODY and not _is_full(tables, state, row, vehicle):
        after = state.entities[entity, NEXT]
        if _fits(tables, state, row, vehicle, entity):
            step_out(state, place, before, entity)
            state.sums[place, CONTENT] -= state.times[entity, SIZE + measure]
            served(state, place, state.times[entity, SINCE])
            _ride(state, vehicle, entity)
        else:
            before = entity
        entity = after
    if state.clock[NOW] >= state.clock[WARM_UP]:
        state.sums[place, HELD] += 1.0
        state.sums[place, WEIGHED] += state.times[vehicle, LOADED + measure] - carried


@lean
def _leave_line(state: State, place: int, vehicle: int) -> None:
    """Take a vehicle out of the line of those that wait for cargo."""
    entities, line = state.entities, state.places[place]
    before, other = NOBODY, line[VEHICLE_FIRST]
    while other != vehicle:
        before, other = other, entities[other, NEXT]
    after = entities[vehicle, NEXT]
    if before == NOBODY:
        line[VEHICLE_FIRST] = after
    else:
        entities[before, NEXT] = after
    if after == NOBODY:
        line[VEHICLE_LAST] = before
    entities[vehicle, NEXT] = NOBODY
    entities[vehicle, WAITS_AT] = NOBODY


@lean
def _call_vehicles(tables: Tables, state: State, place: int) -> None:
    """Load the vehicles that wait and now find their least load, in order."""
    entities, line = state.entities, state.places[place]
    while line[VEHICLE_FIRST] != NOBODY:
        vehicle = line[VEHICLE_FIRST]
        row = entities[vehicle, NEED]
        if state.sums[place, CONTENT] < tables.numbers[row + LEAST] - SLACK:
            return
        _leave_line(state, place, vehicle)
        _board(tables, state, vehicle, place, row)
        entities[vehicle, PC] += 1
        wake(state, vehicle)


@lean
def hold(tables: Tables, state: State, entity: int, pc: int) -> int:
    """HOLD place: wait there until a vehicle comes; this one's coming may be what a vehicle waits for."""
    place = tables.code[pc, 1]
    book(state, place)
    state.entities[entity, PC] = pc + 1
    state.entities[entity, LANE] = place
    stand(state, place, entity)
    state.sums[place, CONTENT] += state.times[entity, SIZE + state.places[place, MEASURE]]
    _call_vehicles(tables, state, place)
    return WAIT


@lean
def load(tables: Tables, state: State, vehicle: int, pc: int) -> int:
    """LOAD place row: take what is there, after waiting for the least load, as long as patience lasts."""
    place, row = tables.code[pc, 1], tables.code[pc, 2]
    entities, line, numbers = state.entities, state.places[place], tables.numbers
    book(state, place)
    patient = entities[vehicle, WAITS_AT] != place
    short = state.sums[place, CONTENT] < numbers[row + LEAST] - SLACK
    if patient and (short or (numbers[row + LEAST] > 0.0 and line[VEHICLE_FIRST] != NOBODY)):
        entities[vehicle, NEED], entities[vehicle, WAITS_AT], entities[vehicle, NEXT] = row, place, NOBODY
        if line[VEHICLE_LAST] == NOBODY:
            line[VEHICLE_FIRST] = vehicle
        else:
            entities[line[VEHICLE_LAST], NEXT] = vehicle
        line[VEHICLE_LAST] = vehicle
        if numbers[row + PATIENCE] >= 0.0:
            wake_at(state, vehicle, state.clock[NOW] + numbers[row + PATIENCE])
        return WAIT
    if not patient:
        _leave_line(state, place, vehicle)
    _board(tables, state, vehicle, place, row)
    entities[vehicle, PC] = pc + 1
    if not patient:
        _call_vehicles(tables, state, place)
    return GO_ON


@lean
def _alight(state: State, vehicle: int, entity: int) -> None:
    """Let one entity go on, with the parts that its vehicle's time had meanwhile."""
    for part in range(PARTS_TOLD):
        state.times[entity, MOVING + part] += state.times[vehicle, MOVING + part]
    for measure in range(MEASURES):
        state.times[vehicle, LOADED + measure] -= state.times[entity, SIZE + measure]
    wake(state, entity)


@lean
def unload(tables: Tables, state: State, vehicle: int, pc: int) -> int:
    """UNLOAD place (-1: all): let the cargo that was held there go on, in the order it was loaded."""
    entities, place = state.entities, tables.code[pc, 1]
    before, entity = NOBODY, entities[vehicle, HEAD]
    while entity != NOBODY:
        after = entities[entity, NEXT]
        if place < 0 or entities[entity, LANE] == place:
            if before == NOBODY:
                entities[vehicle, HEAD] = after
            else:
                entities[before, NEXT] = after
            if after == NOBODY:
                entities[vehicle, TAIL] = before
            entities[entity, NEXT] = NOBODY
            _alight(state, vehicle, entity)
        else:
            before = entity
        entity = after
    entities[vehicle, PC] = pc + 1
    return GO_ON
