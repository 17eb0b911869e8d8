"""Entities of the twin, and the places where they wait."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from karvan.operations.steps import PARTS, Size

Steps = Generator[None, None, None]


@dataclass(eq=False)
class Entity:
    """A consignment, vehicle, train or shift: what it carries and remembers, and the steps it still has to do."""

    serial: int
    priority: int
    born: float
    size: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0)
    steps: Steps | None = None
    parent: Entity | None = None
    children: int = 0
    due: float = -1.0
    ticket: int = 0
    is_ready: bool = False
    since: float = 0.0
    need: int = 0
    waits_at: Any = None
    lane: str = ""
    cargo: list[Entity] = field(default_factory=list)
    loaded: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0, 0.0])
    parts: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PARTS, 0.0))
    marks: dict[str, float] = field(default_factory=dict)


def weights(size: Size) -> tuple[float, ...]:
    """A size by measure: one unit, TEU, wagons, trucks."""
    return (1.0, float(size.teu), float(size.wagons), float(size.trucks))


@dataclass(eq=False)
class Place:
    """Where entities wait: a resource with its units, a batch queue with its vehicles, or a block of track."""

    key: str
    capacity: int = 0
    used: int = 0
    measure: int = 0
    content: float = 0.0
    queue: list[Entity] = field(default_factory=list)
    vehicles: list[tuple[Entity, Any]] = field(default_factory=list)
    direction: int = 0
    entered: list[float] = field(default_factory=lambda: [float("-inf")] * 2)

    def stand(self, entity: Entity, now: float) -> None:
        """Put an entity into the queue, behind those of its priority and better ones."""
        at = len(self.queue)
        while at > 0 and self.queue[at - 1].priority > entity.priority:
            at -= 1
        self.queue.insert(at, entity)
        entity.since, entity.waits_at = now, self

    def step_out(self, entity: Entity) -> None:
        """Take an entity out of the queue."""
        self.queue.remove(entity)
        entity.waits_at = None
