"""Column generation: routes that are worth taking once queues and prices are paid.

At the waits and prices of a solved year the cheapest ways may lead round a full resource. Every sequence within a few
percent of a pair's cheapest way at those prices joins the route set, and the year is solved again; two or three rounds
find nearly all of them, and then the set is frozen.
"""

from __future__ import annotations

from dataclasses import replace

from karvan.corridor.state import State
from karvan.freight.equilibrium import Equilibrium, solve
from karvan.freight.network.costs import ArcCosts
from karvan.freight.network.routes import Spread, extended
from karvan.freight.prepare import Prepared, compiled
from karvan.freight.year import Year, arc_waits, problem_of, year_of

ROUNDS = 2
WITHIN = 1.1


def priced(year: Year, equilibrium: Equilibrium) -> ArcCosts:
    """Arc costs of a year with the waits and prices of its equilibrium."""
    use, arcs = year.taken.by_arc, year.free.arcs
    closed = (use @ year.resources.closed.astype(float)) > 0
    return replace(
        arcs,
        usd=arcs.usd + use @ equilibrium.point.price,
        hours_waiting=arc_waits(year, equilibrium.point),
        open=arcs.open & ~closed,
    )


def with_columns(
    prepared: Prepared, base: State, state: State, rounds: int = ROUNDS, spread: Spread = map
) -> tuple[Prepared, list[int]]:
    """Add the routes that the prices of a state call for, and say how many each round added.

    Parameters
    ----------
    prepared
        Routes found at free flow.
    base
        State of the base year, on which scales and path sizes rest.
    state
        State whose equilibrium prices are looked at.
    rounds
        Most rounds; a round that adds nothing is the last.
    spread
        Does the searches for routes, as in :func:`karvan.freight.network.routes.find_routes`.
    """
    added: list[int] = []
    equilibrium: Equilibrium | None = None
    for _ in range(rounds):
        year = year_of(prepared, state)
        equilibrium = solve(problem_of(prepared, year), equilibrium.point if equilibrium else None)
        routes = extended(prepared.routes, state, priced(year, equilibrium), prepared.pairs, WITHIN, spread)
        added.append(int(routes.path_start.size - prepared.routes.path_start.size))
        if added[-1] == 0:
            break
        prepared = compiled(routes, base, prepared.pairs)
    return prepared, added
