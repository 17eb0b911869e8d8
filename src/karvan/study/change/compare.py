"""Two scenarios, or two stored runs, beside each other: what differs, for whom, and who brought which part.

Both are solved on one set of routes, that over the union of the links of both. A stored run holds tables and no model,
so that two of them are set beside each other without the why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from karvan import __version__
from karvan.corridor.corridor import Corridor, fingerprints
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.outcome import Convergence, Outcome, Provenance, outcome_table
from karvan.errors import DataError, Problem
from karvan.freight.prepare import Prepared
from karvan.freight.solved import SolvedYear
from karvan.freight.tables import freight_tables
from karvan.scenario.compiled import CompiledLevers, compile_levers, owners_in
from karvan.scenario.growth import years_with_demand
from karvan.scenario.resolve import resolve
from karvan.study.change.attribution import attribute, moved
from karvan.study.change.differences import difference_tables
from karvan.study.change.game import Game
from karvan.study.change.measures import KEY
from karvan.study.resume import input_fingerprints, scenario_fingerprint
from karvan.study.solve import Progress, prepared_for, silent, solve_states, with_boxes
from karvan.study.spread import on_threads, one_numeric_thread
from karvan.study.states import States, states

EVERY = 5
SOLVED_PART = 0.4


@dataclass(frozen=True)
class CompareOptions:
    """Years, none for :func:`usual_years`, and whether the why is worked out."""

    years: tuple[int, ...] = ()
    why: bool = True


@one_numeric_thread
def compare(
    corridor: Corridor,
    base: Scenario,
    plan: Scenario,
    options: CompareOptions | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """What a plan changes against a base.

    Parameters
    ----------
    corridor
        What both are run on; it is not changed.
    base, plan
        Scenarios; owners of the base that the plan lacks count as taken away.
    options
        Years and the why.
    progress
        Called with a text and the share done.

    Returns
    -------
    Outcome
        Tables ``compare.totals``, ``compare.resources``, ``compare.gateways``, ``compare.indicators`` and, where it was
        asked for, ``compare.why``, whose parts add up to the differences in ``compare.totals``.

    Raises
    ------
    ScenarioError, DataError
        If levers or years are wrong, or both scenarios have one name and different levers of their own.
    """
    wanted, tell = options or CompareOptions(), progress or silent
    years = wanted.years or usual_years(corridor)
    _refuse_one_name(base, plan)
    tell("states", 0.0)
    both = tuple(with_boxes(states(corridor, each, years)) for each in (base, plan))
    joined = States(both[0].years + both[1].years, both[0].base, both[0].references)
    prepared, _ = prepared_for(joined, progress=lambda text, share: tell(text, 0.7 * SOLVED_PART * share))
    tell("base and plan", 0.7 * SOLVED_PART)
    solved = list(on_threads(lambda each: solve_states(prepared, each.years), both))
    tables = [freight_tables(prepared, [year.flow for year in each], each) for each in solved]
    owner_of = _owners_of_resources(joined)
    found = difference_tables(corridor, tables[0], tables[1], years, owner_of)
    convergence = [_told(name, year) for name, each in zip(("base", "plan"), solved, strict=True) for year in each]
    if wanted.why:
        play = _Play(corridor, base, plan, prepared, owner_of)
        rest = 1.0 - SOLVED_PART
        why, more = _why(play, solved[0], lambda text, share: tell(text, SOLVED_PART + rest * share))
        found["compare.why"], convergence = why, [*convergence, *more]
    tell("done", 1.0)
    return Outcome(
        name=f"{base.name} against {plan.name}",
        tables=found,
        provenance=Provenance(
            version=__version__,
            corridor=corridor.info.name,
            scenario=f"{base.name} against {plan.name}",
            fingerprints={**input_fingerprints(corridor, plan), "base scenario": scenario_fingerprint(base)},
            options={"base": base.name, "plan": plan.name, "years": ",".join(map(str, years))},
        ),
        convergence=tuple(convergence),
    )


def compare_runs(corridor: Corridor, base: Outcome, plan: Outcome) -> Outcome:
    """Two stored runs beside each other, in the years that both have.

    Parameters
    ----------
    corridor
        The corridor both were made from: names owners, countries and indicators.
    base, plan
        Outcomes of ``run``.

    Raises
    ------
    DataError
        If they have no year in common, or come from another corridor than the one given.
    """
    for each in (base, plan):
        if each.provenance.corridor != corridor.info.name:
            told = f"run {each.name!r} was made from corridor {each.provenance.corridor!r}, not {corridor.info.name!r}"
            raise DataError(problems=[Problem("another corridor", value=told, remedy="name its corridor")])
    have = [set(each["freight.pairs"]["year"].unique()) for each in (base, plan)]
    years = tuple(sorted(int(year) for year in have[0] & have[1]))
    if not years:
        raise DataError(problems=[Problem("no year in common", value=f"{base.name}, {plan.name}")])
    owner_of = dict(zip(corridor["resources"]["resource"], corridor["resources"]["owner"], strict=True))
    changed = _changed_inputs(corridor, base, plan)
    return Outcome(
        name=f"{base.name} against {plan.name}",
        tables=difference_tables(corridor, base.tables, plan.tables, years, owner_of),
        provenance=replace(plan.provenance, scenario=f"{base.provenance.scenario} against {plan.provenance.scenario}"),
        convergence=(*base.convergence, *plan.convergence),
        warnings=(*changed, "stored runs hold no model: compare the scenarios to see who brought which part"),
    )


def usual_years(corridor: Corridor) -> tuple[int, ...]:
    """The last year of the record, and after it every fifth year that demand reaches."""
    last = corridor.info.last_year
    return (last, *(year for year in years_with_demand(corridor) if year > last and year % EVERY == 0))


@dataclass(frozen=True)
class _Play:
    """What the game of every year shares."""

    corridor: Corridor
    base: Scenario
    plan: Scenario
    prepared: Prepared
    owner_of: Mapping[str, str]


def _why(play: _Play, solved: Iterable[SolvedYear], progress: Progress) -> tuple[pd.DataFrame, list[Convergence]]:
    """``compare.why`` of all years, and how the games converged."""
    have = [resolve(play.corridor, each) for each in (play.base, play.plan)]
    owners = [dict.fromkeys(lever.owner for lever in levers) for levers in have]
    compiled = _union(play.corridor, *have)
    years = list(solved)
    games = [Game(play.prepared, compiled, year, owners, play.owner_of) for year in years]
    rows, convergence = [], []
    for count, (parts, told) in enumerate(on_threads(lambda game: _parts(game, owners), games), start=1):
        progress("who brought which part", count / len(years))
        rows.append(parts)
        convergence.append(told)
    return outcome_table("compare.why", pd.concat(rows, ignore_index=True)), convergence


def _parts(game: Game, owners: list[dict[str, None]]) -> tuple[pd.DataFrame, Convergence]:
    """The parts of one year, long, and how its coalitions converged."""
    year = game.base.flow.state.year
    active = owners_in(game.compiled, year)
    players = [owner for owner in moved(*owners) if owner in active]
    told: list[Convergence] = []
    split = attribute(players, game.play(told))
    long = split.parts.reset_index().melt(id_vars=KEY, var_name="owner", value_name="part")
    worst = max(told, key=lambda each: (not each.converged, each.residual))
    total = sum(each.iterations for each in told)
    return long.assign(year=year, method=split.method), replace(worst, part=f"parts of {year}", iterations=total)


def _union(corridor: Corridor, base: tuple[Lever, ...], plan: tuple[Lever, ...]) -> CompiledLevers:
    """The levers of both, those of an owner once."""
    known = {lever.owner for lever in base}
    return compile_levers(corridor, (*base, *(lever for lever in plan if lever.owner not in known)))


def _refuse_one_name(base: Scenario, plan: Scenario) -> None:
    """Two scenarios of one name with different levers of their own could not be told apart."""
    if base.levers and plan.levers and base.name == plan.name and base.levers != plan.levers:
        remedy = "give one of them another name"
        raise DataError(problems=[Problem("two scenarios of one name", plan.file, value=plan.name, remedy=remedy)])


def _owners_of_resources(joined: States) -> dict[str, str]:
    """Owner of every resource that some state has."""
    tables = [state["resources"] for state in joined.years]
    return {key: owner for table in tables for key, owner in zip(table["resource"], table["owner"], strict=True)}


def _told(name: str, year: SolvedYear) -> Convergence:
    return replace(year.equilibrium.convergence, part=f"{name} {year.flow.state.year}")


def _changed_inputs(corridor: Corridor, base: Outcome, plan: Outcome) -> list[str]:
    """A warning for tables of which the runs, or the corridor given, hold other versions."""
    prints = [dict(each.provenance.fingerprints) for each in (base, plan)] + [fingerprints(corridor)]
    names = sorted({name for each in prints for name in each})
    differ = [name for name in names if name != "scenario" and len({each.get(name) for each in prints}) > 1]
    return [f"made from different versions of {', '.join(differ)}"] if differ else []
