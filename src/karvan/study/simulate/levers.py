"""What operations answer freight: the standard deviation of the hours at each resource, as levers."""

from __future__ import annotations

import pandas as pd

from karvan.corridor.outcome import outcome_table
from karvan.corridor.state import State

OWNER = "model:operations"


def lever_rows(state: State, resources: pd.DataFrame) -> pd.DataFrame:
    """``coupling.levers``: ``resources.sd_hours`` set to what was simulated, one lever a resource of freight."""
    known = set(state["resources"]["resource"])
    rows = resources.loc[resources["resource"].isin(known)]
    made = pd.DataFrame({
        "round": 1, "lever": [f"operations_{key}" for key in rows["resource"]], "owner": OWNER, "table": "resources",
        "where": [f"resource={key}" for key in rows["resource"]], "column": "sd_hours", "operation": "set",
        "value": rows["sd_hours"].to_numpy(),
    })  # fmt: skip
    return outcome_table("coupling.levers", made)
