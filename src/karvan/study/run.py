"""The main job: every year of a scenario, solved and set beside the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from karvan import __version__
from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Outcome, Provenance
from karvan.freight.empties import EMPTY_BOXES
from karvan.freight.equilibrium import MOST_STEPS
from karvan.freight.prepare import Prepared
from karvan.freight.solved import SolvedYear
from karvan.freight.tables import freight_tables
from karvan.study.power.grid import LEVERS, PowerOf, WithTrains, coupled
from karvan.study.power.ranked import RANKED, ranked
from karvan.study.power.years import Powered
from karvan.study.record import comparison, unit_conflicts
from karvan.study.resume import Finished, input_fingerprints
from karvan.study.solve import Progress, SolvedYears, silent, solve_years
from karvan.study.spread import on_threads
from karvan.study.states import BASE, states

SOLVING_PART = 0.8
METHOD = "capacitated path-size logit equilibrium"


def run(
    corridor: Corridor,
    scenario: Scenario = BASE,
    years: Sequence[int] | None = None,
    progress: Progress | None = None,
    finished: Finished | None = None,
    most_steps: int = MOST_STEPS,
    power: PowerOf | WithTrains | None = None,
) -> Outcome:
    """Run the capacitated equilibrium of freight for some years, and power where it is asked for.

    Demand splits by path-size logit over the route sets; queues wait, limits are rationed by a price, and the outside
    option takes what no route is worth.

    Parameters
    ----------
    corridor
        What is run; it is not changed.
    scenario
        Owners and levers on top of history and the shocks that happened.
    years
        Calendar years; None: every year of the record that has demand.
    progress
        Called with a text and the share done, 0 to 1.
    finished
        Years of the same run solved before it was interrupted; the outcome is the same with and without.
    most_steps
        Steps of the equilibrium of each year before it gives up and says so.
    power
        What gives the power of the states, as :func:`karvan.study.power.years.powered` with its choices made; or that
        :class:`WithTrains`, which adds freight's electricity to the loads and takes the grid's emissions for it.

    Returns
    -------
    Outcome
        Tables ``freight.*``, those of power where there is any, and ``record.comparison``; one convergence a year. In
        every pair served plus unserved equals demand.

    Raises
    ------
    ScenarioError, DataError
        If levers or years are wrong; with every problem.
    """
    tell = progress or silent
    tell("states", 0.0)
    chosen = states(corridor, scenario, tuple(years or ()))
    solved = solve_years(
        chosen,
        progress=lambda text, share: tell(text, SOLVING_PART * share),
        finished=finished,
        most_steps=most_steps,
    )
    covered = tuple(year.flow.state.year for year in solved.years)
    tell("power", SOLVING_PART)
    tables: dict[str, pd.DataFrame] = {}
    if isinstance(power, WithTrains):
        pass_ = coupled(corridor, scenario, solved, power.power)
        electric, solved, tables[LEVERS] = pass_.power, pass_.solved, pass_.levers
    else:
        electric = power(chosen.years) if power else Powered()
    tell("tables", SOLVING_PART)
    tables |= freight_tables(solved.prepared, [year.flow for year in solved.years], solved.years, on_threads)
    tables.update(electric.tables)
    tables[RANKED] = ranked(tables, _owners(corridor))
    tables["record.comparison"] = comparison(corridor, tables, covered)
    tell("done", 1.0)
    return Outcome(
        name=scenario.name,
        tables=tables,
        provenance=Provenance(
            version=__version__,
            corridor=corridor.info.name,
            scenario=scenario.name,
            fingerprints=input_fingerprints(corridor, scenario),
            options={**_options(solved, covered), **electric.options},
        ),
        convergence=tuple(
            replace(year.equilibrium.convergence, part=f"freight {year.flow.state.year}") for year in solved.years
        ),
        warnings=(*_warnings(solved, corridor), *electric.warnings),
    )


def _owners(corridor: Corridor) -> dict[str, str]:
    """Who owns each resource."""
    resources = corridor["resources"]
    return dict(zip(resources["resource"].astype(str), resources["owner"].astype(str), strict=True))


def _options(solved: SolvedYears, years: tuple[int, ...]) -> dict[str, str | int | float | bool]:
    """What a reader needs to repeat the run, and how its routes were found."""
    return {
        "years": f"{years[0]}-{years[-1]}" if years else "",
        "method": METHOD,
        "routes": solved.prepared.routes.path_start.size - 1,
        "routes_added_at_prices": sum(solved.added),
        "route_searches_cut_off": solved.prepared.routes.given_up,
    }


def _warnings(solved: SolvedYears, corridor: Corridor) -> tuple[str, ...]:
    """What a reader must know: pairs without a route, resources without room, values at a kink, units left out."""
    told = [*_without_route(solved.prepared)]
    for year in solved.years:
        told += [*_without_room(year), *_at_a_kink(year)]
    return (*told, *unit_conflicts(corridor))


def _without_route(prepared: Prepared) -> list[str]:
    """A warning for every pair that no route serves; all of its demand is unserved."""
    empty = prepared.routes.pair_start[1:] == prepared.routes.pair_start[:-1]
    lost = prepared.routes.pairs.loc[empty]
    return [
        f"no route serves {p.origin} - {p.destination}, {p.commodity} by {p.handling_class}: all of it is unserved"
        for p in lost.itertuples(index=False)
        if p.commodity != EMPTY_BOXES
    ]


def _without_room(year: SolvedYear) -> list[str]:
    """A warning for every resource that its background fills."""
    resources = year.equilibrium.problem.resources
    full = resources.closed & (resources.capacity > 0)
    return [
        f"{year.flow.state.year}: background fills {key}; it takes no cargo of the demand table"
        for key in resources.keys[full]
    ]


def _at_a_kink(year: SolvedYear) -> list[str]:
    """A warning for every limit whose price and slack are both zero."""
    return [
        f"{year.flow.state.year}: {key} is just full, so that its value has two sides; one of them is shown"
        for key in year.equilibrium.problem.resources.keys[year.worth.kinks]
    ]
