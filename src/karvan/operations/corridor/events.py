"""The events of one replication as a table: who went on with what, and when."""

from __future__ import annotations

import numpy as np
import pandas as pd

from karvan.corridor.outcome import outcome_table
from karvan.numerics.events import layout
from karvan.operations.corridor.replicate import Year, run

NAME = "operations.events"


def event_rows(year: Year, seed: int, number: int) -> pd.DataFrame:
    """``operations.events``: every step of every entity of one replication, in order of time."""
    left = run(year, seed, number, logged=True)
    serial = left.log_items[:, 0]
    instruction = (left.log_items[:, 1] - year.program.image.cells[layout.CODE_AT]) // layout.INSTRUCTION
    labels = year.program.labels
    told = pd.DataFrame([(label.process, label.step, label.names) for label in labels]).fillna("")
    frame = pd.DataFrame({
        "replication": number, "event": np.arange(1, serial.size + 1), "hour": left.log_times, "entity": serial,
        "process": told[0].to_numpy()[instruction], "step": told[1].to_numpy()[instruction],
        "names": told[2].to_numpy()[instruction],
    })  # fmt: skip
    return outcome_table(NAME, frame)
