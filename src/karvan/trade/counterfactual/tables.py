"""A counterfactual as outcome tables, and the share of a bloc's trade that stays within it."""

from __future__ import annotations

from collections.abc import Collection
from itertools import product
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from karvan.corridor.outcome import outcome_table
from karvan.trade.counterfactual.conditional import conditional
from karvan.trade.counterfactual.draws import Draws
from karvan.trade.counterfactual.exact import Counterfactual, Shock
from karvan.trade.counterfactual.world import World

Floats = NDArray[np.float64]


def pairs_table(
    found: Counterfactual, year: int, valuation: Literal["fob", "cif"], freight: Floats | None = None
) -> pd.DataFrame:
    """``trade.pairs``: every pair and sector, domestic sales among them; values without tariff.

    ``freight`` is the change of freight cost over the value of the goods, shape (K, N, N), where there is one.
    """
    base = found.base
    keys = pd.DataFrame(
        product(base.sectors, base.countries, base.countries), columns=["sector", "exporter", "importer"]
    )
    net = found.flows / (1.0 + found.tariffs)
    cost = found.cost_ratio * (1.0 + base.tariffs) / (1.0 + found.tariffs)
    levied = (1.0 + base.tariffs) / (1.0 + found.tariffs)
    held = conditional(base, Shock(cost, found.tariffs))
    columns = {
        "base_musd": base.net,
        "musd": net,
        "conditional_ratio": held * levied,
        "ratio": found.flow_ratio * levied,
        "quantity_ratio": found.quantity_ratio(valuation),
        "cost_ratio": found.cost_ratio,
        "freight_ad_valorem": np.full_like(net, np.nan) if freight is None else freight,
        "tariff_pct": 100.0 * found.tariffs,
        "revenue_musd": found.flows - net,
    }
    told = keys.assign(year=year, **{name: values.reshape(-1) for name, values in columns.items()})
    return outcome_table("trade.pairs", told)


def economies_table(found: Counterfactual, year: int, draws: Draws | None = None) -> pd.DataFrame:
    """``trade.economies``: every country in the new equilibrium; ``welfare_musd`` is its gain in base expenditure.

    Low and high ends hold nine tenths of the draws in their middle.
    """
    base, after = found.base, found.world
    spent = base.expenditure
    low, high = draws.band(draws.welfare) if draws is not None else (np.full_like(spent, np.nan),) * 2
    told = pd.DataFrame(
        {
            "year": year,
            "country": base.countries,
            "output_musd": after.output,
            "expenditure_musd": after.expenditure,
            "exports_musd": exports(after),
            "imports_musd": imports(after),
            "revenue_musd": after.revenue,
            "price_ratio": found.price,
            "import_resistance_ratio": found.price_index,
            "export_resistance_ratio": found.export_resistance,
            "real_gdp_ratio": found.real_gdp,
            "welfare_ratio": found.welfare,
            "welfare_musd": (found.welfare - 1.0) * spent,
            "low_welfare_musd": (low - 1.0) * spent,
            "high_welfare_musd": (high - 1.0) * spent,
        }
    )
    return outcome_table("trade.economies", told)


def exports(of: World) -> Floats:
    """Sales abroad without tariff, shape (N,)."""
    total = of.net.sum(axis=0)
    return np.asarray(total.sum(axis=1) - np.diagonal(total))


def imports(of: World) -> Floats:
    """Purchases abroad without tariff, shape (N,)."""
    total = of.net.sum(axis=0)
    return np.asarray(total.sum(axis=0) - np.diagonal(total))


def within_share(of: World, members: Collection[str]) -> float:
    """The part of members' trade with abroad that they have with each other, in [0, 1].

    Both sides count each deal between members: 2 x trade within / (exports + imports of members).

    Examples
    --------
    >>> flows = np.array([[[9.0, 1.0, 1.0], [1.0, 9.0, 1.0], [1.0, 1.0, 9.0]]])
    >>> within_share(World(("A", "B", "C"), ("total",), flows, np.zeros_like(flows), np.array([5.0])), ["A", "B"])
    0.5
    """
    at = [of.at(name) for name in members]
    total = of.net.sum(axis=0)
    inside = total[np.ix_(at, at)]
    within = float(inside.sum() - np.diagonal(inside).sum())
    turnover = float(exports(of)[at].sum() + imports(of)[at].sum())
    return 2.0 * within / turnover if turnover > 0.0 else 0.0
