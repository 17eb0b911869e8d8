"""Freight of several years: routes once, then each year from the one before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from karvan.corridor.state import State
from karvan.freight.columns import with_columns
from karvan.freight.empties import with_empties
from karvan.freight.equilibrium import MOST_STEPS
from karvan.freight.network.routes import Pair, demand_pairs
from karvan.freight.prepare import Prepared, prepare
from karvan.freight.solved import SolvedYear, solve_year
from karvan.study.resume import Finished, kept_point, told_or_kept
from karvan.study.spread import on_threads, one_numeric_thread
from karvan.study.states import States

Progress = Callable[[str, float], None]
ROUTES_PART = 0.7
IN_A_ROW = 4


def silent(_text: str, _share: float) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class SolvedYears:
    """Solved years on one route set; ``added`` counts the routes that each round of column generation added."""

    prepared: Prepared
    years: tuple[SolvedYear, ...]
    added: tuple[int, ...]


def with_boxes(chosen: States) -> States:
    """The states with the empty boxes that the imbalance of loaded ones sends back."""
    return replace(
        chosen,
        years=tuple(with_empties(state) for state in chosen.years),
        base=with_empties(chosen.base),
        references=tuple(with_empties(state) for state in chosen.references),
    )


@one_numeric_thread
def prepared_for(
    chosen: States, pairs: Sequence[Pair] = (), stops: Sequence[str] = (), progress: Progress | None = None
) -> tuple[Prepared, tuple[int, ...]]:
    """Routes for some states: found at free flow, then what the prices of the base year call for.

    Parameters
    ----------
    chosen
        States with empties, as :func:`with_boxes` gives them.
    pairs
        Pairs to serve beside those with demand.
    stops
        Places where cargo may begin and end without loading or unloading.
    progress
        Called with a text and the share done, up to 1.
    """
    wanted = sorted({*demand_pairs([*chosen.years, chosen.base]), *pairs})
    tell = progress or silent
    found = partial(prepare, chosen.years, chosen.base, chosen.references, wanted, stops)
    prepared = found(progress=lambda text, share: tell(text, 0.7 * share), spread=on_threads)
    tell("routes at the prices of the base year", 0.7)
    priced, added = with_columns(prepared, chosen.base, chosen.base, spread=on_threads)
    return priced, tuple(added)


@one_numeric_thread
def solve_years(
    chosen: States,
    pairs: Sequence[Pair] = (),
    stops: Sequence[str] = (),
    progress: Progress | None = None,
    finished: Finished | None = None,
    most_steps: int = MOST_STEPS,
) -> SolvedYears:
    """Solve every year of some states, each from the waits and prices of the one before.

    Parameters as in :func:`prepared_for`; ``finished`` holds years solved before it was interrupted, ``most_steps`` are
    those of each year. A year that did not converge is in the answer and says so.
    """
    tell = progress or silent
    states = with_boxes(chosen)
    prepared, added = prepared_for(states, pairs, stops, lambda text, share: tell(text, ROUTES_PART * share))
    rest = 1.0 - ROUTES_PART

    def later(text: str, share: float) -> None:
        tell(text, ROUTES_PART + rest * share)

    years = solve_states(prepared, states.years, later, finished, most_steps)
    return SolvedYears(prepared, years, added)


@one_numeric_thread
def solve_states(
    prepared: Prepared,
    states: Sequence[State],
    progress: Progress | None = None,
    finished: Finished | None = None,
    most_steps: int = MOST_STEPS,
) -> tuple[SolvedYear, ...]:
    """Solve some states on routes that are at hand: four in a row, each from the waits and prices of the one before.

    Rows begin without a start, whatever else is solved at the same time, so that the numbers do not depend on it.

    Parameters
    ----------
    prepared
        Routes of all pairs.
    states
        With empties, as :func:`with_boxes` gives them; those the routes were prepared for.
    progress
        Called with a text and the share done.
    finished
        Years solved before the run was interrupted.
    most_steps
        Newton steps of a year before it gives up.
    """
    tell = progress or silent

    def in_a_row(row: Sequence[State]) -> list[SolvedYear]:
        solved: list[SolvedYear] = []
        for state in row:
            before = solved[-1] if solved else None
            start, known = (before.equilibrium.point, before.flow) if before else (None, None)
            year = solve_year(prepared, state, kept_point(state.year, finished) or start, known, most_steps)
            solved.append(told_or_kept(year, state.year, finished))
        return solved

    rows = [states[first : first + IN_A_ROW] for first in range(0, len(states), IN_A_ROW)]
    found: list[SolvedYear] = []
    for row, solved in zip(rows, on_threads(in_a_row, rows), strict=True):
        found += solved
        tell(f"years {row[0].year}-{row[-1].year}", len(found) / len(states))
    return tuple(found)
