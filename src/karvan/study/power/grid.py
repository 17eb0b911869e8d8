"""Freight and power coupled in one pass: trains load the grid, and the grid's emissions become theirs.

Freight is solved first; its electricity is added to the loads of zones by levers, power is solved with them, and the
emission factors of the zones return to freight by levers again. No price of freight hangs on an emission, so routes
would not move and the pass is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.outcome import outcome_table
from karvan.corridor.state import State
from karvan.freight.tables import flow_rows
from karvan.freight.year import with_emissions
from karvan.scenario.compiled import compile_levers
from karvan.scenario.resolve import resolve
from karvan.scenario.state import state
from karvan.study.power.mix import factor_levers, is_inside, zone_factors
from karvan.study.power.traction import electric_mwh, load_levers
from karvan.study.power.years import Powered
from karvan.study.solve import SolvedYears

LEVERS = "coupling.levers"
PowerOf = Callable[[Sequence[State]], Powered]
_GWH = 1e-3


@dataclass(frozen=True)
class WithTrains:
    """Power that is to be coupled with freight."""

    power: PowerOf


@dataclass(frozen=True)
class Coupled:
    """Power with the trains' load, freight with the grid's emissions, and the levers they exchanged."""

    power: Powered
    solved: SolvedYears
    levers: pd.DataFrame


def coupled(corridor: Corridor, scenario: Scenario, solved: SolvedYears, power: PowerOf) -> Coupled:
    """One pass freight, power, freight.

    Parameters
    ----------
    corridor, scenario
        What was run.
    solved
        Freight of its years.
    power
        What gives the power of states.

    Returns
    -------
    Coupled
        In every year the energy of the levers on ``power.loads`` and that drawn outside the zones, told in a warning,
        is the electricity of freight's tonne-kilometres. Years without load keep freight as it was.
    """
    years = [year.flow.state for year in solved.years]
    ready = {at.year for at in years if (at["power.loads"]["year"] == at.year).any()}
    energy = {
        year.flow.state.year: electric_mwh(year.flow.state, flow_rows(solved.prepared, year.flow))
        for year in solved.years if year.flow.state.year in ready
    }  # fmt: skip
    added = tuple(lever for at in years if at.year in ready for lever in load_levers(at, energy[at.year]))
    loaded = _states(corridor, scenario, added, years)
    electric = power(loaded)
    known = set(electric.tables["power.balance"]["year"]) if electric.tables else set()
    returned = tuple(
        lever for at in loaded if at.year in known
        for lever in factor_levers(at, energy[at.year], zone_factors(at, electric.tables))
    )  # fmt: skip
    emitting = _states(corridor, scenario, (*added, *returned), years)
    again = tuple(
        replace(year, flow=with_emissions(solved.prepared, year.flow, at["modes"]))
        for year, at in zip(solved.years, emitting, strict=True)
    )
    told = [_told(at, energy[at.year]) for at in years if at.year in ready]
    electric = replace(electric, options={**electric.options, "traction": "yes"}, warnings=(*electric.warnings, *told))
    return Coupled(electric, replace(solved, years=again), _table((*added, *returned)))


def _states(corridor: Corridor, scenario: Scenario, levers: Sequence[Lever], years: Sequence[State]) -> list[State]:
    """The years with levers more."""
    more = replace(scenario, levers=(*scenario.levers, *levers))
    compiled = compile_levers(corridor, resolve(corridor, more))
    return [state(corridor, compiled, at.year) for at in years]


def _told(at: State, energy: pd.DataFrame) -> str:
    """How much trains draw, and that statistics of consumption hold it already."""
    loads = at["power.loads"]
    whole = float(loads.loc[loads["year"] == at.year, "twh"].sum())
    inside, outside = (float(energy.loc[chosen, "mwh"].sum()) for chosen in (is_inside(energy), ~is_inside(energy)))
    drawn = f"{inside * _GWH:,.0f} GWh from the zones ({inside / whole * 1e-4:.2f} % of their load)"
    twice = "loads that are statistics hold trains already, so that these count twice"
    return f"{at.year}: freight draws {drawn} and {outside * _GWH:,.0f} GWh elsewhere; {twice}"


def _table(levers: Sequence[Lever]) -> pd.DataFrame:
    """``coupling.levers``."""
    rows = [
        {"round": 1, "lever": lever.key, "owner": lever.owner, "table": lever.table,
         "where": " & ".join(f"{column}={'|'.join(values)}" for column, values in lever.where),
         "column": lever.column, "operation": lever.operation, "value": lever.value} for lever in levers
    ]  # fmt: skip
    columns = ["round", "lever", "owner", "table", "where", "column", "operation", "value"]
    return outcome_table(LEVERS, pd.DataFrame(rows, columns=columns))
