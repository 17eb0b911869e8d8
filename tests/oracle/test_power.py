"""Power systems whose answers are known: three zones in a ring, and an example of PyPSA's documentation."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from karvan.corridor.corridor import Corridor
from karvan.power import network
from karvan.power.parts import BACK
from karvan.power.results.lines import lines as lines_of
from karvan.power.results.reading import read
from karvan.power.results.tables import power_tables
from karvan.power.solve import dispatch, running_cost
from tests.built_in import base_state
from tests.power.worlds import in_year, two_zones
from tests.worlds import YEAR

HOURS = 8760


def _world(zones: dict[str, float], plants: list[tuple[str, str, float, float]], **ways: Any) -> Corridor:
    place = {"country": "AAA", "carrier": "AC", "x": 50.0, "y": 40.0, "utc_offset_h": 0.0}
    return two_zones(
        buses=[{**place, "name": name} for name in zones],
        generators=[{"name": n, "bus": b, "carrier": "gas", "p_nom": p, "marginal_cost": c} for n, b, p, c in plants],
        loads=[{"name": name, "bus": name, "year": YEAR, "twh": mw * HOURS / 1e6, "profile": "flat",
                "value_of_lost_load_usd_per_mwh": 3000.0} for name, mw in zones.items() if mw],
        **{"links": [], **ways},
    )  # fmt: skip


def _solved(world: Corridor) -> tuple[Any, dict[str, pd.DataFrame]]:
    made = in_year(world)
    run = dispatch(network(made))
    return run, power_tables(made, run)


def test_a_ring_of_three_zones_splits_power_by_its_reactances_and_prices_the_far_one_above_every_plant() -> None:
    # Equal lines a-b, b-c, a-c; 300 MW at c; a at 10, b at 20; a-c holds 150: 2/3 of a and 1/3 of b pass it, so each
    # gives 150. One more MW at c needs two of b and one of a less: 30. One more MW of a-c moves 3 MW from b to a: 30.
    line = {"carrier": "AC", "x": 0.1, "s_nom": 1000.0}
    ring = [{**line, "name": "ab", "bus0": "a", "bus1": "b"}, {**line, "name": "bc", "bus0": "b", "bus1": "c"},
            {**line, "name": "ac", "bus0": "a", "bus1": "c", "s_nom": 150.0}]  # fmt: skip
    world = _world({"a": 0.0, "b": 0.0, "c": 300.0}, [("A", "a", 900.0, 10.0), ("B", "b", 900.0, 20.0)], lines=ring)
    run, tables = _solved(world)
    assert run.components["Generator"].dynamic["p"].iloc[0][["A", "B"]].tolist() == pytest.approx([150.0, 150.0])
    assert run.components["Bus"].dynamic["marginal_price"].iloc[0].tolist() == pytest.approx([10.0, 20.0, 30.0])
    lines = tables["power.lines"].set_index("line")
    assert lines["value_usd_per_unit"].tolist() == pytest.approx([0.0, 0.0, 30.0 * HOURS])
    assert lines["rent_usd"].sum() == pytest.approx((300 * 30 - 150 * 10 - 150 * 20) * HOURS)


def test_two_markets_of_the_published_example_give_its_dispatch_prices_and_worth_of_the_line() -> None:
    # PyPSA documentation, "Simple electricity market examples": two bidding zones connected by transmission, one hour.
    plants = [("Coal", "za", 35000.0, 30.0), ("Wind", "za", 3000.0, 0.0), ("Gas", "za", 8000.0, 60.0),
              ("Oil", "za", 2000.0, 80.0), ("Hydro", "mz", 1200.0, 0.0)]  # fmt: skip
    link = {"name": "link", "bus0": "za", "bus1": "mz", "carrier": "AC", "p_nom": 500.0, "p_min_pu": -1.0}
    run, tables = _solved(_world({"za": 42000.0, "mz": 650.0}, plants, links=[link]))
    given = run.components["Generator"].dynamic["p"].iloc[0][["Coal", "Wind", "Gas", "Oil", "Hydro"]]
    assert given.tolist() == pytest.approx([35000.0, 3000.0, 3500.0, 0.0, 1150.0])
    assert run.components["Bus"].dynamic["marginal_price"].iloc[0].tolist() == pytest.approx([60.0, 0.0])
    assert tables["power.lines"]["value_usd_per_unit"].tolist() == pytest.approx([60.0 * HOURS])
    assert tables["power.lines"]["back_twh"].tolist() == pytest.approx([500.0 * HOURS / 1e6])


BOTH_WAYS = {"name": "cable", "bus0": "east", "bus1": "west", "carrier": "DC", "p_nom": 60.0, "p_min_pu": -1.0}


@pytest.mark.parametrize("link", [
    {**BOTH_WAYS, "efficiency": 0.9, "marginal_cost": 4.0},
    {**BOTH_WAYS, "efficiency": 0.9, "bus0": "west", "bus1": "east", "p_min_pu": -0.5},
    {**BOTH_WAYS, "availability": 0.8},
], ids=["loss and charge", "full on its way back", "works four fifths of the time"])  # fmt: skip
def test_the_worth_of_a_line_is_the_difference_that_one_more_megawatt_makes_to_the_cost(link: dict[str, Any]) -> None:
    worlds = [two_zones(links=[{**link, "p_nom": mw}]) for mw in (60.0, 61.0)]
    runs = [_solved(world) for world in worlds]
    worth = float(runs[0][1]["power.lines"]["value_usd_per_unit"].iloc[0])
    assert worth > 0
    assert worth == pytest.approx(running_cost(runs[0][0]) - running_cost(runs[1][0]), rel=1e-6)


@pytest.mark.slow
def test_worths_of_the_built_in_lines_lie_between_differences_of_cost_up_and_down() -> None:
    made = network(base_state(2025))
    solved = dispatch(made)
    lines = lines_of(read(solved)).set_index("line").nlargest(4, "value_usd_per_percent")
    cost = running_cost(solved)
    for name, worth in lines["value_usd_per_unit"].items():
        more, less = ((running_cost(dispatch(_wider(made, str(name), mw))) - cost) / mw for mw in (0.5, -0.5))
        # Cost is convex in capacity: the dual lies between the slopes on either side, to the solver's tolerance.
        assert -more * (1 - 1e-4) <= worth <= -less * (1 + 1e-4), name


def _wider(made: Any, name: str, mw: float) -> Any:
    """A copy with a link of other size, both ways."""
    wider = made.copy()
    links = wider.components["Link"].static
    links.loc[[key for key in links.index if key.removesuffix(BACK) == name], "p_nom"] += mw
    return wider
