"""Power of the built-in corridor: a year beside the same network by hand in PyPSA, an expansion, all cables.

Every measurement has a process of its own, so that none finds the memory of another; libraries are imported before a
clock starts. The network by hand is handed its tables and profiles ready to be added, which costs Karvan time and it
none, and is solved by PyPSA's own rolling horizon.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

from benchmarks.measured import Row, Rows, memory_mb
from karvan.corridor.state import State
from karvan.scenario.resolve import resolve
from karvan.scenario.state import state
from karvan.store.builtin import load

if TYPE_CHECKING:
    from pypsa import Network

YEAR, EXPANDED, SEED = 2025, 2030, 1
WINDOW_H, OVERLAP_H = 168, 24
KINDS = ("Carrier", "Bus", "Generator", "StorageUnit", "Link", "Line", "Load")
SOLVER: dict[str, Any] = {
    "solver_name": "highs", "io_api": "direct", "include_objective_constant": False, "assign_all_duals": True,
    "log_to_console": False, "progress": False,
    "solver_options": {"output_flag": False, "threads": 1, "random_seed": 1},
}  # fmt: skip


def power() -> Rows:
    """A year by hand and through Karvan, their ratios, and an expansion on weeks."""
    by_hand, through = _alone(_year_by_hand), _alone(_year_through_karvan)
    told = {name: float(row[name]) for row in (by_hand,) for name in ("seconds", "processor", "objective_usd")}
    solved = float(through["seconds"]) - float(through["tables_s"])
    beside: Row = {
        "case": "Karvan over PyPSA by hand",
        "ratio": float(through["seconds"]) / told["seconds"],
        "ratio_without_tables": solved / told["seconds"],
        "ratio_of_processor": float(through["processor"]) / told["processor"],
        "objective_off": abs(float(through["objective_usd"]) / told["objective_usd"] - 1.0),
    }
    return [by_hand, through, beside, _alone(_expansion)]


def cables() -> Rows:
    """The sheets of all cables on weeks."""
    return [_alone(_cables)]


def _alone(case: Callable[[], Row]) -> Row:
    """A case in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(case)


def _measured(name: str, action: Callable[[], Row]) -> Row:
    """What an action tells, with its seconds, those of the processor, and the most memory held."""
    began, worked = perf_counter(), process_time()
    told = action()
    spent: Row = {"case": name, "seconds": perf_counter() - began, "processor": process_time() - worked}
    return {**spent, **told, "memory_mb": memory_mb()}


def _in_year(year: int) -> State:
    corridor = load("middle-corridor")
    return state(corridor, resolve(corridor), year)


def _year_through_karvan() -> Row:
    from karvan.power import network
    from karvan.power.horizon import whole_year
    from karvan.power.results.tables import power_tables
    from karvan.power.solve import dispatch_in_windows, running_cost

    chosen = _in_year(YEAR)

    def action() -> Row:
        began = perf_counter()
        made = network(chosen, whole_year(), seed=SEED)
        built = perf_counter()
        solved = dispatch_in_windows(made, WINDOW_H, OVERLAP_H)
        done = perf_counter()
        power_tables(chosen, solved)
        parts: Row = {"build_s": built - began, "solve_s": done - built, "tables_s": perf_counter() - done}
        return {**parts, "objective_usd": running_cost(solved)}

    return _measured(f"year {YEAR} through Karvan", action)


def _year_by_hand() -> Row:
    from karvan.power import network
    from karvan.power.horizon import whole_year
    from karvan.power.solve import running_cost

    parts = _as_tables(network(_in_year(YEAR), whole_year(), seed=SEED))

    def action() -> Row:
        began = perf_counter()
        made = _by_hand(parts)
        built = perf_counter()
        made.optimize.optimize_with_rolling_horizon(horizon=WINDOW_H + OVERLAP_H, overlap=OVERLAP_H, **SOLVER)
        times: Row = {"build_s": built - began, "solve_s": perf_counter() - built}
        return {**times, "objective_usd": running_cost(made)}

    return _measured(f"year {YEAR} by hand", action)


def _as_tables(made: Network) -> dict[str, Any]:
    """The tables and series from which somebody would build the network by hand."""
    held: dict[str, Any] = {"snapshots": made.snapshots, "weightings": made.snapshot_weightings.copy()}
    for kind in KINDS:
        component = made.components[kind]
        series = {name: frame.copy() for name, frame in component.dynamic.items() if not frame.empty}
        held[kind] = (component.static.copy(), series)
    return held


def _by_hand(parts: dict[str, Any]) -> Network:
    """PyPSA alone: components added from tables, capacities as they stand, stores half full at the beginning."""
    import pypsa

    made = pypsa.Network()
    made.set_snapshots(parts["snapshots"])
    for name, weights in parts["weightings"].items():
        made.snapshot_weightings[name] = weights
    for kind in KINDS:
        static, series = parts[kind]
        if static.empty:
            continue
        cells = {name: static[name] for name in static if name in made.components[kind].defaults.index}
        extendable = {name: False for name in ("p_nom_extendable", "s_nom_extendable") if name in cells}
        made.add(kind, static.index, **{**cells, **extendable})
        for name, frame in series.items():
            made.components[kind].dynamic[name] = frame
    stores = made.components["StorageUnit"].static
    stores["cyclic_state_of_charge"] = False
    stores["state_of_charge_initial"] = stores["p_nom"] * stores["max_hours"] / 2
    return made


def _expansion() -> Row:
    from karvan.power import network
    from karvan.power.solve import expand

    chosen = _in_year(EXPANDED)

    def action() -> Row:
        grown = expand(network(chosen, seed=SEED))
        return {"snapshots": len(grown.snapshots), "zones": len(grown.components["Bus"].static)}

    return _measured(f"expansion of {EXPANDED} on weeks", action)


def _cables() -> Row:
    import karvan.power.trials  # noqa: F401  # imported before the clock starts
    from karvan.study.power.sheets import cable_sheets

    corridor = load("middle-corridor")

    def action() -> Row:
        told = cable_sheets(corridor)["power.cables"]
        return {"cables": told["project"].nunique(), "trials": len(told)}

    return _measured("all cables on weeks", action)
