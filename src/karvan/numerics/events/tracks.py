"""Single track: blocks between loops where trains can pass, without deadlock.

A train enters a block when the block is free for its direction and a track is free where it arrives, and reserves both
together. No direction may take the last free track of a loop: of ``n`` tracks each direction holds at most ``n - 1``.
So the foremost train of each direction always finds a track at the next loop and waits at most for trains that run, and
those arrive: traffic always drains. A loop with one track is none: the assembler makes one block of the sections
about it. Trains of one direction may follow each other, but never overtake one that only they keep waiting.
"""

from __future__ import annotations

from karvan.numerics.compiled import called, inlined
from karvan.numerics.events.entities import wake_at
from karvan.numerics.events.layout import (
    BACK,
    CAPACITY,
    DIRECTION,
    ENTERED,
    FIRST,
    FORWARD,
    GAP,
    GO_ON,
    INSTRUCTION,
    LOOP_AFTER,
    LOOP_BEFORE,
    LOOP_TRACKS,
    NEED,
    NEXT,
    NOBODY,
    NOW,
    PC,
    SINCE,
    STANDING,
    USED,
    WAIT,
    Memory,
)
from karvan.numerics.events.places import book, served, stand, step_out


@inlined
def _arrival(memory: Memory, block: int, direction: int) -> int:
    """The loop at which a block ends in a direction; NOBODY at the end of the line."""
    return memory.whole[block + LOOP_AFTER] if direction == FORWARD else memory.whole[block + LOOP_BEFORE]


@inlined
def _has_track(memory: Memory, loop: int, direction: int) -> bool:
    """Whether a train of this direction may take a track of a loop."""
    if loop == NOBODY:
        return True
    tracks, standing = memory.whole[loop + LOOP_TRACKS], loop + STANDING
    if memory.whole[standing + FORWARD] + memory.whole[standing + BACK] >= tracks:
        return False
    return memory.whole[standing + direction] < tracks - 1


@inlined
def _is_free(memory: Memory, block: int, direction: int) -> bool:
    """Whether a block lets in a train of this direction."""
    if memory.whole[block + CAPACITY] > 1 or memory.whole[block + USED] == 0:
        return True
    return memory.whole[block + DIRECTION] == direction


@inlined
def _grant(memory: Memory, entity: int, block: int, direction: int) -> None:
    """Reserve block and arrival track; the train leaves once the headway after the last one has passed."""
    whole, real = memory.whole, memory.real
    loop = _arrival(memory, block, direction)
    if loop != NOBODY:
        whole[loop + STANDING + direction] += 1
    whole[block + DIRECTION] = direction
    whole[block + USED] += 1
    entered = block + ENTERED + direction
    time = max(real[NOW], real[entered] + real[block + GAP])
    real[entered] = time
    served(memory, block, real[entity + SINCE])
    wake_at(memory, entity, time)


@called
def _settle(memory: Memory, block: int) -> None:
    """Let in who may enter a block, in order of waiting."""
    whole = memory.whole
    before, entity = NOBODY, whole[block + FIRST]
    if entity != NOBODY:
        book(memory, block)
    while entity != NOBODY:
        after, direction = whole[entity + NEXT], whole[entity + NEED]
        if not _has_track(memory, _arrival(memory, block, direction), direction):
            before = entity
        elif _is_free(memory, block, direction):
            step_out(memory, block, before, entity)
            _grant(memory, entity, block, direction)
        else:
            return
        entity = after


@called
def enter(memory: Memory, entity: int, pc: int) -> int:
    """ENTER block direction: wait for block and arrival track, and for the headway."""
    block = memory.whole[pc + 1]
    book(memory, block)
    memory.whole[entity + NEED] = memory.whole[pc + 2]
    memory.whole[entity + PC] = pc + INSTRUCTION
    stand(memory, block, entity)
    _settle(memory, block)
    return WAIT


@called
def clear(memory: Memory, entity: int, pc: int) -> int:
    """CLEAR loop direction block block: leave the track of a loop, which lies between these blocks."""
    memory.whole[memory.whole[pc + 1] + STANDING + memory.whole[pc + 2]] -= 1
    _settle(memory, memory.whole[pc + 3])
    _settle(memory, memory.whole[pc + 4])
    memory.whole[entity + PC] = pc + INSTRUCTION
    return GO_ON


@called
def leave(memory: Memory, entity: int, pc: int) -> int:
    """LEAVE block: the train has arrived on its track, the block is free of it."""
    block = memory.whole[pc + 1]
    book(memory, block)
    memory.whole[block + USED] -= 1
    _settle(memory, block)
    memory.whole[entity + PC] = pc + INSTRUCTION
    return GO_ON
