"""What a scenario makes of trade, told: pairs, economies, blocs, customs revenue, and the cargo by gateway.

In: a corridor with a matrix of trade, and a scenario; out: an outcome. Freight and trade answer one another in
:mod:`karvan.study.coupling`; what is added here are hours at borders of neighbours that the freight tables do not
carry, and the sums that people ask for. The matrix keeps the size of its year; tariffs, freight and cargo are those of
the year asked for, without the scenario and with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan import __version__
from karvan.corridor.corridor import Corridor
from karvan.corridor.lever import Scenario
from karvan.corridor.outcome import Outcome, Provenance, outcome_table
from karvan.corridor.reported import REPORTED, standing
from karvan.corridor.state import needed
from karvan.errors import DataError, Problem
from karvan.freight.network.supernetwork import SEA_MODES
from karvan.freight.tables import freight_tables
from karvan.scenario.compiled import compile_levers
from karvan.scenario.resolve import resolve
from karvan.scenario.state import state
from karvan.study.coupling import CoupledTrade, TradeSession, coupled, coupled_tables, elasticity_draws, trade_session
from karvan.study.coupling.links import BASE_YEAR
from karvan.study.resume import input_fingerprints
from karvan.study.solve import Progress, silent
from karvan.study.spread import one_numeric_thread
from karvan.study.trade.blocs import blocs_on, blocs_table, mask_of
from karvan.study.trade.borders import border_change
from karvan.trade.counterfactual import Counterfactual, Shock, World, counterfactual

Floats = NDArray[np.float64]

NEEDED = ("trade", "tariffs", "sectors")
ROUTES_PART = 0.7


@dataclass(frozen=True)
class SheetOptions:
    """The year of tariffs, freight and cargo; draws of the elasticity (0: none) and their seed."""

    year: int = 2030
    draws: int = 400
    seed: int = 0


def trade_sheets(
    corridor: Corridor, scenario: Scenario, options: SheetOptions | None = None, progress: Progress | None = None
) -> Outcome:
    """What a scenario makes of trade, and trade of cargo.

    Parameters
    ----------
    corridor, scenario
        What is asked; beside it stands the base without the scenario.
    options
        Year and draws.
    progress
        Called with a text and the share done.

    Returns
    -------
    Outcome
        ``trade.pairs``, ``trade.economies``, ``trade.blocs``, ``trade.revenue``, ``trade.cargo`` and the exchange,
        ``coupling.levers``. A scenario that changes neither tariffs nor freight gives ratios of exactly 1.

    Raises
    ------
    ScenarioError, DataError
        If levers are wrong or a table is missing.
    """
    asked, tell = options or SheetOptions(), progress or silent
    refuse_without_trade(corridor)
    session = trade_session(corridor, scenario, (asked.year,), lambda text, share: tell(text, ROUTES_PART * share))
    tell("freight and trade", ROUTES_PART)
    answer = sheets_of(session, asked)
    tell("done", 1.0)
    return answer


def on_same_routes(session: TradeSession, scenario: Scenario) -> TradeSession:
    """The session of another scenario on the routes of this one, whose own scenario opens all that the other does.

    Several scenarios are compared so: the routes of all of them together, found once.
    """
    compiled = compile_levers(session.corridor, resolve(session.corridor, scenario))
    return replace(
        session, scenario=scenario, plan={year: state(session.corridor, compiled, year) for year in session.plan}
    )


@one_numeric_thread
def sheets_of(session: TradeSession, asked: SheetOptions) -> Outcome:
    """The outcome of :func:`trade_sheets` on routes that are at hand."""
    corridor, scenario = session.corridor, session.scenario
    met = coupled(session, asked.year)
    base, plan = session.base[asked.year], session.plan[asked.year]
    at_borders = border_change(met.world, base, plan, met.freight.level > 0.0)
    met = with_borders(met, at_borders)
    blocs = blocs_on(corridor, met.world, asked.year)
    groups = {name: mask_of(met.world, members) for name, members in blocs.items()}
    draws = elasticity_draws(session, met, asked.draws, asked.seed, groups) if asked.draws else None
    tables = {
        **coupled_tables(met, draws=draws),
        "trade.blocs": blocs_table(met.counterfactual, blocs, asked.year, reported(corridor, met.world), draws),
        "trade.revenue": revenue_table(met.counterfactual, asked.year),
        "trade.cargo": cargo_table(session, met),
    }
    told: dict[str, str | int | float | bool] = {"year": asked.year, "draws": asked.draws}
    prints = input_fingerprints(corridor, scenario)
    origin = Provenance(__version__, corridor.info.name, scenario.name, prints, told, asked.seed)
    return Outcome(scenario.name, tables, origin, met.convergence, _warnings(corridor, met, at_borders))


def refuse_without_trade(corridor: Corridor) -> None:
    """Say which tables a question about trade needs and the corridor lacks.

    Raises
    ------
    DataError
        If any is missing.
    """
    remedy = "trade needs it; docs/tables.md says what it holds"
    missing = [Problem("missing table", f"{name}.csv", name, remedy=remedy) for name in NEEDED if name not in corridor]
    if missing:
        raise DataError(problems=missing)


def with_borders(met: CoupledTrade, at_borders: Floats) -> CoupledTrade:
    """The same, with costs at borders that freight does not carry in the equilibrium of trade.

    Freight stays where the loop left it, since none of these goods is in its tables.
    """
    if not at_borders.any():
        return met
    found = met.counterfactual
    levied = (1.0 + found.tariffs) / (1.0 + found.base.tariffs)
    shock = Shock(found.cost_ratio / levied * (1.0 + at_borders), found.tariffs)
    freight = met.freight._replace(change=met.freight.change + at_borders)
    return replace(met, counterfactual=counterfactual(found.base, shock), freight=freight)


def revenue_table(found: Counterfactual, year: int) -> pd.DataFrame:
    """``trade.revenue``: what customs take in each country before and after."""
    before, after = found.base.revenue, found.world.revenue
    rows = {"year": year, "country": found.base.countries, "base_revenue_musd": before, "revenue_musd": after}
    return outcome_table("trade.revenue", pd.DataFrame({**rows, "change_musd": after - before}))


def reported(corridor: Corridor, of: World) -> Floats:
    """Trade of the base matrix in cells whose report can be looked up, MUSD, shape (exporters, importers)."""
    rows = corridor["trade"]
    rows = rows.loc[(rows["year"] == int(needed(corridor, BASE_YEAR))) & (standing(corridor, rows) == REPORTED)]
    at = {name: place for place, name in enumerate(of.countries)}
    made = np.zeros(of.flows.shape[1:])
    places = tuple(np.array([at[name] for name in rows[side]], dtype=np.int64) for side in ("exporter", "importer"))
    np.add.at(made, places, rows["musd"].to_numpy())
    return made


def cargo_table(session: TradeSession, met: CoupledTrade) -> pd.DataFrame:
    """``trade.cargo``: tonnes by gateway without the scenario, with it, and once trade has answered."""
    years = (met.base, met.alone, met.plan)
    rows = (freight_tables(session.prepared, [year.flow], [year])["freight.gateways"] for year in years)
    base, routed, kt = (each.groupby("gateway_group")["kt"].sum() for each in rows)
    told = pd.DataFrame({"base_kt": base, "routed_kt": routed, "kt": kt}).fillna(0.0)  # a gateway that nothing passes
    told = told.rename_axis("gateway_group").reset_index()
    links = session.corridor["links"]
    sea = set(links.loc[links["mode"].isin(SEA_MODES), "gateway_group"]) - {""}
    return outcome_table("trade.cargo", told.assign(year=met.year, sea=told["gateway_group"].isin(sea)))


def _warnings(corridor: Corridor, met: CoupledTrade, at_borders: Floats) -> tuple[str, ...]:
    """What the figures leave out, in sentences."""
    year, cells = int(needed(corridor, BASE_YEAR)), met.world.flows.size
    known, more = int((met.freight.level > 0.0).sum()), int((at_borders != 0.0).sum())
    told = f"money is that of trade in {year}, of the size it had then; tariffs, freight and cargo are of {met.year}"
    cost = (
        f"freight tells the cost of {known} of {cells} pairs and sectors, hours at a common border that of {more} "
        "more; elsewhere only tariffs change"
    )
    return (told, cost)
