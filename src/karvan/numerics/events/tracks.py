"""Single track: blocks between loops where trains can pass, without deadlock.

A train enters a block when the block is free for its direction and a track is free where it arrives, and reserves both
together. No direction may take the last free track of a loop: of ``n`` tracks each direction holds at most ``n - 1``.
So the foremost train of each direction always finds a track at the next loop and waits at most for trains that run,
and those arrive: traffic always drains. A loop with one track is none: the assembler makes one block of the sections
about it. Trains of one direction may follow each other; who could go but for the other direction is not overtaken by it.
"""

from __future__ import annotations

from karvan.numerics.compiled import lean
from karvan.numerics.events.entities import NOBODY, wake_at
from karvan.numerics.events.layout import (
    BACK,
    DIRECTION,
    ENTERED,
    FIRST,
    FORWARD,
    GO_ON,
    LOOP_AFTER,
    LOOP_BEFORE,
    LOOP_TRACKS,
    NEED,
    NEXT,
    NOW,
    PC,
    RUNNING,
    SINCE,
    STANDING,
    TRACKS,
    USED,
    WAIT,
    WAITING,
    State,
    Tables,
)
from karvan.numerics.events.places import book, served, stand, step_out


@lean
def _arrival(tables: Tables, block: int, direction: int) -> int:
    """The loop at which a block ends in a direction; -1 at the end of the line."""
    return tables.blocks[block, LOOP_AFTER] if direction == FORWARD else tables.blocks[block, LOOP_BEFORE]


@lean
def _has_track(state: State, loop: int, direction: int) -> bool:
    """Whether a train of this direction may take a track of a loop."""
    if loop < 0:
        return True
    tracks, standing = state.loops[loop, LOOP_TRACKS], state.loops[loop]
    if standing[STANDING + FORWARD] + standing[STANDING + BACK] >= tracks:
        return False
    return standing[STANDING + direction] < tracks - 1


@lean
def _is_free(tables: Tables, state: State, block: int, direction: int) -> bool:
    """Whether a block lets in a train of this direction."""
    running = state.running[block]
    return tables.blocks[block, TRACKS] > 1 or running[RUNNING] == 0 or running[DIRECTION] == direction


@lean
def _grant(tables: Tables, state: State, entity: int, block: int, direction: int) -> None:
    """Reserve block and arrival track; the train leaves once the headway after the last one has passed."""
    loop, place = _arrival(tables, block, direction), tables.blocks[block, WAITING]
    if loop >= 0:
        state.loops[loop, STANDING + direction] += 1
    state.running[block, DIRECTION] = direction
    state.running[block, RUNNING] += 1
    state.places[place, USED] += 1
    entered = tables.blocks[block, ENTERED] + direction
    time = max(state.clock[NOW], state.taken[entered] + tables.gaps[block])
    state.taken[entered] = time
    served(state, place, state.times[entity, SINCE])
    wake_at(state, entity, time)


@lean
def _settle(tables: Tables, state: State, block: int) -> None:
    """Let in who may enter a block, in order of waiting."""
    place = tables.blocks[block, WAITING]
    before, entity = NOBODY, state.places[place, FIRST]
    if entity != NOBODY:
        book(state, place)
    while entity != NOBODY:
        after, direction = state.entities[entity, NEXT], state.entities[entity, NEED]
        if not _has_track(state, _arrival(tables, block, direction), direction):
            before = entity
        elif _is_free(tables, state, block, direction):
            step_out(state, place, before, entity)
            _grant(tables, state, entity, block, direction)
        else:
            return
        entity = after


@lean
def enter(tables: Tables, state: State, entity: int, pc: int) -> int:
    """ENTER block direction: wait for block and arrival track, and for the headway."""
    block = tables.code[pc, 1]
    place = tables.blocks[block, WAITING]
    book(state, place)
    state.entities[entity, NEED] = tables.code[pc, 2]
    state.entities[entity, PC] = pc + 1
    stand(state, place, entity)
    _settle(tables, state, block)
    return WAIT


@lean
def clear(tables: Tables, state: State, entity: int, pc: int) -> int:
    """CLEAR loop direction block: leave the track of a loop, which lies behind that block and before the next."""
    state.loops[tables.code[pc, 1], STANDING + tables.code[pc, 2]] -= 1
    _settle(tables, state, tables.code[pc, 3])
    _settle(tables, state, tables.code[pc, 3] + 1)
    state.entities[entity, PC] = pc + 1
    return GO_ON


@lean
def leave(tables: Tables, state: State, entity: int, pc: int) -> int:
    """LEAVE block: the train has arrived on its track, the block is free of it."""
    block = tables.code[pc, 1]
    place = tables.blocks[block, WAITING]
    book(state, place)
    state.running[block, RUNNING] -= 1
    state.places[place, USED] -= 1
    _settle(tables, state, block)
    state.entities[entity, PC] = pc + 1
    return GO_ON
