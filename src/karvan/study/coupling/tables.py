"""What freight and trade made of one another, as outcome tables, and how far it hangs on the elasticity."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.outcome import outcome_table
from karvan.errors import DataError, Problem
from karvan.study.coupling.links import ELASTICITY
from karvan.study.coupling.loop import CoupledTrade, TradeOptions, TradeSession, Where, demand_levers
from karvan.study.spread import one_numeric_thread
from karvan.trade.counterfactual import (
    Draws,
    Shock,
    counterfactual_draws,
    economies_table,
    pairs_table,
    uncertain,
)

LOGARITHMS_A_RANGE = 2.0 * 1.6448536269514722


def coupled_tables(
    found: CoupledTrade, options: TradeOptions | None = None, draws: Draws | None = None
) -> dict[str, pd.DataFrame]:
    """``trade.pairs``, ``trade.economies`` and ``coupling.levers`` of a year.

    ``coupling.levers`` holds what trade asked of freight in every round, cells that ask for no change left out.
    """
    chosen = options or TradeOptions()
    return {
        "trade.pairs": pairs_table(found.counterfactual, found.year, chosen.valuation, found.freight.change),
        "trade.economies": economies_table(found.counterfactual, found.year, draws),
        "coupling.levers": _levers(found),
    }


def _levers(found: CoupledTrade) -> pd.DataFrame:
    rows = []
    where = {cell: written_where(of) for cell, of in found.where.items()}
    for number, exchange in enumerate(found.rounds, start=1):
        rows += [
            {"round": number, "lever": lever.key, "owner": lever.owner, "table": lever.table, "where": where[cell],
             "column": lever.column, "operation": lever.operation, "value": lever.value}
            for cell in found.where
            for lever in demand_levers({cell: found.where[cell]}, found.world, exchange.asked, found.year)
        ]  # fmt: skip
    columns = ["round", "lever", "owner", "table", "where", "column", "operation", "value"]
    return outcome_table("coupling.levers", pd.DataFrame(rows, columns=columns))


def written_where(conditions: Where) -> str:
    """Conditions as they are written in a table of levers.

    >>> written_where((("origin", ("a", "b")), ("commodity", ("goods",))))
    'origin=a|b & commodity=goods'
    """
    return " & ".join(f"{column}={'|'.join(values)}" for column, values in conditions)


@one_numeric_thread
def elasticity_draws(
    session: TradeSession,
    found: CoupledTrade,
    draws: int,
    seed: int,
    groups: Mapping[str, NDArray[np.bool_]] | None = None,
    options: TradeOptions | None = None,
) -> Draws:
    """Trade at draws of the elasticity, freight as the loop left it.

    The logarithm of the elasticity is normal; its deviation is read from ``low`` and ``high`` of the parameter
    ``trade_elasticity``, which are taken to hold nine tenths. The loop is not run again for each draw, so that what
    freight's prices would give back is that of the central elasticity.

    Raises
    ------
    DataError
        The parameter has no range.
    """
    chosen = options or TradeOptions()
    state = session.plan[found.year]
    rows = state["parameters"].set_index("parameter")
    low, high = (float(rows[end].get(ELASTICITY, np.nan)) for end in ("low", "high"))
    if not 0.0 < low <= high:
        raise DataError("", [Problem("elasticity without a range", "parameters.csv", "parameters", column="low",
                                     value=ELASTICITY, expected="0 < low <= high", remedy="fill both in")])  # fmt: skip
    spread = float(np.log(high / low)) / LOGARITHMS_A_RANGE
    drawn = uncertain(None, [], found.world.theta, spread, draws, seed)
    base = found.counterfactual.base
    cost = found.counterfactual.cost_ratio * (1.0 + base.tariffs) / (1.0 + found.counterfactual.tariffs)
    shock = Shock(cost, found.counterfactual.tariffs)
    return counterfactual_draws(base, shock, drawn, np.zeros(1), chosen.closure, groups)
