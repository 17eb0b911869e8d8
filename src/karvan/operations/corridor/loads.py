"""Cargo on its way, as whoever has solved freight hands it over: where it passes, what it uses, how much a year.

Hours are those of freight: moving, at borders and handled, without queues. Nothing here knows of services.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray


class Passage(NamedTuple):
    """One link, or one transfer at a place, for one handling class.

    ``link`` is empty at a transfer. Hours: moving, border, handling, boarding (half a headway), waiting (in freight's
    queues). ``uses`` are pairs of resource and units that one unit of the class takes of it: a TEU for containers, a
    tonne for the others.
    """

    handling_class: str
    link: str = ""
    back: bool = False
    moving: float = 0.0
    border: float = 0.0
    handling: float = 0.0
    boarding: float = 0.0
    waiting: float = 0.0
    uses: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Loads:
    """All cargo of a year.

    Attributes
    ----------
    passages
        Every passage once.
    flows
        One row a flow: origin, destination, commodity, handling_class, units (a year; TEU or t, empty boxes included).
    start, way
        Flow f passes ``way[start[f]:start[f + 1]]`` in order, numbers of passages.
    """

    passages: tuple[Passage, ...]
    flows: pd.DataFrame
    start: NDArray[np.int64]
    way: NDArray[np.int32]

    def of(self, flow: int) -> list[Passage]:
        """The passages of a flow in the order of travel."""
        return [self.passages[number] for number in self.way[self.start[flow] : self.start[flow + 1]]]
