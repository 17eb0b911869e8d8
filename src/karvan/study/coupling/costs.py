"""Freight's answer to trade: by how much another state changes what carrying goods costs, over their value.

change = sum over pairs of places (base tonnes x change of logsum) / sum (base tonnes x value), by country pair and
sector. The logsum is that of the routes, waits and scarcity prices in it, the outside option left out. It holds time at
freight's own value, which is what choice reveals; trade loses more of a good's worth on the way (rule C19), and the
rest is added on the change of the mean days, unless it is asked for without.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from karvan.corridor.state import State
from karvan.errors import InfeasibleError
from karvan.freight.assignment import Flow
from karvan.freight.prepare import Prepared
from karvan.study.coupling.links import Concordance
from karvan.trade.counterfactual import World
from karvan.units import HOURS_PER_DAY

Floats = NDArray[np.float64]
TimeValue = Literal["trade", "freight"]
OTHER_COST = "other_trade_cost"


class Carriage(NamedTuple):
    """What freight costs a pair of places: ``logsum`` and mean ``money`` in USD/t, mean ``hours``, shape (pairs,)."""

    logsum: Floats
    money: Floats
    hours: Floats
    served: Floats


class Goods(NamedTuple):
    """Of each pair of places: ``value`` in USD/t; ``day``, what trade loses beyond freight, in USD/(t day)."""

    value: Floats
    day: Floats


def carriage(prepared: Prepared, flow: Flow) -> Carriage:
    """What a solved flow costs; not-a-number where no route is open."""
    served = flow.demand_kt * (1.0 - flow.shares.outside)
    pair = prepared.routes.pair_of_route
    # Means over routes by choice alone, so that a pair has them whatever its demand is.
    within = flow.shares.route / np.where(flow.shares.outside < 1.0, 1.0 - flow.shares.outside, 1.0)[pair]
    logsum = np.where(np.isfinite(flow.shares.logsum_usd_per_t), flow.shares.logsum_usd_per_t, np.nan)
    closed = np.isnan(logsum)
    means = [np.bincount(pair, within * values, logsum.size) for values in (flow.costs.usd_per_t, flow.costs.hours)]
    money, hours = (np.where(closed, np.nan, mean) for mean in means)
    return Carriage(logsum, money, hours, served)


def goods_of(prepared: Prepared, state: State, time: TimeValue) -> Goods:
    """Value of the goods of each pair, and the days' worth that the logsum leaves out."""
    rows = state["commodities"].set_index("commodity")
    value = rows["value_usd_per_t"]
    told = rows["usd_per_t_day"].fillna(rows["ad_valorem_pct_per_day"] / 100.0 * value).fillna(0.0)
    day = (told - rows["choice_usd_per_t_day"]).clip(lower=0.0) if time == "trade" else 0.0 * value
    names = prepared.routes.pairs["commodity"]
    found = (np.asarray(column.reindex(names), dtype=float) for column in (value, day))
    return Goods(*found)


class Change(NamedTuple):
    """Freight over the value of goods, shape (K, N, N): ``change``, and ``level`` before; 0 where none is carried."""

    change: Floats
    level: Floats

    def ratio(self, other: float) -> Floats:
        """Cost of trade over the base: (1 + level + change + other) / (1 + level + other), exactly 1 without change.

        Raises
        ------
        InfeasibleError
            A cost would not be above 0.
        """
        before = 1.0 + self.level + other
        after = before + self.change
        if not (after > 0.0).all():
            raise InfeasibleError("freight falls by more than goods and carriage are worth; check their values")
        return np.asarray(after / before)


def ad_valorem(
    of: World, joined: Concordance, carried_by: tuple[Prepared, Goods], before: Carriage, after: Carriage
) -> Change:
    """The change of freight cost over value, by country pair and sector, weighted by base tonnes.

    Pairs without an open route before or after take no part: a cost that appears is no change.
    """
    prepared, goods = carried_by
    cells = joined.cells(prepared.routes.pairs)
    moved = after.logsum - before.logsum + goods.day * (after.hours - before.hours) / HOURS_PER_DAY
    carried = before.money + goods.day * before.hours / HOURS_PER_DAY
    use = cells.linked & (before.served > 0.0) & np.isfinite(moved) & np.isfinite(carried) & (goods.value > 0.0)
    at = tuple(index[use] for index in (cells.sector, cells.exporter, cells.importer))
    tonnes = before.served[use]
    sums = [np.zeros_like(of.flows) for _ in range(3)]
    for total, values in zip(sums, (moved[use], carried[use], goods.value[use]), strict=True):
        np.add.at(total, at, tonnes * values)
    change, level, worth = sums
    none = np.zeros_like(worth)
    return Change(
        np.divide(change, worth, out=none.copy(), where=worth > 0.0),
        np.divide(level, worth, out=none.copy(), where=worth > 0.0),
    )
