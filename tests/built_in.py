"""The built-in corridor, read once a session, and what many tests ask of it."""

from __future__ import annotations

from functools import cache

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever
from karvan.corridor.state import State
from karvan.scenario.compiled import CompiledLevers, compile_levers
from karvan.scenario.resolve import resolve
from karvan.scenario.state import state
from karvan.store.builtin import load


@cache
def middle_corridor() -> Corridor:
    """The tables as they are read."""
    return load("middle-corridor")


@cache
def base_levers() -> tuple[Lever, ...]:
    """History and the shocks that happened."""
    return resolve(middle_corridor())


@cache
def compiled_base() -> CompiledLevers:
    """The same, ready for many years."""
    return compile_levers(middle_corridor(), base_levers())


@cache
def base_state(year: int) -> State:
    """The base in a year."""
    return state(middle_corridor(), compiled_base(), year)
