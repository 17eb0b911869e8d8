"""Counterfactuals: what another cost of trade or another tariff makes of trade, incomes and welfare."""

from karvan.trade.counterfactual.conditional import conditional, even_totals, gravity_flows
from karvan.trade.counterfactual.draws import Draws, Uncertain, counterfactual_draws, uncertain
from karvan.trade.counterfactual.exact import Counterfactual, Shock, counterfactual
from karvan.trade.counterfactual.guide import guide_effects
from karvan.trade.counterfactual.tables import economies_table, exports, imports, pairs_table, within_share
from karvan.trade.counterfactual.world import World, world

__all__ = [
    "Counterfactual",
    "Draws",
    "Shock",
    "Uncertain",
    "World",
    "conditional",
    "counterfactual",
    "counterfactual_draws",
    "economies_table",
    "even_totals",
    "exports",
    "gravity_flows",
    "guide_effects",
    "imports",
    "pairs_table",
    "uncertain",
    "within_share",
    "world",
]
