"""The main job: every year of a scenario, solved and set beside the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from karvan import __version__
from karvan.corridor.corridor import Corridor, fingerprints
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Outcome, Provenance
from karvan.freight.assignment import free_flow
from karvan.freight.network.routes import demand_pairs
from karvan.freight.prepare import Prepared, prepare
from karvan.freight.tables import freight_tables
from karvan.study.record import comparison, unit_conflicts
from karvan.study.states import BASE, states

Progress = Callable[[str, float], None]
ROUTES_PART = 0.6


def run(
    corridor: Corridor,
    scenario: Scenario = BASE,
    years: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Run freight at free flow for some years.

    Capacities do not bind: loads stand beside them. Demand splits by path-size logit over the route sets, the outside
    option taking what no route is worth.

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

    Returns
    -------
    Outcome
        Tables ``freight.*`` and ``record.comparison``. In every pair served plus unserved equals demand.

    Raises
    ------
    ScenarioError, DataError
        If levers or years are wrong; with every problem.
    """
    tell = progress or _silent
    tell("states", 0.0)
    chosen = states(corridor, scenario, tuple(years or ()))
    pairs = demand_pairs([*chosen.years, chosen.base])
    prepared = prepare(
        chosen.years,
        chosen.base,
        chosen.references,
        pairs,
        progress=lambda text, share: tell(text, ROUTES_PART * share),
    )
    flows = []
    for count, state in enumerate(chosen.years):
        tell(f"year {state.year}", ROUTES_PART + 0.2 * count / len(chosen.years))
        flows.append(free_flow(prepared, state))
    tell("tables", ROUTES_PART + 0.2)
    tables = freight_tables(prepared, flows)
    solved = tuple(state.year for state in chosen.years)
    tables["record.comparison"] = comparison(corridor, tables, solved)
    tell("done", 1.0)
    return Outcome(
        name=scenario.name,
        tables=tables,
        provenance=Provenance(
            version=__version__,
            corridor=corridor.info.name,
            scenario=scenario.name,
            fingerprints=fingerprints(corridor),
            options={
                "years": f"{solved[0]}-{solved[-1]}" if solved else "",
                "method": "free-flow path-size logit",
                "routes": prepared.routes.path_start.size - 1,
                "route_searches_cut_off": prepared.routes.given_up,
            },
        ),
        warnings=(*_without_route(prepared), *unit_conflicts(corridor)),
    )


def _silent(_text: str, _share: float) -> None:
    """Progress that nobody asked for."""


def _without_route(prepared: Prepared) -> tuple[str, ...]:
    """A warning for every pair that no route serves; all of its demand is unserved."""
    empty = prepared.routes.pair_start[1:] == prepared.routes.pair_start[:-1]
    lost = prepared.routes.pairs.loc[empty]
    return tuple(
        f"no route serves {p.origin} - {p.destination}, {p.commodity} by {p.handling_class}: all of it is unserved"
        for p in lost.itertuples(index=False)
    )
