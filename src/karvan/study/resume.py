"""Going on where an interrupted run stood.

What is kept of a year is its point, the waits and prices at which it was solved. A point is only a start: the year is
held to its equations again, which takes no step where the inputs are the same, so that a resumed run gives the very
numbers of one that was never interrupted, and nothing kept is taken on trust.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from karvan import __version__
from karvan.corridor.corridor import Corridor, fingerprints
from karvan.corridor.lever import Lever, Scenario
from karvan.freight.equilibrium import Point
from karvan.freight.solved import SolvedYear

Numbers = Mapping[str, list[float]]
_LENGTH = 16
_NAMES = {"wait", "price", "iterations"}


@dataclass(frozen=True)
class Finished:
    """Years solved before: ``take`` gives the numbers of one or None, ``keep`` puts those of a new one away."""

    take: Callable[[int], Numbers | None]
    keep: Callable[[int, Numbers], None]


def scenario_fingerprint(scenario: Scenario) -> str:
    """A short hash of what a scenario does: its owners and levers, not its name, title or file.

    >>> scenario_fingerprint(Scenario("a")) == scenario_fingerprint(Scenario("b"))
    True
    """
    names = [f.name for f in fields(Lever) if f.compare]
    levers = [[getattr(lever, name) for name in names] for lever in scenario.levers]
    return _hash([scenario.include, scenario.exclude, levers])


def input_fingerprints(corridor: Corridor, scenario: Scenario) -> dict[str, str]:
    """What the provenance of a run names: the fingerprint of every table with rows, and that of the scenario."""
    return {**fingerprints(corridor), "scenario": scenario_fingerprint(scenario)}


def run_key(corridor: Corridor, scenario: Scenario, years: Sequence[int] | None) -> str:
    """A short hash of all that a run rests on: version, tables, corridor, levers and years."""
    wanted = None if years is None else list(years)
    return _hash([__version__, repr(corridor.info), input_fingerprints(corridor, scenario), scenario.name, wanted])


def kept_point(year: int, finished: Finished | None) -> Point | None:
    """The point at which a year was solved before, or None."""
    kept = finished.take(year) if finished else None
    if kept is None or set(kept) != _NAMES or len(kept["wait"]) != len(kept["price"]):
        return None
    return Point(np.array(kept["wait"]), np.array(kept["price"]))


def told_or_kept(solved: SolvedYear, year: int, finished: Finished | None) -> SolvedYear:
    """The year with the steps that it took when it was first solved; a year solved now is kept if it converged."""
    ended = solved.equilibrium.convergence
    if finished is None or not ended.converged:
        return solved
    kept = finished.take(year) if ended.iterations == 0 else None
    if kept and len(kept.get("iterations", ())) == 1:
        told = replace(ended, iterations=int(kept["iterations"][0]))
        return replace(solved, equilibrium=replace(solved.equilibrium, convergence=told))
    point = solved.equilibrium.point
    count = [float(ended.iterations)]
    finished.keep(year, {"wait": point.wait.tolist(), "price": point.price.tolist(), "iterations": count})
    return solved


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:_LENGTH]
