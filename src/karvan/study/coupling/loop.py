"""The loop of freight and trade: cheaper carriage makes trade, trade fills the corridor, until neither asks for more.

change of the freight logsum -> cost of trade by sector -> general equilibrium -> ratios of quantities -> levers that
multiply demand -> freight again. Ratios move half the way in logarithms each round (``damping``), until trade asks for
what freight carries to 1e-4. Prices of full capacities take part: where the corridor cannot carry it, trade is not
made. User benefit of freight and welfare of trade overlap: they stand side by side and are never added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Lever, Scenario
from karvan.corridor.outcome import Convergence
from karvan.corridor.state import State
from karvan.errors import DataError
from karvan.freight.assignment import Flow
from karvan.freight.empties import EMPTY_BOXES, with_empties
from karvan.freight.equilibrium import Equilibrium, Point, solve
from karvan.freight.network.routes import Pair
from karvan.freight.prepare import Prepared
from karvan.freight.solved import SolvedYear, solve_year
from karvan.freight.year import Year, flow_of, problem_of, year_of
from karvan.scenario.compiled import compile_levers
from karvan.scenario.resolve import resolve
from karvan.scenario.state import state
from karvan.study.coupling.costs import OTHER_COST, Carriage, Change, Goods, TimeValue, ad_valorem, carriage, goods_of
from karvan.study.coupling.links import Concordance, base_world, concordance
from karvan.study.solve import Progress, prepared_for, with_boxes
from karvan.study.spread import one_numeric_thread
from karvan.study.states import BASE, states
from karvan.trade.counterfactual import Counterfactual, Shock, World, counterfactual
from karvan.trade.counterfactual.exact import Closure

Floats = NDArray[np.float64]
Cell = tuple[int, int, int]
Where = tuple[tuple[str, tuple[str, ...]], ...]
OWNER = "model:trade"
MOVED = ("kt", "teu")


@dataclass(frozen=True)
class TradeOptions:
    """How freight and trade answer one another.

    Parameters
    ----------
    closure
        What becomes of trade deficits, see :func:`karvan.trade.counterfactual.counterfactual`.
    time
        Whether goods lose on the way what ``trade`` or what ``freight`` takes a day to be worth.
    valuation
        How the base matrix is valued.
    damping
        Part of the way that ratios of demand move each round, in (0, 1].
    tolerance
        Largest difference of logarithms between what trade asks for and what freight carries.
    most_rounds
        Rounds before it gives up.
    start
        Ratio of demand that the first round begins from, above 0.
    """

    closure: Closure = "multiplicative"
    time: TimeValue = "trade"
    valuation: Literal["fob", "cif"] = "fob"
    damping: float = 0.5
    tolerance: float = 1e-4
    most_rounds: int = 60
    start: float = 1.0


@dataclass(frozen=True)
class TradeSession:
    """Routes that all years share, and the states of base and plan by year, before empty boxes are added."""

    corridor: Corridor
    scenario: Scenario
    prepared: Prepared
    base: dict[int, State]
    plan: dict[int, State]


@dataclass(frozen=True)
class Round:
    """One exchange: ratios that trade ``asked`` for and freight ``carried``, and the largest ``gap`` of their logs."""

    gap: float
    asked: Floats
    carried: Floats


@dataclass(frozen=True)
class CoupledTrade:
    """A year in which freight and trade have answered one another.

    Parameters
    ----------
    base, alone, plan
        Freight of the base; of the scenario with the demand of its tables; and with the demand that trade makes of it.
    counterfactual
        The equilibrium of trade at the last round.
    freight
        Change of freight cost over the value of goods, and its level, by sector and country pair.
    ratios
        Shape (K, N, N): what demand is multiplied by; 1 where freight carries nothing.
    rounds
        Every exchange, the last one within the tolerance if it converged.
    convergence
        Freight of base and plan, trade, and the loop.
    unlinked
        Places and commodities of the demand that trade does not know: they stay as they are.
    where
        Which rows of ``demand`` each cell (sector, exporter, importer) of trade moves.
    levers
        The answer of trade as levers on ``demand``, in force in this year alone.
    """

    year: int
    world: World
    base: SolvedYear
    alone: SolvedYear
    plan: SolvedYear
    counterfactual: Counterfactual
    freight: Change
    ratios: Floats
    rounds: tuple[Round, ...]
    convergence: tuple[Convergence, ...]
    unlinked: tuple[str, ...]
    where: Mapping[Cell, Where]
    levers: tuple[Lever, ...]

    @property
    def converged(self) -> bool:
        """Whether every part did."""
        return all(part.converged for part in self.convergence)


def trade(
    corridor: Corridor,
    scenario: Scenario,
    year: int,
    options: TradeOptions | None = None,
    progress: Progress | None = None,
) -> CoupledTrade:
    """What a scenario makes of trade, cargo and welfare in one year, against the base scenario of the same year.

    Cost of trade between two countries changes by the freight logsum of the goods carried between them (rules of
    :mod:`karvan.study.coupling.costs`) and by the scenario's tariffs; all trade of a pair and sector bears the change
    of what the freight tables carry of it. Money is that of the year of the base matrix, whatever the year asked for.

    Parameters
    ----------
    corridor
        With freight tables, ``trade`` (a base matrix), ``sectors`` and perhaps ``tariffs``.
    scenario
        The plan. The base scenario gives the base back exactly: all ratios are 1.
    year
        A year with demand.
    options
        See :class:`TradeOptions`.
    progress
        Called with a text and the share done.

    Returns
    -------
    CoupledTrade
        ``convergence`` says whether it converged; it is returned either way.

    Raises
    ------
    DataError
        The corridor lacks what trade needs, or its tables contradict each other.
    ScenarioError
        With every problem of the levers.
    """
    return coupled(trade_session(corridor, scenario, (year,), progress), year, options)


def trade_session(
    corridor: Corridor, scenario: Scenario, years: Sequence[int], progress: Progress | None = None
) -> TradeSession:
    """The routes of base and plan over some years, found once: what many calls of :func:`coupled` share."""
    chosen = states(corridor, BASE, years)
    compiled = compile_levers(corridor, resolve(corridor, scenario))
    plan = chosen.years if scenario == BASE else tuple(state(corridor, compiled, year) for year in years)
    every = with_boxes(type(chosen)((*chosen.years, *plan), chosen.base, chosen.references))
    prepared, _ = prepared_for(every, pairs=_boxes_back(every.years), progress=progress)
    named = (dict(zip(years, found, strict=True)) for found in (chosen.years, plan))
    return TradeSession(corridor, scenario, prepared, *named)


def _boxes_back(chosen: Sequence[State]) -> list[Pair]:
    """Empty boxes both ways between all places that exchange boxes: trade may turn the imbalance round."""
    found: set[Pair] = set()
    for each in chosen:
        if EMPTY_BOXES not in set(each["demand"]["commodity"]):
            continue
        rows = each["demand"].loc[each["demand"]["handling_class"] == "container", ["origin", "destination"]]
        found |= {Pair(end, start, EMPTY_BOXES, "container") for start, end in rows.itertuples(index=False)}
    return sorted(found)


class Stood(NamedTuple):
    """Where freight stands at a round."""

    flow: Flow
    equilibrium: Equilibrium


class _Loop:
    """What the rounds of one year share."""

    def __init__(self, session: TradeSession, year: int, options: TradeOptions) -> None:
        self.session, self.options, self.year = session, options, year
        self.prepared = session.prepared
        plain, self.plan = session.base[year], session.plan[year]
        self.base = solve_year(self.prepared, with_empties(plain), with_far=False)
        self.world = base_world(plain)
        self.tariffs = base_world(self.plan).tariffs
        self.joined: Concordance = concordance(session.corridor, self.world)
        self.cells = self.joined.cells(self.plan["demand"])
        self.where = demand_rows(self.plan["demand"], self.joined)
        self.goods: Goods = goods_of(self.prepared, self.base.flow.state, options.time)
        self.before: Carriage = carriage(self.prepared, self.base.flow)
        self.other = plain.parameter(OTHER_COST, 0.0)

    def demanded(self, ratios: Floats) -> State:
        """The plan at demand times ratios, with the empty boxes of it."""
        demand = self.plan["demand"]
        factor = np.ones(len(demand))
        cells, linked = self.cells, self.cells.linked
        factor[linked] = ratios[cells.sector[linked], cells.exporter[linked], cells.importer[linked]]
        moved = demand.assign(**{name: demand[name] * factor for name in MOVED})
        scaled = State(self.year, self.session.corridor, {**self.plan.tables, "demand": moved})
        return with_empties(scaled)

    def freight(self, ratios: Floats, near: Stood) -> Stood:
        """Freight of the plan at demand times ratios, from where it stood; no capacity is valued."""
        year = year_of(self.prepared, self.demanded(ratios), near.flow)
        reached = solve(problem_of(self.prepared, year), self._start(year, near))
        return Stood(flow_of(self.prepared, year, reached), reached)

    def valued(self, ratios: Floats, near: Stood) -> SolvedYear:
        """The same with the worth of every capacity."""
        return solve_year(self.prepared, self.demanded(ratios), near.equilibrium.point, near.flow, with_far=False)

    def _start(self, year: Year, near: Stood) -> Point | None:
        point = near.equilibrium.point
        return point if point.wait.size == year.resources.capacity.size else None

    def answer(self, solved: Stood) -> tuple[Change, Counterfactual]:
        """What trade makes of a solved year of freight."""
        after = carriage(self.prepared, solved.flow)
        change = ad_valorem(self.world, self.joined, (self.prepared, self.goods), self.before, after)
        shock = Shock(change.ratio(self.other), self.tariffs)
        return change, counterfactual(self.world, shock, self.options.closure)


@one_numeric_thread
def coupled(session: TradeSession, year: int, options: TradeOptions | None = None) -> CoupledTrade:
    """The loop of one year on routes that are at hand; see :func:`trade`."""
    chosen = _checked(options or TradeOptions())
    loop = _Loop(session, year, chosen)
    ones = np.ones_like(loop.world.flows)
    used = _carried(loop)
    alone = loop.valued(ones, Stood(loop.base.flow, loop.base.equilibrium))
    ratios = np.where(used, chosen.start, 1.0)
    solved = Stood(alone.flow, alone.equilibrium)
    if chosen.start != 1.0:
        solved = loop.freight(ratios, solved)
    rounds: list[Round] = []
    while True:
        change, found = loop.answer(solved)
        asked = np.where(used, found.quantity_ratio(chosen.valuation), 1.0)
        gap = float(np.max(np.abs(np.log(asked) - np.log(ratios)), initial=0.0))
        rounds.append(Round(gap, asked, ratios))
        if gap <= chosen.tolerance or len(rounds) >= chosen.most_rounds:
            break
        ratios = np.where(used, ratios * (asked / ratios) ** chosen.damping, 1.0)
        solved = loop.freight(ratios, solved)
    plan = alone if (ratios == 1.0).all() else loop.valued(ratios, solved)
    return CoupledTrade(
        year=year,
        world=loop.world,
        base=loop.base,
        alone=alone,
        plan=plan,
        counterfactual=found,
        freight=change,
        ratios=ratios,
        rounds=tuple(rounds),
        convergence=_convergence(loop.base, plan, found, rounds, chosen),
        unlinked=loop.joined.unlinked(loop.plan["demand"]),
        where=loop.where,
        levers=demand_levers(loop.where, loop.world, ratios, year),
    )


def _checked(options: TradeOptions) -> TradeOptions:
    if not (0.0 < options.damping <= 1.0 and options.start > 0.0 and options.most_rounds >= 1):
        raise DataError(f"damping {options.damping} must lie in (0, 1], start {options.start} above 0, rounds above 0")
    return options


def _carried(loop: _Loop) -> NDArray[np.bool_]:
    """The cells of trade of which freight carries something, shape (K, N, N)."""
    used = np.zeros(loop.world.flows.shape, dtype=bool)
    for cell in loop.where:
        used[cell] = True
    return used


def _convergence(
    base: SolvedYear, plan: SolvedYear, found: Counterfactual, rounds: Sequence[Round], options: TradeOptions
) -> tuple[Convergence, ...]:
    """Freight of both, trade, and the loop; the loop's residual is the last gap of logarithms."""
    met = rounds[-1].gap <= options.tolerance
    told = "" if met else f"trade still asks for other cargo than freight carries after {len(rounds)} rounds"
    freight = (
        Convergence(f"freight, {name}", solved.equilibrium.convergence.converged,
                    solved.equilibrium.convergence.iterations, solved.equilibrium.convergence.residual,
                    solved.equilibrium.convergence.message)
        for name, solved in (("base", base), ("plan", plan))
    )  # fmt: skip
    return (
        *freight,
        Convergence("trade", converged=True, iterations=found.iterations, residual=found.residual),
        Convergence("freight and trade", converged=met, iterations=len(rounds), residual=rounds[-1].gap, message=told),
    )


def demand_rows(demand: pd.DataFrame, joined: Concordance) -> dict[Cell, Where]:
    """Which rows of ``demand`` each cell of trade carries, as the condition of a lever."""
    cells = joined.cells(demand)
    names = ("origin", "destination", "commodity")
    columns = [demand[name].tolist() for name in names]
    sets: dict[Cell, tuple[set[str], ...]] = {}
    for row in np.flatnonzero(cells.linked).tolist():
        cell = int(cells.sector[row]), int(cells.exporter[row]), int(cells.importer[row])
        for values, column in zip(sets.setdefault(cell, (set(), set(), set())), columns, strict=True):
            values.add(str(column[row]))
    found: dict[Cell, Where] = {
        cell: tuple((name, tuple(sorted(values))) for name, values in zip(names, sets[cell], strict=True))
        for cell in sorted(sets)
    }
    return found


def demand_levers(found: Mapping[Cell, Where], of: World, ratios: Floats, year: int) -> tuple[Lever, ...]:
    """The ratios as levers that multiply rows of ``demand`` in one year; cells whose ratio is 1 have none."""
    return tuple(
        Lever(OWNER, "demand", "multiply", column, float(ratios[cell]), where, from_date=str(year), to_date=str(year),
              key="|".join([of.sectors[cell[0]], of.countries[cell[1]], of.countries[cell[2]], column]))
        for cell, where in found.items() if ratios[cell] != 1.0
        for column in MOVED
    )  # fmt: skip
