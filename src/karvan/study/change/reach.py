"""The cheapest way to a stated target by a year: one lever, or a set of projects; or what stops it.

One lever is a capacity or the price of a gateway; how far it must go is a root search. Projects are added by what they
bring for their capex until the target is met, and those that turn out not to be needed are taken out again; a project
whose capex nobody states comes last. That is a good set, not a proven cheapest one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from karvan import __version__
from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.outcome import Convergence, Outcome, Provenance, outcome_table
from karvan.freight.year import Year
from karvan.scenario.compiled import compile_levers
from karvan.scenario.resolve import levers_of, problems, resolve
from karvan.scenario.where import parse_where
from karvan.study.change.ground import Ground, Tried
from karvan.study.change.target import Target, parse_target
from karvan.study.resume import input_fingerprints
from karvan.study.solve import Progress, prepared_for, silent, with_boxes
from karvan.study.spread import one_numeric_thread
from karvan.study.states import BASE, States, states

FURTHEST, CHEAPEST = 10.0, 0.1
RESOURCES_TRIED = 12
FULL = 0.8
SHARE_OF_GAP = 1e-3
STEP = 1.1


@dataclass(frozen=True)
class Candidate:
    """A project that may be built: its owner, name, capex in MUSD (NaN where nobody states it)."""

    owner: str
    name: str
    capex_musd: float


@one_numeric_thread
def reach(
    corridor: Corridor, text: str, by: int, scenario: Scenario = BASE, progress: Progress | None = None
) -> Outcome:
    """What would reach a target.

    Parameters
    ----------
    corridor
        Its projects are the candidates; it is not changed.
    text
        The target, as :func:`karvan.study.change.target.parse_target` reads it.
    by
        Calendar year in which it shall be met.
    scenario
        What holds anyway.
    progress
        Called with a text and the share done.

    Returns
    -------
    Outcome
        ``reach.answer`` (one row), ``reach.levers``, ``reach.projects`` and ``reach.limits``.

    Raises
    ------
    DataError, ScenarioError
        If target, year or levers are wrong.
    """
    tell = progress or silent
    target = parse_target(corridor, text)
    tell("routes", 0.0)
    ground, candidates = _ground(corridor, scenario, by, target, lambda what, share: tell(what, 0.4 * share))
    base = ground.tried()
    here = ground.year_with()
    ground = replace(ground, start=base.equilibrium.point, known=here.free)
    tell("projects", 0.4)
    alone = {each.owner: ground.tried([each.owner]).value for each in candidates}
    everything = ground.tried([each.owner for each in candidates])
    chosen = _chosen(ground, candidates, alone) if target.met(everything.value) else ()
    tell("single levers", 0.7)
    levers = () if target.met(base.value) else _levers(ground, here, base)
    unlimited = ground.widened(here, dict.fromkeys(map(str, here.resources.keys), FURTHEST))
    built = ground.tried(chosen).value if chosen else base.value
    tell("what stops it", 0.9)
    answer = {
        "year": by, "indicator": target.indicator.indicator, "scope": target.indicator.scope,
        "unit": target.indicator.unit, "target": target.value, "at_least": target.at_least, "base": base.value,
        "all_projects": everything.value, "unlimited": unlimited.value, "chosen_projects": built,
        "met": target.met(base.value), "by_projects": bool(chosen), "by_one_lever": any(row["meets"] for row in levers),
    }  # fmt: skip
    tell("done", 1.0)
    return Outcome(
        name=text,
        tables={
            "reach.answer": outcome_table("reach.answer", pd.DataFrame([answer])),
            "reach.levers": outcome_table("reach.levers", pd.DataFrame(levers, columns=_LEVER_COLUMNS)),
            "reach.projects": _projects(candidates, alone, base.value, chosen),
            "reach.limits": _limits(corridor, ground, everything, [each.owner for each in candidates]),
        },
        provenance=Provenance(
            version=__version__, corridor=corridor.info.name, scenario=scenario.name,
            fingerprints=input_fingerprints(corridor, scenario), options={"target": text, "by": by},
        ),
        convergence=(_told("base", base), _told("all projects", everything), _told("capacities x 10", unlimited)),
    )  # fmt: skip


def candidates_of(corridor: Corridor, scenario: Scenario) -> tuple[Candidate, ...]:
    """Projects with levers that the scenario does not have, in their main variant, that can stand together.

    A project that contradicts the scenario, or one listed before it, is left out.
    """
    with_levers = {lever.owner for lever in levers_of(corridor) if not lever.pending}
    found: list[Candidate] = []
    together = scenario
    for row in corridor["projects"].to_dict("records"):
        owner = f"project:{row['project']}"
        if row["variant"] or owner not in with_levers or owner in scenario.include:
            continue
        wider = replace(together, include=(*together.include, owner))
        if not problems(corridor, wider):
            found.append(Candidate(owner, str(row["name"]), float(row["capex_musd"])))
            together = wider
    return tuple(found)


def _ground(
    corridor: Corridor, scenario: Scenario, by: int, target: Target, progress: Progress
) -> tuple[Ground, tuple[Candidate, ...]]:
    """The year with routes over everything that a candidate may open."""
    candidates = candidates_of(corridor, scenario)
    wide = replace(scenario, include=(*scenario.include, *(each.owner for each in candidates)))
    both = [with_boxes(states(corridor, each, (by,))) for each in (scenario, wide)]
    joined = States(both[0].years + both[1].years, both[0].base, both[0].references)
    prepared, _ = prepared_for(joined, progress=progress)
    compiled = compile_levers(corridor, resolve(corridor, wide))
    on = frozenset(lever.owner for lever in resolve(corridor, scenario))
    return Ground(prepared, compiled, on, by, target), candidates


def _chosen(ground: Ground, candidates: Sequence[Candidate], alone: dict[str, float]) -> tuple[str, ...]:
    """Owners of projects that meet the target together, none of which can be spared."""
    target, cost = ground.target, {each.owner: each.capex_musd for each in candidates}

    def cheap(owner: str, gain: float) -> tuple[bool, float]:
        return (np.isnan(cost[owner]), -gain / max(cost[owner], 1e-9) if cost[owner] > 0 else -gain)

    chosen: list[str] = []
    value = ground.tried().value
    gains = {owner: _gain(target, with_it, value) for owner, with_it in alone.items()}
    while not target.met(value) and gains:
        order = sorted(gains, key=lambda owner: (gains[owner] <= 0, *cheap(owner, gains[owner])))
        chosen.append(order[0])
        del gains[order[0]]
        value = ground.tried(chosen).value
    for owner in sorted(chosen, key=lambda owner: -np.nan_to_num(cost[owner], nan=np.inf)):
        rest = [each for each in chosen if each != owner]
        if target.met(ground.tried(rest).value):
            chosen = rest
    return tuple(chosen)


def _gain(target: Target, value: float, base: float) -> float:
    """How much nearer a value is to the target than the base."""
    return target.gap(base) - target.gap(value)


_LEVER_COLUMNS = ["table", "where", "column", "factor", "value", "meets"]


def _levers(ground: Ground, here: Year, base: Tried) -> tuple[dict[str, object], ...]:
    """Single levers that move the indicator, those that reach the target with the least change first."""
    resources = base.equilibrium.problem.resources
    used = np.where(resources.capacity > 0, base.equilibrium.utilisation, 0.0)
    busy = [str(resources.keys[n]) for n in np.argsort(-used)[:RESOURCES_TRIED] if used[n] >= FULL]
    rows = [
        _row(
            ground,
            base,
            ("resources", f"resource={key}", "capacity_per_year"),
            FURTHEST,
            _by_capacity(ground, here, key),
        )
        for key in busy
    ]
    groups = [
        value
        for name, values in parse_where(ground.target.indicator.where)
        if name == "gateway_group"
        for value in values
    ]
    for group in groups:
        tried = _by_price(ground, group)
        rows.append(_row(ground, base, ("links", f"gateway_group={group}", "usd_per_feu, usd_per_t"), CHEAPEST, tried))
    kept = [row for row in rows if row["moves"]]
    kept.sort(key=lambda row: (not row["meets"], abs(np.log(float(str(row["factor"])))) if row["meets"] else 0.0,
                               ground.target.gap(float(str(row["value"])))))  # fmt: skip
    return tuple({name: row[name] for name in _LEVER_COLUMNS} for row in kept)


def _row(
    ground: Ground, base: Tried, place: tuple[str, str, str], limit: float, value: Callable[[float], float]
) -> dict[str, object]:
    """How far one lever must go, at most to its limit."""
    target = ground.target
    furthest = value(limit)
    moves = _gain(target, furthest, base.value) > SHARE_OF_GAP * abs(target.gap(base.value))
    factor, reached = limit, furthest
    if moves and target.met(furthest):
        root = brentq(lambda x: target.gap(value(float(np.exp(x)))), 0.0, np.log(limit), xtol=1e-3, maxiter=30)
        factor = float(np.exp(root))
        reached = target.value
    return {**dict(zip(_LEVER_COLUMNS[:3], place, strict=True)), "factor": factor, "value": reached,
            "meets": moves and target.met(furthest), "moves": moves}  # fmt: skip


def _by_capacity(ground: Ground, here: Year, resource: str) -> Callable[[float], float]:
    return lambda factor: ground.widened(here, {resource: factor}).value


def _by_price(ground: Ground, group: str) -> Callable[[float], float]:
    def value(factor: float) -> float:
        columns = ("usd_per_feu", "usd_per_feu_back", "usd_per_t")
        where = (("gateway_group", (group,)),)
        return ground.tried(
            levers=[Lever("scenario:reach", "links", "multiply", column, factor, where) for column in columns]
        ).value

    return value


def _projects(
    candidates: Sequence[Candidate], alone: dict[str, float], base: float, chosen: Sequence[str]
) -> pd.DataFrame:
    """``reach.projects``: what each brings alone, and which are chosen."""
    rows = [
        {"project": each.owner.partition(":")[2], "name": each.name, "capex_musd": each.capex_musd,
         "alone": alone[each.owner] - base, "chosen": each.owner in chosen}
        for each in candidates
    ]  # fmt: skip
    return outcome_table(
        "reach.projects", pd.DataFrame(rows, columns=["project", "name", "capex_musd", "alone", "chosen"])
    )


def _limits(corridor: Corridor, ground: Ground, everything: Tried, owners: Sequence[str]) -> pd.DataFrame:
    """``reach.limits``: the dearest full resources with all projects built, by what a tenth more would bring."""
    resources, point = everything.equilibrium.problem.resources, everything.equilibrium.point
    name = dict(zip(corridor["resources"]["resource"], corridor["resources"]["name"], strict=True))
    built = ground.year_with(owners)
    scarcity = point.price * everything.equilibrium.load
    rows = []
    for number in [n for n in np.argsort(-scarcity)[:RESOURCES_TRIED] if scarcity[n] > 0]:
        key = str(resources.keys[number])
        wider = ground.widened(built, {key: STEP}).value
        rows.append({"resource": key, "name": name.get(key, key), "price_usd_per_unit": float(point.price[number]),
                     "gain": wider - everything.value})  # fmt: skip
    columns = ["resource", "name", "price_usd_per_unit", "gain"]
    frame = pd.DataFrame(rows, columns=columns).sort_values("gain", ascending=False, ignore_index=True)
    return outcome_table("reach.limits", frame)


def _told(part: str, tried: Tried) -> Convergence:
    return replace(tried.equilibrium.convergence, part=part)
