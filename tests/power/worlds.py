"""A power system of two zones: cheap plants in the east, dear ones in the west, one cable between them."""

from __future__ import annotations

from typing import Any

from karvan.corridor.corridor import Corridor
from karvan.corridor.state import State
from karvan.scenario.state import state
from tests.worlds import YEAR, frame, two_links

TWH_OF_100_MW = 100 * 8760 / 1e6


def two_zones(**tables: list[dict[str, Any]]) -> Corridor:
    """Load 100 MW flat in either zone; plants of 300 MW at 10 and 50 USD/MWh; a cable of 60 MW that loses a tenth.

    Rows given by name of the table (without ``power_``) stand in the place of those of the world.
    """
    place = {"country": "AAA", "carrier": "AC", "utc_offset_h": 0.0}
    plant = {"carrier": "gas", "p_nom": 300.0}
    load = {"year": YEAR, "twh": TWH_OF_100_MW, "profile": "flat", "value_of_lost_load_usd_per_mwh": 3000.0}
    rows: dict[str, list[dict[str, Any]]] = {
        "carriers": [{"name": name} for name in ("AC", "DC", "gas", "battery", "onwind")],
        "buses": [{**place, "name": "east", "x": 60.0, "y": 40.0},
                  {**place, "name": "west", "country": "BBB", "x": 50.0, "y": 40.0}],
        "profiles": [{"name": "flat", "kind": "load", "utc_offset_h": 0.0}],
        "generators": [{**plant, "name": "cheap", "bus": "east", "marginal_cost": 10.0, "owner": "easterners"},
                       {**plant, "name": "dear", "bus": "west", "marginal_cost": 50.0}],
        "links": [{"name": "cable", "bus0": "east", "bus1": "west", "carrier": "DC", "p_nom": 60.0, "p_min_pu": -1.0,
                   "efficiency": 0.9, "project": "P1"}],
        "loads": [{**load, "name": "east", "bus": "east"}, {**load, "name": "west", "bus": "west"}],
    }  # fmt: skip
    filled = {f"power__{name}": frame(f"power.{name}", listed) for name, listed in (rows | tables).items()}
    return two_links().replace(**filled)


def in_year(corridor: Corridor, year: int = YEAR) -> State:
    """The world in a year, without levers."""
    return state(corridor, (), year)
