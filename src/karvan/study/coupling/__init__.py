"""Models that answer one another by levers until neither asks for more: freight and trade."""

from karvan.study.coupling.loop import CoupledTrade, TradeOptions, TradeSession, coupled, trade, trade_session
from karvan.study.coupling.tables import coupled_tables, elasticity_draws

__all__ = [
    "CoupledTrade",
    "TradeOptions",
    "TradeSession",
    "coupled",
    "coupled_tables",
    "elasticity_draws",
    "trade",
    "trade_session",
]
